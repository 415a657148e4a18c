package changeset

import (
	"bytes"
	"io"
)

// Limits bound what a Reader takes. A field of zero or less means the default.
type Limits struct {
	Bytes   int // of the whole input; 64 MiB
	Tables  int // headers, also repeated ones; 1,000,000
	Columns int // of one table; 2,000
	Name    int // bytes of a table name; 1,024
	Changes int // 1,000,000
	Value   int // bytes of one text or blob; 16 MiB
}

// DefaultLimits are the limits that a zero Limits stands for. The number of
// columns is the most that SQLite itself allows unless built otherwise.
func DefaultLimits() Limits {
	return Limits{
		Bytes:   64 << 20,
		Tables:  1_000_000,
		Columns: 2_000,
		Name:    1_024,
		Changes: 1_000_000,
		Value:   16 << 20,
	}
}

func (l Limits) orDefault() Limits {
	pick := func(n *int, otherwise int) {
		if *n <= 0 {
			*n = otherwise
		}
	}
	d := DefaultLimits()
	pick(&l.Bytes, d.Bytes)
	pick(&l.Tables, d.Tables)
	pick(&l.Columns, d.Columns)
	pick(&l.Name, d.Name)
	pick(&l.Changes, d.Changes)
	pick(&l.Value, d.Value)
	return l
}

// Reader walks over the changes of a changeset or patchset.
type Reader struct {
	b       []byte
	at      int
	limits  Limits
	table   *Table
	last    *Table // of what was read before the Reset
	old     []Value
	now     []Value
	tables  int
	changes int
	err     error
}

// NewReader reads b, which must not change as long as its values are in use.
func NewReader(b []byte, l Limits) *Reader {
	r := &Reader{b: b, limits: l.orDefault()}
	if len(b) > r.limits.Bytes {
		r.err = tooManyBytes.at(r.limits.Bytes)
	}
	return r
}

// Reset lets the reader read b, with the same limits and the memory it has. Where
// b begins with the table that was read last, its changes have the same Table.
func (r *Reader) Reset(b []byte) {
	*r = Reader{b: b, limits: r.limits, last: r.table, old: r.old, now: r.now}
	if len(b) > r.limits.Bytes {
		r.err = tooManyBytes.at(r.limits.Bytes)
	}
}

// Offset is how many bytes have been read: where the next change, or the header
// before it, starts. After an error it is undefined; see Error.
func (r *Reader) Offset() int { return r.at }

// Next reads one change. At the end of the input the error is io.EOF; all other
// errors are an *Error. An error stays.
//
// The records of the change are overwritten by the next call, and its texts and
// blobs alias the input. Its Table is neither overwritten nor an alias. Two
// changes have the same Table if and only if no header stands between them.
func (r *Reader) Next() (Change, error) {
	if r.err != nil {
		return Change{}, r.err
	}
	c, err := r.next()
	r.err = err
	return c, err
}

func (r *Reader) next() (c Change, err error) {
	for r.at < len(r.b) && isHeader(r.b[r.at]) {
		if err := r.header(); err != nil {
			return Change{}, err
		}
	}
	if r.at == len(r.b) {
		return Change{}, io.EOF
	}
	if err := r.start(&c); err != nil {
		return Change{}, err
	}
	start := r.at
	r.at += 2
	if err := r.records(&c); err != nil {
		return Change{}, err
	}
	if _, f := check(&c); f != fine {
		return Change{}, f.at(start)
	}
	return c, nil
}

func isHeader(b byte) bool { return Format(b) == Changeset || Format(b) == Patchset }

