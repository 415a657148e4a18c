package intake_test

import (
	"fmt"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/intake"
)

func TestThePersonsMappingIsRememberedForSuchAHeader(t *testing.T) {
	o := newOffice(t)
	const header = "甲欄,乙欄,丙欄,所在縣"
	in := csv(header, "D1,丁村,村,霽川縣")
	if p := o.preview("units", in); p.ProblemCount == 0 || p.Remembered {
		t.Fatalf("%+v", p)
	}
	in.Mapping = map[string]int{"code": 1, "name": 2, "category": 3}
	o.apply("units", in)
	next := csv("甲 欄,乙欄,丙欄,所在縣", "D2,戊村,村,霽川縣")
	p := o.preview("units", next)
	if !p.Remembered || p.ProblemCount != 0 || columnsOf(p)["name"] != 2 || columnsOf(p)["county"] != 0 {
		t.Errorf("%+v", p)
	}
	if p := o.preview("units", csv("甲欄,乙欄", "D2,戊村")); p.Remembered {
		t.Error("another header is taken for the same")
	}
	next.Mapping = map[string]int{"code": 1, "name": 2, "category": 3, "county": 4}
	o.apply("units", next)
	if p := o.preview("units", csv(header, "D3,己村,村,霽川縣")); columnsOf(p)["county"] != 4 {
		t.Errorf("the later word does not count: %+v", p)
	}
}

func TestAKindIsGuessedFromTheTable(t *testing.T) {
	o := newOffice(t)
	for name, want := range map[string]string{
		"units-gbk.csv": "units", "units-semicolon.csv": "units", "problems.tsv": "problems", "ledger-dates.csv": "ledger",
		"commitments.csv": "commitments", "questions.csv": "questions", "people.csv": "people",
	} {
		if p := o.preview(intake.AnyKind, file(t, name)); p.Kind != want {
			t.Errorf("%s is taken for %s", name, p.Kind)
		}
	}
	if p := o.preview(intake.AnyKind, ledgerBook(t)); p.Kind != "ledger" {
		t.Errorf("a ledger is taken for %s", p.Kind)
	}
	for _, kind := range intake.KindNames() {
		b, err := intake.Template(kind)
		must(t, err)
		if p := o.preview(intake.AnyKind, intake.ImportFile{Name: "a.csv", File: b}); p.Kind != kind {
			t.Errorf("the template of %s is taken for %s", kind, p.Kind)
		}
	}
	_, err := o.service.Apply(t.Context(), o.Campaign, intake.AnyKind, file(t, "units-gbk.csv"), "老趙")
	fails(t, err, schema.FaultNotFound)
}

func TestProgressIsShownWhileSomethingIsUnderWay(t *testing.T) {
	o := newOffice(t)
	in := csv("單位代碼,單位名稱,領域", "D1,丁村,村")
	in.Ticket = "t1"
	o.apply("units", in)
	if p := o.service.Progress("t1"); p.Stage != "none" {
		t.Errorf("%+v", p)
	}
}

func TestATableOfRecusalsNamesTeamsAndCounties(t *testing.T) {
	o := newOffice(t)
	o.apply("people", csv("組別,姓名,工作單位", "7,王堃,甲局", "8,王堃,乙局", "8,陳玥,乙局"))
	p := o.preview(intake.Recusals, csv(
		"姓名,工作單位,回避縣區,回避單位,原因", "王堃,甲局,霽川縣,,原任職地", "陳玥,,,一小,親屬",
		"王堃,,霽川縣,,", "某人,,霽川縣,,", "陳玥,,某某縣,,", "陳玥,,,,",
	))
	if len(p.Recusals) != 2 || p.Recusals[0].Number != 7 || p.Recusals[0].County != "霽川縣" || p.Recusals[1].County != "雲汀區" ||
		p.Recusals[1].Number != 8 || p.Recusals[1].Reason != "親屬" {
		t.Errorf("%+v", p.Recusals)
	}
	var codes []string
	for _, m := range p.Problems {
		codes = append(codes, m.Code)
	}
	if want := "[ambiguous unknown unknown required]"; fmt.Sprint(codes) != want {
		t.Errorf("%v, want %s", codes, want)
	}
	_, err := o.service.Apply(t.Context(), o.Campaign, intake.Recusals, csv("姓名,回避縣區"), "老趙")
	fails(t, err, schema.FaultNotFound)
}
