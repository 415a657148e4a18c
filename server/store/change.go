package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/merge"
)

// Changed is a row that changed in a scope, or left it.
type Changed struct {
	Revision uint64
	Table    int // number in the catalogue
	ID       schema.RowID
}

// ErrChanges says that packed changes cannot be read: the database is damaged.
var ErrChanges = errors.New("malformed list of changes")

// appendChange packs a change as the distance of its revision from the first
// one's of the list, the table's number (uvarints) and the key.
func appendChange(dst []byte, first uint64, c *Changed) []byte {
	dst = binary.AppendUvarint(dst, c.Revision-first)
	dst = binary.AppendUvarint(dst, uint64(c.Table))
	return append(dst, c.ID[:]...)
}

// ReadChanges unpacks a list whose first revision is known, and adds it to list.
func ReadChanges(list []Changed, first uint64, packed []byte) ([]Changed, error) {
	for len(packed) > 0 {
		distance, n := binary.Uvarint(packed)
		if n <= 0 {
			return nil, fmt.Errorf("read changes: %w", ErrChanges)
		}
		table, m := binary.Uvarint(packed[n:])
		if m <= 0 || table > 1<<16 || len(packed) < n+m+16 {
			return nil, fmt.Errorf("read changes: %w", ErrChanges)
		}
		c := Changed{Revision: first + distance, Table: int(table)}
		copy(c.ID[:], packed[n+m:])
		list, packed = append(list, c), packed[n+m+16:]
	}
	return list, nil
}

// changes collects what changed in a scope during a transaction.
type changes struct {
	first, last uint64
	count       int
	packed      []byte
}

// changed notes that a row changed in a scope, so that the scope's devices get
// to know. Headquarters itself does not pull.
func (t *Tx) changed(scope merge.Scope, ref merge.RowRef, revision uint64) {
	if scope == merge.ScopeHQ {
		return
	}
	c := t.changes[scope]
	if c == nil {
		c = &changes{first: revision}
		t.changes[scope] = c
	}
	c.packed = appendChange(c.packed, c.first,
		&Changed{Revision: revision, Table: ref.Table.Number, ID: ref.ID})
	c.last = revision
	c.count++
}

var insertChanges = &Statement{
	Verb: Insert, Table: "change",
	Keys:   []Field{{"scope", schema.Integer}, {"revision", schema.Integer}},
	Fields: []Field{{"first", schema.Integer}, {"count", schema.Integer}, {"rows", schema.Bytes}},
}

func (t *Tx) flushChanges() error {
	if len(t.changes) == 0 {
		return nil
	}
	rows := NewRows(5)
	for scope, c := range t.changes {
		rows.Add(number(scope), number(c.last), number(c.first), number(int64(c.count)),
			blob(c.packed))
	}
	clear(t.changes)
	_, err := t.run(insertChanges, rows)
	return err
}
