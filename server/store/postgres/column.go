package postgres

import (
	"encoding/binary"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"

	"github.com/jackc/pgx/v5/pgtype"
)

// column is one column of many rows in the binary form of an array: number of
// dimensions, whether there are NULLs, type, length, first index; then each
// element's length, or -1 for NULL, and its bytes.
type column struct {
	field store.Field
	kind  changeset.Kind
	bytes []byte
}

const (
	arrayHeader = 20
	arrayNulls  = 4  // where the header says that there are NULLs
	arrayLength = 12 // where it has the number of elements
)

// begin makes the column empty.
func (c *column) begin(f store.Field) {
	c.field = f
	var oid uint32
	switch f.Type {
	case schema.ID:
		oid, c.kind = pgtype.UUIDOID, changeset.Blob
	case schema.Bytes:
		oid, c.kind = pgtype.ByteaOID, changeset.Blob
	case schema.Text:
		oid, c.kind = pgtype.TextOID, changeset.Text
	case schema.Integer:
		oid, c.kind = pgtype.Int8OID, changeset.Integer
	}
	b := append(c.bytes[:0], make([]byte, arrayHeader)...)
	b[3], b[19] = 1, 1
	binary.BigEndian.PutUint32(b[8:], oid)
	c.bytes = b
}

// add appends a value, which must be of the column's kind or NULL.
func (c *column) add(v changeset.Value) error {
	switch {
	case v.Kind == changeset.Null:
		c.bytes[arrayNulls+3] = 1
		c.bytes = append(c.bytes, 0xff, 0xff, 0xff, 0xff)
	case v.Kind != c.kind || c.field.Type == schema.ID && len(v.Bytes) != 16:
		return fmt.Errorf("column %s: a value of kind %s and %d bytes", c.field.Name, v.Kind, len(v.Bytes))
	case v.Kind == changeset.Integer:
		c.bytes = binary.BigEndian.AppendUint64(append(c.bytes, 0, 0, 0, 8), v.Bits)
	default:
		c.bytes = append(binary.BigEndian.AppendUint32(c.bytes, uint32(len(v.Bytes))), v.Bytes...)
	}
	return nil
}

func (c *column) end(count int) {
	binary.BigEndian.PutUint32(c.bytes[arrayLength:], uint32(count))
}

// arrays are the arguments of a statement for all rows: the campaign and a
// column each. They are good until the next call.
func (c *conn) arrays(campaign int64, s *store.Statement, rows *store.Rows) ([][]byte, error) {
	width := len(s.Keys)
	if s.Verb != store.Select && s.Verb != store.Delete {
		width += len(s.Fields)
	}
	if rows.Width != width && rows.Width != 0 {
		return nil, fmt.Errorf("rows of %d for a statement of %d", rows.Width, width)
	}
	for len(c.columns) < width {
		c.columns = append(c.columns, column{})
	}
	columns := c.columns[:width]
	for i := range columns {
		if i < len(s.Keys) {
			columns[i].begin(s.Keys[i])
		} else {
			columns[i].begin(s.Fields[i-len(s.Keys)])
		}
	}
	if err := fill(columns, rows.Values()); err != nil {
		return nil, err
	}
	args := make([][]byte, 1, 1+width)
	args[0] = binary.BigEndian.AppendUint64(nil, uint64(campaign))
	for i := range columns {
		columns[i].end(rows.Count)
		args = append(args, columns[i].bytes)
		if cap(columns[i].bytes) > roomMax {
			columns[i].bytes = nil // the argument has it now
		}
	}
	return args, nil
}

// roomMax is how much room of a column is kept for the next statement.
const roomMax = 1 << 20

func fill(columns []column, values store.Packed) error {
	row := make([]changeset.Value, len(columns))
	for {
		more, err := values.Next(row)
		if err != nil || !more {
			return err
		}
		for i := range columns {
			if err := columns[i].add(row[i]); err != nil {
				return err
			}
		}
	}
}

// argument is a value as an argument of any type that has its form.
func argument(v changeset.Value) []byte {
	switch v.Kind {
	case changeset.Integer, changeset.Real:
		return binary.BigEndian.AppendUint64(nil, v.Bits)
	case changeset.Text, changeset.Blob:
		if v.Bytes == nil {
			return []byte{} // nil is NULL
		}
		return v.Bytes
	case changeset.Null, changeset.Absent:
	}
	return nil
}

// appendCell packs a cell that the server sent, of a type of the catalogue.
func appendCell(dst []byte, t schema.Type, cell []byte) []byte {
	if cell == nil {
		return append(dst, byte(changeset.Null))
	}
	switch t {
	case schema.Integer:
		return append(append(dst, byte(changeset.Integer)), cell...)
	case schema.Text:
		return changeset.AppendValue(dst, changeset.Value{Kind: changeset.Text, Bytes: cell})
	case schema.ID, schema.Bytes:
		return changeset.AppendValue(dst, changeset.Value{Kind: changeset.Blob, Bytes: cell})
	}
	panic("postgres: no type " + string(t))
}
