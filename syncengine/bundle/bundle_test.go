package bundle

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"slices"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
)

// sample is a bundle of one run and two attachments.
func sample(t testing.TB) []byte {
	t.Helper()
	var file bytes.Buffer
	run := chain.Push{Campaign: schema.CampaignID{1}, Device: schema.DeviceID{2}, Entries: [][]byte{{3}}, Signature: []byte{4}}
	w, err := NewWriter(&file, Manifest{CampaignID: run.Campaign.String(), DeviceID: run.Device.String(), Attachments: 2}, []chain.Push{run})
	must(t, err)
	for _, b := range [][]byte{bytes.Repeat([]byte("photo"), 300), []byte("sound")} {
		must(t, w.Attachment(sha256.Sum256(b), b))
	}
	must(t, w.Close())
	return file.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// seen is what a reading came upon.
type seen struct {
	runs, entries int
	attachments   map[schema.BlobHash]int
}

func look(file []byte) (found seen, err error) {
	found.attachments = map[schema.BlobHash]int{}
	err = Read(bytes.NewReader(file), Handler{
		Manifest: func(Manifest) error { return nil },
		Runs: func(runs []chain.Push) error {
			for i := range runs {
				found.runs++
				found.entries += len(runs[i].Entries)
			}
			return nil
		},
		Attachment: func(hash schema.BlobHash, size int64, r io.Reader) error {
			b, err := io.ReadAll(r)
			if err == nil && int64(len(b)) != size {
				err = io.ErrUnexpectedEOF
			}
			found.attachments[hash] = len(b)
			return err
		},
	})
	return found, err
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	found, err := look(sample(t))
	if must(t, err); found.runs != 1 || found.entries != 1 || len(found.attachments) != 2 || found.attachments[sha256.Sum256([]byte("sound"))] != 5 {
		t.Errorf("%+v", found)
	}
	bare, err := Marshal([]chain.Push{{Entries: [][]byte{{1}, {2}}}})
	must(t, err)
	if found, err := look(bare); err != nil || found.entries != 2 {
		t.Errorf("entries alone: %+v, %v", found, err)
	}
}

func TestABundleThatEndsEarlyIsDamaged(t *testing.T) {
	file := sample(t)
	for n := range len(file) - 1024 - 507 { // without the padding of the last file, and of a tar file's end
		if _, err := look(file[:n]); err == nil {
			t.Fatalf("%d bytes of %d are taken for whole", n, len(file))
		}
	}
}

func TestWhatIsNoBundleIsRefusedAsSuch(t *testing.T) {
	for name, file := range map[string][]byte{
		"a picture": append([]byte("\xff\xd8\xff\xe0"), make([]byte, 2000)...),
		"a table":   append([]byte("PK\x03\x04"), make([]byte, 2000)...),
	} {
		if _, err := look(file); schema.FaultCode(err) != schema.FaultBundle {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := look(nil); !errors.Is(err, ErrDamaged) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := look(bytes.Replace(sample(t), []byte(Format), []byte("sansuiji-bundle-2"), 1)); schema.FaultCode(err) != schema.FaultBundleNewer {
		t.Errorf("a newer one: %v", err)
	}
}

func FuzzABundleFromElsewhereIsReadOrRefused(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte{0x81, 0xa0})
	f.Fuzz(func(t *testing.T, file []byte) {
		before := slices.Clone(file)
		_, _ = look(file)
		if !bytes.Equal(before, file) {
			t.Error("reading changed the file")
		}
	})
}
