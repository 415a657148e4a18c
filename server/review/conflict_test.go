package review_test

import (
	"fmt"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

// dispute lets two phones write a column of one finding unseen by each other;
// the second write is later and arrives first.
func (o *office) dispute(
	column string, before, early, late changeset.Value,
) (a, b *ingesttest.Phone, id schema.RowID) {
	o.t.Helper()
	a, b, id = o.Shared()
	write := func(p *ingesttest.Phone, v changeset.Value) {
		p.Save(func(e *edit.Builder) {
			e.Confirm("finding", id, edit.Cells{column: before}, edit.Cells{column: v})
		})
	}
	write(a, early)
	o.Now = o.Now.Add(time.Minute)
	write(b, late)
	b.Push()
	a.Push()
	return a, b, id
}

// conflict is the only one of a state.
func (o *office) conflict(state string) review.Conflict {
	o.t.Helper()
	list, err := o.hq.Conflicts(o.t.Context(), o.Campaign, state)
	must(o.t, err)
	if len(list) != 1 {
		o.t.Fatalf("%d conflicts %s", len(list), state)
	}
	return list[0]
}

// resolve says what shall stand in a conflict as it was read.
func (o *office) resolve(c *review.Conflict, value *string) error {
	return o.hq.Resolve(o.t.Context(), o.Campaign, c.ID, review.Resolution{
		Value: value, Note: "已電話核實", ReadAt: c.ReadAt, Reviewer: "老趙",
	})
}

func severity(code string) changeset.Value { return edit.Text(code) }

func TestAConflictShowsBothSidesAndWhatStands(t *testing.T) {
	o := newOffice(t)
	a, b, id := o.dispute("severity", severity("minor"), severity("serious"), severity("critical"))
	c := o.conflict("open")
	if c.Table != "finding" || c.Row != id.String() || c.Column != "severity" || c.Label.Zh != "程度" ||
		c.Title != "帳目不清" || c.Unit != "槐塘村" || c.Team != "一組" || text(c.Base) != "minor" ||
		c.State != "open" || len(c.Choices) != 4 || c.OpenedAt != o.Now.UnixMilli() || c.ClosedAt != nil {
		t.Errorf("conflict %+v", c)
	}
	var got []string
	for _, w := range c.Writes {
		got = append(got, fmt.Sprintf("%s %s %s competing %v stands %v",
			w.DeviceID, w.Inspector, text(w.Value), w.Competing, w.Stands))
	}
	want := []string{
		a.ID.String() + " 甲 serious competing true stands false",
		b.ID.String() + " 甲 critical competing true stands true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if d := o.detail(id); d.Conflicts != 1 || len(d.Disputes) != 1 || d.Disputes[0].ID != c.ID {
		t.Errorf("the finding shows %d conflicts, %+v", d.Conflicts, d.Disputes)
	}
	if list, err := o.hq.Conflicts(t.Context(), o.Campaign, "closed"); err != nil || len(list) != 0 {
		t.Errorf("closed: %v, %v", list, err)
	}
}

func TestAReviewerKeepsOneSideOrTheOtherOrNeither(t *testing.T) {
	for name, value := range map[string]string{
		"the one that stands": "critical", "the other": "serious", "a third": "moderate",
		"what both started from": "minor",
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			a, b, id := o.dispute("severity", severity("minor"), severity("serious"), severity("critical"))
			open := o.conflict("open")
			must(t, o.resolve(&open, &value))
			if got := o.Cell("finding", id, "severity"); got != value {
				t.Errorf("%q stands", got)
			}
			closed := o.conflict("closed")
			if closed.ID != open.ID || closed.State != "resolved" || closed.ClosedAt == nil || len(closed.Writes) != 3 {
				t.Errorf("closed: %+v", closed)
			}
			d := o.detail(id)
			if d.Conflicts != 0 || len(d.Decisions) != 1 || d.Decisions[0].Column != "severity" ||
				d.Decisions[0].Decision != "resolved" || d.Decisions[0].Note != "已電話核實" {
				t.Errorf("decisions %+v", d.Decisions)
			}
			other := "serious"
			fails(t, o.resolve(&open, &other), schema.FaultConflictClosed)
			for _, p := range []*ingesttest.Phone{a, b} {
				rows := p.Pull()["finding"]
				at := 1 + o.Catalogue.MustTable("finding").ColumnIndex("severity")
				if len(rows) != 1 || string(rows[0].New[at].Bytes) != value {
					t.Errorf("a phone pulled %v", rows)
				}
			}
			o.Check()
		})
	}
}

