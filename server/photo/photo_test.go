package photo_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/photo"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/edit"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t, TestWhatTheDiskLostIsSentAgain, TestAFolderThatComesBackIsFoundAgain, TestUploadsThatStandStillAreSwept)
}

// cabinet keeps photos in a world.
type cabinet struct {
	*ingesttest.World
	*testing.T
	photos *photo.Service
	phone  *ingesttest.Phone
}

func newCabinet(t *testing.T) *cabinet {
	t.Helper()
	w := ingesttest.New(t)
	c := &cabinet{World: w, T: t, phone: w.Enrol(0)}
	c.photos = &photo.Service{Folder: t.TempDir(), Store: w.Store, Now: func() time.Time { return w.Now }}
	c.must(c.photos.MakeFolder())
	return c
}

func (c *cabinet) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// promise saves a row that speaks of some bytes.
func (c *cabinet) promise(body []byte) schema.BlobHash {
	c.Helper()
	hash := schema.BlobHash(sha256.Sum256(body))
	c.phone.Pull()
	c.phone.Save(func(b *edit.Builder) {
		b.Insert("attachment", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(c.Visits[0]), "subject_table": edit.Text("visit"), "subject_id": edit.ID(c.Visits[0]),
			"kind": edit.Text("sound"), "hash": edit.Bytes(hash[:]), "size": edit.Int(int64(len(body))),
			"media_type": edit.Text("audio/webm"), "taken_at": edit.Int(1),
		})
	})
	c.phone.Push()
	return hash
}

// upload is a file as the upload of some bytes leaves it.
func (c *cabinet) upload(hash schema.BlobHash, body []byte) string {
	c.Helper()
	file := filepath.Join(c.photos.Incoming(), hex.EncodeToString(c.Campaign[:])+"-"+hash.String())
	c.must(os.WriteFile(file, body, 0o600))
	return file
}

// show keeps bytes that a row of headquarters alone speaks of.
func (c *cabinet) show(body []byte) schema.BlobHash {
	c.Helper()
	hash := schema.BlobHash(sha256.Sum256(body))
	problem, entry, act := schema.NewRowID(), schema.NewRowID(), schema.NewRowID()
	b := edit.New(c.Catalogue)
	b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(c.Units[0]), "title": edit.Text("公開不及時"), "source": edit.Text("self")})
	b.Insert("ledger_entry", entry, edit.Cells{"problem_id": edit.ID(problem)})
	b.Insert("ledger_act", act, edit.Cells{
		"ledger_entry_id": edit.ID(entry), "kind": edit.Text("progress"), "author": edit.Text("某村"), "done_at": edit.Int(1),
	})
	b.Insert("evidence", schema.NewRowID(), edit.Cells{
		"ledger_act_id": edit.ID(act), "hash": edit.Bytes(hash[:]), "size": edit.Int(int64(len(body))),
		"media_type": edit.Text("image/jpeg"), "name": edit.Text("shown.jpg"),
	})
	c.must(c.Service.WriteRows(c.Context(), c.Campaign, b))
	c.must(c.photos.Take(c.Context(), c.Campaign, hash, c.upload(hash, body)))
	return hash
}

func (c *cabinet) sweep(want photo.Swept) {
	c.Helper()
	have, err := c.photos.Sweep(c.Context())
	c.must(err)
	if have != want {
		c.Errorf("swept %+v, want %+v", have, want)
	}
}

func (c *cabinet) wantMissing(hash schema.BlobHash, want bool) {
	c.Helper()
	missing, err := c.photos.Missing(c.Context(), c.Campaign, []schema.BlobHash{hash})
	c.must(err)
	if len(missing) > 0 != want {
		c.Errorf("%s is missing: %v, want %v", hash, !want, want)
	}
}

