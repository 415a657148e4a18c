package evidence

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestAnArchiveBeyondFourGigabytesIsReadByOthers has members that no disk is filled with.
func TestAnArchiveBeyondFourGigabytesIsReadByOthers(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "large.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	const hello, helloCRC = "hello", 0x3610a686
	members := []placed{{path: "a", size: 3 << 30}, {path: "b", size: 3 << 30}, {path: "c", size: int64(len(hello)), crc: helloCRC}}
	directory, at := place(members), stampOf(1_790_000_000_000)
	end := directory
	put := func(b []byte, offset int64) {
		if _, err := f.WriteAt(b, offset); err != nil {
			t.Fatal(err)
		}
	}
	for i := range members {
		put(members[i].local(at), members[i].offset)
		central := members[i].central(at)
		put(central, end)
		end += int64(len(central))
	}
	put([]byte(hello), members[2].data())
	ending := closing(len(members), end-directory, directory)
	put(ending, end)
	z, err := zip.NewReader(f, end+int64(len(ending)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := z.Open("c")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(c)
	if err != nil || string(text) != hello || len(z.File) != 3 {
		t.Errorf("%q, %v, %d members", text, err, len(z.File))
	}
	if z.File[2].Modified.Format("2006-01-02 15:04:05") != "2026-09-21 22:13:20" {
		t.Errorf("made %s", z.File[2].Modified)
	}
}
