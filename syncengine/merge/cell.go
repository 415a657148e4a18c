package merge

import (
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/mutant"
)

// update plans a change of a row that headquarters has. An INSERT of one merges
// cell by cell too, with no base.
func (p *planner) update(c *change, row Row) error {
	u := updating{planner: p, change: c, row: row}
	goal, err := u.goal()
	if err != nil {
		return err
	}
	if err := p.mayWrite(c, row.Scope, u.value); err != nil {
		return err
	}
	if goal != row.Scope {
		if err := p.mayWrite(c, goal, u.value); err != nil {
			return err
		}
	}
	p.revision++
	n := len(c.row) + len(c.cells)
	u.write = RowWrite{
		RowRef: RowRef{c.table, c.id}, Scope: row.Scope, Stamps: row.Stamps,
		Columns: p.places.take(n)[:0], Values: p.values.take(n)[:0],
	}
	for i := range c.row {
		if err := u.cell(i, c.row[i], changeset.Value{}); err != nil {
			return err
		}
	}
	for i := range c.cells {
		if err := u.cell(c.cells[i].column, c.cells[i].theirs, c.cells[i].base); err != nil {
			return err
		}
	}
	return u.finish()
}

// updating is the work on one present row.
type updating struct {
	*planner
	change *change
	row    Row
	write  RowWrite
	marked bool // a stamp or a contest changed
	lost   bool // a value of the entry does not stand: its author has to be told
}

// goal is the scope of the parent that a change names, or else the row's. The parent
// must be there whether the row goes to it or another write stands: an entry must
// not be held or merged by what came first.
func (u *updating) goal() (Scope, error) {
	t := u.change.table
	if t.Scope.Kind != schema.ByParent || mutant.On(mutant.ParentNotAwaited) {
		return u.row.Scope, nil
	}
	parent, written := u.change.written(t.ColumnIndex(t.Scope.Column))
	if !written {
		return u.row.Scope, nil
	}
	return u.scopeOf(t, func(int) changeset.Value { return parent })
}

// cell decides one cell, and notes if another value stands in it. The author's own
// replica has theirs, so the row must come to it again.
func (u *updating) cell(i int, theirs, base changeset.Value) error {
	n := len(u.write.Columns)
	if err := u.decide(i, theirs, base); err != nil || u.lost || u.entry.Author.HQ {
		return err
	}
	if len(u.write.Columns) > n {
		u.lost = !u.write.Values[n].Equal(theirs)
		return nil
	}
	if u.change.table.Columns[i].Rule == schema.HQ || mutant.On(mutant.LoserNotTold) {
		return nil
	}
	ours, err := u.value(i)
	u.lost = err == nil && !ours.Equal(theirs)
	return err
}

func (u *updating) decide(i int, theirs, base changeset.Value) error {
	if mutant.On(mutant.InsertOverwrites) && u.change.op == changeset.Insert {
		u.take(i, theirs)
		return nil
	}
	switch u.rule(i) {
	case schema.Latest:
		return u.latest(i, theirs)
	case schema.Furthest:
		return u.furthest(i, theirs)
	case schema.HQ:
		return u.decided(i, theirs)
	case schema.Review:
		return u.review(i, theirs, base)
	case schema.Once:
		return u.once(i, theirs, base)
	default:
		panic("merge: no rule " + string(u.rule(i)))
	}
}

func (u *updating) rule(i int) schema.Rule {
	rule := u.change.table.Columns[i].Rule
	if mutant.On(mutant.OnceAsLatest) && rule == schema.Once ||
		mutant.On(mutant.FurthestAsLatest) && rule == schema.Furthest {
		return schema.Latest
	}
	return rule
}

// take lets the entry's value stand.
func (u *updating) take(i int, theirs changeset.Value) {
	s := u.stamp()
	if mutant.On(mutant.ClockBumped) {
		s.Clock = max(s.Clock, u.row.Stamps[i].Clock+1)
	}
	u.write.Stamps[i], u.marked = s, true
	u.write.Columns = append(u.write.Columns, i)
	u.write.Values = append(u.write.Values, theirs)
}

// restamp keeps the value and notes that somebody wrote it again, later.
func (u *updating) restamp(i int) error {
	if later, err := u.isLater(i); err != nil || !later {
		return err
	}
	u.write.Stamps[i], u.marked = u.stamp(), true
	return nil
}

// latest lets the write with the highest clock stand. What its author had seen
// does not come into it: an entry's effective clock is above the clocks of what
// its author had seen. A value that is there already makes no new revision.
func (u *updating) latest(i int, theirs changeset.Value) error {
	if later, err := u.isLater(i); err != nil || !later {
		return err
	}
	if !u.entry.knows(u.row.Stamps[i]) {
		ours, err := u.value(i)
		if err != nil {
			return err
		}
		if ours.Equal(theirs) {
			return u.restamp(i)
		}
	}
	u.take(i, theirs)
	return nil
}

