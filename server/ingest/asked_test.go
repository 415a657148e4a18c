package ingest_test

import (
	"slices"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/clock"
)

func TestAnEntryThatIsSentAgainIsToldHowManyOfItsConflictsAreOpen(t *testing.T) {
	w := ingesttest.New(t)
	a, b, finding := w.Shared()
	a.Save(ingesttest.SetCell(finding, "severity", "minor", "serious"))
	b.Save(ingesttest.SetCell(finding, "severity", "minor", "critical"))
	a.Push()
	if r := b.Push(); r.Entries[0].Conflicts != 1 {
		t.Fatalf("%+v", r.Entries[0])
	}
	again := func(p *ingesttest.Phone, seq uint64) schema.EntryReceipt {
		t.Helper()
		r, err := w.Service.Push(t.Context(), p.From(seq))
		if err != nil {
			t.Fatal(err)
		}
		return r.Entries[0]
	}
	if r := again(a, 2); r.Outcome != schema.Duplicate || r.Conflicts != 1 {
		t.Errorf("the first of the two: %+v", r)
	}
	if r := again(a, 1); r.Conflicts != 0 {
		t.Errorf("one before: %+v", r)
	}
	b.Pull()
	b.Save(ingesttest.SetCell(finding, "severity", w.Cell("finding", finding, "severity"), "minor"))
	b.Push()
	if r := again(a, 2); r.Conflicts != 0 {
		t.Errorf("settled: %+v", r)
	}
}

func TestWhoWroteFirstHearsOfAConflictByTheNextPull(t *testing.T) {
	for _, firstStands := range []bool{true, false} {
		w := ingesttest.New(t)
		a, b, finding := w.Shared()
		early, late := &a.Clock, &b.Clock
		if firstStands {
			early, late = late, early
		}
		*late = max(*early, *late) + clock.FromMillis(1000)
		a.Save(ingesttest.SetCell(finding, "severity", "minor", "serious"))
		b.Save(ingesttest.SetCell(finding, "severity", "minor", "critical"))
		a.Push()
		if a.Pull(); len(a.Disputed) > 0 {
			t.Errorf("first stands %v: %v before anybody else wrote", firstStands, a.Disputed)
		}
		b.Push()
		if a.Pull(); !slices.Equal(a.Disputed, []uint64{2}) {
			t.Errorf("first stands %v: the first hears of %v, want its second entry", firstStands, a.Disputed)
		}
		if b.Pull(); !slices.Equal(b.Disputed, []uint64{1}) {
			t.Errorf("first stands %v: the second hears of %v, want its only entry", firstStands, b.Disputed)
		}
		b.Save(ingesttest.SetCell(finding, "severity", w.Cell("finding", finding, "severity"), "minor"))
		b.Push()
		if a.Pull(); len(a.Disputed) > 0 {
			t.Errorf("first stands %v: %v of one that is over", firstStands, a.Disputed)
		}
	}
}
