package review_test

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

// all decides about findings as they are listed now.
func (o *office) all(readAt uint64, items ...review.Item) review.Decided {
	o.t.Helper()
	done, err := o.hq.DecideAll(o.t.Context(), o.Campaign, items, review.Verdict{ReadAt: readAt, Reviewer: "老趙"})
	must(o.t, err)
	return done
}

func (o *office) revision() uint64 {
	o.t.Helper()
	page, err := o.hq.List(o.t.Context(), o.Campaign, review.FindingFilter{}, 0, 1)
	must(o.t, err)
	return page.Revision
}

func TestManyAreDecidedInOneEntryAndWhatChangedIsLeftOut(t *testing.T) {
	o := newOffice(t)
	p, _, first := o.Shared()
	var items []review.Item
	for range 3 {
		id := o.recorded(p, 0, edit.Cells{"title": edit.Text("路燈"), "status": edit.Text("submitted")})
		items = append(items, review.Item{Finding: id.String(), Decision: "returned", Note: "請補照片"})
	}
	read, position := o.revision(), o.Position()
	p.Save(ingesttest.SetCell(first, "title", "帳目不清", "帳目不全"))
	p.Push()
	items = append(items, review.Item{Finding: first.String(), Decision: "accepted"},
		review.Item{Finding: items[0].Finding, Decision: "returned"},
		review.Item{Finding: schema.NewRowID().String(), Decision: "accepted"})
	items = slices.Delete(items, 4, 5) // one row is written once in an entry
	done := o.all(read, items...)
	if len(done.Done) != 3 || len(done.Skipped) != 2 || done.Skipped[0].Code != schema.FaultStale ||
		done.Skipped[0].Title.Zh == "" || done.Skipped[1].Code != schema.FaultNotFound {
		t.Fatalf("decided %+v", done)
	}
	if entries := o.Position() - position; entries != 2 { // the phone's and headquarters'
		t.Errorf("%d entries", entries)
	}
	undo := []review.Item{}
	for _, id := range done.Done {
		undo = append(undo, review.Item{Finding: id, Decision: "pending"})
	}
	if back := o.all(o.revision(), undo...); len(back.Done) != 3 {
		t.Fatalf("taken back %+v", back)
	}
	id, err := schema.ParseID[schema.RowID](done.Done[0])
	must(t, err)
	d := o.detail(id)
	if d.Review != "pending" || d.ReviewNote != "" || d.Revised || len(d.Decisions) != 2 || d.Decisions[1].Decision != "edited" {
		t.Errorf("after taking it back: %+v, %+v", d.Finding, d.Decisions)
	}
	o.Check()
}

func TestADraftIsNotAcceptedAmongMany(t *testing.T) {
	o := newOffice(t)
	p, _, draft := o.Shared()
	ready := o.recorded(p, 0, edit.Cells{"title": edit.Text("路燈"), "status": edit.Text("submitted")})
	done := o.all(o.revision(), review.Item{Finding: draft.String(), Decision: "accepted"},
		review.Item{Finding: ready.String(), Decision: "accepted"})
	if !slices.Equal(done.Done, []string{ready.String()}) || len(done.Skipped) != 1 || done.Skipped[0].Code != schema.FaultDraft {
		t.Fatalf("decided %+v", done)
	}
	o.decide(draft, "accepted", "") // alone it can be: somebody looked at it
}

func TestWhatATeamCorrectsComesBackWithWhatItChanged(t *testing.T) {
	o := newOffice(t)
	p, _, id := o.Shared()
	p.Save(ingesttest.SetCell(id, "status", "draft", "submitted"))
	p.Push()
	pending := review.FindingFilter{Review: "pending"}
	o.decide(id, "returned", "請寫明金額")
	if got, _ := o.titles(pending, 0, 9); got != "" {
		t.Fatalf("pending right after it was returned: %q", got)
	}
	p.Pull()
	must(t, o.hq.Comment(t.Context(), o.Campaign, id, "老趙", "票據在村會計處"))
	p.Save(ingesttest.SetCell(id, "detail", "", "共三萬元"))
	p.Save(ingesttest.SetCell(id, "detail", "共三萬元", "共三萬二千元"))
	p.Push()
	for _, filter := range []review.FindingFilter{pending, {Review: "revised"}} {
		if got, n := o.titles(filter, 0, 9); got != "帳目不清" || n != 1 {
			t.Errorf("%s: %q", filter.Review, got)
		}
	}
	d := o.detail(id)
	if !d.Revised || len(d.Revisions) != 1 || d.Revisions[0].Column != "detail" ||
		d.Revisions[0].Before != nil || text(d.Revisions[0].After) != "共三萬二千元" {
		t.Errorf("revised %v: %+v", d.Revised, d.Revisions)
	}
	if v, err := o.hq.Overview(t.Context(), o.Campaign); err != nil || v.Pending != 1 {
		t.Errorf("overview: %d pending, %v", v.Pending, err)
	}
	o.decide(id, "accepted", "")
	if got, _ := o.titles(pending, 0, 9); got != "" || o.detail(id).Revised {
		t.Errorf("after it was accepted: %q", got)
	}
	o.Check()
}

