package sqlite

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
)

// Row reads a row's bookkeeping.
func (t *tx) Row(table *schema.Table, id schema.RowID) (merge.Row, bool, error) {
	var r [3]driver.Value
	found, err := t.row("SELECT _scope, _revision, _clocks FROM "+table.Name+
		" WHERE campaign_no = ? AND id = ?", r[:], t.campaign, id[:])
	if err != nil || !found {
		return merge.Row{}, false, err
	}
	row := merge.Row{
		Scope: merge.Scope(integer(r[0])), Revision: uint64(integer(r[1])),
		Stamps: make([]merge.Stamp, len(table.Columns)),
	}
	if err := merge.ReadStamps(blob(r[2]), row.Stamps); err != nil {
		return row, false, fmt.Errorf("row %s of %s: %w", id, table.Name, err)
	}
	return row, true, nil
}

// Scope reads a row's scope, once in a transaction.
func (t *tx) Scope(table *schema.Table, id schema.RowID) (merge.Scope, bool, error) {
	ref := merge.RowRef{Table: table, ID: id}
	if scope, ok := t.parents[ref]; ok {
		return scope, true, nil
	}
	var r [1]driver.Value
	found, err := t.row("SELECT _scope FROM "+table.Name+" WHERE campaign_no = ? AND id = ?",
		r[:], t.campaign, id[:])
	if err != nil || !found {
		return 0, false, err
	}
	t.parents[ref] = merge.Scope(integer(r[0]))
	return t.parents[ref], true, nil
}

// Cells reads a row's values.
func (t *tx) Cells(table *schema.Table, id schema.RowID) ([]changeset.Value, error) {
	r := make([]driver.Value, len(table.Columns))
	found, err := t.row("SELECT "+columnList(table)+" FROM "+table.Name+
		" WHERE campaign_no = ? AND id = ?", r, t.campaign, id[:])
	if err == nil && !found {
		err = fmt.Errorf("row %s of %s vanished", id, table.Name)
	}
	if err != nil {
		return nil, err
	}
	values := make([]changeset.Value, len(r))
	for i := range r {
		values[i] = store.ToValue(r[i])
	}
	return values, nil
}

func columnList(table *schema.Table) string {
	names := make([]string, len(table.Columns))
	for i := range table.Columns {
		names[i] = table.Columns[i].Name
	}
	return strings.Join(names, ", ")
}

// fromValue turns a wire value into what the driver takes.
func fromValue(v changeset.Value) driver.Value {
	switch v.Kind {
	case changeset.Integer:
		return int64(v.Bits)
	case changeset.Real:
		return v.Float64()
	case changeset.Text:
		return string(v.Bytes)
	case changeset.Blob:
		if v.Bytes == nil {
			return []byte{} // the driver takes nil for NULL
		}
		return v.Bytes
	case changeset.Null, changeset.Absent:
		return nil
	}
	return nil
}

// Apply stores a plan.
func (t *tx) Apply(plan *merge.Plan, now int64) (uint64, error) {
	t.state.Revision = plan.Revision
	for i := range plan.Writes {
		w := &plan.Writes[i]
		if err := t.write(w); err != nil {
			return 0, err
		}
		if w.Moved {
			if err := t.moved(w.RowRef, w.From, w.Scope, w.Revision); err != nil {
				return 0, err
			}
		}
	}
	for i := range plan.Contests {
		if err := t.saveContest(&plan.Contests[i], now); err != nil {
			return 0, err
		}
	}
	return t.state.Revision, nil
}

func (t *tx) write(w *merge.RowWrite) error {
	t.packed = merge.AppendStamps(t.packed[:0], w.Stamps)
	t.args = t.args[:0]
	for i := range w.Values {
		t.args = append(t.args, fromValue(w.Values[i]))
	}
	t.args = append(t.args, int64(w.Scope), int64(w.Revision), t.packed, t.campaign, w.ID[:])
	return t.exec(t.writeStatement(w), t.args...)
}

// shape is what decides the text of a row write.
type shape struct {
	table   *schema.Table
	insert  bool
	columns uint64 // one bit each
}

// writeStatement is the INSERT or UPDATE that stores a row write.
func (c *conn) writeStatement(w *merge.RowWrite) string {
	s := shape{table: w.Table, insert: w.Insert}
	if !w.Insert {
		for _, i := range w.Columns {
			s.columns |= 1 << i
		}
	}
	text, ok := c.texts[s]
	if !ok {
		text = writeText(w)
		c.texts[s] = text
	}
	return text
}

func writeText(w *merge.RowWrite) string {
	var b strings.Builder
	if w.Insert {
		b.WriteString("INSERT INTO " + w.Table.Name + " (" + columnList(w.Table) +
			", _scope, _revision, _clocks, campaign_no, id) VALUES (?")
		b.WriteString(strings.Repeat(", ?", len(w.Values)+4))
		b.WriteString(")")
		return b.String()
	}
	b.WriteString("UPDATE " + w.Table.Name + " SET ")
	for _, i := range w.Columns {
		b.WriteString(w.Table.Columns[i].Name + " = ?, ")
	}
	b.WriteString("_scope = ?, _revision = ?, _clocks = ? WHERE campaign_no = ? AND id = ?")
	return b.String()
}

// moved notes that a row left a scope and takes its children along.
func (t *tx) moved(row merge.RowRef, from, to merge.Scope, revision uint64) error {
	clear(t.parents)
	if from != merge.ScopeHQ {
		if err := t.exec(`INSERT INTO departure (campaign_no, scope, revision, table_name, row_id)
			VALUES (?, ?, ?, ?, ?)`, t.campaign, int64(from), int64(revision),
			row.Table.Name, row.ID[:]); err != nil {
			return err
		}
	}
	for _, child := range t.catalogue.Children(row.Table) {
		ids, err := t.childrenIn(child, row.ID, from)
		if err != nil {
			return err
		}
		for _, id := range ids {
			t.state.Revision++
			if err := t.exec("UPDATE "+child.Name+
				" SET _scope = ?, _revision = ? WHERE campaign_no = ? AND id = ?",
				int64(to), int64(t.state.Revision), t.campaign, id[:]); err != nil {
				return err
			}
			if err := t.moved(merge.RowRef{Table: child, ID: id}, from, to, t.state.Revision); err != nil {
				return err
			}
		}
	}
	return nil
}

// childrenIn lists a row's children that are in a scope.
func (t *tx) childrenIn(
	child *schema.Table, parent schema.RowID, scope merge.Scope,
) ([]schema.RowID, error) {
	var ids []schema.RowID
	var r [1]driver.Value
	err := t.each("SELECT id FROM "+child.Name+" WHERE campaign_no = ? AND "+child.Scope.Column+
		" = ? AND _scope = ?", r[:], func() error {
		ids = append(ids, schema.RowID(blob(r[0])))
		return nil
	}, t.campaign, parent[:], int64(scope))
	return ids, err
}
