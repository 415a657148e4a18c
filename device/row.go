package device

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// Rows of synced tables, as changesets hold them: the key, then the columns in
// the catalogue's order.

// readRow reads a row; nil if there is none.
func (b *database) readRow(t *schema.Table, key schema.RowID) (row []changeset.Value, err error) {
	_, err = b.row("SELECT * FROM "+t.Name+" WHERE id = ?", func(cells []driver.Value) error {
		row = values(cells)
		return nil
	}, id(key))
	return row, err
}

func values(cells []driver.Value) []changeset.Value {
	row := make([]changeset.Value, len(cells))
	for i, c := range cells {
		row[i] = changeset.ValueOf(c)
	}
	return row
}

// writeRow writes a whole row, whether it is there or not. It does not use OR
// REPLACE, which would put a default where a required value is missing.
func (b *database) writeRow(t *schema.Table, row []changeset.Value) error {
	args := make([]driver.Value, len(row))
	for i, v := range row {
		args[i] = v.Any()
	}
	s, ok := b.writes[t.Name]
	if !ok {
		s = writeStatement(t)
		b.writes[t.Name] = s
	}
	return b.exec(s, args...)
}

func writeStatement(t *schema.Table) string {
	sets := make([]string, len(t.Columns))
	for i := range t.Columns {
		sets[i] = t.Columns[i].Name + " = excluded." + t.Columns[i].Name
	}
	return "INSERT INTO " + t.Name + " VALUES (?" + strings.Repeat(", ?", len(t.Columns)) +
		") ON CONFLICT (id) DO UPDATE SET " + strings.Join(sets, ", ")
}

// Row reads a row's cells; nil if there is none.
func (d *Device) Row(table string, id schema.RowID) (edit.Cells, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.cells(table, id)
}

func (d *Device) cells(table string, id schema.RowID) (edit.Cells, error) {
	t, ok := d.Catalogue.Table(table, d.Catalogue.Version)
	if !ok {
		return nil, fmt.Errorf("read %s: %w: no such table", table, ErrValue)
	}
	row, err := d.db.readRow(t, id)
	if err != nil || row == nil {
		return nil, err
	}
	cells := edit.Cells{}
	for i := range t.Columns {
		cells[t.Columns[i].Name] = row[1+i]
	}
	return cells, nil
}

// Each reads all rows of a table in the order of their keys, the key first and
// then the columns in the catalogue's order. read may keep them, and must not
// call the device.
func (d *Device) Each(table string, read func(row []changeset.Value) error) error {
	if _, ok := d.Catalogue.Table(table, d.Catalogue.Version); !ok {
		return fmt.Errorf("read %s: %w: no such table", table, ErrValue)
	}
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	return d.db.each("SELECT * FROM "+table+" ORDER BY id", func(cells []driver.Value) error {
		return read(values(cells))
	})
}
