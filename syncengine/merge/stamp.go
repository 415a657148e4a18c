package merge

import (
	"encoding/binary"
	"errors"
	"slices"

	"sansuiji/syncengine/clock"
)

// Stamp says who wrote a cell's value.
type Stamp struct {
	Author    uint32     // short number of the device
	Contested bool       // other writes compete with this one
	Emptied   bool       // headquarters decided that the cell is empty; under Once only
	Seq       uint64     // of the entry in its device's chain
	Revision  uint64     // the campaign's when the write was merged
	Clock     clock.Time // effective, of the entry
}

// The bits of a stamp's flags beside the author's number.
const (
	contestedFlag = 1
	emptiedFlag   = 1 << 33 // above the author: it is seldom set, and small numbers stay short
	authorShift   = 1
)

func (s *Stamp) flags() uint64 {
	flags := uint64(s.Author) << authorShift
	if s.Contested {
		flags |= contestedFlag
	}
	if s.Emptied {
		flags |= emptiedFlag
	}
	return flags
}

// ErrStamps says that a row's packed stamps cannot be read: the database is
// damaged.
var ErrStamps = errors.New("malformed stamps")

// stampsForm is the first byte of packed stamps. The first form had none and began
// with a run's length, which is never zero; its stamps have no seq.
const stampsForm = 0

// AppendStamps packs a row's stamps, one per column: how many different ones there
// are; each as the flags with the author, the seq, the revision and the clock (of
// the first in eight bytes, of the others as the signed distance from the one
// before); and runs of columns, the length of each times the number of different
// stamps, plus which one it is. All numbers are varints.
func AppendStamps(dst []byte, stamps []Stamp) []byte {
	if len(stamps) == 0 {
		return dst
	}
	var room [8]Stamp
	different := room[:0]
	for i := range stamps {
		if i == 0 || stamps[i] != stamps[i-1] && !slices.Contains(different, stamps[i]) {
			different = append(different, stamps[i])
		}
	}
	dst = append(dst, stampsForm)
	dst = binary.AppendUvarint(dst, uint64(len(different)))
	for i := range different {
		s := &different[i]
		dst = binary.AppendUvarint(dst, s.flags())
		dst = binary.AppendUvarint(dst, s.Seq)
		dst = binary.AppendUvarint(dst, s.Revision)
		if i == 0 {
			dst = binary.BigEndian.AppendUint64(dst, uint64(s.Clock))
		} else {
			dst = binary.AppendVarint(dst, int64(s.Clock-different[i-1].Clock))
		}
	}
	for i := 0; i < len(stamps); {
		n := 1
		for i+n < len(stamps) && stamps[i+n] == stamps[i] {
			n++
		}
		which := slices.Index(different, stamps[i])
		dst = binary.AppendUvarint(dst, uint64(n*len(different)+which))
		i += n
	}
	return dst
}

// ReadStamps unpacks stamps into dst, which has one place per column. Columns
// that are younger than the row keep the zero stamp.
func ReadStamps(b []byte, dst []Stamp) error {
	r := stampReader{rest: b}
	if len(b) == 0 || b[0] != stampsForm {
		return r.firstForm(dst)
	}
	r.rest = b[1:]
	k := r.number()
	if k == 0 || k > uint64(len(dst)) {
		return ErrStamps
	}
	var room [8]Stamp
	different := room[:0]
	for range k {
		s := r.stamp(true)
		if len(different) == 0 {
			s.Clock = r.clock()
		} else {
			s.Clock = different[len(different)-1].Clock + clock.Time(r.distance())
		}
		different = append(different, s)
	}
	at := 0
	for len(r.rest) > 0 && !r.bad {
		run := r.number()
		if run/k > uint64(len(dst)-at) || run/k == 0 {
			return ErrStamps
		}
		for range run / k {
			dst[at] = different[run%k]
			at++
		}
	}
	if r.bad || at == 0 {
		return ErrStamps
	}
	return nil
}

// stampReader takes numbers off the front of packed stamps.
type stampReader struct {
	rest []byte
	bad  bool
}

func (r *stampReader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	return r.took(n, v)
}

func (r *stampReader) distance() int64 {
	v, n := binary.Varint(r.rest)
	return int64(r.took(n, uint64(v)))
}

func (r *stampReader) clock() clock.Time {
	if len(r.rest) < 8 {
		return clock.Time(r.took(0, 0))
	}
	return clock.Time(r.took(8, binary.BigEndian.Uint64(r.rest)))
}

// took moves on by n bytes; none are a number that is not there.
func (r *stampReader) took(n int, v uint64) uint64 {
	if n <= 0 || r.bad {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// stamp reads a stamp but for its clock.
func (r *stampReader) stamp(seqs bool) Stamp {
	flags := r.number()
	s := Stamp{
		Author:    uint32(flags >> authorShift),
		Contested: flags&contestedFlag != 0, Emptied: flags&emptiedFlag != 0,
	}
	if seqs {
		s.Seq = r.number()
	}
	s.Revision = r.number()
	return s
}

// firstForm reads runs, each its length and a stamp without a seq.
func (r *stampReader) firstForm(dst []Stamp) error {
	at := 0
	for len(r.rest) > 0 {
		n := r.number()
		s := r.stamp(false)
		s.Clock = r.clock()
		if r.bad || n > uint64(len(dst)-at) {
			return ErrStamps
		}
		for range n {
			dst[at] = s
			at++
		}
	}
	return nil
}
