package merge_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
)

// model is a campaign in memory: the least that merge.View asks for, and what a
// store does with a plan.
type model struct {
	catalogue *schema.Catalogue
	rows      map[merge.RowRef]*modelRow
	contests  map[cell]merge.Contest
	closed    map[cell][]merge.Contest
	devices   []schema.DeviceID // by author number, from 1; the first is headquarters
	revision  uint64

	// knew answers for what arrived late; nil: nothing does.
	knew func(merge.Stamp) bool
}

type modelRow struct {
	merge.Row
	values []changeset.Value
}

type cell struct {
	merge.RowRef
	column int
}

// newModel is an empty campaign with headquarters and some devices.
func newModel(devices int) *model {
	m := &model{
		catalogue: schema.NewCatalogue(),
		rows:      map[merge.RowRef]*modelRow{}, contests: map[cell]merge.Contest{},
		closed: map[cell][]merge.Contest{},
	}
	for i := range 1 + devices {
		m.devices = append(m.devices, schema.DeviceID{byte(0x50 ^ i)})
	}
	return m
}

func (m *model) Row(t *schema.Table, id schema.RowID) (merge.Row, bool, error) {
	r, ok := m.rows[merge.RowRef{Table: t, ID: id}]
	if !ok {
		return merge.Row{}, false, nil
	}
	row := r.Row
	row.Stamps = slices.Clone(row.Stamps)
	return row, true, nil
}

func (m *model) Scope(t *schema.Table, id schema.RowID) (merge.Scope, bool, error) {
	row, ok, err := m.Row(t, id)
	return row.Scope, ok, err
}

var errView = errors.New("asked for what is not there")

func (m *model) Cell(t *schema.Table, id schema.RowID, column int) (changeset.Value, error) {
	r, ok := m.rows[merge.RowRef{Table: t, ID: id}]
	if !ok {
		return changeset.Value{}, fmt.Errorf("%w: cell of %s %s", errView, t.Name, id)
	}
	return r.values[column], nil
}

func (m *model) Contest(t *schema.Table, id schema.RowID, column int) (merge.Contest, error) {
	c, ok := m.contests[cell{merge.RowRef{Table: t, ID: id}, column}]
	if !ok {
		return c, fmt.Errorf("%w: contest of %s %s, column %d", errView, t.Name, id, column)
	}
	c.Writes, c.Gone = slices.Clone(c.Writes), nil
	c.Opened, c.Was = false, [16]byte{}
	return c, nil
}

func (m *model) Knew(s merge.Stamp) (bool, error) {
	if m.knew == nil {
		return false, fmt.Errorf("%w: who knew an entry that nobody awaited", errView)
	}
	return m.knew(s), nil
}

func (m *model) Device(author uint32) (schema.DeviceID, bool, error) {
	if author == 0 || int(author) > len(m.devices) {
		return schema.DeviceID{}, false, fmt.Errorf("%w: author %d", errView, author)
	}
	return m.devices[author-1], author == 1, nil
}

// TeamScope numbers the teams of the tests by their first byte.
func (m *model) TeamScope(team schema.TeamID) (merge.Scope, error) {
	return 2 + merge.Scope(team[0]), nil
}

// apply stores a merged plan.
func (m *model) apply(plan *merge.Plan) {
	m.revision = plan.Revision
	for i := range plan.Writes {
		w := &plan.Writes[i]
		r := m.rows[w.RowRef]
		if r == nil {
			r = &modelRow{values: make([]changeset.Value, len(w.Table.Columns))}
			m.rows[w.RowRef] = r
		}
		r.Row = merge.Row{Scope: w.Scope, Revision: w.Revision, Stamps: slices.Clone(w.Stamps)}
		for k, column := range w.Columns {
			r.values[column] = w.Values[k].Clone()
		}
		if w.Moved {
			m.move(w.RowRef, w.From, w.Scope)
		}
	}
	for i := range plan.Contests {
		c := plan.Contests[i]
		at := cell{merge.RowRef{Table: c.Table, ID: c.Row}, c.Column}
		c.Gone = append(slices.Clip(m.contests[at].Gone), c.Gone...) // all that ever competed in it
		delete(m.contests, at)
		if c.State.Live() {
			c.Writes = slices.Clone(c.Writes)
			m.contests[at] = c
		} else {
			m.closed[at] = append(slices.Clip(m.closed[at]), c)
		}
	}
}

// move takes a row's children along into another scope.
func (m *model) move(parent merge.RowRef, from, to merge.Scope) {
	for _, t := range m.catalogue.Children(parent.Table) {
		column := t.ColumnIndex(t.Scope.Column)
		for ref, r := range m.rows {
			if ref.Table == t && r.Scope == from && string(r.values[column].Bytes) == string(parent.ID[:]) {
				m.revision++
				r.Scope, r.Revision = to, m.revision
				m.move(ref, from, to)
			}
		}
	}
}

// check says where the campaign contradicts itself: a cell is contested if and
// only if several writes compete in it, and shows the one that its stamp names.
func (m *model) check() error {
	for ref, r := range m.rows {
		if r.Revision > m.revision {
			return fmt.Errorf("%s %s has revision %d of %d", ref.Table.Name, ref.ID, r.Revision, m.revision)
		}
		for i, s := range r.Stamps {
			c, contested := m.contests[cell{ref, i}]
			if s.Contested != contested {
				return fmt.Errorf("%s.%s of %s: contested %v, contest %+v",
					ref.Table.Name, ref.Table.Columns[i].Name, ref.ID, s.Contested, c)
			}
			if contested && !shown(c.Writes, s, r.values[i]) {
				return fmt.Errorf("%s.%s of %s shows %v by %+v, which does not compete: %+v",
					ref.Table.Name, ref.Table.Columns[i].Name, ref.ID, r.values[i], s, c.Writes)
			}
		}
	}
	for at, c := range m.contests {
		if m.rows[at.RowRef] == nil || len(c.Writes) < 2 {
			return fmt.Errorf("contest %+v in %s", c, at.ID)
		}
	}
	return nil
}

func shown(writes []merge.Write, s merge.Stamp, value changeset.Value) bool {
	return slices.ContainsFunc(writes, func(w merge.Write) bool {
		return w.Author == s.Author && w.Seq == s.Seq && w.Revision == s.Revision && w.Clock == s.Clock &&
			w.Value.Equal(value)
	})
}

// clone is a copy that changes on its own.
func (m *model) clone() *model {
	c := *m
	c.rows, c.contests, c.closed = map[merge.RowRef]*modelRow{}, maps.Clone(m.contests), maps.Clone(m.closed)
	for ref, r := range m.rows {
		own := *r
		own.values, own.Stamps = slices.Clone(r.values), slices.Clone(r.Stamps)
		c.rows[ref] = &own
	}
	return &c
}
