package ingest_test

import (
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// shared is a finding that two phones of one team have both pulled.
func shared(w *world) (a, b *phone, id schema.RowID) {
	w.t.Helper()
	a, b, id = w.enrol(0), w.enrol(0), schema.NewRowID()
	a.pull()
	a.save(func(e *edit.Builder) { a.finding(e, id, w.visits[0], "minor") })
	a.push()
	a.pull()
	b.pull()
	return a, b, id
}

func TestAFindingReachesHeadquartersAndTheOtherPhone(t *testing.T) {
	w := newWorld(t)
	_, b, id := shared(w)
	if got := w.cell("finding", id, "severity"); got != "minor" {
		t.Errorf("severity %q", got)
	}
	b.seen.Revision = 0
	rows := b.pull()["finding"]
	if len(rows) != 1 || string(rows[0].New[0].Bytes) != string(id[:]) {
		t.Errorf("the other phone pulled %v", rows)
	}
	w.check()
}

func TestTwoPhonesThatDisagreeUnseenOpenAConflictThatHeadquartersCloses(t *testing.T) {
	w := newWorld(t)
	a, b, id := shared(w)
	a.save(setCell(id, "severity", "minor", "serious"))
	w.now = w.now.Add(time.Second)
	b.save(setCell(id, "severity", "minor", "critical"))
	b.push()
	if r := a.push(); r.Entries[0].Conflicts != 1 {
		t.Errorf("receipt %+v, want one conflict", r.Entries[0])
	}
	if got := w.cell("finding", id, "severity"); got != "critical" {
		t.Errorf("%q stands, want the later one", got)
	}
	if n := w.conflicts("open"); n != 1 {
		t.Fatalf("%d conflicts open", n)
	}
	resolve := edit.New(w.catalogue)
	resolve.Confirm("finding", id, edit.Cells{"severity": edit.Text("critical")},
		edit.Cells{"severity": edit.Text("serious")})
	must(t, w.service.WriteRows(t.Context(), w.campaign, resolve))
	if w.conflicts("open") != 0 || w.conflicts("resolved") != 1 {
		t.Error("the conflict did not close")
	}
	for _, p := range []*phone{a, b} {
		rows := p.pull()["finding"]
		if len(rows) != 1 || string(rows[0].New[6].Bytes) != "serious" {
			t.Errorf("pulled %v", rows)
		}
	}
	w.check()
}

func TestWhoHasSeenTheOtherValueMayChangeItWithoutAConflict(t *testing.T) {
	w := newWorld(t)
	a, b, id := shared(w)
	a.save(setCell(id, "severity", "minor", "serious"))
	a.push()
	b.pull()
	b.save(setCell(id, "severity", "serious", "critical"))
	b.save(setCell(id, "severity", "critical", "moderate"))
	b.push()
	if w.conflicts("open") != 0 || w.cell("finding", id, "severity") != "moderate" {
		t.Error("an edit that had seen all was taken for a conflict")
	}
	w.check()
}

func TestSeeingAValueCountsNotHavingTheSameBase(t *testing.T) {
	w := newWorld(t)
	a, b, id := shared(w)
	a.save(setCell(id, "severity", "minor", "serious"))
	a.save(setCell(id, "severity", "serious", "minor"))
	a.push()
	b.save(setCell(id, "severity", "minor", "critical")) // has not seen that it was changed and back
	b.push()
	if w.conflicts("open") != 1 {
		t.Error("there and back again hid a conflict")
	}
	w.check()
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
			w := newWorld(t)
			a, b, id := shared(w)
			a.save(setCell(id, c.column, c.before, c.early))
			w.now = w.now.Add(time.Second)
			b.save(func(e *edit.Builder) {
				e.Confirm("finding", id, edit.Cells{c.column: edit.Text(c.before)},
					edit.Cells{c.column: edit.Text(c.late)})
			})
			if earlyFirst {
				a.push()
				b.push()
			} else {
				b.push()
				a.push()
			}
			if got := w.cell("finding", id, c.column); got != c.want {
				t.Errorf("%s, early first %v: %q stands, want %q", c.column, earlyFirst, got, c.want)
			}
			if n := w.conflicts("open"); n != c.open {
				t.Errorf("%s, early first %v: %d conflicts, want %d", c.column, earlyFirst, n, c.open)
			}
			w.check()
		}
	}
}

