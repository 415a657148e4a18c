package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/server/review"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"

	"github.com/xuri/excelize/v2"
)

// crowd adds many findings at units of all categories in four counties, a photo at each of
// the first, and a ledger.
func (o *office) crowd(findings int) {
	o.Helper()
	const units = 48
	var visits [units]schema.RowID
	o.Write(func(b *edit.Builder) {
		for i := range units {
			unit, n := schema.NewRowID(), len(schema.Categories())
			visits[i] = schema.NewRowID()
			b.Insert("unit", unit, edit.Cells{
				"code": edit.Text(fmt.Sprintf("C%03d", i)), "name": edit.Text(fmt.Sprintf("第%d單位", i)), "category": edit.Text(schema.Categories()[i%n].Code),
				"county": edit.Text([]string{"東縣", "西縣", "南縣", "北縣"}[i/n%4]), "team_id": edit.ID(o.Teams[0]),
			})
			b.Insert("visit", visits[i], edit.Cells{"team_id": edit.ID(o.Teams[0]), "unit_id": edit.ID(unit), "status": edit.Text("left")})
		}
	})
	for from := 0; from < findings; from += 200 {
		o.Write(func(b *edit.Builder) {
			for i := from; i < min(findings, from+200); i++ {
				kind, severity := "problem", schema.Severities()[i/units%4].Code
				if i/units%5 == 4 {
					kind = "achievement"
				}
				id := schema.NaturalRowID("crowd " + fmt.Sprint(i))
				b.Insert("finding", id, edit.Cells{
					"visit_id": edit.ID(visits[i%units]), "kind": edit.Text(kind), "severity": edit.Text(severity), "topic": edit.Text("funds"),
					"title":  edit.Text(fmt.Sprintf("第%d條：公示欄內容與臺賬不一致", i)),
					"detail": edit.Text(strings.Repeat("抽看三次會議，簽到人數多於到會人數。", 1+i%40)), "status": edit.Text("submitted"),
					"review_state": edit.Text("accepted"), "inspector_id": edit.ID(o.People[0]), "recorded_at": edit.Int(1_790_000_000_000 + int64(i)),
				})
				if i < 400 {
					hash := schema.NewRowID()
					attachment(b, visits[i%units], id, "finding", "photo", schema.BlobHash(append(hash[:], hash[:]...)), o.People[0])
				}
			}
		})
	}
	o.ledgerOf(60)
}

// ledgerOf adds a ledger with shams.
func (o *office) ledgerOf(entries int) {
	o.Write(func(b *edit.Builder) {
		for i := range entries {
			problem := schema.NewRowID()
			b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(o.Units[0]), "number": edit.Int(int64(i)), "title": edit.Text(fmt.Sprintf("原問題%d", i))})
			b.Insert("ledger_entry", schema.NewRowID(), edit.Cells{"problem_id": edit.ID(problem), "measure": edit.Text("整改")})
			b.Insert("verification", schema.NaturalRowID("verification", o.Visits[0], problem), edit.Cells{
				"visit_id": edit.ID(o.Visits[0]), "problem_id": edit.ID(problem), "outcome": edit.Text("sham"), "verified_at": edit.Int(1),
			})
		}
	})
}

func TestAReportOfNearlyTwoThousandFindingsIsOneThatAnOfficeSends(t *testing.T) {
	o := newOffice(t)
	o.crowd(1900)
	request := official.Request{Kind: official.Inspection}
	raw := o.printed(request, report.PDF)
	o.keep("long.pdf", raw)
	lines := readPDF(t, raw)
	if pages := lines[len(lines)-1].page; pages < 10 || pages > 30 {
		t.Errorf("%d pages", pages)
	}
	b := o.printed(request, report.DOCX)
	o.keep("long.docx", b)
	if !bytes.Equal(b, o.printed(request, report.DOCX)) {
		t.Error("the same state gives other bytes")
	}
	text := squeezed(textOf(unzip(t, b)))
	for _, want := range []string{"選取規則：每個領域至多3例", "每個領域至多2例", "問題的領域和程度", "下略，全文見所附電子表格"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %s", want)
		}
	}
	if strings.Count(text, "〔") > 0 || strings.Count(text, "：公示欄內容與臺賬不一致") > 80 {
		t.Errorf("%d findings are told of", strings.Count(text, "：公示欄內容與臺賬不一致"))
	}
}

func TestWorkbooksThatAReportNamesHaveTheRowsThatItSays(t *testing.T) {
	o := newOffice(t)
	o.crowd(1900)
	text := textOf(unzip(t, o.printed(official.Request{Kind: official.Inspection}, report.DOCX)))
	achievements := review.FindingFilter{Kind: "achievement", Review: "accepted"}
	for kind, list := range map[string]struct {
		sheet  string
		filter review.FindingFilter
	}{
		report.Problems: {sheet: "問題清單"}, report.Ledger: {sheet: "整改臺賬"}, report.Findings: {"發現", achievements},
	} {
		var b bytes.Buffer
		made, err := o.printer.Make(t.Context(), o.Campaign, &report.Order{
			Request: official.Request{Kind: kind}, Format: report.XLSX, Filter: list.filter,
		}, &b, nil)
		o.must(err)
		book, err := excelize.OpenReader(&b)
		o.must(err)
		rows, err := book.GetRows(list.sheet)
		o.must(err)
		if want := fmt.Sprintf("電子表格「%s」，共%d行", made.Name, len(rows)-1); !strings.Contains(text, want) {
			t.Errorf("it does not name %s", want)
		}
		o.must(book.Close())
	}
}

func TestWhatAReportCountsIsInItsEvidence(t *testing.T) {
	o := newOffice(t)
	o.crowd(500)
	o.must(o.Store.Read(t.Context(), o.Campaign, func(v store.View) error {
		made, err := official.Write(t.Context(), v, o.Catalogue, &official.Request{Kind: official.Inspection})
		if err != nil {
			return err
		}
		if n := len(made.Used.Rows["finding"]); n != 500 {
			t.Errorf("%d findings are behind it", n)
		}
		if n := len(made.Used.Shots); n != 400 {
			t.Errorf("%d photos are behind it", n)
		}
		for _, s := range made.Used.Sources {
			if s.ID == "" && s.Table == "verification" && len(s.Rows) != s.Count {
				t.Errorf("source %d is of %d rows and says %d", s.Number, len(s.Rows), s.Count)
			}
		}
		return nil
	}))
}
