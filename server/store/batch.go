package store

import (
	"encoding/binary"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// Verb is what a statement does.
type Verb int

// The verbs. Rows that go in are keys and fields, in that order.
const (
	Select Verb = iota // keys in; keys and fields of the rows that match out
	Insert             // adds rows
	Add                // adds rows; those that are there stay as they are
	Update             // replaces fields of the rows that match; one row for a key
	Put                // adds rows or replaces their fields; one row for a key
	Delete             // keys in
)

// Field is a column.
type Field struct {
	Name string
	Type schema.Type
}

// Statement is a statement over many rows of one table in one campaign: that is
// what keeps the cost of a row near that of storing it. Engines prepare each
// once and know it by its address.
type Statement struct {
	Verb   Verb
	Table  string
	Keys   []Field // beside the campaign
	Fields []Field
}

// Session is an engine's transaction for writing.
type Session interface {
	// Run runs a statement for all rows at once. What a Select finds comes back
	// packed, in the order of the keys that went in.
	Run(campaign int64, s *Statement, rows *Rows) (Packed, error)
	// Ask runs a query that is seldom needed, with $1, $2, …, each first used in
	// that order.
	Ask(query string, args ...changeset.Value) ([][]changeset.Value, error)
	// Locking is what a query that reads a campaign's state ends in, so that nobody
	// else merges into it meanwhile.
	Locking() string
}

// Rows are rows for a statement: the number of their columns in two bytes, and
// their values in the form of changesets.
type Rows struct {
	Count  int
	Width  int
	packed []byte
}

// NewRows is no rows of some columns.
func NewRows(width int) *Rows {
	r := &Rows{}
	r.reset(width)
	return r
}

// reset forgets all rows and keeps the memory.
func (r *Rows) reset(width int) {
	r.Count, r.Width = 0, width
	r.packed = binary.BigEndian.AppendUint16(r.packed[:0], uint16(width))
}

// Add adds a row.
func (r *Rows) Add(values ...changeset.Value) {
	if len(values) != r.Width {
		panic(fmt.Sprintf("store: a row of %d values among rows of %d", len(values), r.Width))
	}
	for i := range values {
		r.packed = changeset.AppendValue(r.packed, values[i])
	}
	r.Count++
}

// start begins a row whose values follow one by one.
func (r *Rows) start() { r.Count++ }

func (r *Rows) add(v changeset.Value) { r.packed = changeset.AppendValue(r.packed, v) }

// Packed is all rows as SQLite's records function takes them.
func (r *Rows) Packed() []byte { return r.packed }

// Values is all rows without the number of columns.
func (r *Rows) Values() Packed { return r.packed[2:] }

// Packed is rows one after another, values in the form of changesets.
type Packed []byte

// Next reads a row into dst, which has a place per column; false after the last.
// The values alias p.
func (p *Packed) Next(dst []changeset.Value) (bool, error) {
	if len(*p) == 0 {
		return false, nil
	}
	for i := range dst {
		v, n, err := changeset.ReadValue(*p)
		if err != nil {
			return false, fmt.Errorf("read packed row, column %d: %w", i, err)
		}
		dst[i], *p = v, (*p)[n:]
	}
	return true, nil
}

// skip passes over n values and returns them packed.
func (p *Packed) skip(n int) (Packed, error) {
	rest := *p
	for i := range n {
		_, size, err := changeset.ReadValue(rest)
		if err != nil {
			return nil, fmt.Errorf("read packed row, column %d: %w", i, err)
		}
		rest = rest[size:]
	}
	skipped := (*p)[:len(*p)-len(rest)]
	*p = rest
	return skipped, nil
}

func number[T ~int64 | ~uint64 | ~uint32](n T) changeset.Value { return changeset.Int(int64(n)) }

// textOrNull is NULL for an empty text.
func textOrNull(s string) changeset.Value {
	if s == "" {
		return changeset.NullValue()
	}
	return legible(s)
}

// legible is a text that may quote foreign bytes, as every engine can keep it.
func legible(s string) changeset.Value {
	return changeset.TextValue(strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd"))
}
