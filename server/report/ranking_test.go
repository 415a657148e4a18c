package report_test

import (
	"context"
	"strings"
	"testing"

	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/server/store"
)

// questionOf finds the question that people are asked.
func questionOf(ctx context.Context, id *[]byte) func(store.Queryer) error {
	return func(q store.Queryer) error {
		return q.QueryRowContext(ctx, `SELECT id FROM question WHERE code = 'I01'`).Scan(id)
	}
}

func TestARankingShowsHowEachScoreCameAbout(t *testing.T) {
	o := busy(t)
	request := official.Request{Kind: official.Ranking}
	text := textOf(unzip(t, o.printed(request, report.DOCX)))
	for _, want := range []string{
		// 90 + 85.5 + 87 = 262.5 without the lowest and the highest, ÷ 3 = 87.5
		"262.5", "87.50", "40（去掉）", "100（去掉）",
		"共7份，不列各份分值",
		"村領域：參評單位",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the ranking does not say %s", want)
		}
	}
	if strings.Contains(text, "領導3") {
		t.Error("the ranking tells who gave which mark")
	}
	for _, format := range []string{report.DOCX, report.PDF, report.XLSX} {
		o.keep("ranking."+format, o.printed(request, format))
	}
	book, _ := o.book(official.Ranking, "zh")
	if got := strings.Join(column(t, book, "村測評排名", "A1 班子建設"), " "); !strings.Contains(got, "87.50") {
		t.Error(got)
	}
}

func TestScoresOfSoFewThatTheyWouldTellAreNotShown(t *testing.T) {
	o := busy(t)
	text := textOf(unzip(t, o.printed(official.Request{Kind: official.Ranking}, report.DOCX)))
	book, _ := o.book(official.Ranking, "zh")
	all := strings.Join(column(t, book, "計分過程", "評分（百分制）"), "\n")
	for _, where := range []string{text, all} {
		if strings.Contains(where, "共2份") {
			t.Error("a figure about two people is shown")
		}
	}
}
