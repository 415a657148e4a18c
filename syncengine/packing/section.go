package packing

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// deflater compresses sections. It takes a good deal of memory, once.
type deflater struct{ w *flate.Writer }

// deflate is a section as it travels: compressed, where that makes it smaller.
func (d *deflater) deflate(section []byte) (packed []byte, smaller bool, err error) {
	var b bytes.Buffer
	if d.w == nil {
		if d.w, err = flate.NewWriter(&b, flate.BestCompression); err != nil {
			return nil, false, err
		}
	} else {
		d.w.Reset(&b)
	}
	if _, err := d.w.Write(section); err != nil {
		return nil, false, err
	}
	if err := d.w.Close(); err != nil {
		return nil, false, err
	}
	if b.Len()+uvarintLen(b.Len()) >= len(section) {
		return section, false, nil
	}
	return b.Bytes(), true, nil
}

// inflate reads a compressed section of the given size, at most UnpackedMax. It
// takes memory as the bytes come, not as the size says.
func inflate(packed []byte, size int) ([]byte, error) {
	source := bytes.NewReader(packed)
	r := flate.NewReader(source)
	// DEFLATE makes at most 1032 bytes of one.
	const ratioMax = 1032
	b := bytes.NewBuffer(make([]byte, 0, min(size, len(packed)*ratioMax)+bytes.MinRead))
	_, err := io.Copy(b, io.LimitReader(r, int64(size)+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, fmt.Errorf("inflate: %w: %w", ErrMalformed, err)
	}
	if b.Len() != size || source.Len() > 0 {
		return nil, fmt.Errorf("inflate: %w: %d bytes, want %d", ErrMalformed, b.Len(), size)
	}
	return b.Bytes(), nil
}

func uvarintLen(n int) int { return len(binary.AppendUvarint(nil, uint64(n))) }
