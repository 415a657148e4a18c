package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/server/review"
	"sansuiji/server/store"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var update = flag.Bool("update", false, "rewrite the text cases under testdata")

func inspected(t testing.TB) *fixture {
	return newFixture(t,
		finding("three sessions missing", cells{
			"title": "三季度黨課缺記錄", "detail": "七月、八月無簽到表。\n支部書記稱已補,未見佐證。",
			"kind": "problem", "severity": "serious", "status": "submitted",
			"problem_id": id("problem"), "inspector_id": id("inspector"), "recorded_at": at(9, 30),
			"latitude_e7": 301234567, "longitude_e7": -1701234567, "accuracy_m": 12,
			"review_state": "returned", "review_note": "請補照片",
		}),
		finding("good accounts", cells{
			"title": "村賬公開及時", "kind": "achievement", "recorded_at": at(10, 15),
			"withdrawn_at": at(11, 0), "withdrawn_reason": "記錯單位",
		}),
		row{"finding", id("elsewhere"), cells{
			"visit_id": id("visit 2"), "title": "候診區無障礙通道被佔",
			"severity": "of a newer program", "review_state": "accepted", "recorded_at": at(8, 0),
		}},
		row{"finding", id("orphan"), cells{"visit_id": id("no such visit"), "title": "找不到單位"}},
		row{"conflict", id("conflict"), cells{
			"table_name": "finding", "row_id": id("three sessions missing"),
			"column_name": "detail", "state": "open", "opened_at": 1,
		}},
		row{"conflict", id("settled"), cells{
			"table_name": "finding", "row_id": id("three sessions missing"),
			"column_name": "severity", "state": "resolved", "opened_at": 1,
		}},
		row{"verification", id("of problem"), cells{
			"visit_id": id("visit 1"), "problem_id": id("problem"), "outcome": "partly",
			"note": "補了一半", "inspector_id": id("inspector"), "verified_at": at(9, 50),
			"latitude_e7": 301234567, "longitude_e7": -1701234567, "accuracy_m": 8,
		}},
		row{"verification", id("of commitment"), cells{
			"visit_id": id("visit 2"), "commitment_id": id("commitment"), "outcome": "sham",
		}},
	)
}

