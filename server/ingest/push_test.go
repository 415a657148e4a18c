package ingest_test

import (
	"context"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFindingReachesHeadquartersAndTheOtherPhone(t *testing.T) {
	w := ingesttest.New(t)
	_, b, id := w.Shared()
	if got := w.Cell("finding", id, "severity"); got != "minor" {
		t.Errorf("severity %q", got)
	}
	b.Seen.Revision = 0
	rows := b.Pull()["finding"]
	if len(rows) != 1 || string(rows[0].New[0].Bytes) != string(id[:]) {
		t.Errorf("the other phone pulled %v", rows)
	}
	w.Check()
}

func TestTwoPhonesThatDisagreeUnseenOpenAConflictThatHeadquartersCloses(t *testing.T) {
	w := ingesttest.New(t)
	a, b, id := w.Shared()
	a.Save(ingesttest.SetCell(id, "severity", "minor", "serious"))
	w.Now = w.Now.Add(time.Second)
	b.Save(ingesttest.SetCell(id, "severity", "minor", "critical"))
	b.Push()
	if r := a.Push(); r.Entries[0].Conflicts != 1 {
		t.Errorf("receipt %+v, want one conflict", r.Entries[0])
	}
	if got := w.Cell("finding", id, "severity"); got != "critical" {
		t.Errorf("%q stands, want the later one", got)
	}
	if n := w.Conflicts("open"); n != 1 {
		t.Fatalf("%d conflicts open", n)
	}
	resolve := edit.New(w.Catalogue)
	resolve.Confirm("finding", id, edit.Cells{"severity": edit.Text("critical")},
		edit.Cells{"severity": edit.Text("serious")})
	must(t, w.Service.WriteRows(t.Context(), w.Campaign, resolve))
	if w.Conflicts("open") != 0 || w.Conflicts("resolved") != 1 {
		t.Error("the conflict did not close")
	}
	for _, p := range []*ingesttest.Phone{a, b} {
		rows := p.Pull()["finding"]
		if len(rows) != 1 || string(rows[0].New[6].Bytes) != "serious" {
			t.Errorf("pulled %v", rows)
		}
	}
	w.Check()
}

func TestWhoHasSeenTheOtherValueMayChangeItWithoutAConflict(t *testing.T) {
	w := ingesttest.New(t)
	a, b, id := w.Shared()
	a.Save(ingesttest.SetCell(id, "severity", "minor", "serious"))
	a.Push()
	b.Pull()
	b.Save(ingesttest.SetCell(id, "severity", "serious", "critical"))
	b.Save(ingesttest.SetCell(id, "severity", "critical", "moderate"))
	b.Push()
	if w.Conflicts("open") != 0 || w.Cell("finding", id, "severity") != "moderate" {
		t.Error("an edit that had seen all was taken for a conflict")
	}
	w.Check()
}

func TestSeeingAValueCountsNotHavingTheSameBase(t *testing.T) {
	w := ingesttest.New(t)
	a, b, id := w.Shared()
	a.Save(ingesttest.SetCell(id, "severity", "minor", "serious"))
	a.Save(ingesttest.SetCell(id, "severity", "serious", "minor"))
	a.Push()
	b.Save(ingesttest.SetCell(id, "severity", "minor", "critical")) // has not seen that it was changed and back
	b.Push()
	if w.Conflicts("open") != 1 {
		t.Error("there and back again hid a conflict")
	}
	w.Check()
}

func TestEachRuleDecidesBetweenUnseenWrites(t *testing.T) {
	cases := []struct {
		column, before string
		early, late    string
		want           string
		open           int
	}{
		{"title", "帳目不清", "早", "晚", "晚", 0},
		{"status", "draft", "submitted", "draft", "submitted", 0},
		{"severity", "minor", "serious", "critical", "critical", 1},
		{"severity", "minor", "serious", "serious", "serious", 0},
	}
	for _, c := range cases {
		for _, earlyFirst := range []bool{true, false} {
			w := ingesttest.New(t)
			a, b, id := w.Shared()
			a.Save(ingesttest.SetCell(id, c.column, c.before, c.early))
			w.Now = w.Now.Add(time.Second)
			b.Save(func(e *edit.Builder) {
				e.Confirm("finding", id, edit.Cells{c.column: edit.Text(c.before)},
					edit.Cells{c.column: edit.Text(c.late)})
			})
			if earlyFirst {
				a.Push()
				b.Push()
			} else {
				b.Push()
				a.Push()
			}
			if got := w.Cell("finding", id, c.column); got != c.want {
				t.Errorf("%s, early first %v: %q stands, want %q", c.column, earlyFirst, got, c.want)
			}
			if n := w.Conflicts("open"); n != c.open {
				t.Errorf("%s, early first %v: %d conflicts, want %d", c.column, earlyFirst, n, c.open)
			}
			w.Check()
		}
	}
}

func TestTwoPeopleWhoFillInTheSameVerificationMeetInOneRow(t *testing.T) {
	for _, swapped := range []bool{false, true} {
		w := ingesttest.New(t)
		a, b := w.Enrol(0), w.Enrol(0)
		problem := schema.NewRowID()
		id := schema.NaturalRowID("verification", w.Visits[0], problem)
		for i, p := range []*ingesttest.Phone{a, b} {
			outcome := []string{"rectified", "sham"}[i]
			w.Now = w.Now.Add(time.Second)
			p.Save(func(e *edit.Builder) {
				e.Insert("verification", id, edit.Cells{
					"visit_id": edit.ID(w.Visits[0]), "problem_id": edit.ID(problem),
					"outcome": edit.Text(outcome), "inspector_id": edit.ID(p.Inspector),
				})
			})
		}
		if swapped {
			a, b = b, a
		}
		a.Push()
		b.Push()
		if got := w.Cell("verification", id, "outcome"); got != "sham" {
			t.Errorf("%q stands, want the later", got)
		}
		if n := w.Conflicts("open"); n != 1 {
			t.Errorf("%d conflicts, want one about the outcome", n)
		}
		w.Check()
	}
}

func TestAnUpdateOfARowThatHasNotArrivedIsHeldUntilItDoes(t *testing.T) {
	w := ingesttest.New(t)
	a, b, _ := w.Shared()
	id := schema.NewRowID()
	a.Save(func(e *edit.Builder) { a.Finding(e, id, w.Visits[0], "minor") })
	b.Save(ingesttest.SetCell(id, "title", "帳目不清", "補充")) // b has it from a's phone
	if r := b.Push(); r.Entries[0].Outcome != schema.Held {
		t.Fatalf("outcome %s, want held", r.Entries[0].Outcome)
	}
	a.Push()
	if got := w.Cell("finding", id, "title"); got != "補充" {
		t.Errorf("title %q: the held entry was not merged", got)
	}
	w.Check()
}

func TestWhatCannotBeMergedIsQuarantinedWholeAndItsNeighboursAreNot(t *testing.T) {
	w := ingesttest.New(t)
	p, _, id := w.Shared()
	insert := func(table string, width int, values ...changeset.Value) []byte {
		cw := changeset.NewWriter(changeset.Changeset)
		flags := make([]byte, width)
		flags[0] = 1
		cw.Table(table, flags)
		row := make([]changeset.Value, width)
		for i := range row {
			row[i] = changeset.NullValue()
		}
		copy(row, values)
		must(t, cw.Insert(false, row))
		return cw.Bytes()
	}
	built := func(do func(*edit.Builder)) []byte {
		b := edit.New(w.Catalogue)
		do(b)
		bytes, err := b.Bytes()
		must(t, err)
		return bytes
	}
	key := schema.NewRowID()
	deleting := changeset.NewWriter(changeset.Changeset)
	flags := make([]byte, 1+len(w.Catalogue.MustTable("finding").Columns))
	flags[0] = 1
	deleting.Table("finding", flags)
	row := make([]changeset.Value, len(flags))
	for i := range row {
		row[i] = changeset.NullValue()
	}
	row[0] = edit.ID(id)
	must(t, deleting.Delete(false, row))
	patch := changeset.NewWriter(changeset.Patchset)
	patch.Table("finding", flags)
	must(t, patch.Insert(false, row))
	cases := []struct {
		reason    string
		changeset []byte
		version   int
	}{
		{schema.ReasonMalformed, []byte("Tgarbage"), schema.Version},
		{schema.ReasonPatchset, patch.Bytes(), schema.Version},
		{schema.ReasonDelete, deleting.Bytes(), schema.Version},
		{schema.ReasonUnknownTable, insert("salary", 2, edit.ID(key)), schema.Version},
		{schema.ReasonColumns, insert("finding", len(flags)+1, edit.ID(key)), schema.Version},
		{schema.ReasonVersion, insert("finding", len(flags), edit.ID(key)), schema.Version + 1},
		{schema.ReasonNotWritable, built(func(b *edit.Builder) {
			b.Insert("team", key, edit.Cells{"number": edit.Int(9), "name": edit.Text("x")})
		}), schema.Version},
		{schema.ReasonHQColumn, built(ingesttest.SetCell(id, "review_state", "pending", "accepted")), schema.Version},
		{schema.ReasonOutOfScope, built(func(b *edit.Builder) { p.Finding(b, key, w.Visits[1], "minor") }), schema.Version},
		{schema.ReasonBadValue, built(ingesttest.SetCell(id, "severity", "minor", "apocalyptic")), schema.Version},
		{schema.ReasonBadValue, built(ingesttest.SetCell(id, "title", "帳目不清", "nul\x00")), schema.Version},
		{schema.ReasonBadValue, built(ingesttest.SetCell(id, "title", "帳目不清", "")), schema.Version},
		{schema.ReasonKeyChange, insert("finding", len(flags), edit.Text("no id")), schema.Version},
	}
	for _, c := range cases {
		p.Seal(c.changeset, c.version)
	}
	p.Save(ingesttest.SetCell(id, "detail", "", "仍然合併"))
	receipt := p.Push()
	for i, c := range cases {
		r := receipt.Entries[i]
		if r.Outcome != schema.Quarantined || r.Reason != c.reason {
			t.Errorf("entry %d: %s %s (%s), want quarantined %s", i, r.Outcome, r.Reason, r.Detail, c.reason)
		}
	}
	if last := receipt.Entries[len(cases)]; last.Outcome != schema.Merged {
		t.Errorf("a good entry after bad ones: %+v", last)
	}
	if got := w.Cell("finding", id, "detail"); got != "仍然合併" {
		t.Errorf("detail %q", got)
	}
	w.Check()
}

func TestOnlyTheAuthorChangesAComment(t *testing.T) {
	w := ingesttest.New(t)
	b := edit.New(w.Catalogue)
	other := schema.NewRowID()
	b.Insert("inspector", other, edit.Cells{"name": edit.Text("乙")})
	b.Insert("team_member", schema.NewRowID(), edit.Cells{
		"team_id": edit.ID(w.Teams[0]), "inspector_id": edit.ID(other),
	})
	must(t, w.Service.WriteRows(t.Context(), w.Campaign, b))
	author, _, finding := w.Shared()
	w.People[0] = other
	thief := w.Enrol(0)
	id := schema.NewRowID()
	write := func(p *ingesttest.Phone, signed schema.RowID) schema.EntryReceipt {
		p.Save(func(e *edit.Builder) {
			e.Insert("comment", id, edit.Cells{
				"finding_id": edit.ID(finding), "inspector_id": edit.ID(signed), "body": edit.Text("屬實"),
			})
		})
		return p.Push().Entries[0]
	}
	if r := write(author, other); r.Reason != schema.ReasonNotAuthor {
		t.Errorf("signed with another's name: %+v", r)
	}
	if r := write(author, author.Inspector); r.Outcome != schema.Merged {
		t.Errorf("the author's own: %+v", r)
	}
	if r := write(thief, thief.Inspector); r.Reason != schema.ReasonNotAuthor {
		t.Errorf("taken over by another: %+v", r)
	}
	w.Check()
}

func TestChainsAreKeptWhole(t *testing.T) {
	w := ingesttest.New(t)
	p, _, id := w.Shared()
	p.Save(ingesttest.SetCell(id, "title", "帳目不清", "一"))
	copied := *p // a cloned phone
	first := p.Take()
	_, err := w.Service.Push(t.Context(), first)
	must(t, err)

	t.Run("a replay changes nothing", func(t *testing.T) {
		r, err := w.Service.Push(t.Context(), first)
		must(t, err)
		if r.Entries[0].Outcome != schema.Duplicate || r.Entries[0].Stands != schema.Merged {
			t.Errorf("receipt %+v", r.Entries[0])
		}
	})
	t.Run("a gap is refused and says what is wanted", func(t *testing.T) {
		ahead := *p
		ahead.Waiting = nil
		ahead.Save(ingesttest.SetCell(id, "title", "一", "二"))
		ahead.Waiting = nil
		ahead.Save(ingesttest.SetCell(id, "title", "二", "三"))
		if _, err := w.Service.Push(t.Context(), ahead.Take()); schema.FaultCode(err) != schema.FaultGap {
			t.Errorf("fault %v", err)
		}
	})
	t.Run("a fork is kept aside", func(t *testing.T) {
		copied.Waiting, copied.Head = nil, chain.Head{Seq: copied.Head.Seq - 1, Hash: parse(t, first.Entries[0]).Previous}
		copied.Save(ingesttest.SetCell(id, "title", "帳目不清", "另一台"))
		if _, err := w.Service.Push(t.Context(), copied.Take()); schema.FaultCode(err) != schema.FaultFork {
			t.Errorf("fault %v", err)
		}
		if n := w.Asides(); n != 1 {
			t.Errorf("%d kept aside", n)
		}
	})
	t.Run("a wrong signature is kept aside", func(t *testing.T) {
		p.Save(ingesttest.SetCell(id, "title", "一", "偽"))
		push := p.Take()
		push.Signature[0] ^= 1
		if _, err := w.Service.Push(t.Context(), push); schema.FaultCode(err) != schema.FaultSignature {
			t.Errorf("fault %v", err)
		}
		if n := w.Asides(); n != 2 {
			t.Errorf("%d kept aside", n)
		}
	})
	t.Run("an unknown device is refused", func(t *testing.T) {
		_, err := w.Service.Push(t.Context(), chain.Push{Campaign: w.Campaign, Device: schema.DeviceID{9}})
		if schema.FaultCode(err) != schema.FaultForbidden {
			t.Errorf("fault %v", err)
		}
	})
	w.Check()
}

func TestADatabaseThatDoesNotAnswerIsNoRefusal(t *testing.T) {
	w := ingesttest.New(t)
	p, _, id := w.Shared()
	p.Save(ingesttest.SetCell(id, "title", "帳目不清", "一"))
	push := p.Take()
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := w.Service.Push(ended, push); err == nil || schema.FaultCode(err) != "" {
		t.Errorf("push: %v", err)
	}
	if r, err := w.Service.Push(t.Context(), push); err != nil || r.Entries[0].Outcome != schema.Merged {
		t.Errorf("sent again: %+v, %v", r, err)
	}
	w.Check()
}

func parse(t *testing.T, b []byte) chain.Entry {
	t.Helper()
	e, err := chain.Parse(b)
	must(t, err)
	return e
}

func TestARowThatChangesTeamsLeavesTheOldOneWithItsChildren(t *testing.T) {
	w := ingesttest.New(t)
	problem := schema.NewRowID()
	b := edit.New(w.Catalogue)
	b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(w.Units[0]), "title": edit.Text("舊帳")})
	must(t, w.Service.WriteRows(t.Context(), w.Campaign, b))
	old, heir := w.Enrol(0), w.Enrol(1)
	old.Pull()
	heir.Pull()
	b = edit.New(w.Catalogue)
	b.Update("unit", w.Units[0], edit.Cells{"team_id": edit.ID(w.Teams[0])},
		edit.Cells{"team_id": edit.ID(w.Teams[1])})
	must(t, w.Service.WriteRows(t.Context(), w.Campaign, b))
	left, came := old.Pull(), heir.Pull()
	for _, table := range []string{"unit", "problem"} {
		if len(left[table]) != 1 || left[table][0].Op != changeset.Delete {
			t.Errorf("the old team's phone got %v for %s, want one delete", left[table], table)
		}
		if len(came[table]) != 1 || came[table][0].Op != changeset.Insert {
			t.Errorf("the new team's phone got %v for %s, want one row", came[table], table)
		}
	}
	w.Check()
}

