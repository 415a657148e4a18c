package device

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/uuid"
)

// ErrValue says that a value cannot be stored as it is.
var ErrValue = errors.New("value does not fit")

// Saving is one save under way.
type Saving struct {
	// Who the device is.
	Who Identity
	// At is the one time of the whole save, Unix milliseconds.
	At int64

	d   *Device
	log recording
}

// Put writes a row, or the named cells of the one that is there; columns that a
// new row is not given have their defaults. It refuses what the tables do not
// hold. Whether the device may write it is headquarters' to judge.
func (s *Saving) Put(table string, id schema.RowID, cells edit.Cells) error {
	t, ok := s.d.Catalogue.Table(table, s.d.Catalogue.Version)
	if !ok {
		return fmt.Errorf("put %s: %w: no such table", table, ErrValue)
	}
	if err := checkCells(t, cells); err != nil {
		return fmt.Errorf("put %s: %w", table, err)
	}
	row, err := s.log.take(s.d.db, t, id)
	if err != nil {
		return fmt.Errorf("put %s: %w", table, err)
	}
	for i := range t.Columns {
		if v, given := cells[t.Columns[i].Name]; given {
			row.now[1+i] = v.Clone()
		}
	}
	if err := s.d.db.writeRow(t, row.now); err != nil {
		return fmt.Errorf("put %s: %w", table, err)
	}
	return nil
}

// Row reads a row as it is now; nil if there is none.
func (s *Saving) Row(table string, id schema.RowID) (edit.Cells, error) {
	return s.d.cells(table, id)
}

// NewID mints the key of a row that is born in this save.
func (s *Saving) NewID() (schema.RowID, error) { return newID(s.At, s.d.Random) }

// newID mints a UUID version 7.
func newID(atMillis int64, random io.Reader) (schema.RowID, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[6:]); err != nil {
		return schema.RowID{}, fmt.Errorf("mint id: %w", err)
	}
	for i, ms := 0, uint64(max(atMillis, 0)); i < 6; i++ {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return schema.RowID(uuid.UUID(b)), nil
}

// NaturalID is the key of a row whose table has a natural one: people who record
// the same thing offline meet in one row. False: the table has none, or cells do
// not name its parts.
func NaturalID(table string, cells edit.Cells) (schema.RowID, bool) {
	if table != "verification" {
		return schema.RowID{}, false
	}
	subject := cells["problem_id"]
	if subject.Kind != changeset.Blob {
		subject = cells["commitment_id"]
	}
	visit := cells["visit_id"]
	if len(visit.Bytes) != 16 || len(subject.Bytes) != 16 {
		return schema.RowID{}, false
	}
	return schema.NaturalRowID(table, schema.RowID(visit.Bytes), schema.RowID(subject.Bytes)), true
}

// checkCells refuses what SQLite would store as something else than was given.
func checkCells(t *schema.Table, cells edit.Cells) error {
	for name, v := range cells {
		i := t.ColumnIndex(name)
		if i < 0 {
			return fmt.Errorf("%w: no column %s", ErrValue, name)
		}
		if err := checkCell(&t.Columns[i], v); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrValue, name, err)
		}
	}
	return nil
}

func checkCell(c *schema.Column, v changeset.Value) error {
	if v.Kind == changeset.Null {
		if c.Required {
			return errors.New("must not be empty")
		}
		return nil
	}
	fits := false
	switch c.Type {
	case schema.ID:
		fits = v.Kind == changeset.Blob && len(v.Bytes) == 16
	case schema.Text:
		fits = v.Kind == changeset.Text && utf8.Valid(v.Bytes) && !strings.Contains(string(v.Bytes), "\x00")
	case schema.Integer:
		fits = v.Kind == changeset.Integer
	case schema.Bytes:
		fits = v.Kind == changeset.Blob
	}
	if !fits {
		return fmt.Errorf("want %s", c.Type)
	}
	return nil
}
