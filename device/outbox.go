package device

import (
	"database/sql/driver"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/mutant"
)

// State is what is known of an entry.
type State string

// The states of an entry. Every one but Waiting and Refused means that
// headquarters keeps it.
const (
	Waiting     State = "waiting" // headquarters has not acknowledged it
	Merged      State = "merged"
	Held        State = "held"
	Quarantined State = "quarantined"
	Refused     State = "refused" // only of a carried entry: headquarters does not take it
)

// Entry is an entry of the outbox.
type Entry struct {
	Seq      uint64
	Hash     chain.Hash
	Bytes    []byte // canonical
	SavedAt  int64
	State    State
	Reason   string // why it is in quarantine
	BackedUp bool   // it is in a backup of headquarters
}

// head is the newest entry, or the start of the chain.
func (b *database) head(who *Identity) (head chain.Head, err error) {
	var hash []byte
	found, err := b.row("SELECT seq, hash FROM outbox ORDER BY seq DESC LIMIT 1", scan(&head.Seq, &hash))
	if err != nil {
		return head, err
	}
	if !found {
		return chain.Head{Hash: chain.Genesis(who.Campaign, who.Device, who.PublicKey)}, nil
	}
	copy(head.Hash[:], hash)
	return head, nil
}

// appendEntry adds an entry. Call it in the transaction that wrote its rows.
func (b *database) appendEntry(seq uint64, bytes []byte, savedAt int64) error {
	hash := chain.HashBytes(bytes)
	return b.exec("INSERT INTO outbox (seq, hash, entry, saved_at) VALUES (?, ?, ?, ?)",
		int64(seq), hash[:], bytes, savedAt)
}

const entryColumns = "seq, hash, entry, saved_at, state, reason, backed_up"

// entries reads entries of the outbox.
func (b *database) entries(where string, args ...driver.Value) (list []Entry, err error) {
	query := "SELECT " + entryColumns + " FROM outbox WHERE " + where
	err = b.each(query, func(row []driver.Value) error {
		var e Entry
		var hash []byte
		var state string
		err := scan(&e.Seq, &hash, &e.Bytes, &e.SavedAt, &state, &e.Reason, &e.BackedUp)(row)
		e.State = State(state)
		copy(e.Hash[:], hash)
		list = append(list, e)
		return err
	}, args...)
	return list, err
}

// Entries lists the entries after a place in the chain, oldest first.
func (d *Device) Entries(after uint64, limit int) ([]Entry, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.entries("seq > ? ORDER BY seq LIMIT ?", int64(after), int64(limit))
}

// batch is how much one push may hold.
const (
	batchEntries = 500
	batchBytes   = 4 << 20
)

// waitingRun is the oldest waiting entries that follow each other and fit into one
// push, one at least.
func (b *database) waitingRun() ([]Entry, error) {
	list, err := b.entries("state = 'waiting' ORDER BY seq LIMIT ?", int64(batchEntries))
	if err != nil {
		return nil, err
	}
	return list[:fitting(list)], nil
}

// fitting counts the entries from the first on that follow each other and fit
// into one push, one at least.
func fitting(list []Entry) int {
	size := 0
	for i := range list {
		size += len(list[i].Bytes)
		if i > 0 && (list[i].Seq != list[i-1].Seq+1 || size > batchBytes) {
			return i
		}
	}
	return len(list)
}

func (b *database) countWaiting() (n int64, err error) {
	_, err = b.row("SELECT count(*) FROM outbox WHERE state = 'waiting'", scan(&n))
	return n, err
}

// Counts is how many entries of the outbox are in each state.
type Counts map[State]int64

func (b *database) counts(table string) (Counts, error) {
	counts := Counts{}
	err := b.each("SELECT state, count(*) FROM "+table+" GROUP BY state", func(row []driver.Value) error {
		var state string
		var n int64
		err := scan(&state, &n)(row)
		counts[State(state)] = n
		return err
	})
	return counts, err
}

// stands is what a receipt says of an entry.
func stands(r *schema.EntryReceipt) (State, error) {
	outcome := r.Outcome
	if outcome == schema.Duplicate {
		if outcome = r.Stands; outcome == "" {
			outcome = schema.Merged
		}
	}
	switch outcome {
	case schema.Merged:
		return Merged, nil
	case schema.Held:
		return Held, nil
	case schema.Quarantined:
		return Quarantined, nil
	case schema.Duplicate:
	}
	return "", foreign("entry %d: outcome %q", r.Seq, outcome)
}

// markReceipts writes down what headquarters said of some entries.
func (b *database) markReceipts(receipts []schema.EntryReceipt) error {
	for i := range receipts {
		state, err := stands(&receipts[i])
		if err != nil {
			return err
		}
		n, err := b.change("UPDATE outbox SET state = ?1, reason = ?2 WHERE seq = ?3 AND state <> ?1",
			string(state), orNull(receipts[i].Reason), int64(receipts[i].Seq))
		if err == nil && n > 0 {
			err = b.uncover(&receipts[i], state)
		}
		if err == nil {
			err = b.noteConflicts(receipts[i].Seq, receipts[i].Conflicts)
		}
		if err != nil {
			return fmt.Errorf("note receipt of entry %d: %w", receipts[i].Seq, err)
		}
	}
	return nil
}

// uncover has the rows pulled anew where they may show what an entry wrote and
// headquarters decided otherwise: it is quarantined, or headquarters had it already
// when a pull was put under it.
func (b *database) uncover(r *schema.EntryReceipt, state State) error {
	overlaid, err := stored[uint64](b, stateOverlaid)
	hidden := r.Outcome == schema.Duplicate && r.Seq <= overlaid && state != Held &&
		!mutant.On(mutant.OverlayStays)
	quarantined := state == Quarantined && !mutant.On(mutant.QuarantineShown)
	if err != nil || !hidden && !quarantined {
		return err
	}
	return b.pullAnew()
}

// pullAnew lets the next pull replace all rows: what a quarantined entry wrote is in
// them, and headquarters has nothing of it to send.
func (b *database) pullAnew() error { return b.remove(stateSchema) }

// waitFrom: headquarters wants entries from next on. Those that it had
// acknowledged and lost again, as after a restored backup, wait once more.
func (b *database) waitFrom(next uint64) (int64, error) {
	if mutant.On(mutant.LossNotHeeded) {
		return 0, nil
	}
	return b.change(`UPDATE outbox SET state = 'waiting', reason = NULL
		WHERE seq >= ? AND state <> 'waiting'`, int64(next))
}

// markBackedUp notes that the entries up to one are in a backup of headquarters.
func (b *database) markBackedUp(upTo uint64) error {
	have, err := stored[uint64](b, stateBackedUp)
	if err != nil || upTo <= have {
		return err
	}
	if err := b.exec("UPDATE outbox SET backed_up = 1 WHERE seq > ? AND seq <= ?",
		int64(have), int64(upTo)); err != nil {
		return err
	}
	if err := b.store(stateBackedUp, int64(upTo)); err != nil {
		return err
	}
	return b.pruneHeads()
}
