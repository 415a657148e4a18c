package intake_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/intake"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func merge(t testing.TB, f *excelize.File, sheet string, ranges ...string) {
	t.Helper()
	for _, r := range ranges {
		from, to, _ := strings.Cut(r, ":")
		must(t, f.MergeCell(sheet, from, to))
	}
}

// ledgerBook is a ledger as a county's office keeps it: a cover sheet, a title over the
// table, a header of two lines, units merged over their rows, dates in every style, a
// section's line, subtotals, and who filled it in.
func ledgerBook(t testing.TB) intake.ImportFile {
	t.Helper()
	return workbook(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"填報說明"}, []any{"一、請各單位於月底前報送"})
		_, err := f.NewSheet("台账")
		must(t, err)
		put(
			t, f, "台账",
			[]any{"整改台账（2026年度）"},
			[]any{"单位", "问题", "整改", nil, "责任", nil, nil, "整改时限", "备注"},
			[]any{nil, nil, "措施", "目标", "单位", "领导", "责任人", nil, nil},
			[]any{"一、農村", "一、農村", "一、農村"},
			[]any{"槐塘村", "黨務公開不及時", "每月更新", "當月上欄", "黨支部", "李某", "甲", 46351, "a"},
			[]any{nil, "集體資產台賬不清", "逐項清點", nil, "黨支部", "李某", "乙", "2026年12月", nil},
			[]any{nil, nil, "公示結果", nil, "黨支部", "李某", "乙", "2026.12.31 18:00", nil},
			[]any{"小計", nil, 3},
			[]any{"一小", "食堂留樣不全", "補齊留樣", nil, "校黨支部", "趙某", "丙", "11月30日前", nil},
			[]any{"合計", nil, 4},
			[]any{"注：本表一式兩份"},
		)
		merge(t, f, "台账", "A1:I1", "A2:A3", "B2:B3", "C2:D2", "E2:G2", "H2:H3", "I2:I3", "A5:A7", "B6:B7", "F5:F7")
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err)
		must(t, f.SetCellStyle("台账", "H5", "H5", style))
	})
}

func TestALedgerOfTwoHeaderLinesWithMergedCellsIsRead(t *testing.T) {
	o := newOffice(t)
	o.apply("problems", file(t, "problems.tsv"))
	in := ledgerBook(t)
	p := o.preview("ledger", in)
	if p.Sheet != "台账" || len(p.Sheets) != 2 || p.Rows != 4 || p.Skipped != 4 {
		t.Errorf("sheet %s of %v, %d rows, %d skipped: %+v", p.Sheet, p.Sheets, p.Rows, p.Skipped, p.Problems)
	}
	if diff := cmp.Diff([]int{2, 3}, p.HeaderRows); diff != "" {
		t.Error(diff)
	}
	want := map[string]int{
		"unit": 1, "problem": 2, "measure": 3, "goal": 4,
		"responsible_unit": 5, "responsible_leader": 6, "responsible_person": 7, "due_at": 8,
	}
	if diff := cmp.Diff(want, columnsOf(p)); diff != "" {
		t.Error(diff)
	}
	o.apply("ledger", in)
	rows := o.rows(`SELECT measure || ' ' || responsible_leader || ' ' || CAST(due_at AS TEXT) FROM ledger_entry
		WHERE campaign_no = $1 ORDER BY due_at, measure`)
	if diff := cmp.Diff([]string{
		"每月更新 李某 1795536000000", "補齊留樣 趙某 1795968000000", "公示結果 李某 1798646400000", "逐項清點 李某 1798646400000",
	}, rows); diff != "" {
		t.Error(diff)
	}
	o.Check()
}

func TestAHeaderOfTwoLinesIsReadFromBlanksToo(t *testing.T) {
	o := newOffice(t)
	o.apply("problems", file(t, "problems.tsv"))
	p := o.preview("ledger", csv(
		"整改臺賬,,,,,,,", "單位,問題,整改,,責任,,,整改時限", ",,措施,目標,單位,領導,責任人,",
		"V1,1,甲,乙,丙,丁,戊,2026-11-25", "單位,問題,整改,,責任,,,整改時限", "V1,2,甲,乙,丙,丁,戊,2026-11-25",
	))
	want := map[string]int{
		"unit": 1, "problem": 2, "measure": 3, "goal": 4,
		"responsible_unit": 5, "responsible_leader": 6, "responsible_person": 7, "due_at": 8,
	}
	if diff := cmp.Diff(want, columnsOf(p)); diff != "" || p.Inserts != 2 || p.Skipped != 1 {
		t.Errorf("%s %+v", diff, p)
	}
}

