package device

import (
	"fmt"
)

// pendingListMax is how many entries a status lists one by one.
const pendingListMax = 200

// Status is how a device stands with headquarters.
type Status struct {
	Identity     *Identity // nil: not enrolled
	Counts       Counts    // own entries
	BackedUp     uint64    // own entries up to this seq are in a backup of headquarters
	Carried      Counts    // colleagues' entries
	Pending      []Entry   // held and quarantined, oldest first; their bytes left out
	Disputed     []Entry   // merged, and in conflicts that nobody has settled; likewise
	ContactAt    int64     // headquarters' last answer, Unix milliseconds; 0: none yet
	ServerAhead  int64     // milliseconds
	Seen         uint64    // revision last pulled completely
	Scopes       string    // JSON array of what the device holds
	LastSync     *Synced
	Checkpoint   *Checkpoint // the newest
	Alarm        *Alarm      // headquarters' history was rolled back
	Notice       *Notice     // headquarters was restored
	ServerOrigin string      // kept by SetServer
}

// Status reads the status.
func (d *Device) Status() (s Status, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	if who, err := d.identity(); err == nil {
		s.Identity = &who
	}
	if s.Counts, err = d.db.counts("outbox"); err != nil {
		return s, fmt.Errorf("read status: %w", err)
	}
	if s.Carried, err = d.db.counts("carried"); err != nil {
		return s, fmt.Errorf("read status: %w", err)
	}
	if s.Pending, err = d.db.entries("state IN ('held', 'quarantined') ORDER BY seq LIMIT ?",
		int64(pendingListMax)); err != nil {
		return s, fmt.Errorf("read status: %w", err)
	}
	if s.Disputed, err = d.db.entries(isDisputed+" ORDER BY seq LIMIT ?", int64(pendingListMax)); err != nil {
		return s, fmt.Errorf("read status: %w", err)
	}
	for _, list := range [][]Entry{s.Pending, s.Disputed} {
		for i := range list {
			list[i].Bytes = nil
		}
	}
	if err := d.db.statusState(&s); err != nil {
		return s, fmt.Errorf("read status: %w", err)
	}
	s.Checkpoint, _, err = d.db.holding()
	return s, err
}

func (b *database) statusState(s *Status) (err error) {
	for name, n := range map[string]*int64{stateContact: &s.ContactAt, stateAhead: &s.ServerAhead} {
		if *n, err = stored[int64](b, name); err != nil {
			return err
		}
	}
	for name, n := range map[string]*uint64{stateSeen: &s.Seen, stateBackedUp: &s.BackedUp} {
		if *n, err = stored[uint64](b, name); err != nil {
			return err
		}
	}
	for name, text := range map[string]*string{stateScopes: &s.Scopes, stateServer: &s.ServerOrigin} {
		if *text, err = stored[string](b, name); err != nil {
			return err
		}
	}
	if s.LastSync, err = b.lastSync(); err != nil {
		return err
	}
	if s.Notice, err = storedJSON[Notice](b, stateNotice); err != nil {
		return err
	}
	s.Alarm, err = b.alarm()
	return err
}

// SetServer keeps where headquarters is.
func (d *Device) SetServer(origin string) error {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.store(stateServer, origin)
}

// Server is what SetServer kept, or "".
func (d *Device) Server() (string, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return stored[string](d.db, stateServer)
}
