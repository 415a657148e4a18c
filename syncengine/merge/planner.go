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

// Planner plans entries one after another. It reuses its memory: a plan is good
// until the next one is made, the values, stamps and competing writes in it longer.
type Planner struct {
	catalogue *schema.Catalogue
	reader    *changeset.Reader
	values    arena[changeset.Value]
	cells     arena[cellChange]
	stamps    arena[Stamp]
	places    arena[int]
	sides     arena[Write]
	changes   []change
	writes    []RowWrite
	contests  []Contest
	touched   map[RowRef]int
	room      int // for how many rows touched was made
}

// NewPlanner is a planner for a catalogue.
func NewPlanner(catalogue *schema.Catalogue) *Planner {
	return &Planner{
		catalogue: catalogue, reader: changeset.NewReader(nil, changeset.Limits{}),
		touched: map[RowRef]int{},
	}
}

// arena hands out slices of memory that it makes in growing blocks.
type arena[T any] struct {
	free []T
	size int // of the last block
}

// Sizes of an arena's blocks.
const (
	blockMin = 64
	blockMax = 4096
)

func (a *arena[T]) take(n int) []T {
	if len(a.free) < n {
		a.size = min(max(2*a.size, blockMin), blockMax)
		a.free = make([]T, max(a.size, n))
	}
	taken := a.free[:n:n]
	a.free = a.free[n:]
	return taken
}

// planner works through one entry.
type planner struct {
	*Planner
	view     View
	entry    *Entry
	revision uint64
}

// change is one change of the entry with its table looked up.
type change struct {
	table *schema.Table
	op    changeset.Op
	id    schema.RowID
	row   []changeset.Value // of an INSERT, without the key; as wide as its author's table
	cells []cellChange      // of an UPDATE
}

// cellChange is what an UPDATE does to a cell.
type cellChange struct {
	column       int
	base, theirs changeset.Value
}

// written is the value that a change writes into a column.
func (c *change) written(column int) (changeset.Value, bool) {
	if c.op == changeset.Insert {
		if column < 0 || column >= len(c.row) {
			return changeset.Value{}, false
		}
		return c.row[column], true
	}
	for i := range c.cells {
		if c.cells[i].column == column {
			return c.cells[i].theirs, true
		}
	}
	return changeset.Value{}, false
}

func (p *planner) run() error {
	if err := p.read(); err != nil {
		return err
	}
	p.forget(len(p.changes))
	p.writes, p.contests = slices.Grow(p.writes[:0], len(p.changes)), p.contests[:0]
	for i := range p.changes {
		if err := p.row(&p.changes[i]); err != nil {
			return err
		}
	}
	p.movesLast()
	return nil
}

// forget empties touched and has room in it for n rows.
func (d *Planner) forget(n int) {
	if n <= d.room {
		clear(d.touched)
		return
	}
	d.touched, d.room = make(map[RowRef]int, n), n
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
func (p *planner) read() error {
	p.reader.Reset(p.entry.Changeset)
	p.changes = p.changes[:0]
	var wire *changeset.Table
	var table *schema.Table
	for {
		c, err := p.reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return quarantine(schema.ReasonMalformed, "%v", err)
		}
		if c.Table != wire {
			wire = c.Table
			if table, err = p.checkTable(c.Table); err != nil {
				return err
			}
		}
		if err := p.checkChange(table, &c); err != nil {
			return err
		}
		p.changes = append(p.changes, p.keep(table, &c))
	}
	byTable := func(a, b change) int { return a.table.Number - b.table.Number }
	if !slices.IsSortedFunc(p.changes, byTable) {
		slices.SortStableFunc(p.changes, byTable)
	}
	return nil
}

// keep copies a checked change out of the reader, which will reuse its memory.
func (p *planner) keep(table *schema.Table, c *changeset.Change) change {
	own := change{table: table, op: c.Op, id: schema.RowID(keyOf(c).Bytes)}
	if c.Op == changeset.Insert {
		own.row = p.values.take(len(c.New) - 1)
		copy(own.row, c.New[1:])
		return own
	}
	if c.New == nil {
		return own
	}
	n := 0
	for i := range c.New[1:] {
		if c.New[1+i].Kind != changeset.Absent {
			n++
		}
	}
	own.cells = p.cells.take(n)[:0]
	for i := range c.New[1:] {
		if c.New[1+i].Kind != changeset.Absent {
			own.cells = append(own.cells, cellChange{i, c.Old[1+i], c.New[1+i]})
		}
	}
	return own
}

// keyOf is the key of a changed row.
func keyOf(c *changeset.Change) changeset.Value {
	if c.Op == changeset.Insert {
		return c.New[0]
	}
	return c.Old[0]
}

// row plans one change.
func (p *planner) row(c *change) error {
	ref := RowRef{c.table, c.id}
	if len(p.changes) > 1 {
		if _, again := p.touched[ref]; again {
			return quarantine(schema.ReasonMalformed, "%s %s is changed twice", c.table.Name, c.id)
		}
		p.touched[ref] = len(p.writes)
	}
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

// inserted is the scope of a row that this entry inserts.
func (p *planner) inserted(ref RowRef) (Scope, bool) {
	at, touched := p.touched[ref]
	if !touched || at >= len(p.writes) || p.writes[at].RowRef != ref || !p.writes[at].Insert {
		return 0, false
	}
	return p.writes[at].Scope, true
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
		Columns: c.table.Places(), Values: p.allValues(c), Stamps: p.allStamped(len(c.table.Columns)),
	}
	if !mutant.On(mutant.DefaultWritten) {
		clear(w.Stamps[min(len(c.row), len(w.Stamps)):]) // defaults, which its author did not write
	}
	p.writes = append(p.writes, w)
	return nil
}

// allStamped is n stamps of this write.
func (p *planner) allStamped(n int) []Stamp {
	stamps, stamp := p.stamps.take(n), p.stamp()
	for i := range stamps {
		stamps[i] = stamp
	}
	return stamps
}

// allValues is a new row's values, one per column of the table.
func (p *planner) allValues(c *change) []changeset.Value {
	if len(c.row) == len(c.table.Columns) {
		return c.row
	}
	values := p.values.take(len(c.table.Columns))
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
	if column < len(c.row) {
		return c.row[column]
	}
	return edit.Default(&c.table.Columns[column])
}
