package review_test

import (
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
	"sansuiji/syncengine/edit"
)

// found is what a search finds, newest first.
func (o *office) found(search string) string {
	o.t.Helper()
	titles, _ := o.titles(review.FindingFilter{Search: search}, 0, 50)
	return titles
}

// recorded lets a phone save a finding and send it.
func (o *office) recorded(p *ingesttest.Phone, team int, cells edit.Cells) schema.RowID {
	o.t.Helper()
	id := schema.NewRowID()
	cells["visit_id"], cells["inspector_id"] = edit.ID(o.Visits[team]), edit.ID(p.Inspector)
	p.Save(func(b *edit.Builder) { b.Insert("finding", id, cells) })
	p.Push()
	time.Sleep(2 * time.Millisecond) // ids rise by the millisecond
	return id
}

func TestASearchFindsWordsOfAllThatBelongsToAFinding(t *testing.T) {
	o := newOffice(t)
	a, b := o.Enrol(0), o.Enrol(1)
	first := o.recorded(a, 0, edit.Cells{
		"title": edit.Text("帳目公開不及時"), "detail": edit.Text("憑證 No. A0417，Notice-Board 停在上半年"),
	})
	o.recorded(b, 1, edit.Cells{"title": edit.Text("三會一課記錄不全"), "detail": edit.Text("缺 2024 年第三季度；ＡＢＣ")})
	for search, want := range map[string]string{
		"帳目":          "帳目公開不及時",
		"目公開":         "帳目公開不及時",
		"公目":          "",
		"不":           "三會一課記錄不全 帳目公開不及時",
		"全":           "三會一課記錄不全",
		"a0417":       "帳目公開不及時",
		"notice":      "帳目公開不及時",
		"notice 帳目":   "帳目公開不及時",
		"notice 三會":   "",
		"board notic": "帳目公開不及時",
		"abc":         "三會一課記錄不全",
		"2024年":       "三會一課記錄不全",
		"槐塘":          "帳目公開不及時",
		"乙":           "三會一課記錄不全",
		"賬目":          "帳目公開不及時",
		"账目公开":        "帳目公開不及時",
		"三会一课 记录":     "三會一課記錄不全",
		"账簿":          "",
		`"'*OR -(":`:  "",
		"%":           "",
		"· 帳目":        "帳目公開不及時",
		"及時憑證":        "", // no phrase runs from one field into the next
	} {
		if got := o.found(search); got != want {
			t.Errorf("%q finds %q, want %q", search, got, want)
		}
	}
	o.decide(first, "returned", "請補充參會名單")
	if got := o.found("參會名單"); got != "帳目公開不及時" {
		t.Errorf("the review note finds %q", got)
	}
	_, err := o.hq.List(t.Context(), o.Campaign, review.FindingFilter{Search: "a\x00"}, 0, 1)
	fails(t, err, schema.FaultValue)
}

func TestASearchFollowsWhatChanges(t *testing.T) {
	o := newOffice(t)
	p, _, id := o.Shared()
	if got := o.found("帳目"); got != "帳目不清" {
		t.Fatalf("found %q", got)
	}
	p.Save(ingesttest.SetCell(id, "title", "帳目不清", "灌溉水渠堵塞"))
	p.Push()
	if got := o.found("帳目") + "|" + o.found("水渠"); got != "|灌溉水渠堵塞" {
		t.Errorf("after a change: %q", got)
	}
	o.Write(func(b *edit.Builder) {
		b.Update("unit", o.Units[0], edit.Cells{"name": edit.Text("槐塘村")}, edit.Cells{"name": edit.Text("楓林村")})
		b.Update("inspector", o.People[0], edit.Cells{"name": edit.Text("甲")}, edit.Cells{"name": edit.Text("歐陽甲")})
	})
	if got := o.found("槐塘") + "|" + o.found("楓林") + "|" + o.found("歐陽"); got != "|灌溉水渠堵塞|灌溉水渠堵塞" {
		t.Errorf("after other names: %q", got)
	}
}

func TestAnIndexOfAnotherEpochIsBuiltAnew(t *testing.T) {
	o := newOffice(t)
	p, _, _ := o.Shared()
	restore := o.Backup()
	id := o.recorded(p, 0, edit.Cells{"title": edit.Text("路燈維修")})
	if got := o.found("路燈"); got != "路燈維修" {
		t.Fatalf("found %q", got)
	}
	restore()
	o.hq.Store = o.Store
	if got := o.found("路燈") + "|" + o.found("帳目"); got != "|帳目不清" {
		t.Errorf("after a restore: %q", got)
	}
	_, err := o.hq.Finding(t.Context(), o.Campaign, id)
	fails(t, err, schema.FaultNotFound)
}

func TestAHistoryIsWholeWhereTheIndexIsBehind(t *testing.T) {
	o := newOffice(t)
	p, _, id := o.Shared()
	o.found("帳目") // indexes what is there
	p.Save(ingesttest.SetCell(id, "title", "帳目不清", "帳目不全"))
	p.Push()
	if n := len(o.detail(id).History); n != 2 {
		t.Errorf("%d entries", n)
	}
	o.found("帳目")
	if n := len(o.detail(id).History); n != 2 {
		t.Errorf("%d entries when it has caught up", n)
	}
}