func TestARemarkOfHeadquartersReachesTheTeamAndIsTakenBack(t *testing.T) {
	o := newOffice(t)
	p, _, id := o.Shared()
	must(t, o.hq.Comment(t.Context(), o.Campaign, id, "老趙", "請核對"))
	fails(t, o.hq.Comment(t.Context(), o.Campaign, schema.NewRowID(), "老趙", "x"), schema.FaultNotFound)
	if n := len(p.Pull()["comment"]); n != 1 {
		t.Errorf("%d comments pulled", n)
	}
	c := o.detail(id).Comments[0]
	if !c.Office || c.Author != "老趙" || c.Body != "請核對" {
		t.Errorf("comment %+v", c)
	}
	comment, err := schema.ParseID[schema.RowID](c.ID)
	must(t, err)
	fails(t, o.hq.WithdrawComment(t.Context(), o.Campaign, comment, "小錢"), schema.FaultForbidden)
	must(t, o.hq.WithdrawComment(t.Context(), o.Campaign, comment, "老趙"))
	if n := len(o.detail(id).Comments); n != 0 {
		t.Errorf("%d comments left", n)
	}
	o.Check()
}

func TestFindingsAreGatheredToAConclusionAndSetFree(t *testing.T) {
	o := newOffice(t)
	p, _, first := o.Shared()
	second := o.recorded(p, 0, edit.Cells{"title": edit.Text("帳目未公示")})
	words := review.ConclusionText{Reach: "common", Title: "財務公開不規範", Basis: "村務公開條例", Severity: "serious"}
	id, err := o.hq.Conclude(t.Context(), o.Campaign, words, []schema.RowID{first}, "老趙")
	must(t, err)
	_, err = o.hq.Conclude(t.Context(), o.Campaign, review.ConclusionText{Reach: "individual", Title: "另一個"}, nil, "老趙")
	must(t, err)
	must(t, o.hq.Gather(t.Context(), o.Campaign, id, []schema.RowID{second}, nil, "老趙"))
	list := func() []review.Conclusion {
		t.Helper()
		list, err := o.hq.Conclusions(t.Context(), o.Campaign)
		must(t, err)
		return list
	}
	got := list()
	if len(got) != 2 || got[0].Number != 1 || got[1].Number != 2 || got[0].Findings != 2 || got[0].Units != 1 ||
		got[0].ConclusionText != words || got[0].Author != "老趙" {
		t.Errorf("conclusions %+v", got)
	}
	if titles, _ := o.titles(review.FindingFilter{Conclusion: id.String()}, 0, 9); titles != "帳目未公示 帳目不清" {
		t.Errorf("of the conclusion: %q", titles)
	}
	o.decide(first, "returned", "補")
	must(t, o.hq.Gather(t.Context(), o.Campaign, id, nil, []schema.RowID{first}, "老趙"))
	if d := o.detail(first); d.Conclusion != "" || d.Revised {
		t.Errorf("headquarters' own change is no correction: %+v", d.Finding)
	}
	words.Suggestion = "逐月公示"
	must(t, o.hq.Reword(t.Context(), o.Campaign, id, &words, list()[0].ReadAt, "老趙"))
	fails(t, o.hq.Reword(t.Context(), o.Campaign, id, &words, 1, "老趙"), "")
	must(t, o.hq.Reword(t.Context(), o.Campaign, id, nil, list()[0].ReadAt, "老趙"))
	if c := list()[0]; c.Withdrawn == nil || c.Findings != 0 || c.Suggestion != "逐月公示" {
		t.Errorf("withdrawn: %+v", c)
	}
	if titles, _ := o.titles(review.FindingFilter{Conclusion: "none"}, 0, 9); titles != "帳目未公示 帳目不清" {
		t.Errorf("free: %q", titles)
	}
	o.Check()
}

