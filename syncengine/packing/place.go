package packing

import (
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
)

// Limits of a packed run. They are those of a push in its plain form.
const (
	// EntriesMax is the number of entries.
	EntriesMax = 5000
	// UnpackedMax is the size of all canonical entries together, in bytes.
	UnpackedMax = 32 << 20
	// BeforeMax is how many entries before a run it may be packed with.
	BeforeMax = 16
	// shapesMax is the number of shapes of changes; one byte names them, and 0 is
	// taken.
	shapesMax = 255
)

var (
	// ErrMalformed says that bytes are no packed run.
	ErrMalformed = errors.New("malformed packed run")
	// ErrVersion says that a body is of a format, or of a schema version, that
	// this program does not know. The plain form will do.
	ErrVersion = errors.New("packed run of an unknown version")
	// ErrPlace says that a run does not stand where its Place says, or that the
	// Place does not have what the body needs.
	ErrPlace = errors.New("packed run stands elsewhere")
	// ErrNoRun says that entries are no run of one device's chain.
	ErrNoRun = errors.New("entries are no run of one chain")
	// ErrLimit says that a run is larger than one push may be.
	ErrLimit = errors.New("run exceeds a limit")
)

// Place is where a run joins its device's chain. Both sides know it, so nothing
// of it travels.
type Place struct {
	Campaign schema.CampaignID
	Device   schema.DeviceID
	// Previous is the hash of the entry before the run, or the genesis.
	Previous chain.Hash
	// Before is the canonical bytes of the BeforeMax entries before the run, or of
	// all if there are fewer, the oldest first. What is like in them need not
	// travel, so a run that was packed with them needs them to be unpacked. None
	// at all: they are not at hand.
	Before [][]byte
}

// before reads the entries before a run that starts at a seq. There are none
// where the place has not enough of them.
func (p *Place) before(seq uint64) ([]chain.Entry, error) {
	count := beforeCount(seq)
	if len(p.Before) < count {
		return nil, nil
	}
	list := p.Before[len(p.Before)-count:]
	if count == 0 {
		return nil, nil
	}
	entries := make([]chain.Entry, count)
	for i, b := range list {
		e, err := chain.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("%w: entry before: %w", ErrPlace, err)
		}
		if e.Campaign != p.Campaign || e.Device != p.Device || e.Seq != seq-uint64(count-i) {
			return nil, fmt.Errorf("%w: entry before is seq %d of device %s", ErrPlace, e.Seq, e.Device)
		}
		entries[i] = e
	}
	if chain.HashBytes(list[count-1]) != p.Previous {
		return nil, fmt.Errorf("%w: entry before has another hash", ErrPlace)
	}
	return entries, nil
}

// beforeCount is how many entries before a seq a run may be packed with.
func beforeCount(seq uint64) int { return int(min(seq-1, BeforeMax)) }

// expectedSchema is the schema version of a run that does not say.
func expectedSchema(before []chain.Entry) int {
	if len(before) == 0 {
		return 1
	}
	return before[len(before)-1].Schema
}
