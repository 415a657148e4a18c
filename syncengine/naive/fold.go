// Package naive says what becomes of a set of entries in the plainest way there
// is: look at all of them at once, again and again, until nothing changes. It
// follows docs/PROTOCOL.md §8 sentence by sentence, is slow, and shares no code
// with syncengine/merge, whose tests want the same from both.
package naive

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
)

// Name names an entry: the seq in its device's chain.
type Name struct {
	Device schema.DeviceID
	Seq    uint64
}

// Entry is an entry with what its author knew.
type Entry struct {
	Name
	Clock     clock.Time // effective
	HQ        bool
	Inspector schema.RowID
	Teams     []schema.TeamID // whose rows its device may write
	Knows     map[schema.DeviceID]uint64
	Saw       map[Name]bool // known one by one, beside Knows
	Changes   []Change
}

// Change is one change of a row, one value per column: Absent if not written.
type Change struct {
	Ref
	Op    changeset.Op
	Cells []changeset.Value
}

// Ref names a row.
type Ref struct {
	Table *schema.Table
	ID    schema.RowID
}

// Scope is who holds a row: headquarters alone, a team, or all.
type Scope struct {
	All, Held bool // by all, by a team
	Team      schema.TeamID
}

// Row is a row with who wrote each cell.
type Row struct {
	Cells   []changeset.Value
	Writers []Name
	Scope   Scope
}

// Contest is a cell with competing writes, by name; open if their values differ.
type Contest struct {
	Ref
	Column int
	Open   bool
	Writes []Name
}

// Verdict is what becomes of an entry, with the reason of a quarantine.
type Verdict struct {
	Outcome schema.Outcome
	Reason  string
}

var merged, held = Verdict{Outcome: schema.Merged}, Verdict{Outcome: schema.Held}

func refused(reason string) Verdict { return Verdict{schema.Quarantined, reason} }

// State is what comes of a set of entries.
type State struct {
	Rows     map[Ref]*Row
	Contests []Contest
	Verdicts map[Name]Verdict

	catalogue *schema.Catalogue
}

// Fold merges a set of entries; some may be given more than once.
func Fold(catalogue *schema.Catalogue, entries []Entry) State {
	verdicts := map[Name]Verdict{}
	for {
		s := build(catalogue, entries, func(e *Entry) bool { return verdicts[e.Name] == merged })
		s.Verdicts = maps.Clone(verdicts)
		for i := range entries {
			if e := &entries[i]; verdicts[e.Name] != merged {
				verdicts[e.Name] = s.verdict(e)
			}
		}
		if maps.Equal(verdicts, s.Verdicts) {
			return s
		}
	}
}

// Build folds entries that are all merged, whoever may do what.
func Build(catalogue *schema.Catalogue, entries []Entry) State {
	return build(catalogue, entries, func(*Entry) bool { return true })
}

// build folds some of the entries into rows, parents first.
func build(catalogue *schema.Catalogue, entries []Entry, in func(*Entry) bool) State {
	writes, once := map[Ref][]write{}, map[Name]bool{}
	for i := range entries {
		e := &entries[i]
		if once[e.Name] || !in(e) {
			continue
		}
		once[e.Name] = true
		for _, c := range e.Changes {
			for k, v := range c.Cells {
				if v.Kind != changeset.Absent {
					writes[c.Ref] = append(writes[c.Ref], write{e, c.Op, k, v})
				}
			}
		}
	}
	s := State{Rows: map[Ref]*Row{}, catalogue: catalogue}
	for _, ref := range slices.SortedFunc(maps.Keys(writes), parentsFirst) {
		n := len(ref.Table.Columns)
		row := &Row{Cells: make([]changeset.Value, n), Writers: make([]Name, n)}
		for k := range n {
			s.cell(row, ref, k, having(writes[ref], func(w write) bool { return w.column == k }))
		}
		s.Rows[ref] = row
		row.Scope, _ = s.scope(ref.Table, row.Cells, nil)
	}
	return s
}

func parentsFirst(a, b Ref) int {
	return cmp.Or(a.Table.Number-b.Table.Number, bytes.Compare(a.ID[:], b.ID[:]))
}

// cell finds what stands in a cell, and whether it is contested.
func (s *State) cell(row *Row, ref Ref, column int, all []write) {
	col := &ref.Table.Columns[column]
	if len(all) == 0 { // nobody's schema version had the column
		row.Cells[column] = edit.Default(col)
		return
	}
	stands, competing := stand(col.Rule, col.Choices, all)
	row.Cells[column], row.Writers[column] = stands.value, stands.Name
	if len(competing) < 2 {
		return
	}
	c := Contest{Ref: ref, Column: column}
	for _, w := range competing {
		c.Writes = append(c.Writes, w.Name)
		c.Open = c.Open || !w.value.Equal(competing[0].value)
	}
	slices.SortFunc(c.Writes, Name.Compare)
	s.Contests = append(s.Contests, c)
}

