package device

import (
	"crypto/x509"
	"io"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// startAt is when the tests' devices begin.
const startAt = 1_790_000_000_000

// testSettings have a clock that goes on by a second each time it is looked at,
// and a random source with a seed.
func testSettings(seed byte) Settings {
	now := int64(startAt)
	return Settings{
		Now: func() time.Time {
			now += 1000
			return time.UnixMilli(now)
		},
		Random: random(seed), Catalogue: schema.NewCatalogue(),
	}
}

func random(seed byte) io.Reader { return rand.NewChaCha8([32]byte{seed}) }

// rowID is a fixed id.
func rowID(n byte) schema.RowID { return schema.RowID{0: 1, 6: 0x70, 8: 0x80, 15: n} }

// The rows that the tests' devices know of.
var (
	testCampaign = schema.CampaignID(rowID(1))
	testEpoch    = schema.Epoch(rowID(2))
)

// enrolled makes a device in memory that headquarters has let in.
func enrolled(t testing.TB, s Settings) *Device {
	t.Helper()
	image, err := NewImage(schema.Version)
	must(t, err)
	d, err := OpenImage(image, s)
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	letIn(t, d)
	return d
}

// letIn writes down headquarters' answer to an enrolment.
func letIn(t testing.TB, d *Device) {
	t.Helper()
	request, err := d.enrolRequest(Enrolling{Code: "AAAA-BBBB", Key: Ed25519})
	must(t, err)
	_, err = d.enrolled(&mobileapi.Enrolment{
		CampaignID: testCampaign.String(), InspectorID: rowID(3).String(), InspectorName: "張三",
		Clock: strconv.FormatUint(uint64(clock.FromMillis(startAt)), 10), ServerTime: startAt,
	}, request.PublicKey)
	must(t, err)
}

// contents are all rows of all tables of the catalogue.
func (d *Device) contents(t testing.TB) map[string][][]changeset.Value {
	t.Helper()
	all := map[string][][]changeset.Value{}
	for _, table := range d.Catalogue.OnDevices() {
		must(t, d.Each(table.Name, func(row []changeset.Value) error {
			all[table.Name] = append(all[table.Name], row)
			return nil
		}))
	}
	return all
}

// put saves one row.
func (d *Device) put(t testing.TB, table string, id schema.RowID, cells edit.Cells) uint64 {
	t.Helper()
	seq, err := d.Save(func(s *Saving) error { return s.Put(table, id, cells) })
	must(t, err)
	return seq
}

func finding(title string) edit.Cells {
	return edit.Cells{"visit_id": edit.ID(rowID(9)), "title": edit.Text(title)}
}

func TestADeviceThatIsCopiedHasTheSameKeyAndRows(t *testing.T) {
	d := enrolled(t, testSettings(1))
	d.put(t, "finding", rowID(20), finding("帳目未公開"))
	image, err := d.Image()
	must(t, err)
	twin, err := OpenImage(image, testSettings(2))
	must(t, err)
	defer func() { must(t, twin.Close()) }()
	if diff := cmp.Diff(d.contents(t), twin.contents(t)); diff != "" {
		t.Error(diff)
	}
	a, err := d.Identity()
	must(t, err)
	b, err := twin.Identity()
	must(t, err)
	key, err := twin.signer()
	must(t, err)
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	must(t, err)
	if diff := cmp.Diff(a, b); diff != "" || string(spki) != string(a.PublicKey) {
		t.Errorf("another identity: %s", diff)
	}
}

func BenchmarkAnotherDevice(b *testing.B) {
	d := enrolled(b, testSettings(1))
	image, err := d.Image()
	must(b, err)
	s := testSettings(2)
	b.SetBytes(int64(len(image)))
	for b.Loop() {
		d, err := OpenImage(image, s)
		must(b, err)
		must(b, d.Close())
	}
}

func BenchmarkSave(b *testing.B) {
	d := enrolled(b, testSettings(1))
	for b.Loop() {
		_, err := d.Save(func(s *Saving) error {
			id, err := s.NewID()
			if err != nil {
				return err
			}
			return s.Put("finding", id, finding("帳目未公開"))
		})
		must(b, err)
	}
}

// The benchmarks of the steps of a sync leave out headquarters: they are what the
// device itself costs.

func BenchmarkPushOfOneEntry(b *testing.B) {
	d := enrolled(b, testSettings(1))
	for b.Loop() {
		b.StopTimer()
		seq := d.put(b, "finding", rowID(20), finding(strconv.Itoa(b.N)+strconv.FormatInt(d.nowMillis(), 10)))
		b.StartTimer()
		run, err := d.nextRun()
		must(b, err)
		request, err := d.pushRequest(run)
		must(b, err)
		answer := &mobileapi.PushAnswer{Epoch: testEpoch.String(), Clock: "1", Receipt: schema.Receipt{
			Entries: []schema.EntryReceipt{{Seq: seq, Outcome: schema.Merged}}, Next: seq + 1,
		}}
		must(b, d.takeAnswer(&request, answer, func() error { return d.takeReceipts(answer, new(bool)) }))
	}
}

func BenchmarkPullOfRows(b *testing.B) {
	for _, rows := range []int{0, 1, 100, 5000} {
		b.Run(strconv.Itoa(rows), func(b *testing.B) {
			d := enrolled(b, testSettings(1))
			table := d.Catalogue.MustTable("finding")
			w := changeset.NewWriter(changeset.Patchset)
			w.Table(table.Name, keyFlags(1+len(table.Columns)))
			for range rows {
				id, err := newID(startAt, d.Random)
				must(b, err)
				row := newRow(table, id)
				row[1], row[4] = edit.ID(rowID(9)), edit.Text("庫存臺賬缺頁")
				must(b, w.Insert(false, row))
			}
			p := pageOf(1, false, w.Bytes())
			for b.Loop() {
				_, err := d.takePage(p, false)
				must(b, err)
			}
		})
	}
}
