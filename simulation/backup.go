package simulation

import "fmt"

// copied is a backup, and what it holds.
type copied struct {
	name    string // of the database
	version int
	truth   truth
}

// backup makes a copy as people do.
func (h *headquarters) backup() error {
	if h.version < 2 {
		return h.w.skip()
	}
	c := &copied{
		name:    h.w.site.place(h.w.folder, fmt.Sprint("backup", len(h.backups))),
		version: h.version, truth: h.w.truth.copy(),
	}
	made, err := h.w.site.backup(h, c.name)
	if made {
		h.backups = append(h.backups, c)
	}
	return err
}

func (h *headquarters) newest() *copied {
	if len(h.backups) == 0 {
		return nil
	}
	return h.backups[len(h.backups)-1]
}

// restore puts the newest backup in place as people do.
func (h *headquarters) restore() error {
	c := h.newest()
	if c == nil || h.version < 2 {
		return h.w.skip()
	}
	if err := h.close(); err != nil {
		return err
	}
	h.version = max(h.version, c.version)
	if err := h.w.site.restore(h, c.name); err != nil {
		return err
	}
	h.restored, h.look = true, nil
	h.w.truth.goBack(c)
	if err := h.open(); err != nil {
		return err
	}
	h.w.truth.observe(h)
	return h.work(h.ingest.Upgrade)
}

// rollback puts the newest backup's file in place, and nobody says so.
func (h *headquarters) rollback() error {
	c := h.newest()
	if c == nil || h.version < 2 {
		return h.w.skip()
	}
	if err := h.close(); err != nil {
		return err
	}
	h.path = h.nextPath()
	if err := h.w.site.copied(c.name, h.path); err != nil {
		return err
	}
	if c.truth.position < h.w.truth.position {
		h.went = true
	}
	h.look = nil
	h.w.truth.goBack(c)
	if err := h.open(); err != nil {
		return err
	}
	h.w.truth.observe(h)
	return h.work(h.ingest.Upgrade)
}