// verdict says what becomes of an entry, its rows taken parents first.
func (s *State) verdict(e *Entry) Verdict {
	if reason := refusal(e); reason != "" {
		return refused(reason)
	}
	own := map[Ref]Scope{}
	changes := slices.Clone(e.Changes)
	slices.SortStableFunc(changes, func(a, b Change) int { return a.Table.Number - b.Table.Number })
	for i := range changes {
		if v := s.change(e, &changes[i], own); v != merged {
			return v
		}
	}
	return merged
}

// change says whether an entry may make a change: a row that is to be changed must be
// there, and a parent that is named; both where the row is and where it goes the
// author must have the right.
func (s *State) change(e *Entry, c *Change, own map[Ref]Scope) Verdict {
	cells, from, to := c.Cells, Scope{}, Scope{}
	row, present := s.Rows[c.Ref]
	if present {
		cells, from, to = row.Cells, row.Scope, row.Scope
	} else if c.Op != changeset.Insert {
		return held
	}
	rule := c.Table.Scope
	if !present || rule.Kind == schema.ByParent &&
		c.Cells[c.Table.ColumnIndex(rule.Column)].Kind != changeset.Absent {
		var there bool
		if to, there = s.scope(c.Table, c.Cells, own); !there {
			return held
		}
	}
	if !present {
		own[c.Ref], from = to, to
	}
	if v := allowed(e, c.Table, from, cells); v != merged {
		return v
	}
	return allowed(e, c.Table, to, cells)
}

// scope of a row with these cells; not there if its parent is not.
func (s *State) scope(t *schema.Table, cells []changeset.Value, own map[Ref]Scope) (Scope, bool) {
	if t.Scope.Kind == schema.ByCampaign || t.Scope.Kind == schema.ByHQ {
		return Scope{All: t.Scope.Kind == schema.ByCampaign}, true
	}
	v := cells[t.ColumnIndex(t.Scope.Column)]
	if v.Kind != changeset.Blob {
		return Scope{}, true
	}
	if t.Scope.Kind == schema.ByTeam {
		return Scope{Held: true, Team: schema.TeamID(v.Bytes)}, true
	}
	parent := Ref{s.catalogue.MustTable(t.Scope.Parent), schema.RowID(v.Bytes)}
	if scope, ok := own[parent]; ok {
		return scope, true
	}
	if row, ok := s.Rows[parent]; ok {
		return row.Scope, true
	}
	return Scope{}, false
}

// allowed checks the author's rights over a row.
func allowed(e *Entry, t *schema.Table, scope Scope, cells []changeset.Value) Verdict {
	if !e.HQ && !scope.All && (!scope.Held || !slices.Contains(e.Teams, scope.Team)) {
		return refused(schema.ReasonOutOfScope)
	}
	if !e.HQ && t.Writer == schema.AuthorOnly &&
		!bytes.Equal(cells[t.ColumnIndex(t.Author)].Bytes, e.Inspector[:]) {
		return refused(schema.ReasonNotAuthor)
	}
	return merged
}

// refusal finds the first thing that an entry must never do, whatever rows there
// are.
func refusal(e *Entry) string {
	for _, c := range e.Changes {
		if c.Table.Writer == schema.HQOnly && !e.HQ {
			return schema.ReasonNotWritable
		} else if c.Op == changeset.Delete {
			return schema.ReasonDelete
		}
		for k, v := range c.Cells {
			switch col := &c.Table.Columns[k]; {
			case v.Kind == changeset.Absent:
			case col.Rule == schema.HQ && !e.HQ && (c.Op == changeset.Update || !v.Equal(edit.Default(col))):
				return schema.ReasonHQColumn
			case !fits(col, v):
				return schema.ReasonBadValue
			}
		}
	}
	return ""
}

var kinds = map[schema.Type]changeset.Kind{
	schema.ID: changeset.Blob, schema.Bytes: changeset.Blob,
	schema.Integer: changeset.Integer, schema.Text: changeset.Text,
}

// fits says whether a column can hold a value.
func fits(col *schema.Column, v changeset.Value) bool {
	switch {
	case v.Kind == changeset.Null:
		return !col.Required
	case v.Kind != kinds[col.Type] || col.Type == schema.ID && len(v.Bytes) != 16:
		return false
	case col.Type == schema.Text:
		return utf8.Valid(v.Bytes) && (len(col.Choices) == 0 || place(col.Choices, v) >= 0)
	}
	return true
}

// Compare orders names by device, then seq.
func (n Name) Compare(other Name) int {
	return cmp.Or(bytes.Compare(n.Device[:], other.Device[:]), cmp.Compare(n.Seq, other.Seq))
}
