package bundle

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
)

// Writer writes a bundle with attachments.
type Writer struct {
	tar  *tar.Writer
	left int
}

// NewWriter begins one: the manifest's numbers are those that will come.
func NewWriter(w io.Writer, m Manifest, runs []chain.Push) (*Writer, error) {
	m.Format = Format
	m.Entries = 0
	for i := range runs {
		m.Entries += len(runs[i].Entries)
	}
	b := &Writer{tar.NewWriter(w), m.Attachments}
	manifest, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	entries, err := Marshal(runs)
	if err == nil {
		err = b.member("bundle.json", manifest)
	}
	if err == nil {
		err = b.member("entries.cbor", entries)
	}
	return b, err
}

// Attachment adds bytes.
func (b *Writer) Attachment(hash schema.BlobHash, bytes []byte) error {
	b.left--
	return b.member("attachments/"+hash.String(), bytes)
}

// Close ends it.
func (b *Writer) Close() error {
	if b.left != 0 {
		return fmt.Errorf("write bundle: %d attachments are still to come", b.left)
	}
	return b.tar.Close()
}

func (b *Writer) member(name string, bytes []byte) error {
	header := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o600, Size: int64(len(bytes)), Format: tar.FormatUSTAR}
	if err := b.tar.WriteHeader(header); err != nil {
		return err
	}
	_, err := b.tar.Write(bytes)
	return err
}
