package intake_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/server/intake"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

var update = flag.Bool("update", false, "write the tables of testdata/import/ugly anew")

// ugly are tables as offices send them, each worse than it needs to be, in the order in
// which an office imports them.
func ugly(t testing.TB) []uglyTable {
	t.Helper()
	return []uglyTable{
		{"units.xlsx", "units", uglyUnits(t), 7},
		{"problems-gb18030.csv", "problems", gb18030(t, uglyProblems), 6},
		{"ledger-seven-dates.xlsx", "ledger", uglyLedger(t), 8},
		{"commitments-utf16.txt", "commitments", utf16(t, uglyCommitments), 3},
		{"questions-bom.csv", "questions", []byte(uglyQuestions), 6},
		{"people-merged.xlsx", "people", uglyPeople(t), 6},
	}
}

type uglyTable struct {
	name, kind string
	bytes      []byte
	rows       int
}

// uglyUnits has a sheet of instructions first, a title, a header of two lines merged both
// ways, sections, subtotals, a count with a comma, degrees in three styles, and characters
// that are in no list of common ones.
func uglyUnits(t testing.TB) []byte {
	return workbook(t, func(f *excelize.File) {
		put(t, f, "Sheet1", []any{"填報說明"}, []any{"1. 請如實填報"}, []any{"2. 聯繫人：王堃"})
		_, err := f.NewSheet("名單")
		must(t, err)
		put(t, f, "名單",
			[]any{"霽川市 2026 年被核查單位名單"},
			[]any{"填報單位：組織部", nil, nil, nil, nil, nil, nil, "單位：人"},
			[]any{"序號", "單位", nil, nil, "所在地", nil, "位置", nil, "黨員", "書記", "備註"},
			[]any{nil, "編碼", "名稱", "類別", "縣區", "鄉鎮", "東經", "北緯", "人數", nil, nil},
			[]any{"一、農村"},
			[]any{1, "CUN-001", "桐塘 村", "行政村", "霁川县", "桐塘鎮", "115°12′30.5″", 30.1234567, "1,036", "王堃", ""},
			[]any{2, "CUN-002", "䶮山村", "建制村", nil, "桐塘鎮", 115.25, "北緯30.5°", 41, "陳玥", ""},
			[]any{3, "CUN-003", "柳灣村\n（聯合）", "村", nil, nil, nil, nil, 17, "䶮某", "偏遠"},
			[]any{"小計", nil, nil, nil, nil, nil, nil, nil, 1094},
			[]any{"二、城市"},
			[]any{4, "SHE-001", "石橋社區", "居委會", "云汀区", "石橋街道", nil, nil, 88, "某甲", nil},
			[]any{5, "XX-001", "第一小学", "中小學", "云汀区", nil, nil, nil, 12, nil, nil},
			[]any{6, "GQ-001", "城投公司", "國企", "云汀区", nil, nil, nil, 30, nil, nil},
			[]any{7, "JG-001", "市某局", "機關單位", "市本級", nil, nil, nil, 55, nil, nil},
			[]any{"合　計", nil, nil, nil, nil, nil, nil, nil, 1279},
			[]any{"填表人：陳玥　　審核人：王堃　　填表日期：2026.11.20"},
		)
		merge(t, f, "名單", "A1:K1", "A2:D2", "A3:A4", "B3:D3", "E3:F3", "G3:H3", "J3:J4", "K3:K4",
			"A5:K5", "A10:K10", "E6:E8", "F6:F7", "A16:K16")
	}).File
}

const uglyProblems = "霽川市問題清單,,,,,\r\n\r\n" +
	"序号,被查单位,问题描述,查摆方式,共性/个性,问题程度\r\n" +
	"1,桐塘村,党务公开不及时,自己找,共性,一般\r\n" +
	"2,桐塘村,\"集体资产台账不清，\r\n账实不符\",群众反映,个性问题,较严重\r\n" +
	"1,䶮山村,\"活动室\"\"常年上锁\"\"\",上级点名,个性,一般\r\n" +
	"1,CUN-003,三会一课记录不全,自查,共性,輕\r\n" +
	"小计,,,,,4\r\n" +
	"1,第一小学,食堂留样不全,上级点,个性,轻微\r\n" +
	"1,城投公司,三重一大未先上会,群眾,共性,重\r\n" +
	"合计,,,,,6\r\n"

