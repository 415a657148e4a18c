package merge

import (
	"errors"
	"io"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/mutant"
)

// planner works through one entry.
type planner struct {
	catalogue *schema.Catalogue
	view      View
	entry     *Entry

	revision uint64
	writes   []RowWrite
	contests []Contest
	inserted map[RowRef]Scope // rows this entry inserts
	spare    []Stamp          // made ahead
	touched  map[RowRef]bool
}

// change is one change of the entry with its table looked up.
type change struct {
	table    *schema.Table
	op       changeset.Op
	id       schema.RowID
	old, new []changeset.Value // the key first
}

func (p *planner) run() error {
	changes, err := p.read()
	if err != nil {
		return err
	}
	p.touched = make(map[RowRef]bool, len(changes))
	p.writes = make([]RowWrite, 0, len(changes))
	for i := range changes {
		if err := p.row(&changes[i]); err != nil {
			return err
		}
	}
	p.movesLast()
	return nil
}

// movesLast puts the rows that move behind the others, children before parents.
func (p *planner) movesLast() {
	moved := func(w RowWrite) bool { return w.Moved }
	if mutant.On(mutant.MovedFirst) || !slices.ContainsFunc(p.writes, moved) {
		return
	}
	rank := func(w *RowWrite) int {
		if !w.Moved {
			return 0
		}
		return len(p.catalogue.Tables) - w.Table.Number
	}
	slices.SortStableFunc(p.writes, func(a, b RowWrite) int { return rank(&a) - rank(&b) })
}

// read decodes and checks the whole changeset, parents before children.
func (p *planner) read() ([]change, error) {
	r := changeset.NewReader(p.entry.Changeset, changeset.Limits{})
	var (
		changes []change
		arena   []changeset.Value
		wire    *changeset.Table
		table   *schema.Table
	)
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, quarantine(schema.ReasonMalformed, "%v", err)
		}
		if c.Table != wire {
			if wire = c.Table; c.Table != nil {
				if table, err = p.checkTable(c.Table); err != nil {
					return nil, err
				}
			}
		}
		own := change{table: table, op: c.Op}
		arena, own.old = keep(arena, c.Old)
		arena, own.new = keep(arena, c.New)
		if err := p.checkChange(&own); err != nil {
			return nil, err
		}
		changes = append(changes, own)
	}
	byTable := func(a, b change) int { return a.table.Number - b.table.Number }
	if !slices.IsSortedFunc(changes, byTable) {
		slices.SortStableFunc(changes, byTable)
	}
	return changes, nil
}

// keep copies values that the reader will reuse.
func keep(arena, values []changeset.Value) (grown, kept []changeset.Value) {
	if values == nil {
		return arena, nil
	}
	start := len(arena)
	arena = append(arena, values...)
	return arena, arena[start:len(arena):len(arena)]
}

// row plans one change.
func (p *planner) row(c *change) error {
	ref := RowRef{c.table, c.id}
	if p.touched[ref] {
		return quarantine(schema.ReasonMalformed, "%s %s is changed twice", c.table.Name, c.id)
	}
	p.touched[ref] = true
	row, present, err := p.view.Row(c.table, c.id)
	switch {
	case err != nil:
		return err
	case present:
		return p.update(c, row)
	case c.op == changeset.Insert:
		return p.insert(c)
	default:
		return await(c.table, c.id)
	}
}

// insert plans a row that headquarters does not have.
func (p *planner) insert(c *change) error {
	scope, err := p.scopeOf(c.table, func(i int) changeset.Value { return valueAt(c, i) })
	if err != nil {
		return err
	}
	signed := func(column int) (changeset.Value, error) { return valueAt(c, column), nil }
	if err := p.mayWrite(c, scope, signed); err != nil {
		return err
	}
	p.revision++
	w := RowWrite{
		RowRef: RowRef{c.table, c.id}, Insert: true, Scope: scope, Revision: p.revision,
		Columns: c.table.Places(), Values: allValues(c), Stamps: p.allStamped(len(c.table.Columns)),
	}
	if !mutant.On(mutant.DefaultWritten) {
		clear(w.Stamps[min(len(c.new)-1, len(w.Stamps)):]) // defaults, which its author did not write
	}
	if p.inserted == nil {
		p.inserted = map[RowRef]Scope{}
	}
	p.inserted[w.RowRef] = scope
	p.writes = append(p.writes, w)
	return nil
}

// allStamped is n stamps of this write.
func (p *planner) allStamped(n int) []Stamp {
	if len(p.spare) < n {
		p.spare = make([]Stamp, n*min(cap(p.writes), spareRows))
	}
	stamps := p.spare[:n:n]
	p.spare = p.spare[n:]
	for i := range stamps {
		stamps[i] = p.stamp()
	}
	return stamps
}

// spareRows is for how many rows stamps are made at once.
const spareRows = 64

// allValues is a new row's values, one per column of the table.
func allValues(c *change) []changeset.Value {
	if len(c.new) == 1+len(c.table.Columns) {
		return c.new[1:]
	}
	values := make([]changeset.Value, len(c.table.Columns))
	for i := range values {
		values[i] = valueAt(c, i)
	}
	return values
}

// stamp is that of a write of this entry at the current revision.
func (p *planner) stamp() Stamp {
	e := p.entry
	return Stamp{Author: e.Author.Number, Seq: e.Seq, Revision: p.revision, Clock: e.Clock}
}

// valueAt is the new value of a column. One that the author's version lacks has its
// default, as if nobody had written it yet.
func valueAt(c *change, column int) changeset.Value {
	if column+1 < len(c.new) {
		return c.new[column+1]
	}
	return edit.Default(&c.table.Columns[column])
}