func TestTheSheetThatFitsBestIsTakenUnlessAPersonNamesOne(t *testing.T) {
	o := newOffice(t)
	in := workbook(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"說明"}, []any{"單位名稱見下頁"})
		for name, code := range map[string]string{"名單": "A1", "去年": "B1"} {
			_, err := f.NewSheet(name)
			must(t, err)
			put(t, f, name, []any{"單位代碼", "單位名稱", "領域"}, []any{code, "甲村", "村"})
		}
		put(t, f, "名單", []any{"單位代碼", "單位名稱", "領域", "書記"})
	})
	if p := o.preview("units", in); p.Sheet != "名單" || len(p.Sheets) != 3 {
		t.Errorf("%s of %v", p.Sheet, p.Sheets)
	}
	in.Sheet = "去年"
	if p := o.preview("units", in); p.Sheet != "去年" || p.Inserts != 1 {
		t.Errorf("%+v", p)
	}
	in.Sheet = "前年"
	_, err := o.service.Preview(t.Context(), o.Campaign, "units", in)
	fails(t, err, schema.FaultValue)
}

func TestAPersonSaysWhichColumnIsWhat(t *testing.T) {
	o := newOffice(t)
	in := csv("導出,,", "甲,乙,丙", "A1,甲村,村")
	if p := o.preview("units", in); p.ProblemCount != 3 || len(columnsOf(p)) != 0 {
		t.Errorf("%+v", p)
	}
	in.Header, in.Mapping = 2, map[string]int{"code": 1, "name": 2, "category": 3, "county": 0}
	p := o.preview("units", in)
	if p.ProblemCount != 0 || p.Inserts != 1 || p.Mapping[0].Header != "甲" {
		t.Errorf("%+v", p)
	}
	for _, mapping := range []map[string]int{{"code": 4}, {"code": -1}, {"color": 1}} {
		in.Mapping = mapping
		_, err := o.service.Preview(t.Context(), o.Campaign, "units", in)
		fails(t, err, schema.FaultValue)
	}
	in.Header = 9
	_, err := o.service.Preview(t.Context(), o.Campaign, "units", in)
	fails(t, err, schema.FaultValue)
}

func TestAFileThatIsNoTableOrTooLargeIsRefused(t *testing.T) {
	o := newOffice(t)
	wide := strings.Repeat("x,", 201) + "x"
	book := workbook(t, func(*excelize.File) {}).File
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"old workbook":      {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), schema.FaultImportFile},
		"picture":           {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), schema.FaultImportFile},
		"damaged workbook":  {book[:len(book)/2], schema.FaultImportFile},
		"another archive":   {archive(t, "a.txt", 10), schema.FaultImportFile},
		"bomb":              {archive(t, "xl/worksheets/sheet1.xml", 600<<20), schema.FaultImportSize},
		"wide table":        {[]byte(wide), schema.FaultImportSize},
		"long table":        {[]byte(strings.Repeat("x\n", 200_001)), schema.FaultImportSize},
		"large file":        {make([]byte, intake.FileMax+1), schema.FaultImportSize},
		"unclosed quote":    {[]byte("a,b\n\"c,d\n"), schema.FaultImportFile},
		"no text":           {[]byte("\xff\xff\xff\x80"), schema.FaultImportFile},
		"NUL in text":       {[]byte("a,b\x00"), schema.FaultImportFile},
		"workbook of other": {archive(t, "[Content_Types].xml", 3), schema.FaultImportFile},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.service.Preview(t.Context(), o.Campaign, "units", intake.ImportFile{Name: name, File: c.file})
			fails(t, err, c.want)
		})
	}
	_, err := o.service.Preview(t.Context(), o.Campaign, "cows", csv("a"))
	fails(t, err, schema.FaultNotFound)
	_, err = o.service.Preview(t.Context(), schema.CampaignID(schema.NewRowID()), "units", csv("a"))
	fails(t, err, schema.FaultNotFound)
}

// archive is a ZIP file with one part of so many zeros.
func archive(t testing.TB, name string, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	part, err := w.Create(name)
	must(t, err)
	block := make([]byte, 1<<20)
	for size > 0 {
		n, err := part.Write(block[:min(size, len(block))])
		must(t, err)
		size -= n
	}
	must(t, w.Close())
	return b.Bytes()
}

func TestAnEmptyTableBringsNothing(t *testing.T) {
	o := newOffice(t)
	for _, in := range []intake.ImportFile{csv(""), csv("", " , ,"), workbook(t, func(*excelize.File) {})} {
		if p := o.preview("units", in); p.Rows != 0 || p.Inserts != 0 || p.ProblemCount == 0 {
			t.Errorf("%+v", p)
		}
	}
}

func TestATemplateCanBeImportedOnceItsReferencesAreThere(t *testing.T) {
	o := newOffice(t)
	for _, kind := range intake.KindNames() {
		b, err := intake.Template(kind)
		must(t, err)
		if !bytes.HasPrefix(b, []byte("\ufeff")) {
			t.Errorf("%s: no mark", kind)
		}
		in := intake.ImportFile{Name: fmt.Sprintf("%s.csv", kind), File: b}
		if len(o.preview(kind, in).Unused) > 0 {
			t.Errorf("%s: a column of the template is no field", kind)
		}
		if r := o.apply(kind, in); r.Inserted != 1 {
			t.Errorf("%s: %+v", kind, r)
		}
	}
}
