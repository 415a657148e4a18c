package bundle_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"sansuiji/server/bundle"
	file "sansuiji/syncengine/bundle"
	"sansuiji/syncengine/chain"

	"filippo.io/age"
)

// TestABundleOfHundredsOfPhotosStreams wants a large one to be taken with little memory.
func TestABundleOfHundredsOfPhotosStreams(t *testing.T) {
	if testing.Short() {
		t.Skip("some fifty megabytes")
	}
	const photos, size = 200, 300 << 10
	d := newDesk(t)
	d.work([]byte("one that a row names"))
	name := filepath.Join(t.TempDir(), "large")
	f, err := os.Create(name)
	d.must(err)
	defer func() { _ = f.Close() }()
	seal, err := age.Encrypt(f, d.bundles.Key.Recipient())
	d.must(err)
	w, err := file.NewWriter(seal, file.Manifest{
		CampaignID: d.Campaign.String(), DeviceID: d.phone.ID.String(), Attachments: photos,
	}, []chain.Push{d.phone.From(1)})
	d.must(err)
	photo := bytes.Repeat([]byte{7}, size)
	for n := range uint64(photos) {
		binary.BigEndian.PutUint64(photo, n)
		d.must(w.Attachment(sha256.Sum256(photo), photo))
	}
	d.must(w.Close())
	d.must(seal.Close())
	_, err = f.Seek(0, io.SeekStart)
	d.must(err)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	taken, err := d.bundles.Take(t.Context(), f, bundle.Wish{Campaign: d.Campaign})
	d.must(err)
	runtime.ReadMemStats(&after)
	if taken.Stored != photos {
		t.Errorf("%+v", taken)
	}
	const most = 32 << 20
	grown := int64(after.HeapSys) - int64(before.HeapSys)
	t.Logf("%d MB in %v, heap grown by %d MB", photos*size>>20, time.Since(began).Round(time.Millisecond), grown>>20)
	if grown > most {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}
