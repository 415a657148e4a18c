package review_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAVisitShowsWhatItsTeamRecorded(t *testing.T) {
	w := ingesttest.New(t)
	service := &review.Service{Store: w.Store, Catalogue: w.Catalogue, Ingest: w.Service}
	problem, common, other, asked := schema.NewRowID(), schema.NewRowID(), schema.NewRowID(), schema.NewRowID()
	question := func(b *edit.Builder, id schema.RowID, code, usage string, more edit.Cells) {
		more["code"], more["usage"], more["text"], more["kind"] = edit.Text(code), edit.Text(usage), edit.Text("問"+code), edit.Text("scale")
		more["scale_max"] = edit.Int(5)
		b.Insert("question", id, more)
	}
	w.Write(func(b *edit.Builder) {
		b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(w.Units[0]), "title": edit.Text("不公開")})
		question(b, common, "C01", "check", edit.Cells{})
		question(b, other, "C02", "check", edit.Cells{"category": edit.Text("school")})
		question(b, asked, "I01", "interview", edit.Cells{"readable": edit.Int(1)})
	})
	p := w.Enrol(0)
	p.Pull()
	talk, visit := schema.NewRowID(), w.Visits[0]
	p.Save(func(b *edit.Builder) {
		b.Insert("verification", schema.NaturalRowID("verification", visit, problem), edit.Cells{
			"visit_id": edit.ID(visit), "problem_id": edit.ID(problem), "outcome": edit.Text("sham"), "note": edit.Text("擺拍"),
		})
		b.Insert("finding", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(visit), "title": edit.Text("公示欄空白"), "severity": edit.Text("serious"), "recorded_at": edit.Int(5),
		})
		b.Insert("answer", schema.NaturalRowID("answer", visit, common), edit.Cells{
			"visit_id": edit.ID(visit), "question_id": edit.ID(common), "value": edit.Text("4"),
		})
		b.Insert("interview", talk, edit.Cells{
			"visit_id": edit.ID(visit), "code": edit.Text("K3PQ7Z"), "drawn": edit.Int(1), "consent": edit.Text("given"),
			"consent_at": edit.Int(1), "sealed": edit.Bytes([]byte("age…")), "sealed_to": edit.Text("age1x"),
		})
		b.Insert("interview_score", schema.NaturalRowID("interview_score", talk, asked), edit.Cells{
			"interview_id": edit.ID(talk), "question_id": edit.ID(asked), "value": edit.Int(3),
		})
		b.Insert("attachment", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(visit), "subject_table": edit.Text("visit"), "subject_id": edit.ID(visit), "kind": edit.Text("photo"),
			"hash": edit.Bytes(make([]byte, 32)), "size": edit.Int(9), "media_type": edit.Text("image/jpeg"), "taken_at": edit.Int(1),
		})
		b.Insert("signoff", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(visit), "result": edit.Text("refused"), "summary": edit.Text("查驗 1 項"), "reason": edit.Text("不認可"),
			"signed_at": edit.Int(2),
		})
	})
	for _, e := range p.Push().Entries {
		if e.Outcome != schema.Merged {
			t.Fatalf("%+v", e)
		}
	}
	d, err := service.Visit(t.Context(), w.Campaign, visit)
	if err != nil {
		t.Fatal(err)
	}
	want := review.VisitDetail{
		Visit: review.Visit{
			ID: visit.String(), Unit: "槐塘村", Code: "V1", Category: "village", County: "霽川縣", Team: "一組",
			TeamID: w.Teams[0].String(), Status: "planned", Subjects: 1, Verified: 1, Findings: 1, Questions: 1, Answered: 1,
			Interviews: 1, Photos: 1, Missing: 1, Signoff: "refused",
		},
		Noted: []review.Noted{{
			Kind: "problem", Title: "公示欄空白", Severity: "serious", Status: "draft", Review: "pending", At: new(int64(5)),
		}},
		Verifications: []review.Verification{{Subject: "不公開", Outcome: "sham", Note: "擺拍"}},
		Answers:       []review.Answer{{Code: "C01", Text: "問C01", Kind: "scale", Value: "4"}},
		Talks: []review.Talk{{
			ID: talk.String(), Code: "K3PQ7Z", Drawn: true, Consent: "given", Sealed: true, Size: 6,
		}},
		Marks:    []review.Marks{{Code: "I01", Text: "問I01", Max: 5, Values: []int64{3}}},
		Signoffs: []review.Signoff{{Result: "refused", Summary: "查驗 1 項", Reason: "不認可", SignedAt: 2}},
	}
	if diff := cmp.Diff(want, d, cmpopts.IgnoreFields(review.Verification{}, "ID"), cmpopts.IgnoreFields(review.Noted{}, "ID")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	list, err := service.Visits(t.Context(), w.Campaign)
	if err != nil || len(list) != 2 || list[0] != d.Visit {
		t.Errorf("%v %+v", err, list)
	}
	if _, err := service.Visit(t.Context(), w.Campaign, schema.NewRowID()); schema.FaultCode(err) != schema.FaultNotFound {
		t.Errorf("%v", err)
	}
	w.Check()
}
