package device

import (
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/mutant"
)

// Save does the writes of one save. When it returns without an error they are
// durable together with their entry, whose place in the chain is seq, or 0 when
// nothing has changed; otherwise nothing has happened. write must not call the
// device.
func (d *Device) Save(write func(*Saving) error) (seq uint64, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	who, err := d.identity()
	if err != nil {
		return 0, fmt.Errorf("save: %w", err)
	}
	var late func() error // of a planted bug
	err = d.db.transact(func() error {
		s := Saving{Who: who, At: d.nowMillis(), d: d}
		if err := write(&s); err != nil {
			return err
		}
		changes, err := s.log.changeset()
		if err != nil {
			return err
		}
		if len(changes) > 0 && mutant.On(mutant.OutboxAfterCommit) {
			late = func() error { seq, err = d.seal(&s, changes); return err }
		} else if len(changes) > 0 {
			seq, err = d.seal(&s, changes)
		}
		d.at(SaveBeforeCommit)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("save: %w", err)
	}
	d.at(SaveAfterCommit)
	if late != nil {
		return seq, d.db.transact(late)
	}
	return seq, nil
}

// seal adds an entry to the device's chain.
func (d *Device) seal(s *Saving, changes []byte) (uint64, error) {
	head, err := d.db.head(&s.Who)
	if err != nil {
		return 0, err
	}
	last, err := stored[uint64](d.db, stateClock)
	if err != nil {
		return 0, err
	}
	seen, err := d.db.seen()
	if err != nil {
		return 0, err
	}
	entry := chain.Entry{
		Campaign: s.Who.Campaign, Device: s.Who.Device, Seq: head.Seq + 1, Previous: head.Hash,
		Clock: clock.Next(clock.Time(last), s.At), WallAt: s.At, Schema: s.d.Catalogue.Version,
		Seen: seen, Changeset: changes,
	}
	bytes := entry.Append(nil)
	if len(bytes) > chain.EntryMax {
		return 0, fmt.Errorf("%w: %d bytes in one entry", ErrValue, len(bytes))
	}
	if err := d.db.appendEntry(entry.Seq, bytes, s.At); err != nil {
		return 0, err
	}
	return entry.Seq, d.db.store(stateClock, int64(entry.Clock))
}

// seen is headquarters' state last pulled completely. Entries that the device
// carries for others are not in its rows, so it has not seen them.
func (b *database) seen() (seen chain.Seen, err error) {
	if seen.Epoch, err = storedID[schema.Epoch](b, stateSeenOf); err != nil {
		return seen, err
	}
	seen.Revision, err = stored[uint64](b, stateSeen)
	return seen, err
}
