package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
)

// ErrContest says that a contest's writes cannot be read: the database is damaged.
var ErrContest = errors.New("malformed contest")

// Flags of a packed write.
const (
	writeCompetes = 1 << iota
	writeHasBase
)

// writeHeader is the size of a packed write without its values.
const writeHeader = 4 + 8 + 8 + 8 + 1

// appendWrite packs a write: author (4), seq (8), revision (8), clock (8), flags
// (1), the value and, if flagged, the base, each as its length (4) and its form in
// changesets. Numbers are big-endian.
func appendWrite(b []byte, w *merge.Write, competes bool) []byte {
	var flags byte
	if competes {
		flags |= writeCompetes
	}
	if w.Base.Kind != changeset.Absent {
		flags |= writeHasBase
	}
	b = binary.BigEndian.AppendUint32(b, w.Author)
	b = binary.BigEndian.AppendUint64(b, w.Seq)
	b = binary.BigEndian.AppendUint64(b, w.Revision)
	b = binary.BigEndian.AppendUint64(b, uint64(w.Clock))
	b = appendSized(append(b, flags), w.Value)
	if flags&writeHasBase != 0 {
		b = appendSized(b, w.Base)
	}
	return b
}

func appendSized(b []byte, v changeset.Value) []byte {
	at := len(b)
	b = changeset.AppendValue(append(b, 0, 0, 0, 0), v)
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	return b
}

// ReadWrites unpacks a contest's writes: those that compete, and those that did.
// Whose they are is not looked up.
func ReadWrites(b []byte) (competing, gone []merge.Write, err error) {
	for len(b) > 0 {
		if len(b) < writeHeader {
			return nil, nil, fmt.Errorf("read writes: %w", ErrContest)
		}
		w := merge.Write{
			Author: binary.BigEndian.Uint32(b), Seq: binary.BigEndian.Uint64(b[4:]),
			Revision: binary.BigEndian.Uint64(b[12:]), Clock: clock.Time(binary.BigEndian.Uint64(b[20:])),
		}
		flags := b[28]
		if w.Value, b, err = readSized(b[writeHeader:]); err != nil {
			return nil, nil, err
		}
		if flags&writeHasBase != 0 {
			if w.Base, b, err = readSized(b); err != nil {
				return nil, nil, err
			}
		}
		if flags&writeCompetes != 0 {
			competing = append(competing, w)
		} else {
			gone = append(gone, w)
		}
	}
	return competing, gone, nil
}

func readSized(b []byte) (v changeset.Value, rest []byte, err error) {
	if len(b) < 4 || uint64(binary.BigEndian.Uint32(b)) > uint64(len(b)-4) {
		return v, nil, fmt.Errorf("read writes: %w", ErrContest)
	}
	size := int(binary.BigEndian.Uint32(b))
	v, n, err := changeset.ReadValue(b[4 : 4+size])
	if err != nil || n != size {
		return v, nil, fmt.Errorf("read writes: %w", errors.Join(ErrContest, err))
	}
	return v, b[4+size:], nil
}

// contestKey is a cell.
type contestKey struct {
	merge.RowRef
	column int
}

// contest is one that a transaction has read or changed.
type contest struct {
	merge.Contest
	past     []merge.Write // that competed before this transaction
	openedAt int64
	closedAt changeset.Value
	dirty    bool
}

var (
	contestFields = []Field{
		{"id", schema.ID},
		{"base", schema.Bytes},
		{"state", schema.Text},
		{"opened_at", schema.Integer},
		{"writes", schema.Bytes},
	}
	findContest = &Statement{
		Verb: Select, Table: "conflict",
		Keys: []Field{
			{"table_name", schema.Text}, {"row_id", schema.ID}, {"column_name", schema.Text},
		},
		Fields: contestFields,
	}
	putContest = &Statement{
		Verb: Put, Table: "conflict",
		Keys: []Field{
			{"row_id", schema.ID},
			{"table_name", schema.Text},
			{"column_name", schema.Text},
			{"id", schema.ID},
		},
		Fields: []Field{
			{"base", schema.Bytes},
			{"state", schema.Text},
			{"opened_at", schema.Integer},
			{"closed_at", schema.Integer},
			{"writes", schema.Bytes},
		},
	}
)

var deleteContest = &Statement{Verb: Delete, Table: "conflict", Keys: putContest.Keys}

