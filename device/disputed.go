package device

import (
	"fmt"
	"strconv"
)

// stateConflicts begins the names under which device_state has how many conflicts an
// entry competes in.
const stateConflicts = "conflicts:"

func conflictsOf(seq uint64) string { return stateConflicts + strconv.FormatUint(seq, 10) }

// noteConflicts writes down in how many open conflicts an entry competes, as a receipt says.
func (b *database) noteConflicts(seq uint64, n int) error {
	if n == 0 {
		return b.remove(conflictsOf(seq))
	}
	return b.store(conflictsOf(seq), int64(n))
}

// noteDisputed writes down that entries compete in open conflicts. In how many is asked
// by the next sync.
func (b *database) noteDisputed(seqs []uint64) error {
	for _, seq := range seqs {
		if err := b.exec("INSERT INTO device_state (name, value) VALUES (?, 1) ON CONFLICT (name) DO NOTHING",
			conflictsOf(seq)); err != nil {
			return err
		}
	}
	return nil
}

// isDisputed is the condition of the outbox's merged entries that compete in conflicts
// which nobody has settled.
const isDisputed = `state = 'merged' AND seq IN (SELECT CAST(substr(name, 11) AS INTEGER)
	FROM device_state WHERE name >= 'conflicts:' AND name < 'conflicts;')`

// Disputed lists the own entries that differ from what a colleague wrote in the same
// cell until headquarters decides, oldest first.
func (d *Device) Disputed(limit int) ([]Entry, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	list, err := d.db.entries(isDisputed+" ORDER BY seq LIMIT ?", int64(limit))
	if err != nil {
		return nil, fmt.Errorf("list disputed entries: %w", err)
	}
	return list, nil
}
