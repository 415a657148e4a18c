package changeset

// Format is the first byte of a table header.
type Format byte

// The formats.
const (
	Changeset Format = 'T'
	Patchset  Format = 'P'
)

func (f Format) String() string {
	switch f {
	case Changeset:
		return "changeset"
	case Patchset:
		return "patchset"
	default:
		return "unknown"
	}
}

// Op is what happened to a row, and the first byte of a change.
type Op byte

// The operations.
const (
	Delete Op = 9
	Insert Op = 18
	Update Op = 23
)

func (o Op) String() string {
	switch o {
	case Insert:
		return "INSERT"
	case Update:
		return "UPDATE"
	case Delete:
		return "DELETE"
	default:
		return "unknown"
	}
}

// Table is a table header. Columns are known by position only.
type Table struct {
	Name string
	// PK has one flag per column: 0 outside the primary key, else the place of
	// the column in the key, from 1. (SQLite keeps the place in one byte, so the
	// 256th column of a key looks like a column outside it.)
	PK     []byte
	Format Format
}

// Change is what happened to one row. A record has one value per column, Absent
// where the format has none; it is nil where the format has no such record:
//
//	          changeset    patchset
//	INSERT    New          New
//	UPDATE    Old, New     New, with the key
//	DELETE    Old          Old, only the key
//
// The New of an UPDATE in a changeset can hold key columns: where the key
// compares 'a' and 'A' as equal, SQLite records a change from one to the other.
// An UPDATE may change nothing.
type Change struct {
	Table    *Table
	Op       Op
	Indirect bool // made by a trigger or a foreign key action
	Old, New []Value
}

// shape says which records an operation has; none where there is no such one.
func shape(f Format, op Op) (old, now bool) {
	switch op {
	case Insert:
		return false, true
	case Update:
		return f == Changeset, true
	case Delete:
		return true, false
	default:
		return false, false
	}
}

// check says which column of a change does not have the shape of the table
// above; both records have one value per column of pk, or none.
func check(c *Change) (column int, f fault) {
	pk, patch := c.Table.PK, c.Table.Format == Patchset
	switch {
	case c.Op == Insert:
		return checkRow(pk, c.New)
	case c.Op == Delete && patch:
		return checkKey(pk, c.Old)
	case c.Op == Delete:
		return checkRow(pk, c.Old)
	case patch:
		return checkPatch(pk, c.New)
	default:
		return checkUpdate(pk, c.Old, c.New)
	}
}

func checkRow(pk []byte, row []Value) (column int, f fault) {
	for i := range row {
		switch row[i].Kind {
		case Absent:
			return i, valueMissing
		case Null:
			if pk[i] != 0 {
				return i, nullInKey
			}
		case Integer, Real, Text, Blob:
		}
	}
	return 0, fine
}

func checkKey(pk []byte, row []Value) (column int, f fault) {
	for i := range row {
		if pk[i] == 0 && row[i].Kind != Absent {
			return i, outsideKey
		}
	}
	return checkPatch(pk, row)
}

func checkPatch(pk []byte, row []Value) (column int, f fault) {
	for i := range row {
		if pk[i] == 0 {
			continue
		}
		switch row[i].Kind {
		case Absent:
			return i, valueMissing
		case Null:
			return i, nullInKey
		case Integer, Real, Text, Blob:
		}
	}
	return 0, fine
}

func checkUpdate(pk []byte, old, now []Value) (column int, f fault) {
	for i := range old {
		was, is := old[i].Kind, now[i].Kind
		switch {
		case pk[i] == 0:
			if (was == Absent) != (is == Absent) {
				return i, halfChange
			}
		case was == Absent:
			return i, valueMissing
		case was == Null, is == Null:
			return i, nullInKey
		}
	}
	return 0, fine
}