func TestADecisionAboutAConflictIsTakenBackAndMadeAnew(t *testing.T) {
	o := newOffice(t)
	_, _, id := o.dispute("severity", severity("minor"), severity("serious"), severity("critical"))
	open, value := o.conflict("open"), "serious"
	must(t, o.resolve(&open, &value))
	closed := o.conflict("closed")
	reopen := func(c review.Conflict) error {
		return o.hq.Reopen(t.Context(), o.Campaign, c.ID, review.Resolution{ReadAt: c.ReadAt, Reviewer: "老趙"})
	}
	fails(t, reopen(open), schema.FaultStale) // it was read before the decision
	must(t, reopen(closed))
	again := o.conflict("open")
	if again.State != "reopened" || again.ID != open.ID || o.Cell("finding", id, "severity") != "critical" ||
		again.Settled == nil || again.Settled.Reviewer != "老趙" || text(again.Now) != "critical" {
		t.Errorf("taken back: %+v", again)
	}
	competing := 0
	for _, w := range again.Writes {
		if w.Competing {
			competing++
		}
	}
	if competing != 2 {
		t.Errorf("%d of %d writes compete", competing, len(again.Writes))
	}
	if list, err := o.hq.Conflicts(t.Context(), o.Campaign, "closed"); err != nil || len(list) != 0 {
		t.Errorf("closed: %v, %v", list, err)
	}
	fails(t, reopen(again), schema.FaultStale)
	third := "moderate"
	must(t, o.resolve(&again, &third))
	if c := o.conflict("closed"); c.State != "resolved" || text(c.Now) != "moderate" {
		t.Errorf("decided anew: %+v", c)
	}
	o.Check()
}

func TestOfManyConflictsOfAColumnTheLatestIsKept(t *testing.T) {
	o := newOffice(t)
	var ids []string
	for range 3 {
		_, _, id := o.dispute("severity", severity("minor"), severity("serious"), severity("critical"))
		if o.Cell("finding", id, "severity") != "critical" {
			t.Fatal("the later one does not stand")
		}
	}
	list, err := o.hq.Conflicts(t.Context(), o.Campaign, "open")
	must(t, err)
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	position := o.Position()
	done, err := o.hq.KeepLatest(t.Context(), o.Campaign, append(ids, hex.EncodeToString(make([]byte, 16))),
		review.Resolution{ReadAt: list[0].ReadAt, Reviewer: "老趙", Note: "以後到者為準"})
	must(t, err)
	if diff := cmp.Diff(ids, done.Done); diff != "" || o.Position() != position+1 || o.Conflicts("open") != 0 {
		t.Errorf("%s, %d entries, %d open", diff, o.Position()-position, o.Conflicts("open"))
	}
	o.Check()
}

func TestAnEntryIsReleasedAfterWhatWasInItsWayIsMended(t *testing.T) {
	o := newOffice(t)
	o.unmerged()
	list, err := o.hq.Quarantine(t.Context(), o.Campaign, false)
	must(t, err)
	malformed, stray, aside := list[0], list[1], list[3]
	release := func(q review.Quarantined) error {
		return o.hq.Release(t.Context(), o.Campaign, q.Position, "老趙")
	}
	fails(t, release(stray), schema.FaultStillQuarantined)
	o.Write(func(b *edit.Builder) {
		b.Insert("team_member", schema.NewRowID(), edit.Cells{
			"team_id": edit.ID(o.Teams[1]), "inspector_id": edit.ID(o.People[0]),
		})
	})
	must(t, release(stray))
	fails(t, release(stray), schema.FaultStale)
	fails(t, o.hq.Release(t.Context(), o.Campaign, 1<<40, "老趙"), schema.FaultNotFound)
	for _, q := range []review.Quarantined{malformed, aside} {
		hash, err := hex.DecodeString(q.Hash)
		must(t, err)
		must(t, o.hq.SetAside(t.Context(), o.Campaign, hash, "測試機誤傳", "老趙"))
	}
	fails(t, o.hq.SetAside(t.Context(), o.Campaign, make([]byte, 32), "x", "老趙"), schema.FaultNotFound)
	left, err := o.hq.Quarantine(t.Context(), o.Campaign, false)
	must(t, err)
	if len(left) != 1 || left[0].Kind != "held" {
		t.Errorf("left to look at: %+v", left)
	}
	kept, err := o.hq.Quarantine(t.Context(), o.Campaign, true)
	must(t, err)
	if len(kept) != 3 || kept[0].Left == nil || kept[0].Left.Note != "測試機誤傳" || kept[0].Action.Zh == "" {
		t.Errorf("kept: %+v", kept)
	}
	if v, err := o.hq.Overview(t.Context(), o.Campaign); err != nil || v.Quarantined+v.Aside != 0 || v.Held != 1 {
		t.Errorf("overview %+v, %v", v, err)
	}
	o.Check()
}

