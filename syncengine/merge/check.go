package merge

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/mutant"
)

// textMax is the size of one text or blob in a synced row, in bytes.
const textMax = 4 << 20

// checkTable finds a wire table in the catalogue of the entry's schema version
// and refuses columns that do not fit. SQLite's own apply would skip the table
// in silence.
func (p *planner) checkTable(wire *changeset.Table) (*schema.Table, error) {
	version := p.entry.Schema
	if version > p.entry.SchemaMax || version < 1 {
		return nil, quarantine(schema.ReasonVersion, "version %d, known up to %d", version, p.entry.SchemaMax)
	}
	if wire.Format != changeset.Changeset {
		return nil, quarantine(schema.ReasonPatchset, "table %.64q", wire.Name)
	}
	t, ok := p.catalogue.Table(wire.Name, version)
	if !ok {
		return nil, quarantine(schema.ReasonUnknownTable, "table %.64q", wire.Name)
	}
	if len(wire.PK) != t.Width(version) || wire.PK[0] == 0 || slices.ContainsFunc(wire.PK[1:], isSet) {
		return nil, quarantine(schema.ReasonColumns, "table %s has %d columns, key flags %v",
			t.Name, t.Width(version), wire.PK)
	}
	if t.Writer == schema.HQOnly && !p.entry.Author.HQ {
		return nil, quarantine(schema.ReasonNotWritable, "table %s", t.Name)
	}
	return t, nil
}

func isSet(flag byte) bool { return flag != 0 }

// checkChange refuses deletes, bad keys and values that the columns cannot hold.
func (p *planner) checkChange(t *schema.Table, c *changeset.Change) error {
	if c.Op == changeset.Delete && !mutant.On(mutant.DeleteAccepted) {
		return quarantine(schema.ReasonDelete, "table %s", t.Name)
	}
	if c.Op == changeset.Update && c.New[0].Kind != changeset.Absent {
		return quarantine(schema.ReasonKeyChange, "table %s changes a key", t.Name)
	}
	if key := keyOf(c); key.Kind != changeset.Blob || len(key.Bytes) != 16 {
		return quarantine(schema.ReasonKeyChange, "table %s: key is no id", t.Name)
	}
	if c.New == nil {
		return nil
	}
	for i := range c.New[1:] {
		if v := &c.New[1+i]; v.Kind != changeset.Absent {
			if err := p.checkValue(t, c, i, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *planner) checkValue(
	t *schema.Table, c *changeset.Change, column int, v *changeset.Value,
) error {
	col := &t.Columns[column]
	if col.Rule == schema.HQ && !p.entry.Author.HQ && !mutant.On(mutant.HQColumnWritten) {
		if c.Op == changeset.Update || !v.Equal(edit.Default(col)) {
			return quarantine(schema.ReasonHQColumn, "%s.%s", t.Name, col.Name)
		}
	}
	if !fits(col, v) {
		return quarantine(schema.ReasonBadValue, "%s.%s of %s", t.Name, col.Name,
			schema.RowID(keyOf(c).Bytes))
	}
	return nil
}

// fits says whether a column can hold a value.
func fits(col *schema.Column, v *changeset.Value) bool {
	if v.Kind == changeset.Null {
		return !col.Required
	}
	if len(v.Bytes) > textMax {
		return false
	}
	switch col.Type {
	case schema.ID:
		return v.Kind == changeset.Blob && len(v.Bytes) == 16
	case schema.Bytes:
		return v.Kind == changeset.Blob
	case schema.Integer:
		return v.Kind == changeset.Integer
	case schema.Text:
		return v.Kind == changeset.Text && utf8.Valid(v.Bytes) && bytes.IndexByte(v.Bytes, 0) < 0 &&
			(len(col.Choices) == 0 || place(col.Choices, *v) >= 0)
	default:
		return false
	}
}

// scopeOf finds the scope of a row from the values of its columns.
func (p *planner) scopeOf(t *schema.Table, value func(int) changeset.Value) (Scope, error) {
	switch t.Scope.Kind {
	case schema.ByCampaign:
		return ScopeCampaign, nil
	case schema.ByHQ:
		return ScopeHQ, nil
	case schema.ByTeam, schema.ByParent:
	}
	v := value(t.ColumnIndex(t.Scope.Column))
	if v.Kind != changeset.Blob {
		return ScopeHQ, nil
	}
	if t.Scope.Kind == schema.ByTeam {
		return p.view.TeamScope(schema.TeamID(v.Bytes))
	}
	parent := RowRef{p.catalogue.MustTable(t.Scope.Parent), schema.RowID(v.Bytes)}
	if scope, ok := p.inserted(parent); ok {
		return scope, nil
	}
	scope, present, err := p.view.Scope(parent.Table, parent.ID)
	if err == nil && !present {
		err = await(parent.Table, parent.ID)
	}
	return scope, err
}

// mayWrite refuses rows outside the author's scopes, and what others signed;
// signed reads a column of the row as it stands, or as it is born.
func (p *planner) mayWrite(
	c *change, scope Scope, signed func(column int) (changeset.Value, error),
) error {
	a := &p.entry.Author
	if a.HQ {
		return nil
	}
	if !slices.Contains(a.Scopes, scope) && !mutant.On(mutant.ScopeUnchecked) {
		return quarantine(schema.ReasonOutOfScope, "%s %s", c.table.Name, c.id)
	}
	if c.table.Writer != schema.AuthorOnly {
		return nil
	}
	v, err := signed(c.table.ColumnIndex(c.table.Author))
	if err != nil {
		return err
	}
	if v.Kind != changeset.Blob || !bytes.Equal(v.Bytes, a.Inspector[:]) {
		return quarantine(schema.ReasonNotAuthor, "%s %s", c.table.Name, c.id)
	}
	return nil
}
