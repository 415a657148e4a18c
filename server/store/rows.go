package store

import (
	"bytes"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/mutant"
)

// row is a row of the campaign as the transaction knows it, or the knowledge
// that there is none.
type row struct {
	ref      merge.RowRef
	present  bool
	scope    merge.Scope
	revision uint64
	clocks   []byte            // stamps as read, until they change
	stamps   []merge.Stamp     // stamps after a change
	packed   Packed            // values as read
	values   []changeset.Value // of a row that the transaction inserted
	borrowed bool              // the values are a plan's

	// Not written yet:
	dirty    bool
	inserted bool
	moved    bool
	columns  uint64 // which values changed; they are in values or in edits
	edits    []edited
}

// edited is a value that changed in a row that was read.
type edited struct {
	column int
	value  changeset.Value
}

// Fetch reads rows that will be asked for, many at a time.
func (t *Tx) Fetch(refs []merge.RowRef) error {
	if len(t.rows) == 0 {
		t.rows = make(map[merge.RowRef]*row, len(refs))
	}
	wanted := map[*schema.Table]*Rows{}
	for i := range refs {
		ref := refs[i]
		if _, ok := t.rows[ref]; ok {
			continue
		}
		t.keep(ref)
		keys := wanted[ref.Table]
		if keys == nil {
			keys = t.statements.rows(1)
			wanted[ref.Table] = keys
		}
		keys.Add(blob(ref.ID[:]))
	}
	for table, keys := range wanted {
		packed, err := t.run(t.statements.of(table).find, keys)
		if err == nil {
			err = t.take(table, packed)
		}
		if err != nil {
			return fmt.Errorf("read rows of %s: %w", table.Name, err)
		}
	}
	return nil
}

// take unpacks rows that were read; their values stay packed.
func (t *Tx) take(table *schema.Table, packed Packed) error {
	var head [4]changeset.Value // id and bookkeeping
	for {
		more, err := packed.Next(head[:])
		if err != nil || !more {
			return err
		}
		values, err := packed.skip(len(table.Columns))
		if err != nil {
			return err
		}
		ref := merge.RowRef{Table: table, ID: schema.RowID(head[0].Bytes)}
		r := t.rows[ref]
		if r == nil {
			r = t.keep(ref)
		}
		r.present, r.packed = true, values
		r.scope, r.revision = merge.Scope(head[1].Int64()), head[2].Bits
		r.clocks = head[3].Bytes
	}
}

// keep begins to know of a row.
func (t *Tx) keep(ref merge.RowRef) *row {
	if len(t.rowRoom) == 0 {
		t.rowRoom = make([]row, min(max(len(t.rows), rowsAheadMin), rowsAheadMax))
	}
	r := &t.rowRoom[0]
	t.rowRoom = t.rowRoom[1:]
	r.ref = ref
	t.rows[ref] = r
	return r
}

// For how many rows memory is made at once.
const (
	rowsAheadMin = 8
	rowsAheadMax = 512
)

// row finds a row; the one returned says itself whether it is present. The same one
// is asked for several times in a row.
func (t *Tx) row(ref merge.RowRef) (*row, error) {
	if t.newest != nil && t.newest.ref == ref {
		return t.newest, nil
	}
	r, ok := t.rows[ref]
	if !ok {
		if err := t.Fetch([]merge.RowRef{ref}); err != nil {
			return nil, err
		}
		r = t.rows[ref]
	}
	t.newest = r
	return r, nil
}

// Row finds a row's bookkeeping. The stamps are the caller's.
func (t *Tx) Row(table *schema.Table, id schema.RowID) (merge.Row, bool, error) {
	r, err := t.row(merge.RowRef{Table: table, ID: id})
	if err != nil || !r.present {
		return merge.Row{}, false, err
	}
	m := merge.Row{Scope: r.scope, Revision: r.revision, Stamps: t.stampRoom(len(table.Columns))}
	if r.stamps != nil {
		copy(m.Stamps, r.stamps)
	} else if err := merge.ReadStamps(r.clocks, m.Stamps); err != nil {
		return m, false, fmt.Errorf("row %s of %s: %w", id, table.Name, err)
	}
	return m, true, nil
}