func TestAWorkbookSaysWhatTheCampaignHolds(t *testing.T) {
	for name, c := range map[string]struct {
		language string
		filter   review.FindingFilter
	}{
		"all.zh": {"zh", review.FindingFilter{}},
		"all.en": {"en", review.FindingFilter{}},
		"narrowed.zh": {"zh", review.FindingFilter{
			Team: id("team 1").String(), Kind: "problem", Search: "佐證",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			book, _ := inspected(t).workbook(t, c.filter, c.language)
			got, path := dump(t, book), filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// dump is a workbook as text: each row's filled cells under their column's name.
func dump(t *testing.T, book *excelize.File) string {
	var b strings.Builder
	for _, sheet := range book.GetSheetList() {
		fmt.Fprintf(&b, "== %s ==\n", sheet)
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for n, r := range rows {
			for i, value := range r {
				if value != "" {
					column, _ := excelize.ColumnNumberToName(i + 1)
					fmt.Fprintf(&b, "%s%d %q\n", column, n+1, value)
				}
			}
		}
	}
	return strings.NewReplacer(`\n`, "␊").Replace(b.String())
}

func TestTextComesBackAsItWasWritten(t *testing.T) {
	texts := []string{
		"普通文字", "㐀字與𠮷字", "家庭👨‍👩‍👧‍👦與🇨🇳旗", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1", "\t=1+1",
		"=HYPERLINK(\"http://example.invalid\",\"看\")", "0012", "1/3", "2026-11-18", "true", "1e5",
		"  前後空格  ", "\n首尾換行\n", "制表\t符", "a\r\nb", "<b>&amp;</b> ]]> \"引\" '號'",
		"_x0041_ 不是 A", "_x005F_", "\u200b零寬\u2028行分隔", "é 與 é", strings.Repeat("三千字的說明。", 430),
	}
	var rows []row
	for i, text := range texts {
		rows = append(rows, finding(fmt.Sprint(i), cells{"detail": text, "recorded_at": int64(i)}))
	}
	book, raw := newFixture(t, rows...).workbook(t, review.FindingFilter{}, "zh")
	if diff := cmp.Diff(texts, column(t, book, "發現", "詳細描述")); diff != "" {
		t.Error(diff)
	}
	for name, part := range parts(t, raw) {
		if strings.Contains(part, "<f>") || strings.Contains(part, "<f ") {
			t.Errorf("%s holds a formula", name)
		}
	}
}

func TestATextThatLooksLikeAFormulaStaysTextWhenEdited(t *testing.T) {
	book, _ := newFixture(t, finding("=1+1", nil)).workbook(t, review.FindingFilter{}, "zh")
	number, err := book.GetCellStyle("發現", "I2")
	if err != nil {
		t.Fatal(err)
	}
	style, err := book.GetStyle(number)
	if err != nil {
		t.Fatal(err)
	}
	value, err := book.GetCellValue("發現", "I2")
	if err != nil || value != "=1+1" || style.NumFmt != 49 {
		t.Errorf("value %q, style %+v, %v: want number format 49, text", value, style, err)
	}
}

func TestCharactersThatXMLForbidsBecomeReplacementCharacters(t *testing.T) {
	book, raw := newFixture(t,
		finding("control", cells{"detail": "a\x01b\x0bc\x1fd\ufffe\uffffe\x7f"}),
	).workbook(t, review.FindingFilter{}, "zh")
	want := []string{"a\ufffdb\ufffdc\ufffdd\ufffd\ufffde\x7f"}
	if diff := cmp.Diff(want, column(t, book, "發現", "詳細描述")); diff != "" {
		t.Error(diff)
	}
	for name, part := range parts(t, raw) {
		decoder := xml.NewDecoder(strings.NewReader(part))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func TestNothingOfATextTooLongForACellIsLost(t *testing.T) {
	long := strings.Repeat("一二三四五六七八九十", 4000) + "末"
	emoji := strings.Repeat("😀", 20000)   // 40,000 UTF-16 units in 20,000 characters
	fits := strings.Repeat("滿", 32767)    // exactly a cell
	mixed := strings.Repeat("a", 32766) + // a pair would be split
		strings.Repeat("𠮷", 3)
	texts := []string{long, emoji, fits, mixed}
	var rows []row
	for i, text := range texts {
		rows = append(rows, finding(fmt.Sprint(i), cells{"detail": text, "recorded_at": int64(i)}))
	}
	book, _ := newFixture(t, rows...).workbook(t, review.FindingFilter{}, "zh")
	if diff := cmp.Diff([]string{"發現", "查驗", "說明", "長文"}, book.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	whole := map[string]string{}
	pieces := column(t, book, "長文", "文字")
	for i, id := range column(t, book, "長文", "編號") {
		whole[id] += pieces[i]
	}
	shown := column(t, book, "發現", "詳細描述")
	for i, text := range texts {
		if text == fits {
			if shown[i] != fits {
				t.Error("a text that fits a cell exactly was changed")
			}
			continue
		}
		if whole[id(fmt.Sprint(i)).String()] != text {
			t.Errorf("text %d: the parts do not add up to it", i)
		}
		head, mark, found := strings.Cut(shown[i], "……〔此處未完，全文見「長文」表第 ")
		if !found || !strings.HasPrefix(text, head) || utf8.RuneCountInString(head) < 16000 {
			t.Errorf("text %d shows %.40q…, mark %q", i, head, mark)
		}
	}
}

func TestMomentsAreDatesWhereExcelKnowsTheYear(t *testing.T) {
	zoned := at(23, 59)
	moments := []int64{zoned, 0, -1, math.MaxInt64, math.MinInt64}
	var rows []row
	for i, ms := range moments {
		rows = append(rows, finding(fmt.Sprint(i), cells{
			"title": fmt.Sprint(i), "recorded_at": ms,
			"latitude_e7": math.MaxInt64, "longitude_e7": math.MinInt64,
		}))
	}
	book, _ := newFixture(t, rows...).workbook(t, review.FindingFilter{}, "zh")
	got := map[string]string{}
	for i, title := range column(t, book, "發現", "標題") {
		got[title] = column(t, book, "發現", "記錄時間")[i]
	}
	want := map[string]string{
		"0": "2026-11-18 23:59:00", "1": "1970-01-01 08:00:00", "2": "1970-01-01 08:00:00",
		"3": "292278994-08-17T15:12:55+08:00", "4": "-292275055-05-17T00:47:04+08:00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryListHasAFrozenHeaderAndAFilter(t *testing.T) {
	_, raw := inspected(t).workbook(t, review.FindingFilter{}, "zh")
	all := parts(t, raw)
	for name, filter := range map[string]string{
		"xl/worksheets/sheet1.xml": `<autoFilter ref="$A$1:$AA$5"`,
		"xl/worksheets/sheet2.xml": `<autoFilter ref="$A$1:$T$3"`,
	} {
		for _, want := range []string{
			filter, `<pane activePane="bottomLeft" state="frozen" topLeftCell="A2" ySplit="1">`,
			`<pageSetUpPr fitToPage="true">`, `orientation="landscape"`,
			`<cols><col min="1" max="1"`, // Excel repairs a file whose columns are out of order
		} {
			if !strings.Contains(all[name], want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
	}
	for _, want := range []string{"_xlnm._FilterDatabase", `&#39;發現&#39;!$1:$1`} {
		if !strings.Contains(all["xl/workbook.xml"], want) {
			t.Errorf("workbook.xml has no %s", want)
		}
	}
}

func TestAnEmptyCampaignHasAWorkbookToo(t *testing.T) {
	book, _ := newFixture(t).workbook(t, review.FindingFilter{}, "en")
	if got := column(t, book, "Findings", "Title"); len(got) != 0 {
		t.Errorf("findings: %q", got)
	}
}

func TestAReportThatCannotBeMadeWritesNothing(t *testing.T) {
	f := inspected(t)
	var b bytes.Buffer
	_, err := f.printer.Make(t.Context(), f.campaign, order(review.FindingFilter{Team: "一組"}, "zh"), &b, nil)
	if schema.FaultCode(err) != schema.FaultValue || b.Len() != 0 {
		t.Errorf("a team that is no id: %v, %d bytes", err, b.Len())
	}
	none := schema.CampaignID(id("none"))
	_, err = f.printer.Make(t.Context(), none, order(review.FindingFilter{}, "zh"), &b, nil)
	if !errors.Is(err, store.ErrNotFound) || b.Len() != 0 {
		t.Errorf("no such campaign: %v, %d bytes", err, b.Len())
	}
}

// parts are the files inside a workbook.
func parts(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[file.Name] = string(b)
	}
	return out
}
