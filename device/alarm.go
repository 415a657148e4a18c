package device

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"

	"sansuiji/syncengine/translog"
)

// doubtsMax is how many contacts in a row may prove nothing before that is an
// alarm: once may be a fault of the line.
const doubtsMax = 3

// Alarm says that headquarters' history was not continued. It stays until a
// person clears it, and is the evidence.
type Alarm struct {
	At     int64            `json:"at"` // Unix milliseconds
	Kind   translog.Verdict `json:"kind"`
	Reason string           `json:"reason,omitempty"`
	Held   string           `json:"held"` // the newest checkpoint that was held, signed; "": none
	HeldAt int64            `json:"held_at,omitempty"`
	Fresh  string           `json:"fresh"` // the answer's
}

// Notice says that headquarters was restored, and said so.
type Notice struct {
	At       int64  `json:"at"`       // Unix milliseconds
	Position uint64 `json:"position"` // of the newest entry that it still had
	Lost     uint64 `json:"lost"`     // entries after it that this device had been shown
	Epoch    string `json:"epoch"`    // the new one
}

// doubt counts an answer that proves nothing, once in a contact.
func (d *Device) doubt(newest, fresh *Checkpoint, cause error) error {
	if d.doubted {
		return nil
	}
	d.doubted = true
	doubts, err := stored[int64](d.db, stateDoubts)
	if err != nil {
		return err
	}
	if doubts++; doubts >= doubtsMax {
		if err := d.db.raiseAlarm(translog.Unverifiable, newest, fresh, cause); err != nil {
			return err
		}
	}
	return d.db.store(stateDoubts, min(doubts, doubtsMax))
}

// beginContact lets the answers to come be doubted once more.
func (d *Device) beginContact() {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	d.doubted = false
}

// raiseAlarm keeps the first reason for an alarm; proof that headquarters went back
// takes the place of a mere lack of proof.
func (b *database) raiseAlarm(
	kind translog.Verdict, newest, fresh *Checkpoint, cause error,
) error {
	a, err := b.alarm()
	if err != nil || (a != nil && (a.Kind != translog.Unverifiable || kind == a.Kind)) {
		return err
	}
	a = &Alarm{At: fresh.ReceivedAt, Kind: kind, Reason: cause.Error(), Fresh: fresh.Signed}
	if newest != nil {
		a.Held, a.HeldAt = newest.Signed, newest.ReceivedAt
	}
	return b.storeJSON(stateAlarm, a)
}

// distrust takes nothing for acknowledged any more that was so by a history which is
// not continued: all entries are sent again, with the checkpoint that tells
// headquarters of its loss, and all rows are pulled anew. Once for each checkpoint
// held: headquarters that goes on in spite of it is a matter for people.
func (b *database) distrust(newest *Checkpoint) (bool, error) {
	distrusted, err := stored[string](b, stateDistrusted)
	if err != nil || distrusted == newest.Signed {
		return false, err
	}
	if err := errors.Join(b.offerAgain(), b.pullAnew()); err != nil {
		return false, err
	}
	return true, b.store(stateDistrusted, newest.Signed)
}

// noteRestored keeps the newest notice.
func (b *database) noteRestored(newest, fresh *Checkpoint) error {
	n := Notice{At: fresh.ReceivedAt, Position: fresh.Began, Epoch: fresh.Epoch.String()}
	if newest != nil {
		n.Position = fresh.Common(&newest.Checkpoint)
		n.Lost = newest.Size - min(newest.Size, n.Position)
	}
	return b.storeJSON(stateNotice, n)
}

func (b *database) storeJSON(name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return b.store(name, string(text))
}

// storedJSON reads what storeJSON wrote; nil if there is none.
func storedJSON[T any](b *database, name string) (*T, error) {
	text, err := stored[string](b, name)
	if err != nil || text == "" {
		return nil, err
	}
	v := new(T)
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return v, nil
}

func (b *database) alarm() (*Alarm, error) { return storedJSON[Alarm](b, stateAlarm) }

// ClearAlarm takes headquarters' history as it is now, after a person has looked
// into the alarm. Unless one that continues what was held has come since, later
// checkpoints must continue the one that raised it.
func (d *Device) ClearAlarm() error {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.transact(func() error {
		a, err := d.db.alarm()
		if err != nil || a == nil {
			return err
		}
		if err := d.takeAlarmed(a); err != nil {
			return err
		}
		if err := d.db.storeJSON(stateAlarmSeen, a); err != nil {
			return err
		}
		if err := d.db.remove(stateDoubts); err != nil {
			return err
		}
		return d.db.remove(stateAlarm)
	})
}

func (d *Device) takeAlarmed(a *Alarm) error {
	log, err := d.logKnown()
	if err != nil || log == nil {
		return err
	}
	kept, err := d.db.kept()
	if err != nil {
		return err
	}
	if newest := newestOf(kept); newest != nil && newest.Signed != a.Held {
		return nil
	}
	next, err := translog.OpenCheckpoint(a.Fresh, log.Campaign, log.Key)
	if err != nil {
		return nil //nolint:nilerr // it is no checkpoint at all
	}
	if err := d.db.exec("DELETE FROM checkpoint"); err != nil {
		return err
	}
	return d.db.keep(nil, &Checkpoint{Checkpoint: next, Signed: a.Fresh, ReceivedAt: a.At})
}

// ClearNotice forgets that headquarters was restored, once a person knows it.
func (d *Device) ClearNotice() error {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.remove(stateNotice)
}

// parseHQKey reads the key that signs checkpoints.
func parseHQKey(spki []byte) (ed25519.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("read headquarters' key: %w", err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("read headquarters' key: it is a %T", key)
	}
	return public, nil
}