func TestWhatTheDiskLostIsSentAgain(t *testing.T) {
	c := newCabinet(t)
	whole, lost, short, damaged := []byte("whole"), []byte("lost"), []byte("short"), []byte("damaged")
	files := map[string]string{}
	for _, body := range [][]byte{whole, lost, short, damaged} {
		hash := c.promise(body)
		c.must(c.photos.Take(t.Context(), c.Campaign, hash, c.upload(hash, body)))
		f, blob, err := c.photos.Open(t.Context(), c.Campaign, hash)
		c.must(err)
		files[string(body)] = f.Name()
		if blob.Size != int64(len(body)) {
			t.Errorf("%+v", blob)
		}
		c.must(f.Close())
	}
	c.must(os.Remove(files["lost"]))
	c.must(os.Truncate(files["short"], 2))
	c.must(os.WriteFile(files["damaged"], bytes.ToUpper(damaged), 0o600))
	n, wrong, err := c.photos.Check(t.Context())
	c.must(err)
	if n != 4 || len(wrong) != 3 {
		t.Errorf("%d read, %+v", n, wrong)
	}
	c.sweep(photo.Swept{Lost: 2})
	for body, missing := range map[string]bool{"whole": false, "lost": true, "short": true, "damaged": false} {
		c.wantMissing(sha256.Sum256([]byte(body)), missing)
	}
	hash := schema.BlobHash(sha256.Sum256(lost))
	c.must(c.photos.Take(t.Context(), c.Campaign, hash, c.upload(hash, lost)))
	c.wantMissing(hash, false)
}

func TestAFolderThatComesBackIsFoundAgain(t *testing.T) {
	c := newCabinet(t)
	whole, damaged, never := c.promise([]byte("whole")), c.promise([]byte("damaged")), c.promise([]byte("never"))
	for hash, body := range map[schema.BlobHash]string{whole: "whole", damaged: "damaged"} {
		c.must(c.photos.Take(t.Context(), c.Campaign, hash, c.upload(hash, []byte(body))))
	}
	shown := c.show([]byte("what a unit shows"))
	c.sweep(photo.Swept{})
	away := c.photos.Folder
	c.photos.Folder = t.TempDir() // as where a disk is not mounted
	c.must(c.photos.MakeFolder())
	c.sweep(photo.Swept{Lost: 3})
	c.wantMissing(whole, true)
	c.photos.Folder = away
	name := damaged.String()
	c.must(os.WriteFile(filepath.Join(away, c.Campaign.String(), name[:2], name), []byte("DAMAGED"), 0o600))
	c.sweep(photo.Swept{Found: 2})
	for hash, missing := range map[schema.BlobHash]bool{whole: false, shown: false, damaged: true, never: true} {
		c.wantMissing(hash, missing)
	}
	c.sweep(photo.Swept{})
}

func TestUploadsThatStandStillAreSwept(t *testing.T) {
	c := newCabinet(t)
	there, half := c.promise([]byte("there")), c.promise([]byte("half"))
	c.must(c.photos.Take(t.Context(), c.Campaign, there, c.upload(there, []byte("there"))))
	left := c.upload(there, []byte("there")) + ".info"
	c.must(os.WriteFile(left, nil, 0o600))
	standing := c.upload(half, []byte("ha"))
	c.must(os.Chtimes(standing, c.Now, c.Now))
	c.sweep(photo.Swept{})
	if _, err := os.Stat(left); err == nil {
		t.Error("what is left of an upload that arrived is there")
	}
	if _, err := os.Stat(standing); err != nil {
		t.Errorf("an upload under way: %v", err)
	}
	c.Now = c.Now.Add(100 * 24 * time.Hour)
	c.sweep(photo.Swept{})
	if _, err := os.Stat(standing); err == nil {
		t.Error("an upload that stood still for months is there")
	}
}

func TestWhatAnUploadLeftIsUsed(t *testing.T) {
	c := newCabinet(t)
	body := []byte("complete, and nobody was told")
	hash := c.promise(body)
	size, there, err := c.photos.Settle(t.Context(), c.Campaign, hash, c.upload(hash, body))
	c.must(err)
	if size != int64(len(body)) || !there {
		t.Errorf("%d %v", size, there)
	}
	c.wantMissing(hash, false)
	if _, _, err := c.photos.Settle(t.Context(), c.Campaign, schema.BlobHash{1}, "none"); schema.FaultCode(err) != schema.FaultBlobUnknown {
		t.Errorf("%v", err)
	}
	forged := c.promise([]byte("promised"))
	file := c.upload(forged, []byte("PROMISED"))
	if _, _, err := c.photos.Settle(t.Context(), c.Campaign, forged, file); schema.FaultCode(err) != schema.FaultBlobHash {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("damaged bytes are kept")
	}
}