func TestTheDashboardTellsWhereTeamsAreAndWhoIsSilent(t *testing.T) {
	o := newOffice(t)
	p, _, id := o.Shared()
	p.Save(ingesttest.SetCell(id, "status", "draft", "submitted"))
	p.Save(func(b *edit.Builder) {
		b.Update("visit", o.Visits[0], edit.Cells{"status": edit.Text("planned")},
			edit.Cells{"status": edit.Text("arrived"), "arrived_at": edit.Int(o.Now.UnixMilli())})
	})
	p.Push()
	o.recorded(p, 0, edit.Cells{"title": edit.Text("成效"), "kind": edit.Text("achievement"), "topic": edit.Text("funds")})
	must(t, o.Store.Office(t.Context(), func(q store.Queryer) error {
		v, err := store.NewView(t.Context(), q, o.Campaign)
		must(t, err)
		_, err = q.ExecContext(t.Context(), `INSERT INTO device_contact (campaign_no, device_id, seen_at, unsent, oldest_unsent_at)
			VALUES ($1, $2, $3, 7, 5)`, v.CampaignNo, p.ID[:], o.Now.UnixMilli())
		return err
	}))
	o.Now = o.Now.Add(25 * time.Hour)
	d, err := o.hq.Dashboard(t.Context(), o.Campaign)
	must(t, err)
	crew := d.Crews[0]
	if crew.Silent != 2 || crew.Unsent != 7 || len(crew.Phones) != 2 || crew.Where != "槐塘村" || crew.Pending != 1 ||
		crew.Problems != 1 || crew.Visited != 1 || crew.Findings != 2 {
		t.Errorf("team %+v", crew)
	}
	if len(d.Days) == 0 || d.Severities[0] != (review.CodeCount{Code: "minor", Count: 1}) || d.Drafts != 1 || d.Pending != 1 {
		t.Errorf("dashboard %+v", d)
	}
	spots, err := o.hq.UnitMap(t.Context(), o.Campaign)
	must(t, err)
	if len(spots) != 2 || spots[1].State != "there" || spots[1].Findings != 2 || spots[0].State != "drawn" {
		t.Errorf("map %+v", spots)
	}
	lists, err := o.hq.UnitLists(t.Context(), o.Campaign, o.Units[0])
	must(t, err)
	if lists.Name != "槐塘村" || lists.Problems == nil || lists.Commitments == nil {
		t.Errorf("lists %+v", lists)
	}
	_, err = o.hq.UnitLists(t.Context(), o.Campaign, schema.NewRowID())
	fails(t, err, schema.FaultNotFound)
}

