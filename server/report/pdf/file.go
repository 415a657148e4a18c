package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf16"
)

// file is a PDF file that is written from front to back: an object is on its way when it
// is written, and only its place is kept.
type file struct {
	w       io.Writer
	written int64
	places  []int64 // of objects, by their number less one; 0: not written
	err     error   // the first one
}

func newFile(w io.Writer) *file {
	f := &file{w: w}
	f.text("%s", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n") // bytes that say: not text
	return f
}

func (f *file) Write(b []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.w.Write(b)
	f.written += int64(n)
	f.err = err
	return n, err
}

func (f *file) text(format string, args ...any) { fmt.Fprintf(f, format, args...) }

// reserve gives the number of an object that is written later.
func (f *file) reserve() int {
	f.places = append(f.places, 0)
	return len(f.places)
}

// object writes an object.
func (f *file) object(number int, content string) {
	f.places[number-1] = f.written
	f.text("%d 0 obj\n", number)
	f.text("%s\nendobj\n", content)
}

// stream writes an object of bytes with what its dictionary says beside their length.
func (f *file) stream(number int, dictionary string, b []byte) {
	f.places[number-1] = f.written
	f.text("%d 0 obj\n<<%s/Length %d>>\nstream\n", number, dictionary, len(b))
	_, _ = f.Write(b) // kept in err
	f.text("\nendstream\nendobj\n")
}

// packed writes an object of bytes that are compressed.
func (f *file) packed(number int, dictionary string, b []byte) {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(b) // a buffer takes all
	_ = z.Close()
	f.stream(number, dictionary+"/Filter/FlateDecode", packed.Bytes())
}

// end writes what finds the objects.
func (f *file) end(root, info int) error {
	at := f.written
	f.text("xref\n0 %d\n0000000000 65535 f \n", len(f.places)+1)
	for _, place := range f.places {
		f.text("%010d 00000 n \n", place)
	}
	f.text("trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(f.places)+1, root, info, at)
	return f.err
}

// words is a text of people as a PDF string.
func words(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteByte('>')
	return b.String()
}

// moment is a time as PDF writes it.
func moment(t time.Time) string { return t.UTC().Format("(D:20060102150405Z)") }
