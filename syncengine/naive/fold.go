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
	All  bool
	Team schema.TeamID
	Held bool // by a team
}

// Row is a row with who wrote each cell.
type Row struct {
	Cells   []changeset.Value
	Writers []Name
	Scope   Scope
}

// Contest is a cell with competing writes, by name.
type Contest struct {
	Ref
	Column int
	Open   bool // the values differ
	Writes []Name
}

// State is what comes of a set of entries.
type State struct {
	Rows     map[Ref]*Row
	Contests []Contest
	Outcomes map[Name]schema.Outcome
	Reasons  map[Name]string
}

// Fold merges a set of entries; some may be given more than once.
func Fold(catalogue *schema.Catalogue, entries []Entry) State {
	set := map[Name]*Entry{}
	for i := range entries {
		set[entries[i].Name] = &entries[i]
	}
	f := fold{catalogue: catalogue, merged: map[Name]bool{}}
	for {
		f.build(set)
		grown := false
		for _, name := range sortedNames(maps.Keys(set)) {
			e := set[name]
			outcome, reason := f.verdict(e)
			if f.merged[name] {
				outcome, reason = schema.Merged, ""
			}
			f.state.Outcomes[name], f.state.Reasons[name] = outcome, reason
			if outcome == schema.Merged && !f.merged[name] {
				f.merged[name], grown = true, true
			}
		}
		if !grown {
			return f.state
		}
	}
}

// Build folds entries that are all merged, whoever may do what.
func Build(catalogue *schema.Catalogue, entries []Entry) State {
	set := map[Name]*Entry{}
	f := fold{catalogue: catalogue, merged: map[Name]bool{}}
	for i := range entries {
		set[entries[i].Name], f.merged[entries[i].Name] = &entries[i], true
	}
	f.build(set)
	return f.state
}

type fold struct {
	catalogue *schema.Catalogue
	merged    map[Name]bool
	writes    map[Ref][]write // of the merged entries
	state     State
}

// write is one change with its entry.
type write struct {
	*Entry
	change *Change
}

// build folds the merged entries into rows.
func (f *fold) build(set map[Name]*Entry) {
	f.writes = map[Ref][]write{}
	f.state = State{
		Rows: map[Ref]*Row{}, Outcomes: map[Name]schema.Outcome{}, Reasons: map[Name]string{},
	}
	for _, name := range sortedNames(maps.Keys(f.merged)) {
		for i := range set[name].Changes {
			c := &set[name].Changes[i]
			f.writes[c.Ref] = append(f.writes[c.Ref], write{set[name], c})
		}
	}
	for _, ref := range f.refs() {
		row := &Row{
			Cells:   make([]changeset.Value, len(ref.Table.Columns)),
			Writers: make([]Name, len(ref.Table.Columns)),
		}
		for i := range ref.Table.Columns {
			f.cell(row, ref, i)
		}
		f.state.Rows[ref] = row
	}
	for _, ref := range f.refs() {
		row := f.state.Rows[ref]
		row.Scope, _ = f.scope(ref.Table, row.Cells, nil)
	}
}

// refs lists the rows, parents first.
func (f *fold) refs() []Ref {
	return slices.SortedFunc(maps.Keys(f.writes), func(a, b Ref) int {
		return cmp.Or(a.Table.Number-b.Table.Number, bytes.Compare(a.ID[:], b.ID[:]))
	})
}

// cell finds what stands in a cell.
func (f *fold) cell(row *Row, ref Ref, column int) {
	var all []Cell
	for _, w := range f.writes[ref] {
		if v := w.change.Cells[column]; v.Kind != changeset.Absent {
			all = append(all, Cell{
				Name: w.Name, Clock: w.Clock, HQ: w.HQ, Knows: w.Knows, Saw: w.Saw, Value: v,
				Insert: w.change.Op == changeset.Insert,
			})
		}
	}
	col := &ref.Table.Columns[column]
	if len(all) == 0 { // nobody's schema version had the column
		row.Cells[column] = edit.Default(col)
		return
	}
	stands, competing := Stand(col.Rule, col.Choices, all)
	row.Cells[column], row.Writers[column] = stands.Value, stands.Name
	if len(competing) < 2 {
		return
	}
	c := Contest{Ref: ref, Column: column}
	for i := range competing {
		c.Writes = append(c.Writes, competing[i].Name)
		c.Open = c.Open || !competing[i].Value.Equal(competing[0].Value)
	}
	c.Writes = sortedNames(slices.Values(c.Writes))
	f.state.Contests = append(f.state.Contests, c)
}

