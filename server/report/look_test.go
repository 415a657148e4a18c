package report_test

import (
	"fmt"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/syncengine/edit"
)

// full fills an office with something of everything.
func full(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	o.draw()
	o.findings(12, 2, func(i int) (string, string) {
		return fmt.Sprintf("第%d項：三會一課記錄與簽到不一致", i+1),
			strings.Repeat(fmt.Sprintf("抽看%d次會議，其中%d次簽到人數多於到會人數，記錄由同一人事後補寫。", i+5, i+2), 1+i%4)
	})
	o.ledger()
	return o
}

// ledger adds problems with their ledgers, verifications, conclusions, interviews and a
// sign-off.
func (o *office) ledger() {
	o.Helper()
	outcomes := []string{"rectified", "rectified", "partly", "not", "sham"}
	o.Write(func(b *edit.Builder) {
		for i := range 20 {
			problem, n := schema.NewRowID(), int64(i+1)
			b.Insert("problem", problem, edit.Cells{
				"unit_id": edit.ID(o.Units[i%2]), "number": edit.Int(n), "title": edit.Text(fmt.Sprintf("村級資金公示不及時，第%d季度未貼出", i%4+1)),
				"severity": edit.Text("serious"), "source": edit.Text("public"), "reach": edit.Text("common"),
			})
			b.Insert("ledger_entry", schema.NewRowID(), edit.Cells{
				"problem_id": edit.ID(problem), "measure": edit.Text("按季公示，留存照片，由監督委員會簽字"), "goal": edit.Text("每季度末五日內公示"),
				"responsible_unit": edit.Text("村黨總支"), "responsible_leader": edit.Text("王堃"), "responsible_person": edit.Text("陳玥"),
				"due_at": edit.Int(1_780_000_000_000 + int64(i)*2_000_000_000), "state": edit.Text([]string{"open", "claimed", "closed"}[i%3]),
			})
			b.Insert("verification", schema.NaturalRowID("verification", o.Visits[i%2], problem), edit.Cells{
				"visit_id": edit.ID(o.Visits[i%2]), "problem_id": edit.ID(problem), "outcome": edit.Text(outcomes[i%len(outcomes)]),
				"note": edit.Text("現場查看公示欄，最近一期為六月"), "inspector_id": edit.ID(o.People[i%2]), "verified_at": edit.Int(1_790_000_000_000),
			})
		}
		conclusion := schema.NewRowID()
		b.Insert("conclusion", conclusion, edit.Cells{
			"number": edit.Int(1), "reach": edit.Text("common"), "title": edit.Text("會議記錄補寫的情況較為普遍"),
			"detail": edit.Text("多個單位簽到與到會人數不符"), "basis": edit.Text("《基層組織工作條例》"),
			"suggestion": edit.Text("由縣委組織部統一檢查會議記錄，補寫的一律重新召開"), "author": edit.Text("老錢"), "made_at": edit.Int(1_790_000_000_000),
		})
		for i := range 2 {
			b.Update("finding", schema.NaturalRowID("finding "+fmt.Sprint(i)), edit.Cells{}, edit.Cells{"conclusion_id": edit.ID(conclusion)})
		}
		o.interviews(b)
	})
	hash := o.take(signature(o.T))
	o.Write(func(b *edit.Builder) {
		sign := schema.NewRowID()
		picture := attachment(b, o.Visits[0], sign, "signoff", "signature", hash, o.People[0])
		b.Insert("signoff", sign, edit.Cells{
			"visit_id": edit.ID(o.Visits[0]), "result": edit.Text("signed"), "summary": edit.Text("查驗問題10條：已整改4條，部分整改2條。\n發現6條。\n以上情況已宣讀。"),
			"name": edit.Text("李書記"), "duty": edit.Text("黨總支書記"), "attachment_id": edit.ID(picture), "signed_at": edit.Int(1_790_000_000_000),
			"inspector_id": edit.ID(o.People[0]),
		})
	})
}

// interviews are seven at one unit and two at the other.
func (o *office) interviews(b *edit.Builder) {
	question := schema.NewRowID()
	b.Insert("question", question, edit.Cells{
		"code": edit.Text("I01"), "usage": edit.Text("interview"), "text": edit.Text("您對這裡黨組織的工作滿意嗎"),
		"kind": edit.Text("scale"), "scale_max": edit.Int(5), "readable": edit.Int(1), "position": edit.Int(1),
	})
	for i := range 9 {
		id, visit := schema.NewRowID(), o.Visits[i/7]
		b.Insert("interview", id, edit.Cells{
			"visit_id": edit.ID(visit), "code": edit.Text(fmt.Sprintf("匿名%d", i)), "consent": edit.Text("given"),
			"consent_at": edit.Int(1_790_000_000_000), "sealed": edit.Bytes([]byte("密封的話")), "sealed_to": edit.Text("age1x"),
		})
		b.Insert("interview_score", schema.NaturalRowID("score", id, question), edit.Cells{
			"interview_id": edit.ID(id), "question_id": edit.ID(question), "value": edit.Int(int64(3 + i%3)),
		})
	}
}

func TestEveryKindIsPrintedInEveryFormatAndLanguage(t *testing.T) {
	o := full(t)
	requests := map[string]official.Request{
		"inspection": {Kind: official.Inspection, To: "市委", Pending: true},
		"unit":       {Kind: official.Inspection, Unit: "V1"},
		"feedback":   {Kind: official.Feedback, Unit: "V1"},
		"visit":      {Kind: official.VisitSheet, Visit: o.Visits[0].String()},
		"progress":   {Kind: official.Progress, Issue: "3"},
		"english":    {Kind: official.Inspection, Language: "en"},
	}
	for name, request := range requests {
		for _, format := range report.Formats(request.Kind) {
			b := o.printed(request, format)
			o.keep(name+"."+format, b)
			if len(b) < 5000 {
				t.Errorf("%s.%s: %d bytes", name, format, len(b))
			}
		}
	}
}
