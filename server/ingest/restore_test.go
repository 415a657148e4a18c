package ingest_test

import (
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/edit"
)

// resend pushes all of a phone's entries again.
func resend(t *testing.T, w *ingesttest.World, p *ingesttest.Phone) schema.Receipt {
	t.Helper()
	receipt, err := w.Service.Push(t.Context(), p.From(1))
	must(t, err)
	return receipt
}

func TestAnEditThatSawWhatARestoredServerLostOpensNoConflict(t *testing.T) {
	for _, first := range []string{"author", "reader"} {
		t.Run("first comes the "+first, func(t *testing.T) {
			w := ingesttest.New(t)
			a, b, id := w.Shared()
			restore := w.Backup()
			a.Save(ingesttest.SetCell(id, "severity", "minor", "serious"))
			a.Push()
			b.Pull()
			b.Save(ingesttest.SetCell(id, "severity", "serious", "moderate"))
			b.Push()
			restore()
			if got := w.Cell("finding", id, "severity"); got != "minor" {
				t.Fatalf("%q after the restore", got)
			}
			must(t, w.Service.Learn(t.Context(), w.Campaign, b.ID, b.Facts))
			order := []*ingesttest.Phone{a, b}
			if first == "reader" {
				order = []*ingesttest.Phone{b, a}
			}
			for _, p := range order {
				if r := resend(t, w, p); r.Next != p.Head.Seq+1 {
					t.Errorf("%+v", r)
				}
			}
			if got := w.Cell("finding", id, "severity"); got != "moderate" {
				t.Errorf("%q stands", got)
			}
			for _, state := range []string{"open", "agreed"} {
				if n := w.Conflicts(state); n != 0 {
					t.Errorf("%d conflicts %s", n, state)
				}
			}
			w.Check()
		})
	}
}

func TestARestoredServerWithoutAnybodysFactsAsksAPerson(t *testing.T) {
	w := ingesttest.New(t)
	a, b, id := w.Shared()
	restore := w.Backup()
	a.Save(ingesttest.SetCell(id, "severity", "minor", "serious"))
	a.Push()
	b.Pull()
	w.Now = w.Now.Add(time.Second)
	b.Save(ingesttest.SetCell(id, "severity", "serious", "moderate"))
	restore()
	resend(t, w, a)
	resend(t, w, b)
	if w.Conflicts("open") != 1 || w.Cell("finding", id, "severity") != "moderate" {
		t.Error("what nobody can tell was not left to a person")
	}
	w.Check()
}

func TestWhatWasSeenBeforeTheBackupIsSeenInTheNewEpoch(t *testing.T) {
	w := ingesttest.New(t)
	a, b, id := w.Shared()
	a.Save(ingesttest.SetCell(id, "severity", "minor", "serious"))
	a.Push()
	b.Pull()
	restore := w.Backup()
	restore()
	b.Save(ingesttest.SetCell(id, "severity", "serious", "moderate"))
	b.Push()
	if w.Conflicts("open") != 0 || w.Cell("finding", id, "severity") != "moderate" {
		t.Error("an edit that had seen all was taken for a conflict")
	}
	w.Check()
}

func TestAReceiptSaysWhatIsInABackup(t *testing.T) {
	w := ingesttest.New(t)
	a, _, id := w.Shared()
	w.Backup()
	a.Save(ingesttest.SetCell(id, "title", "帳目不清", "帳目"))
	if r := a.Push(); r.Witness.BackedUp != 1 || r.Next != 3 {
		t.Errorf("%+v", r)
	}
	w.Check()
}

func TestEntriesOfANewerSchemaWaitForTheUpgrade(t *testing.T) {
	w := ingesttest.NewAt(t, 2)
	a, _, _ := w.Shared()
	verification := schema.NaturalRowID("verification", w.Visits[0], w.Units[0])
	b := edit.New(schema.NewCatalogue())
	b.Insert("verification", verification, edit.Cells{
		"visit_id": edit.ID(w.Visits[0]), "problem_id": edit.ID(w.Units[0]), "note": edit.Text("看過"),
		"withdrawn_reason": edit.Text("記錯"),
	})
	bytes, err := b.Bytes()
	must(t, err)
	a.Seal(bytes, 3)
	a.Save(func(e *edit.Builder) {
		e.Update("verification", verification, edit.Cells{"note": edit.Text("看過")},
			edit.Cells{"note": edit.Text("又看")})
	})
	r := a.Push()
	if r.Entries[0].Reason != schema.ReasonVersion || r.Entries[1].Outcome != schema.Held {
		t.Fatalf("%+v", r.Entries)
	}
	w.Upgrade()
	must(t, w.Service.Upgrade(t.Context()))
	if w.Cell("verification", verification, "withdrawn_reason") != "記錯" ||
		w.Cell("verification", verification, "note") != "又看" {
		t.Error("the entries were not merged by the upgrade")
	}
	for _, e := range resend(t, w, a).Entries {
		if e.Stands != schema.Merged {
			t.Errorf("%+v", e)
		}
	}
	w.Check()
}

func TestADeviceOfAnOlderSchemaSyncsOn(t *testing.T) {
	w := ingesttest.New(t)
	a, _, _ := w.Shared()
	id := schema.NewRowID()
	b := edit.New(schema.CatalogueAt(1))
	b.Insert("verification", id, edit.Cells{
		"visit_id": edit.ID(w.Visits[0]), "note": edit.Text("看過"),
	})
	bytes, err := b.Bytes()
	must(t, err)
	a.Seal(bytes, 1)
	if r := a.Push(); r.Entries[0].Outcome != schema.Merged {
		t.Fatalf("%+v", r.Entries[0])
	}
	page, err := w.Service.Pull(t.Context(), ingest.Pull{
		Campaign: w.Campaign, Device: a.ID, Schema: 1, Limit: 1000,
	})
	must(t, err)
	rows := ingesttest.ChangesOf(t, page.Patchset)
	if n := len(rows["verification"][0].New); n != 1+10 {
		t.Errorf("a device of version 1 got a row of %d columns", n)
	}
	w.Check()
}

func TestAReleasedEntryIsDecidedAnew(t *testing.T) {
	w := ingesttest.New(t)
	p, id := w.Enrol(1), schema.NewRowID()
	p.Pull()
	p.Save(func(b *edit.Builder) { p.Finding(b, id, w.Visits[0], "minor") })
	if r := p.Push(); r.Entries[0].Reason != schema.ReasonOutOfScope {
		t.Fatalf("%+v", r.Entries[0])
	}
	w.Write(func(b *edit.Builder) {
		b.Insert("team_member", schema.NewRowID(), edit.Cells{
			"team_id": edit.ID(w.Teams[0]), "inspector_id": edit.ID(w.People[1]),
		})
	})
	must(t, w.Service.Record(t.Context(), w.Campaign, ingest.Event{
		Kind: schema.EventReleased, Position: w.Position() - 1,
	}))
	if w.Cell("finding", id, "severity") != "minor" {
		t.Error("the entry was not merged")
	}
	w.Check()
}