func TestPagesOfAPullAddUpToTheWhole(t *testing.T) {
	w := ingesttest.New(t)
	p := w.Enrol(0)
	for range 40 {
		p.Save(func(e *edit.Builder) { p.Finding(e, schema.NewRowID(), w.Visits[0], "minor") })
	}
	p.Push()
	whole := 0
	for _, rows := range p.Pull() {
		whole += len(rows)
	}
	got, after := 0, uint64(0)
	for more := true; more; {
		page, err := w.Service.Pull(t.Context(), ingest.Pull{
			Campaign: w.Campaign, Device: p.ID, After: after, Epoch: &p.Seen.Epoch, Schema: 1, Limit: 7,
		})
		must(t, err)
		if page.Rows > 7 || page.Next <= after {
			t.Fatalf("page of %d rows, next %d after %d", page.Rows, page.Next, after)
		}
		got, after, more = got+page.Rows, page.Next, page.More
	}
	if got != whole || after != p.Seen.Revision {
		t.Errorf("pages hold %d rows up to %d, the whole %d up to %d", got, after, whole, p.Seen.Revision)
	}
}

func TestACursorOfAnotherLifeIsRefused(t *testing.T) {
	w := ingesttest.New(t)
	p := w.Enrol(0)
	p.Pull()
	other := schema.Epoch{1}
	for name, pull := range map[string]ingest.Pull{
		"another epoch":      {After: 1, Epoch: &other},
		"no epoch":           {After: 1},
		"ahead of the state": {After: 1 << 40, Epoch: &p.Seen.Epoch},
	} {
		pull.Campaign, pull.Device, pull.Schema, pull.Limit = w.Campaign, p.ID, 1, 10
		if _, err := w.Service.Pull(t.Context(), pull); schema.FaultCode(err) != schema.FaultCursorAhead {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAHeldEntryDoesNotUndoItsDevicesLaterWrites(t *testing.T) {
	w := ingesttest.New(t)
	a, b, here := w.Shared()
	absent := schema.NewRowID()
	a.Save(func(e *edit.Builder) { a.Finding(e, absent, w.Visits[0], "minor") })
	b.Save(func(e *edit.Builder) { // waits for the absent one
		ingesttest.SetCell(absent, "title", "帳目不清", "補充")(e)
		ingesttest.SetCell(here, "severity", "minor", "serious")(e)
	})
	b.Save(ingesttest.SetCell(here, "severity", "serious", "critical"))
	receipt := b.Push()
	if receipt.Entries[0].Outcome != schema.Held || receipt.Entries[1].Outcome != schema.Merged {
		t.Fatalf("receipt %+v", receipt.Entries)
	}
	a.Push()
	if got := w.Cell("finding", here, "severity"); got != "critical" {
		t.Errorf("%q stands, want the later write", got)
	}
	if got := w.Cell("finding", absent, "title"); got != "補充" {
		t.Errorf("title %q: the held entry was not merged", got)
	}
	if n := w.Conflicts("open"); n != 0 {
		t.Errorf("%d conflicts of a device with itself", n)
	}
	w.Check()
}

func TestAScopeThatIsNotTheDevicesIsRefused(t *testing.T) {
	w := ingesttest.New(t)
	p := w.Enrol(0)
	_, err := w.Service.Pull(t.Context(), ingest.Pull{
		Campaign: w.Campaign, Device: p.ID, Schema: 1, Limit: 10,
		Scopes: []string{"team:" + w.Teams[1].String()},
	})
	if schema.FaultCode(err) != schema.FaultScope {
		t.Errorf("fault %v", err)
	}
}