func TestAFindingCountsOnTheDayOfItsVisitWheneverItArrives(t *testing.T) {
	o := newOffice(t)
	p, q := o.Enrol(0), o.Enrol(1)
	today := o.Now
	arrive := func(p *ingesttest.Phone, visit schema.RowID, at time.Time) {
		p.Pull()
		p.Save(func(b *edit.Builder) {
			b.Update("visit", visit, edit.Cells{"status": edit.Text("planned")},
				edit.Cells{"status": edit.Text("arrived"), "arrived_at": edit.Int(at.UnixMilli())})
		})
	}
	arrive(p, o.Visits[0], today.AddDate(0, 0, -3))
	o.recorded(p, 0, edit.Cells{"title": edit.Text("三天前去的，今天才記")})
	d, err := o.hq.Dashboard(t.Context(), o.Campaign)
	must(t, err)
	day := func(at time.Time) int64 { return schema.DayStart(at.UnixMilli(), 0) }
	earlier := review.DaySummary{Day: day(today.AddDate(0, 0, -3)), Visits: 1, Findings: 1}
	if diff := cmp.Diff([]review.DaySummary{earlier}, d.Days); diff != "" {
		t.Error(diff)
	}
	arrive(q, o.Visits[1], today.AddDate(1, 0, 0)) // a clock that is wrong by a year
	o.recorded(q, 1, edit.Cells{"title": edit.Text("今天")})
	d, err = o.hq.Dashboard(t.Context(), o.Campaign)
	must(t, err)
	now := review.DaySummary{Day: day(time.UnixMilli(d.ReadAt)), Visits: 1, Findings: 1}
	if diff := cmp.Diff([]review.DaySummary{earlier, now}, d.Days); diff != "" {
		t.Error(diff)
	}
}

func TestAVisitThatNobodySaidTheArrivalOfBeganWithItsFirstFinding(t *testing.T) {
	o := newOffice(t)
	p := o.Enrol(0)
	id := o.recorded(p, 0, edit.Cells{"title": edit.Text("沒有點到達")})
	d, err := o.hq.Dashboard(t.Context(), o.Campaign)
	must(t, err)
	made := min(int64(binary.BigEndian.Uint64(id[:8])>>16), d.ReadAt)
	if diff := cmp.Diff([]review.DaySummary{{Day: schema.DayStart(made, 0), Findings: 1}}, d.Days); diff != "" {
		t.Error(diff)
	}
}

func TestWhoWatchesIsToldWhenTheCampaignMoves(t *testing.T) {
	o := newOffice(t)
	p, _, id := o.Shared()
	ctx, cancel := context.WithCancel(t.Context())
	var watches []<-chan review.Moment
	for range 3 {
		news, err := o.hq.Watch(ctx, o.Campaign)
		must(t, err)
		watches = append(watches, news)
	}
	next := func(news <-chan review.Moment) review.Moment {
		t.Helper()
		select {
		case m := <-news:
			return m
		case <-time.After(10 * time.Second):
			t.Fatal("no news")
			return review.Moment{}
		}
	}
	first := next(watches[0])
	p.Save(ingesttest.SetCell(id, "title", "帳目不清", "帳目不全"))
	p.Push()
	for i, news := range watches {
		m := next(news)
		for m.Revision == first.Revision { // that of the beginning
			m = next(news)
		}
		if m.Position <= first.Position || m.Epoch != first.Epoch {
			t.Errorf("watch %d: %+v after %+v", i, m, first)
		}
	}
	cancel()
	_, err := o.hq.Watch(t.Context(), schema.CampaignID{1})
	fails(t, err, schema.FaultNotFound)
}

func TestASelectionIsItsOwnersAlone(t *testing.T) {
	o := newOffice(t)
	mine, other := schema.NewRowID().String(), schema.NewRowID().String()
	for _, query := range []string{"review=pending", "review=pending&team=x"} { // the second takes the first's place
		must(t, o.hq.SaveFilter(t.Context(), o.Campaign, mine, review.SavedFilter{Page: "findings", Name: "待審", Query: query}))
	}
	list, err := o.hq.SavedFilters(t.Context(), o.Campaign, mine, "findings")
	must(t, err)
	if len(list) != 1 || list[0].Query != "review=pending&team=x" {
		t.Fatalf("saved %+v", list)
	}
	id, err := schema.ParseID[schema.RowID](list[0].ID)
	must(t, err)
	must(t, o.hq.DropFilter(t.Context(), other, id))
	if list, err = o.hq.SavedFilters(t.Context(), o.Campaign, mine, "findings"); err != nil || len(list) != 1 {
		t.Errorf("somebody else dropped it: %v, %v", list, err)
	}
	must(t, o.hq.DropFilter(t.Context(), mine, id))
	if list, err = o.hq.SavedFilters(t.Context(), o.Campaign, mine, "findings"); err != nil || len(list) != 0 {
		t.Errorf("dropped: %v, %v", list, err)
	}
}
