package merge_test

import (
	"fmt"
	"maps"
	"math/rand/v2"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/naive"
)

// history is what happened in the field: entries of several devices and of
// headquarters, each with what its author knew. What an author knew is closed:
// who knows an entry knows all that its author knew.
type history struct {
	*rand.Rand
	catalogue *schema.Catalogue
	entries   []naive.Entry
	present   map[naive.Ref]bool // to somebody
}

// The rows are of families whose rights never change, so that what a device may
// write does not depend on the order of arrival: those of team 0, those that move
// between the teams, and those of team 1.
const families = 3

// crew are the devices. The last writes for team 0 alone.
func crew() []naive.Entry {
	x, y := schema.RowID{0xaa}, schema.RowID{0xbb}
	both := []schema.TeamID{{0}, {1}}
	list := []naive.Entry{
		{HQ: true}, {Inspector: x, Teams: both}, {Inspector: y, Teams: both}, {Inspector: x, Teams: both[:1]},
	}
	devices := newModel(len(list) - 1).devices
	for i := range list {
		list[i].Device, list[i].Knows = devices[i], map[schema.DeviceID]uint64{}
	}
	return list
}

// newHistory makes up a history of some entries.
func newHistory(seed uint64, entries int) *history {
	h := &history{
		Rand: rand.New(rand.NewPCG(seed, 7)), catalogue: schema.NewCatalogue(),
		present: map[naive.Ref]bool{},
	}
	people := crew()
	if h.IntN(8) > 0 {
		h.begin(people)
	}
	talk := h.IntN(4) // how much they hear of one another
	for len(h.entries) < entries {
		who := &people[h.IntN(len(people))]
		if other := &people[h.IntN(len(people))]; h.IntN(8) < talk && other != who {
			learn(who, other)
			continue
		}
		who.Seq++
		who.Clock += clock.Time(1 + h.IntN(3))
		e := *who
		e.Knows, e.Changes = maps.Clone(who.Knows), h.changes(who)
		h.entries = append(h.entries, e)
	}
	return h
}

// begin lets headquarters make the visits, mostly known to all.
func (h *history) begin(people []naive.Entry) {
	hq := &people[0]
	hq.Seq, hq.Clock = 1, 1
	e := *hq
	e.Knows = map[schema.DeviceID]uint64{}
	for family := range families {
		for n := range byte(1 + h.IntN(2)) {
			c := naive.Change{Ref: h.ref("visit", family), Op: changeset.Insert}
			c.ID[1] = n
			c.Cells = h.cells(&c, hq, family)
			h.present[c.Ref] = true
			e.Changes = append(e.Changes, c)
		}
	}
	h.entries = append(h.entries, e)
	for i := range people[1:] {
		if h.IntN(4) > 0 {
			learn(&people[1+i], hq)
		}
	}
}

// learn lets a device hear of all that another one has and knows.
func learn(who, from *naive.Entry) {
	for device, seq := range from.Knows {
		who.Knows[device] = max(who.Knows[device], seq)
	}
	who.Knows[from.Device] = from.Seq
	delete(who.Knows, who.Device)
}

// changes are those of one entry, no row twice.
func (h *history) changes(who *naive.Entry) []naive.Change {
	var list []naive.Change
	touched := map[naive.Ref]bool{}
	old := h.IntN(3) == 0 // the app is of the first schema version
	for range 1 + h.IntN(3) {
		family := []int{0, 0, 0, 1, 1, 2}[h.IntN(6)]
		if len(who.Teams) == 1 {
			family = []int{0, 0, 0, 2}[h.IntN(4)]
		}
		name := []string{"visit", "verification", "finding", "finding", "comment"}[h.IntN(5)]
		c := naive.Change{Ref: h.ref(name, family)}
		if touched[c.Ref] {
			continue
		}
		touched[c.Ref] = true
		c.Op = changeset.Insert
		if present := h.present[c.Ref]; present != (h.IntN(6) == 0) || (name == "visit" && !who.HQ) {
			c.Op = changeset.Update
		}
		h.present[c.Ref] = h.present[c.Ref] || c.Op == changeset.Insert
		c.Cells = h.cells(&c, who, family)
		for i := range c.Cells {
			if old && c.Table.Columns[i].Since > 1 {
				c.Cells[i] = changeset.Value{}
			}
		}
		if h.IntN(150) == 0 {
			c.Op, c.Cells = changeset.Delete, make([]changeset.Value, len(c.Cells))
		}
		list = append(list, c)
	}
	return list
}