// header reads one table header.
func (r *Reader) header() error {
	start := r.at
	if r.tables++; r.tables > r.limits.Tables {
		return tooManyTables.at(start)
	}
	format := Format(r.b[start])
	if r.table != nil && r.table.Format != format {
		return mixedFormats.at(start)
	}
	pk, at, f := r.flags(start + 1)
	if f != fine {
		return f.at(start)
	}
	name, f := r.name(at)
	if f != fine {
		return f.at(start)
	}
	if t := r.last; t != nil && t.Format == format && t.Name == string(name) && bytes.Equal(t.PK, pk) {
		r.table = t
	} else {
		r.table = &Table{Name: string(name), PK: bytes.Clone(pk), Format: format}
	}
	r.last = nil // a header that comes again is another one
	r.old = resize(r.old, len(pk))
	r.now = resize(r.now, len(pk))
	r.at = at + len(name) + 1
	return nil
}

// flags reads the key flags at the given place and returns the place after them.
func (r *Reader) flags(at int) (pk []byte, after int, f fault) {
	columns, n, f := readVarint(r.b[at:])
	at += n
	switch {
	case f != fine:
		return nil, 0, f
	case columns == 0:
		return nil, 0, noColumns
	case int64(columns) > int64(r.limits.Columns):
		return nil, 0, tooManyColumns
	case int(columns) > len(r.b)-at:
		return nil, 0, endsEarly
	}
	pk = r.b[at : at+int(columns)]
	if !hasKey(pk) {
		return nil, 0, noKey
	}
	return pk, at + len(pk), fine
}

func hasKey(pk []byte) bool {
	for _, flag := range pk {
		if flag != 0 {
			return true
		}
	}
	return false
}

func (r *Reader) name(at int) (name []byte, f fault) {
	rest, otherwise := r.b[at:], endsEarly
	if len(rest) > r.limits.Name {
		rest, otherwise = rest[:r.limits.Name+1], nameTooLong
	}
	end := bytes.IndexByte(rest, 0)
	if end < 0 {
		return nil, otherwise
	}
	return rest[:end], fine
}

func resize(row []Value, columns int) []Value {
	if cap(row) < columns {
		return make([]Value, columns)
	}
	return row[:columns]
}

// start reads the operation and the indirect flag without moving on.
func (r *Reader) start(c *Change) error {
	op := Op(r.b[r.at])
	switch {
	case op != Insert && op != Update && op != Delete:
		return unknownOp.at(r.at)
	case r.table == nil:
		return noTable.at(r.at)
	case len(r.b)-r.at < 2:
		return endsEarly.at(r.at)
	case r.b[r.at+1] > 1:
		return badFlag.at(r.at + 1)
	}
	if r.changes++; r.changes > r.limits.Changes {
		return tooManyChanges.at(r.at)
	}
	c.Table, c.Op, c.Indirect = r.table, op, r.b[r.at+1] == 1
	return nil
}

// records reads the records that the operation has in this format.
func (r *Reader) records(c *Change) error {
	old, now := shape(r.table.Format, c.Op)
	if now {
		c.New = r.now
	}
	if old {
		c.Old = r.old
		if c.Op == Delete && r.table.Format == Patchset {
			return r.key(c.Old)
		}
		if err := r.record(c.Old); err != nil {
			return err
		}
	}
	return r.record(c.New)
}

// record reads one value per column. Most columns of an UPDATE are absent, so
// those do not go through decode: a third of the time.
func (r *Reader) record(row []Value) error {
	b, at := r.b, r.at
	for i := range row {
		v := &row[i]
		if at < len(b) && Kind(b[at]) == Absent {
			*v = Value{}
			at++
			continue
		}
		n, f := decode(v, b[at:], r.limits.Value)
		if f != fine {
			return f.at(at)
		}
		at += n
	}
	r.at = at
	return nil
}

// key reads the record of a DELETE in a patchset.
func (r *Reader) key(row []Value) error {
	for i, flag := range r.table.PK {
		row[i] = Value{}
		if flag == 0 {
			continue
		}
		n, f := decode(&row[i], r.b[r.at:], r.limits.Value)
		if f != fine {
			return f.at(r.at)
		}
		r.at += n
	}
	return nil
}