// uglyLedger has days in seven styles, one of them a number that is shown as a day, and
// units and problems that are merged over their measures.
func uglyLedger(t testing.TB) []byte {
	return workbook(t, func(f *excelize.File) {
		put(t, f, "Sheet1",
			[]any{"整改台賬"},
			[]any{"单位名称", "存在问题", "整改", nil, "责任", nil, "整改时限", "完成情况", "销号情况"},
			[]any{nil, nil, "措施", "目标", "领导", "责任人", nil, nil, nil},
			[]any{"桐塘村", "党务公开不及时", "每月更新公示欄", "當月上欄", "王堃", "甲", "2026-12-25", "已更新", "整改中"},
			[]any{nil, "集体资产台账不清，\n账实不符", "逐項清點", nil, nil, "乙", "2026/12/25", nil, "未完成"},
			[]any{nil, nil, "公示結果", nil, nil, "乙", "2026.12.25", nil, "未完成"},
			[]any{"䶮山村", "活动室\"常年上锁\"", "專人開放", nil, "陳玥", "丙", "2026年12月25日", nil, "已整改"},
			[]any{"CUN-003", "1", "補齊記錄", nil, nil, nil, "20261225", nil, nil},
			[]any{"小计", nil, nil, nil, nil, nil, nil, nil, 5},
			[]any{"第一小学", "食堂留样不全", "補齊留樣", nil, "䶮某", "丁", 46381, "已做", "完成"},
			[]any{"城投公司", "三重一大未先上会", "修訂議事規則", nil, nil, nil, "12月25日前", nil, "推進中"},
			[]any{nil, nil, "季度自查", nil, nil, nil, "2026年底", nil, "推進中"},
		)
		merge(t, f, "Sheet1", "A1:I1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3", "H2:H3", "I2:I3", "A4:A6", "B5:B6", "E4:E6",
			"A11:A12", "B11:B12")
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err)
		must(t, f.SetCellStyle("Sheet1", "G10", "G10", style))
	}).File
}

const uglyCommitments = "單位編碼\t書記項目名稱\t預期成效\t計劃完成時間\t項目進展\r\n" +
	"CUN-001\t村級活動場所改造\t年底前投入使用\t2026年12月\t主體已完工\r\n" +
	"CUN-002\t䶮山灌渠修復\t\t2026.12.1\t\r\n" +
	"XX-001\t操場翻新\t\t2026/12/31 18:00\t招標中\r\n"

const uglyQuestions = "\ufeff題號,用途,適用領域,順序,題目內容,題型,備選項,最高分,評分可讀,是否必答\n" +
	"C01,核查,共答題,1,公示欄是否在三個月以內更新,是非題,,,,√\n" +
	"C02,現場核查,通用,2,臺賬與實際相符程度,打分,,5,,是\n" +
	"C03,現場,村,1,集體經濟收入臺賬,單選題,賬實相符；部分不符|無臺賬,,,√\n" +
	"C04,現場核查,中小學,1,食堂留樣是否齊全,判斷,,,,×\n" +
	"I01,訪談,,1,您對這裡的工作滿意嗎,評分題,,10,是,否\n" +
	"I02,群眾訪談,,2,\"您最希望先解決什麼？\n（請說具體）\",問答,,,,\n"

// uglyPeople has teams that are merged over their people, and numbers in three styles.
func uglyPeople(t testing.TB) []byte {
	return workbook(t, func(f *excelize.File) {
		put(t, f, "Sheet1",
			[]any{"核查人員分組表"},
			[]any{"组别", "姓名", "单位及职务", "组内分工", "电话"},
			[]any{"第一核查組", "王堃", "霽川市某局", "負責人", "000"},
			[]any{nil, "陳玥", "霽川市某局", "核查員", ""},
			[]any{nil, "䶮某", "霽川市某辦", "聯絡員", ""},
			[]any{"2組", "歐陽某", "某校", "组长", ""},
			[]any{nil, "王堃", "某院", "組員", ""},
			[]any{"3", "趙某", "霽川市某局", "组长", ""},
			[]any{"合計", 6},
		)
		merge(t, f, "Sheet1", "A1:E1", "A3:A5", "A6:A7")
	}).File
}

const uglyRecusals = "回避情况登记表,,,,\r\n\r\n" +
	"姓名,工作单位,回避地区,回避单位,事由\r\n" +
	"王堃,霽川市某局,霁川县,,原任职地\r\n" +
	"陳玥,,,第一小学,亲属任职\r\n" +
	"䶮某,,云汀 区,,籍贯\r\n" +
	"合计,3,,,\r\n"

func gb18030(t testing.TB, text string) []byte {
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	must(t, err)
	return b
}

func utf16(t testing.TB, text string) []byte {
	b, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	must(t, err)
	return b
}

func uglyPath(name string) string {
	return filepath.Join("..", "..", "testdata", "import", "ugly", name)
}