// verdict says what becomes of an entry, its rows taken parents first.
func (f *fold) verdict(e *Entry) (outcome schema.Outcome, reason string) {
	if reason := refusal(e); reason != "" {
		return schema.Quarantined, reason
	}
	own := map[Ref]Scope{}
	changes := slices.Clone(e.Changes)
	slices.SortStableFunc(changes, func(a, b Change) int { return a.Table.Number - b.Table.Number })
	for i := range changes {
		c := &changes[i]
		if row, present := f.state.Rows[c.Ref]; present {
			outcome, reason = f.mayChange(e, c, row, own)
		} else {
			outcome, reason = f.mayInsert(e, c, own)
		}
		if outcome != schema.Merged {
			return outcome, reason
		}
	}
	return schema.Merged, ""
}

func (f *fold) mayInsert(e *Entry, c *Change, own map[Ref]Scope) (schema.Outcome, string) {
	if c.Op != changeset.Insert {
		return schema.Held, ""
	}
	scope, there := f.scope(c.Table, c.Cells, own)
	if !there {
		return schema.Held, ""
	}
	own[c.Ref] = scope
	return allowed(e, c.Table, scope, c.Cells)
}

func (f *fold) mayChange(e *Entry, c *Change, row *Row, own map[Ref]Scope) (schema.Outcome, string) {
	goal := row.Scope
	if c.Table.Scope.Kind == schema.ByParent &&
		c.Cells[c.Table.ColumnIndex(c.Table.Scope.Column)].Kind != changeset.Absent {
		scope, there := f.scope(c.Table, c.Cells, own)
		if !there {
			return schema.Held, ""
		}
		goal = scope
	}
	if outcome, reason := allowed(e, c.Table, row.Scope, row.Cells); outcome != schema.Merged {
		return outcome, reason
	}
	return allowed(e, c.Table, goal, row.Cells)
}

// scope of a row with these cells; not there if its parent is not.
func (f *fold) scope(t *schema.Table, cells []changeset.Value, own map[Ref]Scope) (Scope, bool) {
	switch t.Scope.Kind {
	case schema.ByCampaign:
		return Scope{All: true}, true
	case schema.ByHQ:
		return Scope{}, true
	case schema.ByTeam, schema.ByParent:
	}
	v := cells[t.ColumnIndex(t.Scope.Column)]
	if v.Kind != changeset.Blob {
		return Scope{}, true
	}
	if t.Scope.Kind == schema.ByTeam {
		return Scope{Held: true, Team: schema.TeamID(v.Bytes)}, true
	}
	parent := Ref{f.catalogue.MustTable(t.Scope.Parent), schema.RowID(v.Bytes)}
	if scope, ok := own[parent]; ok {
		return scope, true
	}
	row, ok := f.state.Rows[parent]
	if !ok {
		return Scope{}, false
	}
	return row.Scope, true
}

// allowed checks the author's rights over a row.
func allowed(e *Entry, t *schema.Table, scope Scope, cells []changeset.Value) (schema.Outcome, string) {
	switch {
	case e.HQ:
		return schema.Merged, ""
	case !scope.All && (!scope.Held || !slices.Contains(e.Teams, scope.Team)):
		return schema.Quarantined, schema.ReasonOutOfScope
	case t.Writer != schema.AuthorOnly:
		return schema.Merged, ""
	}
	if author := cells[t.ColumnIndex(t.Author)]; !bytes.Equal(author.Bytes, e.Inspector[:]) {
		return schema.Quarantined, schema.ReasonNotAuthor
	}
	return schema.Merged, ""
}

func sortedNames(names func(func(Name) bool)) []Name {
	return slices.SortedFunc(names, Name.Compare)
}

// Compare orders names by device, then seq.
func (n Name) Compare(other Name) int {
	return cmp.Or(bytes.Compare(n.Device[:], other.Device[:]), cmp.Compare(n.Seq, other.Seq))
}
