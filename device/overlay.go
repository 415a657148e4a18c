package device

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/mutant"
)

// overlay puts what was saved and not yet merged at headquarters on top of rows
// that were just pulled, cell by cell, oldest entry first, so that a pull never
// overwrites an unsent edit. Call it in the pull's transaction.
func (d *Device) overlay() error {
	var entries [][]byte
	var newest int64
	err := d.db.each("SELECT seq, entry FROM outbox WHERE state IN ('waiting', 'held') ORDER BY seq",
		func(row []driver.Value) error {
			var b []byte
			err := scan(&newest, &b)(row)
			entries = append(entries, b)
			return err
		})
	if err == nil && len(entries) > 0 {
		err = d.db.store(stateOverlaid, newest)
	}
	if err != nil {
		return fmt.Errorf("overlay: %w", err)
	}
	if mutant.On(mutant.OverlaySkipped) {
		return nil
	}
	for _, b := range entries {
		if err := d.overlayEntry(b); err != nil {
			return fmt.Errorf("overlay: %w", err)
		}
	}
	return nil
}

func (d *Device) overlayEntry(b []byte) error {
	entry, err := chain.Parse(b)
	if err != nil {
		return err
	}
	r := changeset.NewReader(entry.Changeset, changeset.Limits{})
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", entry.Seq, err)
		}
		t, ok := d.Catalogue.Table(c.Table.Name, d.Catalogue.Version)
		if !ok || c.Op == changeset.Delete {
			continue // people withdraw rows and never delete them
		}
		if err := d.overlayChange(t, &c); err != nil {
			return fmt.Errorf("entry %d: %w", entry.Seq, err)
		}
	}
}

func (d *Device) overlayChange(t *schema.Table, c *changeset.Change) error {
	record := c.New
	if c.Op == changeset.Update {
		record = c.Old
	}
	key, err := schema.IDFromBytes[schema.RowID](record[0].Bytes)
	if err != nil {
		return err
	}
	row, err := d.db.readRow(t, key)
	if err != nil {
		return err
	}
	if row == nil {
		if c.Op == changeset.Update {
			return nil
		}
		// The entry may be of a schema version with fewer columns.
		row = newRow(t, key)
		copy(row, c.New)
		return d.db.writeRow(t, row)
	}
	return d.db.writeRow(t, merged(t, row, c))
}

// merged is a row with the cells of a change on top. A row that somebody else has
// made too keeps its own cells where ours are empty or headquarters' to write.
func merged(t *schema.Table, row []changeset.Value, c *changeset.Change) []changeset.Value {
	row = slices.Clone(row)
	for i := 1; i < min(len(row), len(c.New)); i++ {
		v := c.New[i]
		if v.Kind == changeset.Absent {
			continue
		}
		if c.Op == changeset.Insert && (v.Kind == changeset.Null || t.Columns[i-1].Rule == schema.HQ) {
			continue
		}
		row[i] = v
	}
	return row
}