// Contest reads a cell's contest with what competes in it.
func (t *Tx) Contest(
	table *schema.Table, id schema.RowID, column int,
) (merge.Contest, error) {
	key := contestKey{merge.RowRef{Table: table, ID: id}, column}
	c, err := t.contest(key)
	if err == nil && c == nil {
		err = fmt.Errorf("contest of %s %s is not there", table.Name, id)
	}
	if err != nil {
		return merge.Contest{}, err
	}
	found := c.Contest
	found.Opened, found.Gone = false, nil
	return found, nil
}

func (t *Tx) contest(key contestKey) (*contest, error) {
	if c, ok := t.contests[key]; ok {
		return c, nil
	}
	found, err := t.find(findContest, changeset.TextValue(key.Table.Name), blob(key.ID[:]),
		changeset.TextValue(key.Table.Columns[key.column].Name))
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		state := merge.ContestState(f[2].Bytes)
		if !state.Live() {
			continue
		}
		c := &contest{openedAt: f[3].Int64()}
		c.Table, c.Row, c.Column, c.State = key.Table, key.ID, key.column, state
		copy(c.ID[:], f[0].Bytes)
		if c.Base, err = unpackValue(f[1]); err != nil {
			return nil, err
		}
		if c.Writes, c.past, err = ReadWrites(f[4].Bytes); err != nil {
			return nil, err
		}
		for i := range c.Writes {
			if c.Writes[i].Device, c.Writes[i].HQ, err = t.Device(c.Writes[i].Author); err != nil {
				return nil, err
			}
		}
		t.contests[key] = c
		return c, nil
	}
	return nil, nil
}

// takeContest keeps a contest as a plan left it.
func (t *Tx) takeContest(planned *merge.Contest, now int64) {
	key := contestKey{merge.RowRef{Table: planned.Table, ID: planned.Row}, planned.Column}
	c := t.contests[key]
	if c == nil || c.ID != planned.ID && c.ID != planned.Was {
		c = &contest{openedAt: now}
	}
	if planned.Was != ([16]byte{}) {
		t.renamed = append(t.renamed, contestName{key, planned.Was})
	}
	past := append(c.past, planned.Gone...)
	c.Contest, c.past, c.closedAt = *planned, past, changeset.NullValue()
	c.Gone = nil
	if !planned.State.Live() {
		c.closedAt = number(now)
		delete(t.contests, key)
	} else {
		t.contests[key] = c
	}
	if !c.dirty {
		c.dirty = true
		t.disputed = append(t.disputed, c)
	}
}

// contestName is a name that a contest had.
type contestName struct {
	contestKey
	id [16]byte
}

func (t *Tx) flushContests() error {
	old := t.statements.rows(len(putContest.Keys))
	for i := range t.renamed {
		n := &t.renamed[i]
		old.Add(blob(n.ID[:]), changeset.TextValue(n.Table.Name),
			changeset.TextValue(n.Table.Columns[n.column].Name), blob(n.id[:]))
	}
	t.renamed = t.renamed[:0]
	if _, err := t.run(deleteContest, old); err != nil {
		return err
	}
	rows := t.statements.rows(len(putContest.Keys) + len(putContest.Fields))
	var writes []byte
	last := make(map[[16]byte]*contest, len(t.disputed)) // a contest may end and begin again
	for _, c := range t.disputed {
		last[c.ID] = c
	}
	for _, c := range t.disputed {
		c.dirty = false
		if last[c.ID] != c {
			continue
		}
		writes = writes[:0]
		for i := range c.past {
			writes = appendWrite(writes, &c.past[i], false)
		}
		for i := range c.Writes {
			writes = appendWrite(writes, &c.Writes[i], true)
		}
		rows.Add(blob(c.Row[:]), changeset.TextValue(c.Table.Name),
			changeset.TextValue(c.Table.Columns[c.Column].Name), blob(c.ID[:]), packValue(c.Base),
			changeset.TextValue(string(c.State)), number(c.openedAt), c.closedAt, blob(writes))
	}
	t.disputed = t.disputed[:0]
	_, err := t.run(putContest, rows)
	return err
}

// packValue is a value's wire form as a blob, or NULL for none.
func packValue(v changeset.Value) changeset.Value {
	if v.Kind == changeset.Absent {
		return changeset.NullValue()
	}
	return changeset.BlobValue(changeset.AppendValue(nil, v))
}

func unpackValue(v changeset.Value) (changeset.Value, error) {
	if v.Kind == changeset.Null {
		return changeset.Value{}, nil
	}
	value, _, err := changeset.ReadValue(v.Bytes)
	return value, err
}
