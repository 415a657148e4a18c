// Package edit makes changesets of catalogue rows: what a device or headquarters
// wants to write, in the bytes that SQLite's session extension would record.
package edit

import (
	"bytes"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// Cells are values by column name.
type Cells map[string]changeset.Value

// Builder collects changes. Each row may be changed once.
type Builder struct {
	catalogue *schema.Catalogue
	changes   []change
}

type change struct {
	table    *schema.Table
	old, now []changeset.Value // old is nil for an insert
}

// New makes an empty builder.
func New(catalogue *schema.Catalogue) *Builder { return &Builder{catalogue: catalogue} }

// Insert adds a row. Columns that are not given have their defaults.
func (b *Builder) Insert(table string, id schema.RowID, cells Cells) {
	t := b.catalogue.MustTable(table)
	now := make([]changeset.Value, 1+len(t.Columns))
	now[0] = changeset.BlobValue(id[:])
	for i := range t.Columns {
		v, given := cells[t.Columns[i].Name]
		if !given {
			v = Default(&t.Columns[i])
		}
		now[1+i] = v
	}
	b.changes = append(b.changes, change{table: t, now: now})
}

// Update changes a row's cells from before to after. Cells of equal value are
// left out; a change that leaves none is no change.
func (b *Builder) Update(table string, id schema.RowID, before, after Cells) {
	b.update(table, id, before, after, false)
}

// Confirm is like Update, but writes cells of equal value too: somebody decided
// that they shall stand.
func (b *Builder) Confirm(table string, id schema.RowID, before, after Cells) {
	b.update(table, id, before, after, true)
}

func (b *Builder) update(table string, id schema.RowID, before, after Cells, equal bool) {
	t := b.catalogue.MustTable(table)
	c := change{
		table: t,
		old:   make([]changeset.Value, 1+len(t.Columns)), now: make([]changeset.Value, 1+len(t.Columns)),
	}
	c.old[0] = changeset.BlobValue(id[:])
	changed := false
	for i := range t.Columns {
		name := t.Columns[i].Name
		v, given := after[name]
		if !given || (!equal && v.Equal(before[name])) {
			continue
		}
		if c.old[1+i] = before[name]; c.old[1+i].Kind == changeset.Absent {
			c.old[1+i] = changeset.NullValue()
		}
		c.now[1+i], changed = v, true
	}
	if changed {
		b.changes = append(b.changes, c)
	}
}

// Empty says that there is nothing to write.
func (b *Builder) Empty() bool { return len(b.changes) == 0 }

// Bytes is the changeset, tables in the catalogue's order and rows by key.
func (b *Builder) Bytes() ([]byte, error) {
	slices.SortStableFunc(b.changes, func(x, y change) int {
		if x.table != y.table {
			return x.table.Number - y.table.Number
		}
		return bytes.Compare(x.key(), y.key())
	})
	w := changeset.NewWriter(changeset.Changeset)
	for i := range b.changes {
		c := &b.changes[i]
		w.Table(c.table.Name, keyFlags(len(c.now)))
		if err := c.write(w); err != nil {
			return nil, fmt.Errorf("write %s: %w", c.table.Name, err)
		}
	}
	return w.Bytes(), nil
}

func (c *change) key() []byte {
	if c.old != nil {
		return c.old[0].Bytes
	}
	return c.now[0].Bytes
}

func (c *change) write(w *changeset.Writer) error {
	if c.old == nil {
		return w.Insert(false, c.now)
	}
	return w.Update(false, c.old, c.now)
}

// keyFlags marks the first of n columns as the key.
func keyFlags(n int) []byte {
	flags := make([]byte, n)
	flags[0] = 1
	return flags
}

// Default is a column's default value.
func Default(col *schema.Column) changeset.Value {
	switch d := col.Default.(type) {
	case string:
		return changeset.TextValue(d)
	case int64:
		return changeset.Int(d)
	default:
		return changeset.NullValue()
	}
}

// ID is an id's value.
func ID[T schema.ID16](id T) changeset.Value {
	b := [16]byte(id)
	return changeset.BlobValue(b[:])
}

// Text is a text's value; NULL for an empty one.
func Text(s string) changeset.Value {
	if s == "" {
		return changeset.NullValue()
	}
	return changeset.TextValue(s)
}

// Int is an integer's value.
func Int(i int64) changeset.Value { return changeset.Int(i) }

// Bytes is a blob's value.
func Bytes(b []byte) changeset.Value { return changeset.BlobValue(b) }