func TestTwoPeopleWhoFillInTheSameVerificationMeetInOneRow(t *testing.T) {
	for _, swapped := range []bool{false, true} {
		w := newWorld(t)
		a, b := w.enrol(0), w.enrol(0)
		problem := schema.NewRowID()
		id := schema.NaturalRowID("verification", w.visits[0], problem)
		for i, p := range []*phone{a, b} {
			outcome := []string{"rectified", "sham"}[i]
			w.now = w.now.Add(time.Second)
			p.save(func(e *edit.Builder) {
				e.Insert("verification", id, edit.Cells{
					"visit_id": edit.ID(w.visits[0]), "problem_id": edit.ID(problem),
					"outcome": edit.Text(outcome), "inspector_id": edit.ID(p.inspector),
				})
			})
		}
		if swapped {
			a, b = b, a
		}
		a.push()
		b.push()
		if got := w.cell("verification", id, "outcome"); got != "sham" {
			t.Errorf("%q stands, want the later", got)
		}
		if n := w.conflicts("open"); n != 1 {
			t.Errorf("%d conflicts, want one about the outcome", n)
		}
		w.check()
	}
}

func TestAnUpdateOfARowThatHasNotArrivedIsHeldUntilItDoes(t *testing.T) {
	w := newWorld(t)
	a, b, _ := shared(w)
	id := schema.NewRowID()
	a.save(func(e *edit.Builder) { a.finding(e, id, w.visits[0], "minor") })
	b.save(setCell(id, "title", "帳目不清", "補充")) // b has it from a's phone
	if r := b.push(); r.Entries[0].Outcome != schema.Held {
		t.Fatalf("outcome %s, want held", r.Entries[0].Outcome)
	}
	a.push()
	if got := w.cell("finding", id, "title"); got != "補充" {
		t.Errorf("title %q: the held entry was not merged", got)
	}
	w.check()
}

func TestWhatCannotBeMergedIsQuarantinedWholeAndItsNeighboursAreNot(t *testing.T) {
	w := newWorld(t)
	p, _, id := shared(w)
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
		b := edit.New(w.catalogue)
		do(b)
		bytes, err := b.Bytes()
		must(t, err)
		return bytes
	}
	key := schema.NewRowID()
	deleting := changeset.NewWriter(changeset.Changeset)
	flags := make([]byte, 1+len(w.catalogue.MustTable("finding").Columns))
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
		{schema.ReasonMalformed, []byte("Tgarbage"), 1},
		{schema.ReasonPatchset, patch.Bytes(), 1},
		{schema.ReasonDelete, deleting.Bytes(), 1},
		{schema.ReasonUnknownTable, insert("salary", 2, edit.ID(key)), 1},
		{schema.ReasonColumns, insert("finding", len(flags)+1, edit.ID(key)), 1},
		{schema.ReasonVersion, insert("finding", len(flags), edit.ID(key)), schema.Version + 1},
		{schema.ReasonNotWritable, built(func(b *edit.Builder) {
			b.Insert("team", key, edit.Cells{"number": edit.Int(9), "name": edit.Text("x")})
		}), 1},
		{schema.ReasonHQColumn, built(setCell(id, "review_state", "pending", "accepted")), 1},
		{schema.ReasonOutOfScope, built(func(b *edit.Builder) { p.finding(b, key, w.visits[1], "minor") }), 1},
		{schema.ReasonBadValue, built(setCell(id, "severity", "minor", "apocalyptic")), 1},
		{schema.ReasonBadValue, built(setCell(id, "title", "帳目不清", "nul\x00")), 1},
		{schema.ReasonBadValue, built(setCell(id, "title", "帳目不清", "")), 1},
		{schema.ReasonKeyChange, insert("finding", len(flags), edit.Text("no id")), 1},
	}
	for _, c := range cases {
		p.seal(c.changeset, c.version)
	}
	p.save(setCell(id, "detail", "", "仍然合併"))
	receipt := p.push()
	for i, c := range cases {
		r := receipt.Entries[i]
		if r.Outcome != schema.Quarantined || r.Reason != c.reason {
			t.Errorf("entry %d: %s %s (%s), want quarantined %s", i, r.Outcome, r.Reason, r.Detail, c.reason)
		}
	}
	if last := receipt.Entries[len(cases)]; last.Outcome != schema.Merged {
		t.Errorf("a good entry after bad ones: %+v", last)
	}
	if got := w.cell("finding", id, "detail"); got != "仍然合併" {
		t.Errorf("detail %q", got)
	}
	w.check()
}

