package bundle_test

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/bundle"
	"sansuiji/server/identity"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/photo"
	"sansuiji/server/store/postgres/postgrestest"
	file "sansuiji/syncengine/bundle"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"

	"filippo.io/age"
	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(
		t,
		TestAPhoneThatNeverComesBackLosesNothingAndTwiceChangesNothing,
		TestADamagedBundleChangesNothing,
		TestWhatIsWholeOfADamagedBundleIsTakenWhenAskedFor,
	)
}

// desk is headquarters where bundles are brought to.
type desk struct {
	*ingesttest.World
	*testing.T
	bundles *bundle.Service
	phone   *ingesttest.Phone
	photos  [][]byte
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	w := ingesttest.New(t)
	key, err := identity.BundleKey(t.Context(), w.Store, w.Now)
	d := &desk{World: w, T: t, phone: w.Enrol(0)}
	d.must(err)
	photos := &photo.Service{Folder: t.TempDir(), Store: w.Store, Now: func() time.Time { return w.Now }}
	d.must(photos.MakeFolder())
	d.bundles = &bundle.Service{Ingest: w.Service, Photos: photos, Key: key}
	d.phone.Pull()
	return d
}

func (d *desk) must(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// work saves a finding and a photo of it.
func (d *desk) work(photo []byte) {
	d.Helper()
	d.photos = append(d.photos, photo)
	hash, finding := sha256.Sum256(photo), schema.NewRowID()
	d.phone.Save(func(b *edit.Builder) { d.phone.Finding(b, finding, d.Visits[0], "minor") })
	d.phone.Save(func(b *edit.Builder) {
		b.Insert("attachment", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(d.Visits[0]), "subject_table": edit.Text("finding"), "subject_id": edit.ID(finding),
			"kind": edit.Text("photo"), "hash": edit.Bytes(hash[:]), "size": edit.Int(int64(len(photo))),
			"media_type": edit.Text("image/jpeg"), "taken_at": edit.Int(1),
		})
	})
}

// plain is the phone's bundle before it is sealed.
func (d *desk) plain() []byte {
	d.Helper()
	var b bytes.Buffer
	w, err := file.NewWriter(&b, file.Manifest{
		CampaignID: d.Campaign.String(), DeviceID: d.phone.ID.String(), Attachments: len(d.photos),
	}, []chain.Push{d.phone.From(1)})
	d.must(err)
	for _, photo := range d.photos {
		d.must(w.Attachment(sha256.Sum256(photo), photo))
	}
	d.must(w.Close())
	return b.Bytes()
}

func (d *desk) seal(plain []byte) []byte {
	d.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, d.bundles.Key.Recipient())
	d.must(err)
	_, err = w.Write(plain)
	d.must(err)
	d.must(w.Close())
	return b.Bytes()
}

func (d *desk) take(b []byte, salvage bool) (bundle.Taken, error) {
	return d.bundles.Receive(d.Context(), bytes.NewReader(b), bundle.Wish{Campaign: d.Campaign, Salvage: salvage})
}

func photoOf(n int) []byte { return bytes.Repeat([]byte{byte(n), 7, 9}, 40_000) }

func TestAPhoneThatNeverComesBackLosesNothingAndTwiceChangesNothing(t *testing.T) {
	d := newDesk(t)
	for n := range 5 {
		d.work(photoOf(n))
	}
	sealed := d.seal(d.plain())
	taken, err := d.take(sealed, false)
	d.must(err)
	want := bundle.Taken{Sealed: true, DeviceID: d.phone.ID.String(), Entries: 10, Merged: 10, Attachments: 5, Stored: 5}
	if diff := cmp.Diff(want, taken); diff != "" {
		t.Error(diff)
	}
	list, err := d.bundles.Photos.List(t.Context(), d.Campaign, photo.Filter{Missing: true})
	if d.must(err); len(list) != 0 {
		t.Errorf("%d photos are missing", len(list))
	}
	at := d.Position()
	taken, err = d.take(sealed, false)
	d.must(err)
	want.Merged, want.Known, want.Stored = 0, 10, 0
	if diff := cmp.Diff(want, taken); diff != "" || d.Position() != at {
		t.Errorf("again, at %d after %d: %s", d.Position(), at, diff)
	}
	// The phone does come back: it learns that all of it is there.
	receipt := d.phone.Push()
	for _, r := range receipt.Entries {
		if r.Outcome != schema.Duplicate || r.Stands != schema.Merged {
			t.Errorf("%+v", r)
		}
	}
	d.Check()
}

func TestADamagedBundleChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.work(photoOf(1))
	d.work(photoOf(2))
	plain := d.plain()
	at := d.Position()
	sealed := d.seal(plain)
	for name, one := range map[string]struct {
		file []byte
		code string
	}{
		"its key":               {otherKey(sealed), schema.FaultBundleKey},
		"its entries":           {flipped(sealed, 2_000), schema.FaultBundleDamaged},
		"a photo":               {flipped(sealed, 200_000), schema.FaultBundleDamaged},
		"its end is cut off":    {sealed[:len(sealed)-500], schema.FaultBundleDamaged},
		"unsealed, an entry":    {flipped(plain, bytes.Index(plain, d.phone.All[1])+120), schema.FaultBundleDamaged},
		"unsealed, a signature": {flipped(plain, bytes.Index(plain, []byte("signature"))+30), schema.FaultBundleDamaged},
		"unsealed, a photo":     {flipped(plain, bytes.Index(plain, photoOf(2))+70_000), schema.FaultBundleDamaged},
		"of no headquarters":    {d.sealFor(plain), schema.FaultBundleKey},
		"another campaign":      {bytes.ReplaceAll(plain, []byte(d.Campaign.String()), []byte(schema.NewRowID().String())), schema.FaultWrongCampaign},
	} {
		if _, err := d.take(one.file, false); schema.FaultCode(err) != one.code {
			t.Errorf("%s: %v, want %s", name, err, one.code)
		}
	}
	if d.Position() != at || d.Asides() != 0 {
		t.Errorf("position %d after %d, %d set aside", d.Position(), at, d.Asides())
	}
	if missing, err := d.bundles.Photos.Missing(t.Context(), d.Campaign, []schema.BlobHash{sha256.Sum256(photoOf(1))}); err != nil || len(missing) != 1 {
		t.Errorf("a photo was taken: %v", err)
	}
}

func TestWhatIsWholeOfADamagedBundleIsTakenWhenAskedFor(t *testing.T) {
	d := newDesk(t)
	d.work(photoOf(1))
	d.work(photoOf(2))
	d.work(photoOf(3))
	plain := d.plain()
	taken, err := d.take(flipped(plain, bytes.Index(plain, photoOf(2))+70_000), true)
	d.must(err)
	if taken.Merged != 6 || taken.Stored != 2 || len(taken.Refused) != 1 || taken.Damage != "" {
		t.Errorf("%+v", taken)
	}
	cut := d.seal(plain)
	taken, err = d.take(cut[:len(cut)-60_000], true)
	d.must(err)
	if taken.Known != 6 || taken.Stored != 1 || taken.Damage == "" {
		t.Errorf("%+v", taken)
	}
	d.Check()
}

func (d *desk) sealFor(plain []byte) []byte {
	d.Helper()
	other, err := age.GenerateX25519Identity()
	d.must(err)
	mine := d.bundles.Key
	defer func() { d.bundles.Key = mine }()
	d.bundles.Key = other
	return d.seal(plain)
}

// otherKey changes a letter of the key in an age file's header: another, as well formed.
func otherKey(b []byte) []byte {
	b = slices.Clone(b)
	at := bytes.Index(b, []byte("X25519 ")) + 20
	if b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
	return b
}

func flipped(b []byte, at int) []byte {
	b = slices.Clone(b)
	b[at] ^= 0x10
	return b
}
