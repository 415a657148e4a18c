package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// archive is a file that is checked.
type archive struct {
	r    io.ReaderAt
	size int64
}

var errArchive = errors.New("no archive of this form")

// headMax is how large manifest and note may be to be read before they are trusted.
const (
	manifestMax = 512 << 20
	noteMax     = 8 << 10
)

// read reads bytes that must be there.
func (a *archive) read(offset, size int64) ([]byte, error) {
	if offset < 0 || size < 0 || offset > a.size-size {
		return nil, fmt.Errorf("%w: %d bytes at %d of %d", errArchive, size, offset, a.size)
	}
	b := make([]byte, size)
	_, err := io.ReadFull(io.NewSectionReader(a.r, offset, size), b)
	return b, err
}

// first are the places of manifest and note, found in one of two ways: by their own headers
// or by the directory at the end. One way is left when a byte of the other changed.
func (a *archive) first(byDirectory bool) (list []placed, err error) {
	find := a.byHeaders
	if byDirectory {
		find = a.byDirectory
	}
	if list, err = find(); err != nil {
		return nil, err
	}
	if list[0].path != manifestPath || list[1].path != notePath || list[0].offset != 0 ||
		list[1].offset != list[0].end() || list[0].size > manifestMax || list[1].size > noteMax {
		return nil, errArchive
	}
	return list, nil
}

func (a *archive) byHeaders() (list []placed, err error) {
	at := int64(0)
	for range 2 {
		h, err := a.read(at, localSize)
		if err != nil || binary.LittleEndian.Uint32(h) != localSign {
			return nil, errors.Join(errArchive, err)
		}
		p := placed{
			offset: at, crc: binary.LittleEndian.Uint32(h[14:]), size: int64(binary.LittleEndian.Uint32(h[22:])),
		}
		name, err := a.read(at+localSize, min(int64(binary.LittleEndian.Uint16(h[26:])), pathMax))
		if err != nil {
			return nil, err
		}
		p.path = string(name)
		list, at = append(list, p), p.end()
	}
	return list, nil
}

func (a *archive) byDirectory() (list []placed, err error) {
	h, err := a.read(a.size-endSize, endSize)
	if err != nil || binary.LittleEndian.Uint32(h) != endSign {
		return nil, errors.Join(errArchive, err)
	}
	at := int64(binary.LittleEndian.Uint32(h[16:]))
	if at == most32 { // the wide ending and its locator come before
		w, err := a.read(a.size-endSize-locatorSize-wideEndSize, wideEndSize)
		if err != nil {
			return nil, err
		}
		at = int64(binary.LittleEndian.Uint64(w[48:]))
	}
	for range 2 {
		h, err := a.read(at, centralSize)
		if err != nil || binary.LittleEndian.Uint32(h) != centralSign {
			return nil, errors.Join(errArchive, err)
		}
		length := min(int64(binary.LittleEndian.Uint16(h[28:])), pathMax)
		name, err := a.read(at+centralSize, length)
		if err != nil {
			return nil, err
		}
		list = append(list, placed{
			path: string(name), crc: binary.LittleEndian.Uint32(h[16:]),
			size: int64(binary.LittleEndian.Uint32(h[20:])), offset: int64(binary.LittleEndian.Uint32(h[42:])),
		})
		at += centralSize + length
	}
	return list, nil
}

// part is a member's bytes, as they stand in the archive.
func (a *archive) part(p *placed) *io.SectionReader {
	return io.NewSectionReader(a.r, p.data(), max(0, min(p.size, a.size-p.data())))
}

// compare compares what stands at a place with what must, and tells the first byte that
// differs; -1: none does.
func (a *archive) compare(offset int64, must []byte) (differs int64, err error) {
	have, err := a.read(offset, max(0, min(int64(len(must)), a.size-offset)))
	if err != nil {
		return offset, err
	}
	if bytes.Equal(have, must) {
		return -1, nil
	}
	for i := range have {
		if have[i] != must[i] {
			return offset + int64(i), nil
		}
	}
	return offset + int64(len(have)), nil // it ends there
}