func TestOnlyTheAuthorChangesAComment(t *testing.T) {
	w := newWorld(t)
	b := edit.New(w.catalogue)
	other := schema.NewRowID()
	b.Insert("inspector", other, edit.Cells{"name": edit.Text("乙")})
	b.Insert("team_member", schema.NewRowID(), edit.Cells{
		"team_id": edit.ID(w.teams[0]), "inspector_id": edit.ID(other),
	})
	must(t, w.service.WriteRows(t.Context(), w.campaign, b))
	author, _, finding := shared(w)
	w.people[0] = other
	thief := w.enrol(0)
	id := schema.NewRowID()
	write := func(p *phone, signed schema.RowID) schema.EntryReceipt {
		p.save(func(e *edit.Builder) {
			e.Insert("comment", id, edit.Cells{
				"finding_id": edit.ID(finding), "inspector_id": edit.ID(signed), "body": edit.Text("屬實"),
			})
		})
		return p.push().Entries[0]
	}
	if r := write(author, other); r.Reason != schema.ReasonNotAuthor {
		t.Errorf("signed with another's name: %+v", r)
	}
	if r := write(author, author.inspector); r.Outcome != schema.Merged {
		t.Errorf("the author's own: %+v", r)
	}
	if r := write(thief, thief.inspector); r.Reason != schema.ReasonNotAuthor {
		t.Errorf("taken over by another: %+v", r)
	}
	w.check()
}

func TestChainsAreKeptWhole(t *testing.T) {
	w := newWorld(t)
	p, _, id := shared(w)
	p.save(setCell(id, "title", "帳目不清", "一"))
	copied := *p // a cloned phone
	first := p.take()
	_, err := w.service.Push(t.Context(), first)
	must(t, err)

	t.Run("a replay changes nothing", func(t *testing.T) {
		r, err := w.service.Push(t.Context(), first)
		must(t, err)
		if r.Entries[0].Outcome != schema.Duplicate || r.Entries[0].Stands != schema.Merged {
			t.Errorf("receipt %+v", r.Entries[0])
		}
	})
	t.Run("a gap is refused and says what is wanted", func(t *testing.T) {
		ahead := *p
		ahead.waiting = nil
		ahead.save(setCell(id, "title", "一", "二"))
		ahead.waiting = nil
		ahead.save(setCell(id, "title", "二", "三"))
		if _, err := w.service.Push(t.Context(), ahead.take()); schema.FaultCode(err) != schema.FaultGap {
			t.Errorf("fault %v", err)
		}
	})
	t.Run("a fork is kept aside", func(t *testing.T) {
		copied.waiting, copied.head = nil, chain.Head{Seq: copied.head.Seq - 1, Hash: parse(t, first.Entries[0]).Previous}
		copied.save(setCell(id, "title", "帳目不清", "另一台"))
		if _, err := w.service.Push(t.Context(), copied.take()); schema.FaultCode(err) != schema.FaultFork {
			t.Errorf("fault %v", err)
		}
		if n := w.asides(); n != 1 {
			t.Errorf("%d kept aside", n)
		}
	})
	t.Run("a wrong signature is kept aside", func(t *testing.T) {
		p.save(setCell(id, "title", "一", "偽"))
		push := p.take()
		push.Signature[0] ^= 1
		if _, err := w.service.Push(t.Context(), push); schema.FaultCode(err) != schema.FaultSignature {
			t.Errorf("fault %v", err)
		}
		if n := w.asides(); n != 2 {
			t.Errorf("%d kept aside", n)
		}
	})
	t.Run("an unknown device is refused", func(t *testing.T) {
		_, err := w.service.Push(t.Context(), chain.Push{Campaign: w.campaign, Device: schema.DeviceID{9}})
		if schema.FaultCode(err) != schema.FaultForbidden {
			t.Errorf("fault %v", err)
		}
	})
	w.check()
}

