package ingest_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
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
