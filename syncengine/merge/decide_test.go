package merge_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"

	"github.com/google/go-cmp/cmp"
)

// devices is how many there are beside headquarters.
const devices = 3

func TestManyRandomEntriesLeaveACampaignThatHoldsTogether(t *testing.T) {
	outcomes := map[string]int{}
	for seed := range uint64(40) {
		g := &generator{rand.New(rand.NewPCG(seed, 2)), newModel(devices)}
		for range 150 {
			e := g.entry(1 + g.Uint32N(1+devices))
			plan := decide(t, g.model, e)
			outcomes[string(plan.Outcome)+" "+plan.Reason]++
			for i := range plan.Contests {
				outcomes[string(plan.Contests[i].State)]++
			}
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
			g.model.apply(&plan)
			if err := g.model.check(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
	for _, outcome := range []string{
		"merged ", "held ", "open", "agreed", "resolved", "superseded",
		"quarantined " + schema.ReasonDelete, "quarantined " + schema.ReasonNotWritable,
		"quarantined " + schema.ReasonHQColumn, "quarantined " + schema.ReasonOutOfScope,
		"quarantined " + schema.ReasonNotAuthor, "quarantined " + schema.ReasonBadValue,
		"quarantined " + schema.ReasonMalformed,
	} {
		if outcomes[outcome] == 0 {
			t.Errorf("no entry was %s: the test lost its teeth", outcome)
		}
	}
}

func FuzzDecide(f *testing.F) {
	for seed := range uint64(12) {
		g := &generator{rand.New(rand.NewPCG(seed, 3)), newModel(devices)}
		f.Add(seed, uint8(seed), g.changeset(seed%2 == 0))
	}
	f.Add(uint64(1), uint8(1), []byte{})
	f.Add(uint64(2), uint8(1), []byte("T\x01\x01finding\x00"))
	f.Add(uint64(3), uint8(2), []byte("P\x03\x01\x00\x00team\x00"))
	worlds := map[uint64]*model{}
	f.Fuzz(func(t *testing.T, seed uint64, author uint8, changeset []byte) {
		seed %= 16
		if worlds[seed] == nil {
			worlds[seed] = world(t, seed)
		}
		g := &generator{rand.New(rand.NewPCG(seed, 5)), worlds[seed].clone()}
		e := g.entry(1 + uint32(author)%(1+devices))
		e.Changeset = changeset
		plan := decide(t, g.model, e)
		g.model.apply(&plan)
		if err := g.model.check(); err != nil {
			t.Error(err)
		}
	})
}

// world is a campaign after some random entries.
func world(t *testing.T, seed uint64) *model {
	t.Helper()
	g := &generator{rand.New(rand.NewPCG(seed, 4)), newModel(devices)}
	for range 60 {
		plan, err := merge.Decide(g.model.catalogue, g.model, g.entry(1+g.Uint32N(1+devices)))
		if err != nil {
			t.Fatal(err)
		}
		g.model.apply(&plan)
	}
	return g.model
}

// decide plans an entry and checks what holds of every plan.
func decide(t *testing.T, m *model, e *merge.Entry) merge.Plan {
	t.Helper()
	before := m.clone()
	plan, err := merge.Decide(m.catalogue, m, e)
	if err != nil {
		t.Fatal(err)
	}
	again, err := merge.Decide(m.catalogue, before, e)
	if err != nil || !cmp.Equal(plan, again, cmp.Comparer(sameTable)) {
		t.Errorf("a second decision differs: %v\n%+v\n%+v", err, plan, again)
	}
	switch plan.Outcome {
	case schema.Merged:
		checkMerged(t, m, e, &plan)
	case schema.Held, schema.Quarantined:
		if len(plan.Writes)+len(plan.Contests) > 0 || plan.Revision != e.Revision {
			t.Errorf("%s with writes: %+v", plan.Outcome, plan)
		}
		if held := plan.Outcome == schema.Held; held != (plan.Awaits.Table != nil) || held == (plan.Reason != "") {
			t.Errorf("%s: %+v", plan.Outcome, plan)
		}
	case schema.Duplicate:
		t.Error("the chain knows duplicates, a merge does not")
	default:
		t.Errorf("outcome %q", plan.Outcome)
	}
	return plan
}

func sameTable(a, b *schema.Table) bool { return a == b || (a != nil && b != nil && a.Name == b.Name) }

func checkMerged(t *testing.T, m *model, e *merge.Entry, plan *merge.Plan) {
	t.Helper()
	if plan.Revision < e.Revision {
		t.Errorf("revision falls from %d to %d", e.Revision, plan.Revision)
	}
	seen := map[merge.RowRef]bool{}
	for i := range plan.Writes {
		w := &plan.Writes[i]
		if err := checkWrite(m, e, plan, w); err != nil {
			t.Errorf("%s %s: %v", w.Table.Name, w.ID, err)
		}
		if seen[w.RowRef] {
			t.Errorf("%s %s is written twice", w.Table.Name, w.ID)
		}
		seen[w.RowRef] = true
	}
	for i := range plan.Contests {
		c := &plan.Contests[i]
		if !seen[merge.RowRef{Table: c.Table, ID: c.Row}] || len(c.Writes) == 0 {
			t.Errorf("contest without a write of its row: %+v", c)
		}
	}
}

func checkWrite(m *model, e *merge.Entry, plan *merge.Plan, w *merge.RowWrite) error {
	_, present := m.rows[w.RowRef]
	switch {
	case w.Insert == present:
		return fmt.Errorf("insert %v, present %v", w.Insert, present)
	case len(w.Stamps) != len(w.Table.Columns) || len(w.Values) != len(w.Columns):
		return fmt.Errorf("%d stamps, %d values, %d columns", len(w.Stamps), len(w.Values), len(w.Columns))
	case w.Insert && len(w.Columns) != len(w.Table.Columns):
		return fmt.Errorf("a row is born with %d columns", len(w.Columns))
	case w.Revision > plan.Revision:
		return fmt.Errorf("revision %d of %d", w.Revision, plan.Revision)
	case !e.Author.HQ && (w.Table.Writer == schema.HQOnly || !slices.Contains(e.Author.Scopes, w.Scope)):
		return fmt.Errorf("a device writes in scope %d", w.Scope)
	}
	for k, column := range w.Columns {
		col := &w.Table.Columns[column]
		if v := w.Values[k]; (v.Kind == changeset.Null && col.Required) || v.Kind == changeset.Absent {
			return fmt.Errorf("%s is %v", col.Name, v)
		}
		if col.Rule == schema.HQ && !e.Author.HQ && (!w.Insert || !w.Values[k].Equal(edit.Default(col))) {
			return fmt.Errorf("a device writes headquarters' %s", col.Name)
		}
	}
	return nil
}

func TestARowThatADeviceInsertsAgainKeepsHeadquartersDecision(t *testing.T) {
	m := newModel(1)
	catalogue := m.catalogue
	visit, finding := schema.RowID{1}, schema.RowID{2}
	now := clock.Time(0)
	write := func(author uint32, do func(*edit.Builder)) {
		t.Helper()
		b := edit.New(catalogue)
		do(b)
		bytes, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		now++
		plan := decide(t, m, &merge.Entry{
			Clock:  now,
			Author: merge.Author{Number: author, Device: m.devices[author-1], HQ: author == 1, Scopes: []merge.Scope{2}},
			Schema: schema.Version, SchemaMax: schema.Version, Seen: m.revision, Revision: m.revision, Changeset: bytes,
		})
		if plan.Outcome != schema.Merged {
			t.Fatalf("%s %s", plan.Outcome, plan.Reason)
		}
		m.apply(&plan)
	}
	record := func(title string) func(*edit.Builder) {
		return func(b *edit.Builder) {
			b.Insert("finding", finding, edit.Cells{"visit_id": edit.ID(visit), "title": edit.Text(title)})
		}
	}
	write(1, func(b *edit.Builder) {
		b.Insert("visit", visit, edit.Cells{"team_id": edit.ID(schema.TeamID{}), "unit_id": edit.ID(schema.RowID{3})})
	})
	write(2, record("帳目不清"))
	write(1, func(b *edit.Builder) {
		b.Update("finding", finding, edit.Cells{"review_state": edit.Text("pending")},
			edit.Cells{"review_state": edit.Text("accepted")})
	})
	write(2, record("帳目不全"))
	table := catalogue.MustTable("finding")
	values := m.rows[merge.RowRef{Table: table, ID: finding}].values
	for column, want := range map[string]string{"review_state": "accepted", "title": "帳目不全"} {
		if got := string(values[table.ColumnIndex(column)].Bytes); got != want {
			t.Errorf("%s %q, want %q", column, got, want)
		}
	}
}
