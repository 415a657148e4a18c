package review_test

import (
	"bytes"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// unmerged lets a phone push one entry that is merged, two that cannot be, one
// that waits, and one with a wrong signature.
func (o *office) unmerged() (p *ingesttest.Phone, id schema.RowID) {
	o.t.Helper()
	p, _, id = o.Shared()
	p.Save(func(b *edit.Builder) { p.Finding(b, schema.NewRowID(), o.Visits[1], "minor") })
	p.Seal([]byte("T\x01garbage"), schema.Version)
	p.Save(ingesttest.SetCell(schema.NewRowID(), "title", "帳目不清", "補充"))
	p.Push()
	p.Save(ingesttest.SetCell(id, "title", "帳目不清", "偽"))
	push := p.Take()
	push.Signature = bytes.Repeat([]byte{1}, 64)
	_, err := o.Service.Push(o.t.Context(), push)
	fails(o.t, err, schema.FaultSignature)
	return p, id
}

func TestWhatWasNotMergedIsShownWithItsReasonAndContent(t *testing.T) {
	o := newOffice(t)
	p, _ := o.unmerged()
	list, err := o.hq.Quarantine(t.Context(), o.Campaign, false)
	must(t, err)
	type entry struct {
		Kind, Reason, Title string
		Seq                 uint64
		Table, Operation    string // of the first change
	}
	var got []entry
	for _, q := range list {
		e := entry{Kind: q.Kind, Reason: q.Reason, Title: q.Title.Zh, Seq: q.Seq}
		if len(q.Changes) > 0 {
			e.Table, e.Operation = q.Changes[0].Label.Zh, q.Changes[0].Operation
		}
		got = append(got, e)
		if q.Device != "手機" || q.Inspector != "甲" || q.DeviceID != p.ID.String() || len(q.Hash) != 64 ||
			q.Size == 0 || q.ReceivedAt != o.Now.UnixMilli() || q.WallAt != o.Now.UnixMilli() || q.Title.En == "" {
			t.Errorf("%s: %+v", q.Kind, q)
		}
	}
	want := []entry{
		{"quarantined", schema.ReasonMalformed, "變更內容無法讀取", 3, "", ""},
		{"quarantined", schema.ReasonOutOfScope, "修改了不屬於本組的行", 2, "發現", "insert"},
		{"held", "", "等待相關的行到達", 4, "發現", "update"},
		{"aside", schema.FaultSignature, "提交的簽名不對", 5, "發現", "update"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	cell := list[3].Changes[0].Cells[0]
	if cell.Column != "title" || text(cell.Before) != "帳目不清" || text(cell.After) != "偽" {
		t.Errorf("the forged change reads %+v", cell)
	}
}

func TestAnEntryOfAnyShapeCanBeLookedAt(t *testing.T) {
	o := newOffice(t)
	p, _, id := o.Shared()
	patch := changeset.NewWriter(changeset.Patchset)
	patch.Table("salary", []byte{1, 0, 0})
	must(t, patch.Update(false, nil, []changeset.Value{changeset.Int(1), changeset.RealValue(0.5), {}}))
	must(t, patch.Delete(true, []changeset.Value{edit.ID(id), {}, {}}))
	wide := changeset.NewWriter(changeset.Changeset)
	flags := make([]byte, 200)
	flags[7] = 1
	wide.Table("finding", flags)
	row := make([]changeset.Value, len(flags))
	for i := range row {
		row[i] = changeset.TextValue("\xff\x00")
	}
	must(t, wide.Insert(false, row))
	narrow := changeset.NewWriter(changeset.Changeset)
	narrow.Table("finding", []byte{1})
	must(t, narrow.Delete(false, []changeset.Value{changeset.TextValue("")}))
	for _, b := range [][]byte{patch.Bytes(), wide.Bytes(), narrow.Bytes(), append(narrow.Bytes(), 0)} {
		p.Seal(b, schema.Version)
	}
	p.Push()
	list, err := o.hq.Quarantine(t.Context(), o.Campaign, false)
	must(t, err)
	changes := 0
	for _, q := range list {
		changes += len(q.Changes)
	}
	if len(list) != 4 || changes != 5 {
		t.Errorf("%d entries with %d changes", len(list), changes)
	}
	if d := o.detail(id); len(d.History) != 1 {
		t.Errorf("history of the finding: %+v", d.History)
	}
}

func TestAnOverviewCountsHowFarACampaignIs(t *testing.T) {
	o := newOffice(t)
	_, id := o.unmerged()
	_, _, disputed := o.dispute("severity", severity("minor"), severity("serious"), severity("critical"))
	o.Now = o.Now.Add(time.Hour)
	p := o.Enrol(0)
	p.Pull()
	p.Save(ingesttest.SetCell(id, "status", "draft", "submitted"))
	p.Save(ingesttest.SetCell(disputed, "status", "draft", "submitted"))
	p.Save(func(b *edit.Builder) {
		b.Update("visit", o.Visits[0], edit.Cells{"status": edit.Text("planned")},
			edit.Cells{"status": edit.Text("arrived")})
	})
	p.Push()
	o.decide(disputed, "accepted", "")
	got, err := o.hq.Overview(t.Context(), o.Campaign)
	must(t, err)
	contact := o.Now.UnixMilli()
	want := review.Overview{
		ID: o.Campaign.String(), Name: "試", Units: 2, Visits: 2, Findings: 2, Pending: 1, Conflicts: 1,
		Quarantined: 2, Held: 1, Aside: 1, Counties: []string{"雲汀區", "霽川縣"}, AllCounties: []string{"雲汀區", "霽川縣"},
		Teams: []review.TeamSummary{
			{ID: o.Teams[0].String(), Number: 1, Name: "一組", Visits: 1, Visited: 1, Findings: 2, LastContact: &contact},
			{ID: o.Teams[1].String(), Number: 2, Name: "二組", Visits: 1},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(review.Overview{}, "Revision", "Entries")); diff != "" {
		t.Error(diff)
	}
	all, err := o.hq.Campaigns(t.Context())
	must(t, err)
	if diff := cmp.Diff([]review.Overview{got}, all); diff != "" {
		t.Error(diff)
	}
	if got.Revision == 0 || got.Entries == 0 {
		t.Errorf("revision %d, %d entries", got.Revision, got.Entries)
	}
	_, err = o.hq.Overview(t.Context(), schema.CampaignID{1})
	fails(t, err, schema.FaultNotFound)
}
