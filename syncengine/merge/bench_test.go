package merge_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// BenchmarkDecide plans entries of a hundred changes: new rows, edits of what
// their author had seen, and edits of what nobody had seen.
func BenchmarkDecide(b *testing.B) {
	for _, kind := range []struct {
		name   string
		insert bool
		seen   uint64
	}{{"new rows", true, 0}, {"known", false, 1 << 40}, {"unknown", false, 0}} {
		b.Run(kind.name, func(b *testing.B) {
			m, e := benched(b, kind.insert)
			e.Seen = kind.seen
			b.ReportAllocs()
			for b.Loop() {
				plan, err := merge.Decide(m.catalogue, m, e)
				if err != nil || plan.Outcome != schema.Merged {
					b.Fatal(plan.Outcome, plan.Reason, err)
				}
			}
		})
	}
}

// benched is a campaign with a hundred findings and an entry of another phone
// that changes them, or that inserts as many more.
func benched(b *testing.B, insert bool) (*model, *merge.Entry) {
	m, visit := newModel(2), schema.RowID{1}
	entry := func(author uint32, first byte, do func(e *edit.Builder, id schema.RowID)) *merge.Entry {
		e := edit.New(m.catalogue)
		for i := range byte(100) {
			do(e, schema.RowID{first, i})
		}
		bytes, err := e.Bytes()
		if err != nil {
			b.Fatal(err)
		}
		return &merge.Entry{
			Author: merge.Author{
				Number: author, Device: m.devices[author-1], HQ: author == 1, Scopes: []merge.Scope{2},
			},
			Schema: schema.Version, SchemaMax: schema.Version, Revision: m.revision, Clock: clock.Time(10 + author), Changeset: bytes,
		}
	}
	finding := func(e *edit.Builder, id schema.RowID) {
		e.Insert("finding", id, edit.Cells{
			"visit_id": edit.ID(visit), "title": edit.Text("帳目不清"), "severity": edit.Text("minor"),
		})
	}
	apply := func(e *merge.Entry) {
		plan, err := merge.Decide(m.catalogue, m, e)
		if err != nil || plan.Outcome != schema.Merged {
			b.Fatal(plan.Outcome, plan.Detail, err)
		}
		m.apply(&plan)
	}
	first := true
	apply(entry(1, 1, func(e *edit.Builder, _ schema.RowID) {
		if first {
			e.Insert("visit", visit, edit.Cells{
				"team_id": edit.ID(schema.TeamID{}), "unit_id": edit.ID(schema.RowID{3}),
			})
		}
		first = false
	}))
	apply(entry(2, 2, finding))
	if insert {
		return m, entry(3, 3, finding)
	}
	return m, entry(3, 2, func(e *edit.Builder, id schema.RowID) {
		e.Update("finding", id, edit.Cells{"title": edit.Text("帳目不清"), "severity": edit.Text("minor")},
			edit.Cells{"title": edit.Text("帳目不全"), "severity": changeset.TextValue("serious")})
	})
}