// ref is one of a table's few rows of a family.
func (h *history) ref(table string, family int) naive.Ref {
	return naive.Ref{
		Table: h.catalogue.MustTable(table),
		ID:    schema.RowID{byte(0x10 + family), byte(h.IntN(4) / 3), byte(h.catalogue.MustTable(table).Number)},
	}
}

// cells are all columns of an INSERT, some of an UPDATE.
func (h *history) cells(c *naive.Change, who *naive.Entry, family int) []changeset.Value {
	cells := make([]changeset.Value, len(c.Table.Columns))
	for i := range cells {
		col := &c.Table.Columns[i]
		switch foreign := col.Rule == schema.HQ && !who.HQ; {
		case c.Op == changeset.Update && (h.IntN(4) > 0 || foreign && h.IntN(200) > 0):
		case foreign && c.Op == changeset.Insert && h.IntN(300) > 0:
			cells[i] = edit.Default(col)
		default:
			cells[i] = h.value(c.Table, col, family)
		}
	}
	return cells
}

// value is one of few that a column can hold, seldom one that it cannot.
func (h *history) value(t *schema.Table, col *schema.Column, family int) changeset.Value {
	switch {
	case col.Name == "team_id":
		return edit.ID(schema.TeamID{byte([]int{0, h.IntN(2), 1}[family])})
	case col.Name == t.Author:
		return edit.ID(schema.RowID{[]byte{0xaa, 0xbb, 0xaa}[family]})
	case t.Scope.Kind == schema.ByParent && col.Name == t.Scope.Column:
		parent := h.ref(t.Scope.Parent, family).ID
		if h.IntN(30) == 0 {
			parent[1] = 9 // never arrives
		}
		return edit.ID(parent)
	case h.IntN(1000) == 0:
		return changeset.RealValue(0.5)
	case !col.Required && h.IntN(4) == 0:
		return changeset.NullValue()
	case col.Type == schema.ID:
		return edit.ID(schema.RowID{byte(h.IntN(2))})
	case col.Type == schema.Integer:
		return changeset.Int(int64(h.IntN(2)))
	case len(col.Choices) > 0:
		return changeset.TextValue(col.Choices[h.IntN(len(col.Choices))].Code)
	}
	return changeset.TextValue([]string{"甲", "乙"}[h.IntN(2)])
}

// version is the lowest schema version that has all columns which an entry writes.
func version(e *naive.Entry) int {
	v := 1
	for i := range e.Changes {
		for k, cell := range e.Changes[i].Cells {
			if cell.Kind != changeset.Absent {
				v = max(v, e.Changes[i].Table.Columns[k].Since)
			}
		}
	}
	return v
}

// encode writes an entry's changes as a changeset. What an author thinks was there
// before does not matter, so it is always NULL.
func encode(e *naive.Entry) []byte {
	w := changeset.NewWriter(changeset.Changeset)
	for i := range e.Changes {
		c := &e.Changes[i]
		flags := make([]byte, c.Table.Width(version(e)))
		flags[0] = 1
		w.Table(c.Table.Name, flags)
		now := append([]changeset.Value{edit.ID(c.ID)}, c.Cells[:len(flags)-1]...)
		var err error
		switch c.Op {
		case changeset.Insert:
			err = w.Insert(false, now)
		case changeset.Delete:
			for k := range now[1:] {
				now[1+k] = changeset.NullValue()
			}
			err = w.Delete(false, now)
		case changeset.Update:
			old := make([]changeset.Value, len(now))
			old[0], now[0] = now[0], changeset.Value{}
			for k := range now {
				if now[k].Kind != changeset.Absent {
					old[k] = changeset.NullValue()
				}
			}
			err = w.Update(false, old, now)
		}
		if err != nil {
			panic(fmt.Sprintf("encode entry %d: %v", e.Seq, err))
		}
	}
	return w.Bytes()
}
