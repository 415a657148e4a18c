package merge

import (
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// update plans a change of a row that headquarters has. An INSERT of one merges
// cell by cell too, with no base.
func (p *planner) update(c *change, row Row) error {
	u := updating{planner: p, change: c, row: row}
	if err := p.mayWrite(c, row.Scope, u.value); err != nil {
		return err
	}
	p.revision++
	u.write = RowWrite{RowRef: RowRef{c.table, c.id}, Scope: row.Scope, Stamps: row.Stamps}
	for i := range min(len(c.table.Columns), len(c.new)-1) {
		theirs := c.new[i+1]
		if theirs.Kind == changeset.Absent {
			continue
		}
		base := changeset.Value{}
		if c.op == changeset.Update {
			base = c.old[i+1]
		}
		if err := u.cell(i, theirs, base); err != nil {
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
	ours   []changeset.Value // read when first needed
	marked bool              // a stamp or a contest changed
}

// cell decides one cell.
func (u *updating) cell(i int, theirs, base changeset.Value) error {
	col, stamp := &u.change.table.Columns[i], u.row.Stamps[i]
	if col.Rule == schema.HQ && !u.entry.Author.HQ {
		return nil // a device's INSERT has its default, which says nothing
	}
	knows := u.entry.knows(stamp)
	switch col.Rule {
	case schema.Latest, schema.HQ:
		if knows {
			u.take(i, theirs)
			return nil
		}
		return u.latest(i, theirs)
	case schema.Furthest:
		return u.furthest(i, theirs)
	case schema.Review:
		if knows && !stamp.Contested {
			u.take(i, theirs)
			return nil
		}
		if u.entry.outdated(stamp) {
			return nil
		}
		return u.contest(i, theirs, base)
	case schema.Once:
		return u.once(i, theirs, base)
	default:
		panic("merge: no rule " + string(col.Rule))
	}
}

// take lets the entry's value stand. Its clock follows the one it replaces even
// when its author's clock did not.
func (u *updating) take(i int, theirs changeset.Value) {
	s := u.stamp()
	s.Clock = max(s.Clock, u.row.Stamps[i].Clock+1)
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

func (u *updating) latest(i int, theirs changeset.Value) error {
	ours, err := u.value(i)
	if err != nil {
		return err
	}
	if ours.Equal(theirs) {
		return u.restamp(i)
	}
	later, err := u.isLater(i)
	if err == nil && later {
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

// once lets the first value stand. NULL is no value: it neither stands nor
// competes, unless headquarters emptied the cell against others. Writes of the
// same value compete too, in agreement: which of them a later decision had seen
// must not depend on which arrived first.
func (u *updating) once(i int, theirs, base changeset.Value) error {
	ours, err := u.value(i)
	switch {
	case err != nil:
		return err
	case theirs.Kind == changeset.Null && !u.entry.Author.HQ:
		return nil
	case ours.Kind == changeset.Null && !u.row.Stamps[i].Contested:
		u.take(i, theirs)
		return nil
	}
	return u.contest(i, theirs, base)
}

// contest lets a write compete with those its author had not seen.
func (u *updating) contest(i int, theirs, base changeset.Value) error {
	contest, err := u.competing(i, base)
	if err != nil {
		return err
	}
	a := &u.entry.Author
	w := Write{
		Author: a.Number, Device: a.Device, HQ: a.HQ, Revision: u.revision,
		Clock: u.entry.Clock, Value: theirs, Base: base,
	}
	rule := u.change.table.Columns[i].Rule
	for i := range contest.Writes {
		if rule == schema.Review && u.entry.outdated(contest.Writes[i].stamp()) {
			return nil
		}
	}
	left, gone, winner := settle(rule, contest.Writes, w, func(c Write) bool {
		return u.entry.knows(c.stamp())
	})
	u.settled(i, left, winner)
	if len(left) == 1 && contest.Opened {
		return nil // it never was one: the author knew the only other write
	}
	u.marked = true // the write's revision names it in the contest
	contest.Writes, contest.Gone, contest.State = left, gone, contestState(left, w)
	u.contests = append(u.contests, contest)
	return nil
}

// competing finds what competes in a cell: its contest, or the value it has.
func (u *updating) competing(i int, base changeset.Value) (Contest, error) {
	t, id, stamp := u.change.table, u.change.id, u.row.Stamps[i]
	if stamp.Contested {
		return u.view.Contest(t, id, i)
	}
	value, err := u.value(i)
	if err != nil {
		return Contest{}, err
	}
	device, hq, err := u.view.Device(stamp.Author)
	if err != nil {
		return Contest{}, err
	}
	return Contest{
		ID:    ContestID(u.entry.Campaign, t, id, i, base),
		Table: t, Row: id, Column: i, Base: base, Opened: true,
		Writes: []Write{{
			Author: stamp.Author, Device: device, HQ: hq,
			Revision: stamp.Revision, Clock: stamp.Clock, Value: value, Base: base,
		}},
	}, nil
}

// settled stores the winner of a contest in the row.
func (u *updating) settled(i int, left []Write, winner int) {
	w := left[winner]
	s := Stamp{Author: w.Author, Contested: len(left) > 1, Revision: w.Revision, Clock: w.Clock}
	if w.Revision == u.revision || u.row.Stamps[i].Revision != w.Revision {
		u.write.Columns = append(u.write.Columns, i)
		u.write.Values = append(u.write.Values, w.Value)
	}
	if s != u.row.Stamps[i] {
		u.write.Stamps[i], u.marked = s, true
	}
}

// isLater says whether the entry is later than the write of a cell.
func (u *updating) isLater(i int) (bool, error) {
	stamp, a := u.row.Stamps[i], &u.entry.Author
	if stamp.Clock != u.entry.Clock {
		return u.entry.Clock > stamp.Clock, nil
	}
	device, _, err := u.view.Device(stamp.Author)
	return later(Write{Device: a.Device, Revision: u.revision},
		Write{Device: device, Revision: stamp.Revision}), err
}

// value is what headquarters has in a cell.
func (u *updating) value(i int) (changeset.Value, error) {
	if u.ours == nil {
		cells, err := u.view.Cells(u.change.table, u.change.id)
		if err != nil {
			return changeset.Value{}, err
		}
		u.ours = cells
	}
	return u.ours[i], nil
}

// finish keeps the write if anything changed. Only a changed value gives the
// row a new revision.
func (u *updating) finish() error {
	if !u.marked {
		u.revision--
		return nil
	}
	u.write.Revision = u.revision
	if len(u.write.Columns) == 0 {
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
	if err := u.mayWrite(u.change, scope, u.value); err != nil {
		return err
	}
	u.write.From, u.write.Scope, u.write.Moved = u.row.Scope, scope, scope != u.row.Scope
	return nil
}
