package simulation

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"sansuiji/server/backup"
	"sansuiji/server/ingest"
	"sansuiji/server/store/sqlite"
)

// copied is a backup, and what it holds.
type copied struct {
	file    string
	version int
	truth   truth
}

// backup makes a copy as people do.
func (h *headquarters) backup() error {
	if h.version < 2 {
		return h.w.skip()
	}
	c := &copied{
		file:    filepath.Join(h.w.folder, fmt.Sprint("backup", len(h.backups), ".db")),
		version: h.version, truth: h.w.truth.copy(),
	}
	made := false
	err := h.work(func(ctx context.Context) error {
		contents, err := backup.Make(ctx, h.ingest, h.db, c.file)
		made = len(contents) > 0
		return err
	})
	if err == nil && (made || exists(c.file)) {
		h.backups = append(h.backups, c)
	}
	return err
}

func exists(file string) bool {
	p, err := newProbe(file)
	if err != nil {
		return false
	}
	rows, err := p.rows("SELECT 1 FROM campaign_state")
	return errors.Join(err, p.close()) == nil && len(rows) == 1
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
	open := func(ctx context.Context, path string) (*sqlite.Store, *ingest.Service, error) {
		db, in, _, err := h.w.services(path, h.version, h.clock.Now, sqlite.Options{})
		return db, in, err
	}
	restorer := backup.Restorer{Open: open, Now: h.w.time.Now()}
	_, err := restorer.Restore(context.Background(), c.file, h.path)
	if err != nil {
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
	if err := copyFile(c.file, h.path); err != nil {
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
