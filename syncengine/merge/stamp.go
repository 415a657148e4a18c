package merge

import (
	"encoding/binary"
	"errors"

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

// seqField is the place of the seq among a run's numbers.
const seqField = 2

// ErrStamps says that a row's packed stamps cannot be read: the database is
// damaged.
var ErrStamps = errors.New("malformed stamps")

// stampsForm is the first byte of packed stamps. The first form had none and began
// with a run's length, which is never zero; its stamps have no seq.
const stampsForm = 0

// AppendStamps packs a row's stamps, one per column, as runs of equal ones: the
// run's length, the flags with the author, the seq, the revision, all as uvarints,
// and the clock in eight bytes.
func AppendStamps(dst []byte, stamps []Stamp) []byte {
	if len(stamps) > 0 {
		dst = append(dst, stampsForm)
	}
	for i := 0; i < len(stamps); {
		n := 1
		for i+n < len(stamps) && stamps[i+n] == stamps[i] {
			n++
		}
		s := stamps[i]
		dst = binary.AppendUvarint(dst, uint64(n))
		dst = binary.AppendUvarint(dst, s.flags())
		dst = binary.AppendUvarint(dst, s.Seq)
		dst = binary.AppendUvarint(dst, s.Revision)
		dst = binary.BigEndian.AppendUint64(dst, uint64(s.Clock))
		i += n
	}
	return dst
}

// ReadStamps unpacks stamps into dst, which has one place per column. Columns
// that are younger than the row keep the zero stamp.
func ReadStamps(b []byte, dst []Stamp) error {
	seqs := len(b) > 0 && b[0] == stampsForm
	if seqs {
		if b = b[1:]; len(b) == 0 {
			return ErrStamps
		}
	}
	at := 0
	for len(b) > 0 {
		var fields [4]uint64
		for i := range fields {
			if i == seqField && !seqs {
				continue
			}
			v, n := binary.Uvarint(b)
			if n <= 0 {
				return ErrStamps
			}
			fields[i], b = v, b[n:]
		}
		if len(b) < 8 || fields[0] > uint64(len(dst)-at) {
			return ErrStamps
		}
		s := Stamp{
			Author:    uint32(fields[1] >> authorShift),
			Contested: fields[1]&contestedFlag != 0, Emptied: fields[1]&emptiedFlag != 0,
			Seq: fields[2], Revision: fields[3], Clock: clock.Time(binary.BigEndian.Uint64(b)),
		}
		for range fields[0] {
			dst[at] = s
			at++
		}
		b = b[8:]
	}
	return nil
}