func TestAConflictAboutAnyTypeOfColumnIsSettledWithAValueThatItShows(t *testing.T) {
	person := schema.NewRowID()
	for column, c := range map[string]struct {
		before, early, late changeset.Value
		shown               string // of the early one
	}{
		"detail":      {changeset.NullValue(), edit.Text("無票據"), edit.Text("票據不全"), "無票據"},
		"recorded_at": {changeset.NullValue(), edit.Int(5), edit.Int(6), "5"},
	} {
		t.Run(column, func(t *testing.T) {
			o := newOffice(t)
			o.dispute(column, c.before, c.early, c.late)
			open := o.conflict("open")
			early := open.Writes[len(open.Writes)-2]
			if text(early.Shown) != c.shown {
				t.Errorf("shown %q", text(early.Shown))
			}
			must(t, o.resolve(&open, early.Value))
			o.conflict("closed")
			o.Check()
		})
	}
	t.Run("inspector_id", func(t *testing.T) {
		o := newOffice(t)
		o.Write(func(b *edit.Builder) { b.Insert("inspector", person, edit.Cells{"name": edit.Text("丙")}) })
		_, _, id := o.dispute("inspector_id", changeset.NullValue(), edit.ID(o.People[1]), edit.ID(person))
		open := o.conflict("open")
		names := map[string]bool{}
		for _, w := range open.Writes {
			names[text(w.Shown)] = true
		}
		if !names["甲"] || !names["乙"] || !names["丙"] {
			t.Errorf("shown %v", names)
		}
		chosen := person.String()
		must(t, o.resolve(&open, &chosen))
		if d := o.detail(id); d.Inspector != "丙" {
			t.Errorf("inspector %q", d.Inspector)
		}
		o.Check()
	})
}

func TestAResolutionThatWasNotThoughtThroughIsRefused(t *testing.T) {
	o := newOffice(t)
	a, _, id := o.dispute("severity", severity("minor"), severity("serious"), severity("critical"))
	open := o.conflict("open")
	none, wrong := "", "apocalyptic"
	fails(t, o.resolve(&open, &wrong), schema.FaultValue)
	fails(t, o.resolve(&open, &none), schema.FaultValue)
	a.Save(ingesttest.SetCell(id, "severity", "serious", "moderate"))
	a.Push()
	chosen := "serious"
	fails(t, o.resolve(&open, &chosen), schema.FaultStale)
	o.conflict("open")
	for _, unknown := range []string{"", "zz", "00", open.ID + "00"} {
		c := open
		c.ID = unknown
		fails(t, o.resolve(&c, &chosen), schema.FaultNotFound)
	}
	if d := o.detail(id); len(d.Decisions) != 0 {
		t.Errorf("refused resolutions left %+v", d.Decisions)
	}
	open = o.conflict("open")
	must(t, o.resolve(&open, nil)) // empties the cell
	if got := o.Cell("finding", id, "severity"); got != "" {
		t.Errorf("%q stands", got)
	}
	o.Check()
}

func TestADeviceThatHasSeenAllClosesAConflictToo(t *testing.T) {
	o := newOffice(t)
	a, _, id := o.dispute("severity", severity("minor"), severity("serious"), severity("critical"))
	a.Pull()
	a.Save(ingesttest.SetCell(id, "severity", "critical", "moderate"))
	a.Push()
	closed := o.conflict("closed")
	if closed.State != "superseded" {
		t.Errorf("state %s", closed.State)
	}
	value := "serious"
	fails(t, o.resolve(&closed, &value), schema.FaultConflictClosed)
	o.Check()
}