func parse(t *testing.T, b []byte) chain.Entry {
	t.Helper()
	e, err := chain.Parse(b)
	must(t, err)
	return e
}

func TestARowThatChangesTeamsLeavesTheOldOneWithItsChildren(t *testing.T) {
	w := newWorld(t)
	problem := schema.NewRowID()
	b := edit.New(w.catalogue)
	b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(w.units[0]), "title": edit.Text("舊帳")})
	must(t, w.service.WriteRows(t.Context(), w.campaign, b))
	old, heir := w.enrol(0), w.enrol(1)
	old.pull()
	heir.pull()
	b = edit.New(w.catalogue)
	b.Update("unit", w.units[0], edit.Cells{"team_id": edit.ID(w.teams[0])},
		edit.Cells{"team_id": edit.ID(w.teams[1])})
	must(t, w.service.WriteRows(t.Context(), w.campaign, b))
	left, came := old.pull(), heir.pull()
	for _, table := range []string{"unit", "problem"} {
		if len(left[table]) != 1 || left[table][0].Op != changeset.Delete {
			t.Errorf("the old team's phone got %v for %s, want one delete", left[table], table)
		}
		if len(came[table]) != 1 || came[table][0].Op != changeset.Insert {
			t.Errorf("the new team's phone got %v for %s, want one row", came[table], table)
		}
	}
	w.check()
}

func TestPagesOfAPullAddUpToTheWhole(t *testing.T) {
	w := newWorld(t)
	p := w.enrol(0)
	for range 40 {
		p.save(func(e *edit.Builder) { p.finding(e, schema.NewRowID(), w.visits[0], "minor") })
	}
	p.push()
	whole := 0
	for _, rows := range p.pull() {
		whole += len(rows)
	}
	got, after := 0, uint64(0)
	for more := true; more; {
		page, err := w.service.Pull(t.Context(), ingest.Pull{
			Campaign: w.campaign, Device: p.id, After: after, Epoch: &p.seen.Epoch, Schema: 1, Limit: 7,
		})
		must(t, err)
		if page.Rows > 7 || page.Next <= after {
			t.Fatalf("page of %d rows, next %d after %d", page.Rows, page.Next, after)
		}
		got, after, more = got+page.Rows, page.Next, page.More
	}
	if got != whole || after != p.seen.Revision {
		t.Errorf("pages hold %d rows up to %d, the whole %d up to %d", got, after, whole, p.seen.Revision)
	}
}

func TestACursorOfAnotherLifeIsRefused(t *testing.T) {
	w := newWorld(t)
	p := w.enrol(0)
	p.pull()
	other := schema.Epoch{1}
	for name, pull := range map[string]ingest.Pull{
		"another epoch":      {After: 1, Epoch: &other},
		"no epoch":           {After: 1},
		"ahead of the state": {After: 1 << 40, Epoch: &p.seen.Epoch},
	} {
		pull.Campaign, pull.Device, pull.Schema, pull.Limit = w.campaign, p.id, 1, 10
		if _, err := w.service.Pull(t.Context(), pull); schema.FaultCode(err) != schema.FaultCursorAhead {
			t.Errorf("%s: %v", name, err)
		}
	}
}
