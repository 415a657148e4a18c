package device

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"

	"sansuiji/mobileapi"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is what headquarters once signed of its history, and this device
// found to continue what it knew.
type Checkpoint struct {
	translog.Checkpoint
	Signed     string // the note
	ReceivedAt int64  // Unix milliseconds

	no int64 // in the table
}

// takeCheckpoint judges the checkpoint of an answer. What is wrong with it is kept
// as an alarm and stops nothing: nothing is gained by keeping entries from
// headquarters. True: all is to be sent again, because headquarters went back.
func (d *Device) takeCheckpoint(w *mobileapi.Witnessed) (wentBack bool, err error) {
	log, err := d.logKnown()
	if err != nil || log == nil || w.Checkpoint == "" {
		return false, err
	}
	kept, err := d.db.kept()
	if err != nil {
		return false, err
	}
	newest := newestOf(kept)
	if newest != nil && newest.Signed == w.Checkpoint {
		return false, d.db.remove(stateDoubts)
	}
	verdict, next, cause := log.Judge(parsed(kept), answerOf(w))
	fresh := Checkpoint{Checkpoint: next, Signed: w.Checkpoint, ReceivedAt: d.nowMillis()}
	switch verdict {
	case translog.Unverifiable:
		return false, d.doubt(newest, &fresh, cause)
	case translog.RolledBack, translog.Forked:
		if err := d.db.raiseAlarm(verdict, newest, &fresh, cause); err != nil {
			return false, err
		}
		return d.db.distrust(newest)
	case translog.NewEpoch:
		if err := d.db.noteRestored(newest, &fresh); err != nil {
			return false, err
		}
	case translog.Consistent, translog.Grown:
	}
	return false, errors.Join(d.db.remove(stateDoubts), d.db.keep(kept, &fresh))
}

// answerOf is an answer to be judged. Hashes that are none prove nothing.
func answerOf(w *mobileapi.Witnessed) *translog.Answer {
	answer := &translog.Answer{Signed: w.Checkpoint, From: w.From}
	for _, hash := range w.Proof {
		if len(hash) != tlog.HashSize {
			answer.Proof = nil
			return answer
		}
		answer.Proof = append(answer.Proof, tlog.Hash(hash))
	}
	return answer
}

func parsed(kept []Checkpoint) []translog.Checkpoint {
	list := make([]translog.Checkpoint, len(kept))
	for i := range kept {
		list[i] = kept[i].Checkpoint
	}
	return list
}

// newestOf is the last of the kept ones, or nil.
func newestOf(kept []Checkpoint) *Checkpoint {
	if len(kept) == 0 {
		return nil
	}
	return &kept[len(kept)-1]
}

const selectCheckpoints = "SELECT no, text, received_at FROM checkpoint ORDER BY no"

// kept reads the kept checkpoints, oldest first.
func (b *database) kept() (list []Checkpoint, err error) {
	err = b.each(selectCheckpoints, func(row []driver.Value) error {
		var c Checkpoint
		if err := scan(&c.no, &c.Signed, &c.ReceivedAt)(row); err != nil {
			return err
		}
		var err error
		if c.Checkpoint, err = translog.ReadCheckpoint(c.Signed); err != nil {
			return fmt.Errorf("read kept checkpoint %d: %w", c.no, err)
		}
		list = append(list, c)
		return nil
	})
	return list, err
}

// keep adds a checkpoint to the kept ones and lets go of those that it replaces.
func (b *database) keep(kept []Checkpoint, next *Checkpoint) error {
	stay := translog.Keep(parsed(kept), next.Checkpoint)
	stay = stay[:len(stay)-1]
	for i := range kept {
		c := &kept[i]
		if slices.ContainsFunc(stay, func(s translog.Checkpoint) bool {
			return s.Epoch == c.Epoch && s.Size == c.Size
		}) {
			continue
		}
		if err := b.exec("DELETE FROM checkpoint WHERE no = ?", c.no); err != nil {
			return err
		}
	}
	return b.exec("INSERT INTO checkpoint (size, epoch, text, received_at) VALUES (?, ?, ?, ?)",
		int64(next.Size), id(next.Epoch), next.Signed, next.ReceivedAt)
}

// holding is what a request tells of the kept checkpoints.
func (b *database) holding() (newest *Checkpoint, sizes []uint64, err error) {
	kept, err := b.kept()
	for i := range kept {
		sizes = append(sizes, kept[i].Size)
	}
	return newestOf(kept), sizes, err
}

// Checkpoints lists what is held, newest first.
func (d *Device) Checkpoints() ([]Checkpoint, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	list, err := d.db.kept()
	slices.Reverse(list)
	return list, err
}

// logKnown is headquarters' log by its name and key; nil before its key is known.
func (d *Device) logKnown() (*translog.Log, error) {
	if d.log != nil {
		return d.log, nil
	}
	spki, err := stored[[]byte](d.db, stateHQKey)
	if err != nil || spki == nil {
		return nil, err
	}
	who, err := d.identity()
	if err != nil {
		return nil, err
	}
	key, err := parseHQKey(spki)
	if err != nil {
		return nil, err
	}
	d.log = &translog.Log{Campaign: who.Campaign, Key: key}
	return d.log, nil
}

// pinKey keeps headquarters' key from its row, in a device that was enrolled
// before enrolments told it. The key that is kept is never changed.
func (b *database) pinKey() error {
	have, err := stored[[]byte](b, stateHQKey)
	if err != nil || have != nil {
		return err
	}
	var keys [][]byte
	err = b.each("SELECT public_key FROM device WHERE inspector_id IS NULL", func(row []driver.Value) error {
		var spki []byte
		err := scan(&spki)(row)
		keys = append(keys, spki)
		return err
	})
	if err != nil || len(keys) != 1 {
		return err
	}
	return b.takeKey(keys[0])
}
