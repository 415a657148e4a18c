package packing

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Start is what the front of a packed run tells without its Place.
type Start struct {
	Seq    uint64 // of the first entry
	Count  int    // of entries
	Before int    // how many entries before it are needed to unpack it
}

// ReadStart reads the front of a packed run.
func ReadStart(body []byte) (Start, error) {
	f, err := readFront(body)
	if err != nil {
		return Start{}, err
	}
	return f.start(), nil
}

// front is the front of a packed run as it stands there.
type front struct {
	flags   byte
	seq     uint64
	count   int
	changes int
	version int // of the schema; 0 for the expected one
	control section
	text    section
	rest    []byte // all behind the front
}

// section says how large a section is and how large it travels.
type section struct{ size, packed int }

func (f *front) start() Start {
	s := Start{Seq: f.seq, Count: f.count}
	if f.flags&flagBefore != 0 {
		s.Before = beforeCount(f.seq)
	}
	return s
}

func readFront(body []byte) (*front, error) {
	if len(body) < 2 || body[0] != formatVersion {
		if len(body) > 0 && body[0] != formatVersion {
			return nil, fmt.Errorf("read run: %w: format %d", ErrVersion, body[0])
		}
		return nil, fmt.Errorf("read run of %d bytes: %w", len(body), ErrMalformed)
	}
	r := fields{rest: body[2:]}
	f := &front{flags: body[1], seq: r.uvarint(math.MaxInt64)}
	f.count = int(r.uvarint(EntriesMax))
	f.changes = f.count
	if f.flags&flagChanges != 0 {
		f.changes = int(r.uvarint(UnpackedMax))
	}
	if f.flags&flagSchema != 0 {
		f.version = int(r.uvarint(math.MaxInt32))
	}
	f.control = r.section(f.flags&flagControl != 0)
	f.text = r.section(f.flags&flagText != 0)
	f.rest = r.rest
	if f.flags&flagSchema != 0 && f.version == 0 {
		r.bad = true
	}
	if r.bad || f.flags > flagsKnown || f.count == 0 || f.seq == 0 ||
		f.seq > math.MaxInt64-EntriesMax || len(f.rest)-f.control.packed < f.text.packed {
		return nil, fmt.Errorf("read front of run: %w", ErrMalformed)
	}
	return f, nil
}

// sections takes the controls and the texts apart; what is left are the bits.
func (f *front) sections() (control, text, bits []byte, err error) {
	control, text = f.rest[:f.control.packed], f.rest[f.control.packed:]
	text, bits = text[:f.text.packed], text[f.text.packed:]
	if f.flags&flagControl != 0 {
		if control, err = inflate(control, f.control.size); err != nil {
			return nil, nil, nil, fmt.Errorf("controls: %w", err)
		}
	}
	if f.flags&flagText != 0 {
		if text, err = inflate(text, f.text.size); err != nil {
			return nil, nil, nil, fmt.Errorf("texts: %w", err)
		}
	}
	return control, text, bits, nil
}

// fields takes numbers off the front of bytes.
type fields struct {
	rest []byte
	bad  bool // one of them was not there, or above its limit
}

func (r *fields) uvarint(most uint64) uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > most {
		r.bad = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *fields) section(compressed bool) (s section) {
	s.size = int(r.uvarint(UnpackedMax))
	s.packed = s.size
	if compressed {
		s.packed = int(r.uvarint(UnpackedMax))
	}
	if s.packed > len(r.rest) {
		r.bad = true
	}
	return s
}
