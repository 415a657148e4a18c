package packing

import (
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
)

// model is what both sides know at a point of the run: what the next value is
// held against. Packer and unpacker change it in the same steps.
type model struct {
	tables []*table // by number; nil where there is none
	shapes []*shape
	ids    []id // those that were written out, the oldest first

	clock    clock.Time
	wall     int64
	seen     chain.Seen
	epochs   column
	devices  column // of the heads
	previous chain.Hash
}

type id [16]byte

// table is a table of the catalogue at the schema version of the run.
type table struct {
	number  int
	name    string
	header  []byte // as in a changeset
	columns []column
}

// column is what was last seen in a column.
type column struct {
	kind    schema.Type
	choices []schema.Choice

	integer uint64
	text    []byte
	id      id
	born    int64 // of the last id of version 7, Unix milliseconds
	mode    byte  // the integer prediction that was used last
}

// shape is what two changes may have in common: all but the values.
type shape struct {
	shapeKey
	table *table
	cells []cell

	// Of the run alone, not of the entry before:
	controls [][]byte // packer: by cell
	start    int      // unpacker: where its first cell's controls are
	count    int      // how many changes have it
	used     int      // unpacker: how many of them are read
}

// shapeKey tells shapes apart.
type shapeKey struct {
	table  int
	flags  byte
	filled uint64 // of an UPDATE: column 1+i is changed where bit i is set
}

// The flags of a shape.
const (
	shapeUpdate = 1 << iota
	shapeIndirect
	shapeHeader // a table header stands before the change
	shapeFlags  = iota
)

// cell is one value of a change.
type cell struct {
	column int // 0 is the key
	old    bool
}

// newModel starts at nothing. A column of a later schema version is not there.
func newModel(catalogue *schema.Catalogue, version int, place *Place) model {
	m := model{previous: place.Previous}
	m.epochs.kind, m.devices.kind = schema.ID, schema.ID
	m.ids = append(m.ids, id(place.Device))
	m.tables = make([]*table, len(catalogue.Tables))
	for _, t := range catalogue.OnDevices() {
		if t.Since <= version {
			m.tables[t.Number] = newTable(t, version)
		}
	}
	return m
}

func newTable(t *schema.Table, version int) *table {
	width := t.Width(version)
	header := appendHeader(nil, t.Name, width)
	out := &table{number: t.Number, name: t.Name, header: header, columns: make([]column, width)}
	out.columns[0].kind = schema.ID
	at := 1
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Since <= version {
			out.columns[at].kind, out.columns[at].choices = c.Type, c.Choices
			at++
		}
	}
	return out
}

// newShape lists the cells of a shape in the order of the changeset.
func newShape(key shapeKey, t *table) *shape {
	s := &shape{shapeKey: key, table: t, cells: []cell{{column: 0, old: key.update()}}}
	if key.update() {
		s.add(true)
	}
	s.add(false)
	s.controls = make([][]byte, len(s.cells))
	return s
}

// add lists the cells of one record beside the key.
func (s *shape) add(old bool) {
	for i := 1; i < len(s.table.columns); i++ {
		if !s.update() || s.filled>>(i-1)&1 == 1 {
			s.cells = append(s.cells, cell{column: i, old: old})
		}
	}
}

func (k shapeKey) update() bool { return k.flags&shapeUpdate != 0 }

// row is what the cells of one change have in common.
type row struct {
	wall int64 // of the entry
	born int64 // when the row's id was minted, or wall if it does not say
	old  []changeset.Value
}

// forget empties what only the change before had.
func (r *row) forget(s *shape) {
	for _, at := range s.cells {
		r.old[at.column] = changeset.Value{}
	}
}

// expectClock is the clock of an entry that was given by the device's own clock.
func (m *model) expectClock(wall int64) clock.Time { return clock.Next(m.clock, wall) }
