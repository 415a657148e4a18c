package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// problemsOf are the mistakes of a preview, one to a line.
func (o *office) problemsOf(kind string, lines ...string) string {
	o.t.Helper()
	var got []string
	for _, m := range o.preview(kind, csv(lines...)).Problems {
		got = append(got, fmt.Sprintf("%d %s %s", m.Row, m.Field, m.Code))
	}
	return strings.Join(got, "; ")
}

func TestEachMistakeIsNamedWithItsRowAndColumn(t *testing.T) {
	o := newOffice(t)
	o.apply("units", csv("單位代碼,單位名稱,領域", "T1,同名村,村", "T2,同名村,村"))
	o.apply("problems", csv("單位代碼,序號,問題", "T1,1,同題", "T1,2,同題", "V1,,無號"))
	for name, c := range map[string]struct {
		kind, head, row, want string
	}{
		"unknown unit":            {"problems", "單位,問題", "無此村,甲", "2 unit unknown"},
		"unknown code":            {"problems", "單位代碼,問題", "X9,甲", "2 unit_code unknown"},
		"a name of two":           {"problems", "單位,問題", "同名村,甲", "2 unit ambiguous"},
		"no unit":                 {"problems", "單位,單位代碼,問題", ",,甲", "2 unit_code required"},
		"no column of units":      {"problems", "序號,問題", "1,甲", "0 unit_code column-missing"},
		"a code beside the name":  {"problems", "單位,單位代碼,問題", "同名村,T2,甲", ""},
		"no title":                {"problems", "單位代碼,序號,問題", "T1,3,", "2 title required"},
		"a title too long":        {"problems", "單位代碼,問題", "T1," + strings.Repeat("長", 10_001), "2 title long"},
		"unknown problem":         {"ledger", "單位代碼,問題", "T1,別的", "2 problem unknown"},
		"a problem of two":        {"ledger", "單位代碼,問題", "T1,同題", "2 problem ambiguous"},
		"a problem by its number": {"ledger", "單位代碼,問題,問題序號", "T1,同題,2", ""},
		"unknown number":          {"ledger", "單位代碼,問題序號", "T1,7", "2 number unknown"},
		"a day there is not":      {"ledger", "單位代碼,問題序號,整改時限", "T1,1,2026-02-30", "2 due_at date"},
		"no date":                 {"ledger", "單位代碼,問題序號,整改時限", "T1,1,長期堅持", "2 due_at date"},
		"a month that lost zeros": {"ledger", "單位代碼,問題序號,整改時限", "T1,1,2026.1", "2 due_at date"},
		"one of none":             {"questions", "題號,用途,題目,題型", "C1,核查,甲,單選", "2 options required"},
		"a scale without end":     {"questions", "題號,用途,題目,題型,最高分", "C1,核查,甲,評分,", "2 scale_max required"},
		"no team":                 {"people", "組號,姓名", "機動組,王某", "2 number integer"},
		"a person of two":         {"people", "組號,姓名", "1,甲", ""},
	} {
		if got := o.problemsOf(c.kind, c.head, c.row); got != c.want {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
	}
}

func TestWhatStandsTwiceNamesTheFirstRow(t *testing.T) {
	o := newOffice(t)
	for name, c := range map[string]struct {
		kind  string
		lines []string
		want  string
	}{
		"units":       {"units", []string{"單位代碼,單位名稱,領域", "A,甲,村", "", "B,乙,村", "A,丙,村"}, "5 code duplicate"},
		"numbers":     {"problems", []string{"單位,序號,問題", "V1,1,甲", "S1,1,甲", "V1,1,乙"}, "4 number duplicate"},
		"titles":      {"commitments", []string{"單位,項目", "V1,甲", "V1,甲。"}, "3 title duplicate"},
		"people":      {"people", []string{"組號,姓名,工作單位", "1,王某,甲局", "1,王某,乙局", "2,王某,甲局", "1,王 某,甲局"}, "5 name duplicate"},
		"team's name": {"people", []string{"組號,核查組名稱,姓名", "5,五組,王某", "5,第五組,李某"}, "3 team contrary"},
	} {
		if got := o.problemsOf(c.kind, c.lines...); got != c.want {
			t.Errorf("%s: %s; want %s", name, got, c.want)
		}
	}
	p := o.preview("units", csv("單位代碼,單位名稱,領域", "A,甲,村", "", "A,丙,村"))
	if say := p.Problems[0].Say; say.Zh != "與第 2 行重複" || say.En != "the same as row 2" {
		t.Errorf("%+v", say)
	}
}

func TestAllMistakesAreCountedAndTheFirstAreListed(t *testing.T) {
	o := newOffice(t)
	lines := []string{"單位代碼,單位名稱,領域"}
	for i := range 700 {
		lines = append(lines, fmt.Sprintf("A%d,甲,鎮", i))
	}
	if p := o.preview("units", csv(lines...)); p.ProblemCount != 700 || len(p.Problems) != 500 {
		t.Errorf("%d of %d", len(p.Problems), p.ProblemCount)
	}
}

func TestAnUpdateShowsWhatStoodBefore(t *testing.T) {
	o := newOffice(t)
	p := o.preview("units", csv("單位代碼,單位名稱,領域,縣,黨員,緯度", "V1,槐塘新村,社區,,30,30.5"))
	var got []string
	for _, c := range p.Updates[0].Changes {
		got = append(got, fmt.Sprintf("%s %q %q", c.Column, c.Before, c.After))
	}
	want := []string{
		`name "槐塘村" "槐塘新村"`, `category "village" "community"`, `county "霽川縣" ""`, `members "" "30"`, `latitude_e7 "" "30.5"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDaysAreReadInEveryStyleOfOffices(t *testing.T) {
	o := newOffice(t)
	o.apply("problems", csv("單位,序號,問題", "V1,1,甲"))
	day := func(cell any) string {
		in := workbook(t, func(f *excelize.File) {
			put(t, f, "Sheet1", []any{"單位", "問題序號", "整改時限", "備註"}, []any{"V1", 1, cell, "x"})
		})
		o.apply("ledger", in)
		return o.rows("SELECT CAST(due_at AS TEXT) FROM ledger_entry WHERE campaign_no = $1")[0]
	}
	const nov25, nov30, dec31 = "1795536000000", "1795968000000", "1798646400000"
	for _, c := range []struct {
		cell any
		want string
	}{
		{"2026-11-25", nov25},
		{"2026/11/25", nov25},
		{"2026.11.25", nov25},
		{"２０２６．１１．２５", nov25},
		{"2026年11月25日", nov25},
		{"2026 年 11 月 25 日", nov25},
		{"20261125", nov25},
		{20261125, nov25},
		{46351, nov25},
		{46351.75, nov25},
		{"2026-11-25 14:30", nov25},
		{"2026-11-25T14:30:00Z", nov25},
		{"2026年11月25日 下午3:00", nov25},
		{"2026年11月25日前", nov25},
		{"11月25日", nov25},
		{"2026年11月", nov30},
		{"2026.11", nov30},
		{2026.11, nov30},
		{"2026-11", nov30},
		{"2026年12月底前", dec31},
		{"2026年底", dec31},
	} {
		if got := day(c.cell); got != c.want {
			t.Errorf("%v: %s, want %s", c.cell, got, c.want)
		}
	}
}
