package review_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// office is a world with the people who review in it.
type office struct {
	*ingesttest.World
	hq *review.Service
	t  *testing.T
}

func newOffice(t *testing.T) *office {
	t.Helper()
	w := ingesttest.New(t)
	return &office{w, &review.Service{Store: w.Store, Catalogue: w.Catalogue, Ingest: w.Service}, t}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails wants a fault.
func fails(t *testing.T, err error, code string) {
	t.Helper()
	if schema.FaultCode(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// detail reads a finding.
func (o *office) detail(id schema.RowID) review.FindingDetail {
	o.t.Helper()
	d, err := o.hq.Finding(o.t.Context(), o.Campaign, id)
	must(o.t, err)
	return d
}

// decide decides about a finding as it is now.
func (o *office) decide(id schema.RowID, decision, note string) {
	o.t.Helper()
	must(o.t, o.hq.Decide(o.t.Context(), o.Campaign, id, review.Verdict{
		Decision: decision, Note: note, ReadAt: o.detail(id).ReadAt, Reviewer: "老趙",
	}))
}

// titles are those of a page of findings.
func (o *office) titles(f review.FindingFilter, offset, limit int) (titles string, total int) {
	o.t.Helper()
	page, err := o.hq.List(o.t.Context(), o.Campaign, f, offset, limit)
	must(o.t, err)
	var list []string
	for _, finding := range page.Findings {
		list = append(list, finding.Title)
	}
	return strings.Join(list, " "), page.Total
}

func TestTheListOfFindingsIsNarrowedByEachFilter(t *testing.T) {
	o := newOffice(t)
	phones := []*ingesttest.Phone{o.Enrol(0), o.Enrol(1)}
	ids := map[string]schema.RowID{}
	for _, f := range []struct {
		team  int
		title string
		cells edit.Cells
	}{
		{0, "甲", edit.Cells{"severity": edit.Text("minor"), "detail": edit.Text("會議記錄不全")}},
		{0, "乙", edit.Cells{"severity": edit.Text("serious"), "status": edit.Text("submitted")}},
		{1, "丙", edit.Cells{"kind": edit.Text("achievement"), "status": edit.Text("submitted")}},
		{1, "丁", edit.Cells{"severity": edit.Text("serious"), "status": edit.Text("submitted")}},
	} {
		p := phones[f.team]
		ids[f.title] = schema.NewRowID()
		f.cells["visit_id"], f.cells["title"] = edit.ID(o.Visits[f.team]), edit.Text(f.title)
		p.Save(func(b *edit.Builder) { b.Insert("finding", ids[f.title], f.cells) })
		p.Push()
	}
	o.decide(ids["丁"], "accepted", "")
	for name, c := range map[string]struct {
		filter review.FindingFilter
		want   string // newest first
	}{
		"nothing":        {review.FindingFilter{}, "丁 丙 乙 甲"},
		"team":           {review.FindingFilter{Team: schema.TeamID(o.Teams[0]).String()}, "乙 甲"},
		"county":         {review.FindingFilter{County: "雲汀區"}, "丁 丙"},
		"category":       {review.FindingFilter{Category: "village"}, "乙 甲"},
		"kind":           {review.FindingFilter{Kind: "achievement"}, "丙"},
		"severity":       {review.FindingFilter{Severity: "serious"}, "丁 乙"},
		"status":         {review.FindingFilter{Status: "draft"}, "甲"},
		"review":         {review.FindingFilter{Review: "accepted"}, "丁"},
		"title":          {review.FindingFilter{Search: "乙"}, "乙"},
		"detail":         {review.FindingFilter{Search: "記錄"}, "甲"},
		"unit":           {review.FindingFilter{Search: "一小"}, "丁 丙"},
		"several":        {review.FindingFilter{Severity: "serious", Category: "school"}, "丁"},
		"what is not":    {review.FindingFilter{Severity: "critical"}, ""},
		"a team of none": {review.FindingFilter{Team: schema.NewRowID().String()}, ""},
	} {
		got, total := o.titles(c.filter, 0, 50)
		if want := len(strings.Fields(c.want)); got != c.want || total != want {
			t.Errorf("%s: %d, %q; want %q", name, total, got, c.want)
		}
	}
	for offset, want := range []string{"丁 丙", "丙 乙", "乙 甲", "甲", ""} {
		if got, total := o.titles(review.FindingFilter{}, offset, 2); got != want || total != 4 {
			t.Errorf("page from %d: %q of %d, want %q", offset, got, total, want)
		}
	}
	_, err := o.hq.List(t.Context(), o.Campaign, review.FindingFilter{Team: "x"}, 0, 1)
	fails(t, err, schema.FaultValue)
	_, err = o.hq.List(t.Context(), schema.CampaignID{1}, review.FindingFilter{}, 0, 1)
	fails(t, err, schema.FaultNotFound)
}

func TestAFindingTellsWhoWroteWhatAndWhen(t *testing.T) {
	o := newOffice(t)
	a, b, id := o.Shared()
	first := o.Now
	o.Now = o.Now.Add(time.Minute)
	b.Save(ingesttest.SetCell(id, "severity", "minor", "serious"))
	b.Save(ingesttest.SetCell(id, "review_state", "pending", "accepted")) // not a device's to write
	for _, c := range []struct{ body, withdrawn string }{{"屬實", ""}, {"誤記", "x"}, {"已核對", ""}} {
		b.Save(func(e *edit.Builder) {
			cells := edit.Cells{
				"finding_id": edit.ID(id), "inspector_id": edit.ID(b.Inspector), "body": edit.Text(c.body),
				"written_at": edit.Int(o.Now.UnixMilli()),
			}
			if c.withdrawn != "" {
				cells["withdrawn_at"] = edit.Int(1)
			}
			e.Insert("comment", schema.NewRowID(), cells)
		})
	}
	sent := b.Take()
	_, err := o.Service.Push(t.Context(), sent)
	must(t, err)
	o.decide(id, "returned", "請補充時間")
	d := o.detail(id)
	if d.Title != "帳目不清" || d.Severity != "serious" || d.Unit != "槐塘村" || d.Team != "一組" ||
		d.Inspector != "甲" || d.Review != "returned" || d.ReviewNote != "請補充時間" || d.Conflicts != 0 {
		t.Errorf("finding %+v", d.Finding)
	}
	wall := o.Now.UnixMilli()
	if diff := cmp.Diff([]review.Comment{{Author: "甲", Body: "屬實", WrittenAt: &wall}, {Author: "甲", Body: "已核對", WrittenAt: &wall}},
		d.Comments, cmpopts.IgnoreFields(review.Comment{}, "ID")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]review.Decision{{
		Decision: "returned", Note: "請補充時間", Reviewer: "老趙", DecidedAt: &wall,
	}}, d.Decisions); diff != "" {
		t.Error(diff)
	}
	checkHistory(t, o, d.History, a, b, first)
	if entry := d.History[1]; entry.Hash != hashOf(sent.Entries[0]) {
		t.Errorf("hash %s", entry.Hash)
	}
	_, err = o.hq.Finding(t.Context(), o.Campaign, schema.NewRowID())
	fails(t, err, schema.FaultNotFound)
}

func hashOf(entry []byte) string { return fmt.Sprintf("%x", chain.HashBytes(entry)) }

// checkHistory wants the insert, the update, what was quarantined and the
// decision, as people read them.
func checkHistory(
	t *testing.T, o *office, got []review.Change, a, b *ingesttest.Phone, first time.Time,
) {
	t.Helper()
	type line struct{ Inspector, Device, Operation, Outcome, Cell string }
	var lines []line
	for _, c := range got {
		last := c.Cells[len(c.Cells)-1]
		for _, cell := range c.Cells {
			if cell.Column == "severity" || cell.Column == "review_state" {
				last = cell
			}
		}
		lines = append(lines, line{
			c.Inspector, c.Device, c.Operation, c.Outcome,
			last.Label.Zh + ":" + text(last.Before) + ">" + text(last.After),
		})
	}
	want := []line{
		{"甲", "手機", "insert", "merged", "審核狀態:>pending"},
		{"甲", "手機", "update", "merged", "程度:minor>serious"},
		{"甲", "手機", "update", "quarantined", "審核狀態:pending>accepted"},
		{"", "總部", "update", "merged", "審核狀態:pending>returned"},
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if got[0].DeviceID != a.ID.String() || got[1].DeviceID != b.ID.String() || got[0].Seq != 1 || got[2].Seq != 2 ||
		got[0].WallAt != first.UnixMilli() || got[1].ReceivedAt != o.Now.UnixMilli() || got[0].Position >= got[1].Position {
		t.Errorf("origins %+v, %+v", got[0].Origin, got[1].Origin)
	}
	visit := slices.IndexFunc(got[0].Cells, func(c review.CellChange) bool { return c.Column == "visit_id" })
	if visit < 0 || text(got[0].Cells[visit].After) != "槐塘村" {
		t.Errorf("the visit is shown as %+v", got[0].Cells)
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func TestADecisionReachesThePhoneThatRecordedTheFinding(t *testing.T) {
	o := newOffice(t)
	a, _, id := o.Shared()
	o.decide(id, "returned", "請補充")
	o.decide(id, "accepted", "")
	rows := a.Pull()
	if n := len(rows["review"]); n != 2 {
		t.Errorf("%d reviews pulled", n)
	}
	finding := o.Catalogue.MustTable("finding")
	if len(rows["finding"]) != 1 {
		t.Fatalf("pulled %v", rows)
	}
	row := rows["finding"][0].New
	if got := string(row[1+finding.ColumnIndex("review_state")].Bytes); got != "accepted" {
		t.Errorf("state %q", got)
	}
	if d := o.detail(id); d.ReviewNote != "" || len(d.Decisions) != 2 || d.Decisions[0].Note != "請補充" {
		t.Errorf("after both: %q, %+v", d.ReviewNote, d.Decisions)
	}
	other := o.Enrol(1)
	if rows := other.Pull(); len(rows["review"]) != 0 {
		t.Errorf("another team pulled %v", rows["review"])
	}
	o.Check()
}

func TestADecisionThatWasNotThoughtThroughIsRefused(t *testing.T) {
	o := newOffice(t)
	a, _, id := o.Shared()
	read := o.detail(id).ReadAt
	decide := func(finding schema.RowID, decision, note string) error {
		return o.hq.Decide(t.Context(), o.Campaign, finding, review.Verdict{
			Decision: decision, Note: note, ReadAt: read, Reviewer: "老趙",
		})
	}
	fails(t, decide(id, "returned", ""), schema.FaultValue)
	fails(t, decide(id, "perhaps", "x"), schema.FaultValue)
	fails(t, decide(schema.NewRowID(), "accepted", ""), schema.FaultNotFound)
	a.Save(ingesttest.SetCell(id, "title", "帳目不清", "帳目不全"))
	a.Push()
	fails(t, decide(id, "accepted", ""), schema.FaultStale)
	if d := o.detail(id); d.Review != "pending" || len(d.Decisions) != 0 {
		t.Errorf("a refused decision left %s, %+v", d.Review, d.Decisions)
	}
	o.decide(id, "accepted", "")
	fails(t, decide(id, "returned", "再看"), schema.FaultStale) // a colleague was faster
	a.Pull()
	a.Save(func(b *edit.Builder) {
		b.Update("finding", id, edit.Cells{}, edit.Cells{"withdrawn_at": edit.Int(1)})
	})
	a.Push()
	read = o.detail(id).ReadAt
	fails(t, decide(id, "accepted", ""), schema.FaultValue) // there is nothing left to decide
	o.Check()
}
