package device

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"sansuiji/mobileapi"
	"sansuiji/schema"
)

// checkpointsMax is how many checkpoints a device keeps.
const checkpointsMax = 20

// Checkpoint is what headquarters once signed of its history.
type Checkpoint struct {
	Size       uint64 // entries in the history
	Epoch      schema.Epoch
	Text       string // the signed note
	ReceivedAt int64  // Unix milliseconds
}

// Witness judges whether headquarters' history only grows.
type Witness interface {
	// Judge compares a checkpoint that has come with the newest one held, which
	// has no Text before the first. proof is what headquarters sent along, from
	// held.Size to fresh.Size. An error raises the alarm and says why: fresh is
	// not signed by headquarters, or not proved to continue held.
	Judge(held, fresh Checkpoint, proof [][]byte) error
}

// Alarm says that headquarters' history was not continued. It stays until a
// person clears it.
type Alarm struct {
	At     int64  `json:"at"` // Unix milliseconds
	Reason string `json:"reason"`
	Held   string `json:"held"`  // the checkpoint that was held
	Fresh  string `json:"fresh"` // the one that does not continue it
	Epoch  string `json:"epoch"` // of the latter
}

// takeCheckpoint judges and keeps a checkpoint. One that does not continue the
// newest is kept in the alarm, and entries go on being sent: nothing is gained by
// keeping them from headquarters.
func (d *Device) takeCheckpoint(epoch schema.Epoch, w *mobileapi.Witnessed) error {
	held, err := d.db.newestCheckpoint()
	if err != nil || w.Checkpoint == "" || w.Checkpoint == held.Text {
		return err
	}
	fresh := Checkpoint{Epoch: epoch, Text: w.Checkpoint, ReceivedAt: d.nowMillis()}
	var fault error
	if fresh.Size, fault = checkpointSize(w.Checkpoint); fault == nil && d.Witness != nil {
		proof := make([][]byte, len(w.Proof))
		for i := range w.Proof {
			proof[i] = w.Proof[i]
		}
		fault = d.Witness.Judge(held, fresh, proof)
	}
	if fault == nil {
		return d.db.keepCheckpoint(&fresh)
	}
	if err := d.db.raiseAlarm(&held, &fresh, fault); err != nil {
		return err
	}
	return d.db.doubt(&held)
}

// doubt takes nothing for acknowledged any more that was so by a history which is
// not continued: all entries are sent again, with the checkpoint that tells
// headquarters of its loss, and all rows are pulled anew. Once for each checkpoint
// held: headquarters that goes on in spite of it is a matter for people.
func (b *database) doubt(held *Checkpoint) error {
	doubted, err := stored[string](b, stateDoubted)
	if err != nil || held.Text == "" || doubted == held.Text {
		return err
	}
	if err := errors.Join(b.offerAgain(), b.pullAnew()); err != nil {
		return err
	}
	return b.store(stateDoubted, held.Text)
}

// checkpointSize is the second line of a checkpoint (C2SP tlog-checkpoint).
func checkpointSize(text string) (uint64, error) {
	lines := strings.SplitN(text, "\n", 3)
	if len(lines) < 3 {
		return 0, foreign("checkpoint of %d lines", len(lines))
	}
	size, err := strconv.ParseUint(lines[1], 10, 63)
	if err != nil {
		return 0, foreign("size of checkpoint: %w", err)
	}
	return size, nil
}

const selectCheckpoints = "SELECT size, epoch, text, received_at FROM checkpoint ORDER BY no DESC"

func readCheckpoint(row []driver.Value) (c Checkpoint, err error) {
	var epoch []byte
	if err := scan(&c.Size, &epoch, &c.Text, &c.ReceivedAt)(row); err != nil {
		return c, err
	}
	c.Epoch, err = schema.IDFromBytes[schema.Epoch](epoch)
	return c, err
}

func (b *database) newestCheckpoint() (c Checkpoint, err error) {
	_, err = b.row(selectCheckpoints+" LIMIT 1", func(row []driver.Value) (err error) {
		c, err = readCheckpoint(row)
		return err
	})
	return c, err
}

func (b *database) keepCheckpoint(c *Checkpoint) error {
	if err := b.exec("INSERT INTO checkpoint (size, epoch, text, received_at) VALUES (?, ?, ?, ?)",
		int64(c.Size), id(c.Epoch), c.Text, c.ReceivedAt); err != nil {
		return err
	}
	return b.exec("DELETE FROM checkpoint WHERE no <= (SELECT max(no) FROM checkpoint) - ?",
		int64(checkpointsMax))
}

// raiseAlarm keeps the first reason for an alarm.
func (b *database) raiseAlarm(held, fresh *Checkpoint, cause error) error {
	if a, err := b.alarm(); err != nil || a != nil {
		return err
	}
	text, err := json.Marshal(Alarm{
		fresh.ReceivedAt, cause.Error(), held.Text, fresh.Text, fresh.Epoch.String(),
	})
	if err != nil {
		return err
	}
	return b.store(stateAlarm, string(text))
}

// alarm is nil when there is none.
func (b *database) alarm() (*Alarm, error) {
	text, err := stored[string](b, stateAlarm)
	if err != nil || text == "" {
		return nil, err
	}
	a := &Alarm{}
	return a, json.Unmarshal([]byte(text), a)
}

// ClearAlarm takes headquarters' history as it is now, after a person has looked
// into the alarm: later checkpoints must continue the one that raised it.
func (d *Device) ClearAlarm() error {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.transact(func() error {
		a, err := d.db.alarm()
		if err != nil || a == nil {
			return err
		}
		if fresh, err := a.fresh(); err == nil { // else it is no checkpoint at all
			if err := d.db.keepCheckpoint(&fresh); err != nil {
				return err
			}
		}
		return d.db.remove(stateAlarm)
	})
}

func (a *Alarm) fresh() (c Checkpoint, err error) {
	if c.Epoch, err = schema.ParseID[schema.Epoch](a.Epoch); err != nil {
		return c, err
	}
	c.Text, c.ReceivedAt = a.Fresh, a.At
	c.Size, err = checkpointSize(a.Fresh)
	return c, err
}

// Checkpoints lists what is held, newest first.
func (d *Device) Checkpoints() (list []Checkpoint, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	err = d.db.each(selectCheckpoints, func(row []driver.Value) error {
		c, err := readCheckpoint(row)
		list = append(list, c)
		return err
	})
	return list, err
}
