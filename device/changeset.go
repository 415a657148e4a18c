package device

import (
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// recording is what a transaction did, from which comes the changeset that
// SQLite's session extension would record, byte for byte: tables in the order of
// the catalogue, a row's changes merged into one, rows in the order of the
// extension's hash table.
type recording struct {
	tables []*tableRecording // by the table's number; nil where nothing was written
}

// tableRecording is what was written in one table.
type tableRecording struct {
	table *schema.Table
	rows  map[schema.RowID]*writtenRow
	// buckets are the extension's hash table: chains with the newest row first.
	buckets [][]*writtenRow
}

// writtenRow is a row that was written.
type writtenRow struct {
	hash   uint32
	before []changeset.Value // nil: there was none
	now    []changeset.Value
}

// take notes that a row is about to be written and gives it as it is, or as a new
// row begins.
func (r *recording) take(b *database, t *schema.Table, key schema.RowID) (*writtenRow, error) {
	for len(r.tables) <= t.Number {
		r.tables = append(r.tables, nil)
	}
	in := r.tables[t.Number]
	if in == nil {
		in = &tableRecording{table: t, rows: map[schema.RowID]*writtenRow{}}
		r.tables[t.Number] = in
	}
	in.grow()
	row, known := in.rows[key]
	if !known {
		before, err := b.readRow(t, key)
		if err != nil {
			return nil, err
		}
		row = &writtenRow{hash: rowHash(key), before: before, now: slices.Clone(before)}
		if before == nil {
			row.now = newRow(t, key)
		}
		in.rows[key] = row
		in.chain(row)
	}
	if known || row.before != nil {
		in.grow() // the extension looks twice at an UPDATE
	}
	return row, nil
}

// newRow is a row with its defaults.
func newRow(t *schema.Table, key schema.RowID) []changeset.Value {
	row := make([]changeset.Value, 1+len(t.Columns))
	row[0] = edit.ID(key)
	for i := range t.Columns {
		row[1+i] = edit.Default(&t.Columns[i])
	}
	return row
}

// bucketsMin is the size of the extension's hash table when it begins.
const bucketsMin = 256

// grow doubles the buckets when they are half as many as the rows, as
// sessionGrowHash does. That turns the order in a chain around.
func (t *tableRecording) grow() {
	if len(t.buckets) > 0 && len(t.rows) < len(t.buckets)/2 {
		return
	}
	old := t.buckets
	t.buckets = make([][]*writtenRow, max(2*len(old), bucketsMin))
	for _, chain := range old {
		for _, row := range chain {
			t.chain(row)
		}
	}
}

func (t *tableRecording) chain(row *writtenRow) {
	n := row.hash % uint32(len(t.buckets))
	t.buckets[n] = slices.Insert(t.buckets[n], 0, row)
}

// rowHash is the extension's hash of a key that is one blob.
func rowHash(key schema.RowID) uint32 {
	h := uint32(changeset.Blob)
	for _, b := range key {
		h = h<<3 ^ h ^ uint32(b)
	}
	return h
}

// changeset is empty when nothing has changed.
func (r *recording) changeset() ([]byte, error) {
	w := changeset.NewWriter(changeset.Changeset)
	for _, t := range r.tables {
		if t == nil {
			continue
		}
		w.Table(t.table.Name, keyFlags(1+len(t.table.Columns)))
		for _, chain := range t.buckets {
			for _, row := range chain {
				if err := row.write(w); err != nil {
					return nil, fmt.Errorf("write changeset: %w", err)
				}
			}
		}
	}
	return w.Bytes(), nil
}

func (r *writtenRow) write(w *changeset.Writer) error {
	if r.before == nil {
		return w.Insert(false, r.now)
	}
	old, now := make([]changeset.Value, len(r.now)), make([]changeset.Value, len(r.now))
	old[0] = r.before[0]
	changed := false
	for i := 1; i < len(r.now); i++ {
		if !r.now[i].Equal(r.before[i]) {
			old[i], now[i], changed = r.before[i], r.now[i], true
		}
	}
	if !changed {
		return nil
	}
	return w.Update(false, old, now)
}

// keyFlags marks the first of n columns as the key.
func keyFlags(n int) []byte {
	flags := make([]byte, n)
	flags[0] = 1
	return flags
}
