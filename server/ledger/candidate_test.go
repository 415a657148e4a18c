package ledger_test

import (
	"fmt"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ledger"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

func TestAnAcceptedFindingGoesIntoTheLedgerOnce(t *testing.T) {
	o := newOffice(t)
	id := schema.NewRowID()
	finding := func(state string) edit.Cells {
		return edit.Cells{"visit_id": edit.ID(o.Visits[0]), "title": edit.Text("帳目不清"), "severity": edit.Text("serious"), "review_state": edit.Text(state)}
	}
	pending := schema.NewRowID()
	o.Write(func(b *edit.Builder) {
		b.Insert("finding", id, finding("accepted"))
		b.Insert("finding", pending, finding("pending"))
	})
	_, err := o.Add(t.Context(), o.Campaign, zhao, ledger.NewEntry{FindingIDs: []string{id.String(), pending.String()}})
	fails(t, err, schema.FaultValue)
	list, err := o.Candidates(t.Context(), o.Campaign, "")
	must(t, err)
	if list.Total != 1 || list.List[0].FindingID != id.String() || list.List[0].Unit != "槐塘村" {
		t.Errorf("candidates %+v", list)
	}
	ids, err := o.Add(t.Context(), o.Campaign, zhao, ledger.NewEntry{FindingIDs: []string{id.String(), id.String()}, Terms: ledger.Terms{Measure: " 清帳 "}})
	must(t, err)
	_, err = o.Add(t.Context(), o.Campaign, zhao, ledger.NewEntry{FindingIDs: []string{id.String()}})
	fails(t, err, schema.FaultInLedger)
	entry, err := schema.ParseID[schema.RowID](ids[0])
	must(t, err)
	d := o.detail(zhao, entry)
	if d.Problem != "帳目不清" || d.Source != "superior" || d.Measure != "清帳" || d.ResponsibleUnit != "槐塘村" || d.Unit != "槐塘村" ||
		d.FindingID != id.String() || d.State != ledger.Open {
		t.Errorf("%+v", d)
	}
	if list, err = o.Candidates(t.Context(), o.Campaign, ""); err != nil || list.Total+len(list.List) != 0 {
		t.Errorf("candidates afterwards %+v %v", list, err)
	}
}

func TestAConclusionGoesIntoTheLedgerOfEachUnit(t *testing.T) {
	o := newOffice(t)
	id := schema.NewRowID()
	o.Write(func(b *edit.Builder) {
		b.Insert("conclusion", id, edit.Cells{
			"number": edit.Int(1), "reach": edit.Text("common"), "title": edit.Text("公開不及時"), "author": edit.Text("老趙"), "made_at": edit.Int(1),
		})
		for i := range 3 {
			b.Insert("finding", schema.NewRowID(), edit.Cells{
				"visit_id": edit.ID(o.Visits[i%2]), "title": edit.Text("欄目空白"), "conclusion_id": edit.ID(id),
			})
		}
	})
	list, err := o.Candidates(t.Context(), o.Campaign, "")
	must(t, err)
	if list.Total != 1 || list.List[0].ConclusionID != id.String() || list.List[0].Units != 2 {
		t.Errorf("candidates %+v", list)
	}
	ids, err := o.Add(t.Context(), o.Campaign, zhao, ledger.NewEntry{ConclusionIDs: []string{id.String()}})
	must(t, err)
	if len(ids) != 2 {
		t.Errorf("%v", ids)
	}
	page, err := o.List(t.Context(), o.Campaign, zhao, ledger.Filter{Source: "superior"}, 0, 10)
	must(t, err)
	if page.Total != 2 || page.Entries[0].Problem != "公開不及時" {
		t.Errorf("%+v", page)
	}
}

func TestManyFindingsGoIntoTheLedgerAtOnce(t *testing.T) {
	o := newOffice(t)
	const many = 205
	due := o.Now.Add(9 * day).UnixMilli()
	o.Write(func(b *edit.Builder) {
		for i := range many {
			cells := edit.Cells{
				"visit_id": edit.ID(o.Visits[i%2]), "title": edit.Text(fmt.Sprintf("第%d項", i)), "review_state": edit.Text("accepted"),
			}
			if i == 0 {
				cells["responsible_unit"], cells["due_at"] = edit.Text("鎮政府"), edit.Int(due)
			}
			b.Insert("finding", schema.NewRowID(), cells)
		}
	})
	list, err := o.Candidates(t.Context(), o.Campaign, "")
	must(t, err)
	if list.Total != many || len(list.List) != 200 {
		t.Fatalf("%d of %d candidates", len(list.List), list.Total)
	}
	oldest, err := o.Candidates(t.Context(), o.Campaign, " 第0項 槐塘 ")
	must(t, err)
	if oldest.Total != 1 || oldest.List[0].Title != "第0項" {
		t.Fatalf("the oldest is not found: %+v", oldest)
	}
	var ids []string
	for _, one := range append(oldest.List, list.List[:100]...) {
		ids = append(ids, one.FindingID)
	}
	added, err := o.Add(t.Context(), o.Campaign, zhao, ledger.NewEntry{FindingIDs: ids, Suggested: true, Terms: ledger.Terms{Measure: "限期整改"}})
	must(t, err)
	if len(added) != 101 {
		t.Fatalf("%d entries", len(added))
	}
	first, second := o.detail(zhao, rowID(t, added[0])), o.detail(zhao, rowID(t, added[1]))
	if first.ResponsibleUnit != "鎮政府" || first.DueAt == nil || *first.DueAt != due || second.ResponsibleUnit != second.Unit ||
		second.DueAt != nil || second.Measure != "限期整改" {
		t.Errorf("%+v\n%+v", first, second)
	}
	var twice int
	must(t, o.Store.Read(t.Context(), o.Campaign, func(v store.View) error {
		return v.QueryRowContext(t.Context(), `SELECT count(*) FROM (SELECT unit_id, number FROM problem
			WHERE campaign_no = $1 AND number IS NOT NULL GROUP BY unit_id, number HAVING count(*) > 1) n`, v.CampaignNo).Scan(&twice)
	}))
	if twice != 0 {
		t.Errorf("%d numbers of problems are there twice", twice)
	}
	_, err = o.Add(t.Context(), o.Campaign, zhao, ledger.NewEntry{FindingIDs: []string{list.List[150].FindingID, ids[0]}})
	fails(t, err, schema.FaultInLedger)
	if list, err = o.Candidates(t.Context(), o.Campaign, ""); err != nil || list.Total != many-101 {
		t.Errorf("%d left, %v", list.Total, err)
	}
}

func rowID(t *testing.T, text string) schema.RowID {
	t.Helper()
	id, err := schema.ParseID[schema.RowID](text)
	must(t, err)
	return id
}
