package changeset

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// columnsMax is the most columns SQLite's iterator takes.
const columnsMax = 65536

// Writer makes a changeset or patchset. A Reader with wide enough limits accepts
// all it makes.
type Writer struct {
	b       []byte
	table   Table  // the open table; no name and no flags before the first
	pending bool   // the header of the open table is not in b yet
	source  *Table // the table of the last Append
	err     error  // why no table is open
}

// NewWriter starts an empty changeset or patchset.
func NewWriter(f Format) *Writer {
	w := &Writer{table: Table{Format: f}}
	w.err = fmt.Errorf("%w: no table is open", ErrShape)
	return w
}

// Table opens a table; pk has one key flag per column as in Table.PK. The header
// is written with the first change, and not at all when this very table is open
// already. What is wrong with a table comes out as the error of its changes.
func (w *Writer) Table(name string, pk []byte) {
	if w.err == nil && w.table.Name == name && bytes.Equal(w.table.PK, pk) {
		return
	}
	w.open(name, pk)
}

func (w *Writer) open(name string, pk []byte) {
	w.table.Name, w.table.PK = name, append(w.table.PK[:0], pk...)
	w.pending, w.source, w.err = true, nil, nil
	switch {
	case w.table.Format != Changeset && w.table.Format != Patchset:
		w.err = fmt.Errorf("open table %q: %w: unknown format", name, ErrShape)
	case strings.IndexByte(name, 0) >= 0:
		w.err = fmt.Errorf("open table %q: %w: zero byte in name", name, ErrShape)
	case len(pk) > columnsMax:
		w.err = fmt.Errorf("open table %q: %w: %s", name, ErrShape, tooManyColumns)
	case !hasKey(pk):
		w.err = fmt.Errorf("open table %q: %w: %s", name, ErrShape, noKey)
	}
}

// Insert writes an INSERT of the whole row now.
func (w *Writer) Insert(indirect bool, now []Value) error {
	return w.write(Change{Op: Insert, Indirect: indirect, New: now})
}

// Update writes an UPDATE. In a patchset old is nil.
func (w *Writer) Update(indirect bool, old, now []Value) error {
	return w.write(Change{Op: Update, Indirect: indirect, Old: old, New: now})
}

// Delete writes a DELETE. In a patchset only the key columns have values.
func (w *Writer) Delete(indirect bool, old []Value) error {
	return w.write(Change{Op: Delete, Indirect: indirect, Old: old})
}

// Append opens the table of a change and writes the change. Where c.Table is not
// the pointer of the last Append it writes a header, even of a table that is
// open, so the changes of a Reader come out with the headers they came with.
func (w *Writer) Append(c Change) error {
	if c.Table == nil || c.Table.Format != w.table.Format {
		return fmt.Errorf("write %s: %w: table is of another format", c.Op, ErrShape)
	}
	if c.Table != w.source {
		w.open(c.Table.Name, c.Table.PK)
		w.source = c.Table
	}
	return w.write(c)
}

// Grow makes room for n more bytes.
func (w *Writer) Grow(n int) { w.b = slices.Grow(w.b, n) }

// Changes writes changes of the open table that are in wire form already: whoever
// made them answers for it.
func (w *Writer) Changes(wire []byte) error {
	if w.err != nil || len(wire) == 0 {
		return w.err
	}
	if w.pending {
		w.header()
	}
	w.b = append(w.b, wire...)
	return nil
}

// Bytes is what has been written so far. It aliases the buffer of the writer.
func (w *Writer) Bytes() []byte { return w.b }

// write writes nothing unless all of the change is in order.
func (w *Writer) write(c Change) error {
	if w.err != nil {
		return w.err
	}
	c.Table = &w.table
	if err := w.fits(&c); err != nil {
		return fmt.Errorf("write %s of %q: %w", c.Op, w.table.Name, err)
	}
	if w.pending {
		w.header()
	}
	w.b = append(w.b, byte(c.Op), flag(c.Indirect))
	for i, v := range c.Old {
		if w.table.Format == Changeset || w.table.PK[i] != 0 {
			w.b = AppendValue(w.b, v)
		}
	}
	for _, v := range c.New {
		w.b = AppendValue(w.b, v)
	}
	return nil
}

func (w *Writer) header() {
	w.b = append(w.b, byte(w.table.Format))
	w.b = appendVarint(w.b, uint32(len(w.table.PK)))
	w.b = append(w.b, w.table.PK...)
	w.b = append(append(w.b, w.table.Name...), 0)
	w.pending = false
}

func flag(indirect bool) byte {
	if indirect {
		return 1
	}
	return 0
}

// fits says whether a change has the right records and each value can be written.
func (w *Writer) fits(c *Change) error {
	old, now := shape(w.table.Format, c.Op)
	if !old && !now {
		return fmt.Errorf("%w: %s", ErrShape, unknownOp)
	}
	if err := w.writable(c.Old, old); err != nil {
		return fmt.Errorf("old row: %w", err)
	}
	if err := w.writable(c.New, now); err != nil {
		return fmt.Errorf("new row: %w", err)
	}
	if column, f := check(c); f != fine {
		return fmt.Errorf("%w: column %d: %s", ErrShape, column, f)
	}
	return nil
}

// writable says whether a record is there if and only if it has to be, one value
// per column, and can be written at all.
func (w *Writer) writable(row []Value, there bool) error {
	want := 0
	if there {
		want = len(w.table.PK)
	}
	if len(row) != want {
		return fmt.Errorf("%w: %d values, want %d", ErrShape, len(row), want)
	}
	for i, v := range row {
		f := fine
		switch {
		case v.Kind > Null:
			f = unknownKind
		case v.Kind == Real && isNaN(v.Bits):
			f = notANumber
		case len(v.Bytes) > lengthMax:
			f = valueTooLong
		}
		if f != fine {
			return fmt.Errorf("%w: column %d: %s", ErrShape, i, f)
		}
	}
	return nil
}