func TestTablesThatCouldNotBeUglierAreImported(t *testing.T) {
	o := newOffice(t)
	for _, table := range ugly(t) {
		if *update {
			must(t, os.WriteFile(uglyPath(table.name), table.bytes, 0o644))
		}
		b, err := os.ReadFile(uglyPath(table.name))
		must(t, err)
		if !strings.HasSuffix(table.name, ".xlsx") && !bytes.Equal(b, table.bytes) {
			t.Errorf("%s is stale: run the test with -update", table.name)
		}
		in := intake.ImportFile{Name: table.name, File: b}
		p := o.preview(intake.AnyKind, in)
		if p.Kind != table.kind || p.Rows != table.rows || p.Inserts != table.rows || p.ProblemCount > 0 {
			t.Fatalf("%s: %s, %d rows, %d new: %+v", table.name, p.Kind, p.Rows, p.Inserts, p.Problems)
		}
		o.apply(table.kind, in)
		if p := o.preview(table.kind, in); p.Unchanged != table.rows {
			t.Errorf("%s again: %+v", table.name, p)
		}
	}
	if *update {
		must(t, os.WriteFile(uglyPath("recusals-gb18030.csv"), gb18030(t, uglyRecusals), 0o644))
	}
	b, err := os.ReadFile(uglyPath("recusals-gb18030.csv"))
	must(t, err)
	var got []string
	for _, r := range o.preview(intake.Recusals, intake.ImportFile{Name: "a.csv", File: b}).Recusals {
		got = append(got, fmt.Sprintf("%d %d %s %s", r.Row, r.Number, r.Person, r.County))
	}
	if diff := cmp.Diff([]string{"4 1 王堃 霁川县", "5 1 陳玥 云汀区", "6 1 䶮某 云汀区"}, got); diff != "" {
		t.Error(diff)
	}
	o.checkUgly()
	o.Check()
}

func (o *office) checkUgly() {
	o.t.Helper()
	for query, want := range map[string][]string{
		`SELECT code || ' ' || name || ' ' || coalesce(secretary, '-') || ' ' || coalesce(CAST(longitude_e7 AS TEXT), '-') || ' ' || county
			FROM unit WHERE campaign_no = $1 AND code LIKE 'CUN-%' ORDER BY code`: {
			"CUN-001 桐塘 村 王堃 1152084722 霁川县", "CUN-002 䶮山村 陳玥 1152500000 霁川县", "CUN-003 柳灣村\n（聯合） 䶮某 - 霁川县",
		},
		`SELECT DISTINCT CAST(due_at AS TEXT) FROM ledger_entry WHERE campaign_no = $1 ORDER BY 1`: {"1798128000000", "1798646400000"},
		`SELECT responsible_leader FROM ledger_entry WHERE campaign_no = $1 AND measure = '公示結果'`:  {"王堃"},
		`SELECT state FROM ledger_entry WHERE campaign_no = $1 AND measure = '專人開放'`:               {"claimed"},
		`SELECT count(*) || '' FROM inspector WHERE campaign_no = $1 AND name = '王堃'`:              {"2"},
		`SELECT t.name || ' ' || m.role FROM team_member m JOIN team t ON t.campaign_no = m.campaign_no AND t.id = m.team_id
			JOIN inspector i ON i.campaign_no = m.campaign_no AND i.id = m.inspector_id
			WHERE m.campaign_no = $1 AND i.name = '䶮某'`: {"一組 member"},
		`SELECT options FROM question WHERE campaign_no = $1 AND code = 'C03'`: {"賬實相符\n部分不符\n無臺賬"},
	} {
		if diff := cmp.Diff(want, o.rows(query)); diff != "" {
			o.t.Errorf("%.60s\n%s", query, diff)
		}
	}
}

func TestAnUglyTableWithMistakesHasEachOfThemNamed(t *testing.T) {
	o := newOffice(t)
	b, err := os.ReadFile(uglyPath("units-mistakes.csv"))
	must(t, err)
	p := o.preview(intake.AnyKind, intake.ImportFile{Name: "a.csv", File: b})
	var got []string
	for _, m := range p.Problems {
		got = append(got, strings.Join([]string{m.Column, m.Value, m.Code}, " "))
	}
	want := []string{
		"單位編碼 CUN-001 duplicate", "單位類別 鄉村 choice", "黨員人數 三十 integer", "緯度 91 degrees",
		"單位名稱  required", "單位編碼 #REF! formula", "單位名稱 王\u202e堃村 control",
	}
	if diff := cmp.Diff(want, got); diff != "" || p.Kind != "units" || p.ProblemCount != len(want) {
		t.Errorf("%s, %d mistakes\n%s", p.Kind, p.ProblemCount, diff)
	}
}