// decided is Latest among headquarters' writes. A device's INSERT of the row has
// the column's default, which says nothing, whether it came first or not.
func (u *updating) decided(i int, theirs changeset.Value) error {
	if !u.entry.Author.HQ && !mutant.On(mutant.HQColumnWritten) {
		return nil
	}
	if later, err := u.isLater(i); err != nil || later || mutant.On(mutant.DefaultOverHQ) {
		return errOr(err, u.latest(i, theirs))
	}
	_, hq, err := u.device(u.row.Stamps[i].Author)
	if err == nil && !hq {
		u.take(i, theirs)
	}
	return err
}

func (u *updating) furthest(i int, theirs changeset.Value) error {
	ours, err := u.value(i)
	if err != nil {
		return err
	}
	if ours.Equal(theirs) {
		return u.restamp(i)
	}
	choices := u.change.table.Columns[i].Choices
	if place(choices, theirs) > place(choices, ours) {
		u.take(i, theirs)
	}
	return nil
}

// place of a state in its column's order; -1 for none.
func place(choices []schema.Choice, v changeset.Value) int {
	for i := range choices {
		if v.Kind == changeset.Text && choices[i].Code == string(v.Bytes) {
			return i
		}
	}
	return -1
}

// review lets a write stand that knows the standing one, and opens a contest
// otherwise. Writes of the same value compete too, in agreement: which of them a
// later decision had seen must not depend on which arrived first.
func (u *updating) review(i int, theirs, base changeset.Value) error {
	stamp := u.row.Stamps[i]
	if !stamp.Contested && u.entry.knows(stamp) {
		u.take(i, theirs)
		return nil
	}
	if mutant.On(mutant.EqualNotKept) && !stamp.Contested {
		if ours, err := u.value(i); err != nil || ours.Equal(theirs) {
			return errOr(err, u.restamp(i))
		}
	}
	return u.contest(i, theirs, base)
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// once lets the first value stand. NULL is no value, unless headquarters wrote
// it over others: it decided that the cell is empty.
func (u *updating) once(i int, theirs, base changeset.Value) error {
	ours, err := u.value(i)
	if err != nil {
		return err
	}
	stamp := u.row.Stamps[i]
	blank := theirs.Kind == changeset.Null && (!u.entry.Author.HQ || u.change.op == changeset.Insert) &&
		!mutant.On(mutant.OnceNullStands)
	never := stamp.Author == 0 || ours.Kind == changeset.Null && !stamp.Contested && !stamp.Emptied
	switch {
	case blank && never:
		return u.restamp(i)
	case blank:
		return nil
	case never:
		u.take(i, theirs)
		u.write.Stamps[i].Emptied = emptied(schema.Once, u.entry.Author.HQ, theirs)
		return nil
	}
	return u.contest(i, theirs, base)
}

// isLater says whether the entry is later than the write of a cell.
func (u *updating) isLater(i int) (bool, error) {
	stamp, a := u.row.Stamps[i], &u.entry.Author
	if stamp.Clock != u.entry.Clock && !mutant.On(mutant.ClockIgnored) {
		return u.entry.Clock > stamp.Clock, nil
	}
	device, _, err := u.device(stamp.Author)
	own := Write{Device: a.Device, Clock: u.entry.Clock, Revision: u.revision}
	return later(own, Write{Device: device, Clock: stamp.Clock, Revision: stamp.Revision}), err
}

// value is what headquarters has in a cell.
func (u *updating) value(i int) (changeset.Value, error) {
	return u.view.Cell(u.change.table, u.change.id, i)
}

// finish keeps the write if anything changed. Only a changed value gives the row a
// new revision, or one that does not stand: whoever wrote it pulls the row again.
func (u *updating) finish() error {
	if !u.marked && !u.lost {
		u.revision--
		return nil
	}
	u.write.Revision = u.revision
	if len(u.write.Columns) == 0 && !u.lost {
		u.write.Revision = u.row.Revision
	}
	if err := u.move(); err != nil {
		return err
	}
	u.writes = append(u.writes, u.write)
	return nil
}

// move finds the row's new scope if the column that decides it changed.
func (u *updating) move() error {
	t := u.change.table
	at := t.ColumnIndex(t.Scope.Column)
	if at < 0 || !slices.Contains(u.write.Columns, at) {
		return nil
	}
	scope, err := u.scopeOf(t, func(i int) changeset.Value {
		for k, column := range u.write.Columns {
			if column == i {
				return u.write.Values[k]
			}
		}
		return changeset.NullValue()
	})
	if err != nil {
		return err
	}
	u.write.From, u.write.Scope, u.write.Moved = u.row.Scope, scope, scope != u.row.Scope
	return nil
}