// stampRoom is room for n zero stamps.
func (t *Tx) stampRoom(n int) []merge.Stamp {
	if len(t.stamps) < n {
		t.stamps = make([]merge.Stamp, n*stampsAhead)
	}
	room := t.stamps[:n:n]
	t.stamps = t.stamps[n:]
	return room
}

// stampsAhead is for how many rows room for stamps is made at once.
const stampsAhead = 32

// Scope reads a row's scope.
func (t *Tx) Scope(table *schema.Table, id schema.RowID) (merge.Scope, bool, error) {
	r, err := t.row(merge.RowRef{Table: table, ID: id})
	if err != nil {
		return 0, false, err
	}
	return r.scope, r.present, nil
}

// Cell reads a value. It is not to be changed.
func (t *Tx) Cell(table *schema.Table, id schema.RowID, column int) (changeset.Value, error) {
	r, err := t.row(merge.RowRef{Table: table, ID: id})
	if err == nil && !r.present {
		err = fmt.Errorf("row %s of %s is not there", id, table.Name)
	}
	if err != nil {
		return changeset.Value{}, err
	}
	return r.cell(column)
}

// Cells reads a row's values. They are not to be changed.
func (t *Tx) Cells(table *schema.Table, id schema.RowID) ([]changeset.Value, error) {
	values := make([]changeset.Value, len(table.Columns))
	for i := range values {
		var err error
		if values[i], err = t.Cell(table, id, i); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (r *row) cell(column int) (changeset.Value, error) {
	if v, ok := r.written(column); ok {
		return v, nil
	}
	var value [1]changeset.Value
	packed := r.packed
	_, err := packed.skip(column)
	if err == nil {
		_, err = packed.Next(value[:])
	}
	return value[0], err
}

// written is the value of a column that the transaction wrote.
func (r *row) written(column int) (changeset.Value, bool) {
	if r.values != nil {
		return r.values[column], true
	}
	for i := range r.edits {
		if r.edits[i].column == column {
			return r.edits[i].value, true
		}
	}
	return changeset.Value{}, false
}

// Apply takes a plan: rows and contests change, and the children of rows whose
// scope changed move with them. It returns the campaign's revision after that.
func (t *Tx) Apply(plan *merge.Plan, now int64) (uint64, error) {
	t.state.Revision = plan.Revision
	for i := range plan.Writes {
		w := &plan.Writes[i]
		r, err := t.row(w.RowRef)
		if err != nil {
			return 0, err
		}
		t.write(r, w)
		if w.Moved {
			if err := t.moved(w.RowRef, w.From, w.Scope, w.Revision); err != nil {
				return 0, err
			}
		}
	}
	for i := range plan.Contests {
		t.takeContest(&plan.Contests[i], now)
	}
	if len(t.dirty) > rowsMax {
		return t.state.Revision, t.flushRows()
	}
	return t.state.Revision, nil
}

func (t *Tx) write(r *row, w *merge.RowWrite) {
	if w.Insert {
		r.present, r.inserted, r.values, r.borrowed = true, true, w.Values, true
	} else {
		if r.values == nil && r.edits == nil {
			r.edits = make([]edited, 0, len(w.Columns))
		}
		for k, column := range w.Columns {
			r.set(column, w.Values[k])
		}
	}
	if w.Revision != r.revision {
		t.changed(w.Scope, w.RowRef, w.Revision)
	}
	r.scope, r.revision, r.stamps = w.Scope, w.Revision, w.Stamps
	r.moved = r.moved || w.Moved
	t.touch(r)
	if name := w.Table.Name; name == "device" || name == "team_member" {
		clear(t.rights)
	}
}

func (r *row) set(column int, v changeset.Value) {
	r.columns |= 1 << column
	if r.borrowed {
		r.values, r.borrowed = slices.Clone(r.values), false
	}
	if r.values != nil {
		r.values[column] = v
		return
	}
	for i := range r.edits {
		if r.edits[i].column == column {
			r.edits[i].value = v
			return
		}
	}
	r.edits = append(r.edits, edited{column, v})
}

func (t *Tx) touch(r *row) {
	if !r.dirty {
		r.dirty = true
		t.dirty = append(t.dirty, r)
	}
}

// moved tells the scope that a row left, and takes the row's children along.
func (t *Tx) moved(parent merge.RowRef, from, to merge.Scope, revision uint64) error {
	if !mutant.On(mutant.DepartureNotTold) {
		t.changed(from, parent, revision)
	}
	if mutant.On(mutant.ChildrenStay) {
		return nil
	}
	for _, table := range t.catalogue.Children(parent.Table) {
		children, err := t.childrenIn(table, parent.ID, from)
		if err != nil {
			return err
		}
		for _, r := range children {
			t.state.Revision++
			r.scope, r.revision, r.moved = to, t.state.Revision, true
			if r.stamps == nil {
				r.stamps = t.stampRoom(len(table.Columns))
				if err := merge.ReadStamps(r.clocks, r.stamps); err != nil {
					return fmt.Errorf("row %s of %s: %w", r.ref.ID, table.Name, err)
				}
			}
			t.touch(r)
			t.changed(to, r.ref, r.revision)
			if err := t.moved(r.ref, from, to, r.revision); err != nil {
				return err
			}
		}
	}
	return nil
}

// childrenIn lists a row's children that are in a scope, by their keys.
func (t *Tx) childrenIn(
	table *schema.Table, parent schema.RowID, scope merge.Scope,
) ([]*row, error) {
	if err := t.flushRows(); err != nil { // the query does not see what is in memory
		return nil, err
	}
	found, err := t.find(t.statements.of(table).children, blob(parent[:]))
	if err != nil {
		return nil, err
	}
	refs := make([]merge.RowRef, len(found))
	for i := range found {
		refs[i] = merge.RowRef{Table: table, ID: schema.RowID(found[i][0].Bytes)}
	}
	slices.SortFunc(refs, func(a, b merge.RowRef) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	if err := t.Fetch(refs); err != nil {
		return nil, err
	}
	var children []*row
	for _, ref := range refs {
		if r := t.rows[ref]; r.scope == scope {
			children = append(children, r)
		}
	}
	return children, nil
}

// flushRows writes the changed rows, by table and by which columns changed.
func (t *Tx) flushRows() error {
	groups := map[*Statement]*Rows{}
	var order []*Statement
	for _, r := range t.dirty {
		statement, width := t.statementFor(r)
		rows := groups[statement]
		if rows == nil {
			rows = t.statements.rows(width)
			groups[statement] = rows
			order = append(order, statement)
		}
		if err := t.pack(rows, r); err != nil {
			return err
		}
		r.dirty, r.inserted, r.moved, r.columns = false, false, false, 0
	}
	t.dirty = t.dirty[:0]
	for _, statement := range order {
		if _, err := t.run(statement, groups[statement]); err != nil {
			return fmt.Errorf("write rows of %s: %w", statement.Table, err)
		}
	}
	return nil
}

func (t *Tx) statementFor(r *row) (s *Statement, width int) {
	statements := t.statements.of(r.ref.Table)
	if r.inserted {
		s = statements.insert
	} else {
		s = statements.update(r.ref.Table, shape{r.columns, r.moved})
	}
	return s, 1 + len(s.Fields)
}

// pack adds a row in the order of its statement's fields.
func (t *Tx) pack(rows *Rows, r *row) error {
	rows.start()
	rows.add(blob(r.ref.ID[:]))
	if r.inserted || r.moved {
		rows.add(number(r.scope))
	}
	rows.add(number(r.revision))
	t.packed = merge.AppendStamps(t.packed[:0], r.stamps)
	rows.add(blob(t.packed))
	if r.inserted {
		for i := range r.values {
			rows.add(r.values[i])
		}
		return nil
	}
	for i := range r.ref.Table.Columns {
		if r.columns&(1<<i) != 0 {
			v, _ := r.written(i)
			rows.add(v)
		}
	}
	return nil
}

// blob is bytes as a value; nil is an empty blob.
func blob(b []byte) changeset.Value { return changeset.BlobValue(b) }
