package intake

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// textOf writes a sheet as lines of its row numbers and cells.
func textOf(s *Sheet) string {
	var b strings.Builder
	for _, row := range s.Rows {
		b.WriteString(string(rune('0' + row.Number)))
		for _, c := range row.Cells {
			b.WriteString("|" + c.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTextIsReadAsSpreadsheetsShowIt(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"commas":                 {"a,b\n1,2\n", "1|a|b\n2|1|2\n"},
		"semicolons":             {"a;b\n1,5;2\n", "1|a|b\n2|1,5|2\n"},
		"tabs":                   {"a\tb\n1,5\t2;3\n", "1|a|b\n2|1,5|2;3\n"},
		"one column":             {"a\nb", "1|a\n2|b\n"},
		"blank lines count":      {"a,b\n\n,\n1,2", "1|a|b\n4|1|2\n"},
		"Windows":                {"a,b\r\n1,2\r\n", "1|a|b\n2|1|2\n"},
		"old Macs":               {"a,b\r1,2\r", "1|a|b\n2|1|2\n"},
		"a line break in a cell": {"a,b\n\"1\r\nx\",2\n3,4", "1|a|b\n2|1\nx|2\n3|3|4\n"},
		"quotes in quotes":       {`a,"say ""yes"", sir",c`, "1|a|say \"yes\", sir|c\n"},
		"a quote in a word":      {`5" pipe,b`, "1|5\" pipe|b\n"},
		"text behind a quote":    {`"a"b,c`, "1|ab|c\n"},
		"a number kept as text":  {`="007",b`, "1|007|b\n"},
		"spaces around":          {"\u3000甲 ,\u00a0乙\n", "1|甲|乙\n"},
		"blank cells at the end": {"a,b,,\n1,,,\n", "1|a|b\n2|1\n"},
	} {
		sheet, err := readCSV(c.text, nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, textOf(sheet)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestTextOfEveryEncodingOfOfficesIsRead(t *testing.T) {
	const want = "單位,单位 ，霽川縣𠮷\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(want)
	if err != nil {
		t.Fatal(err)
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("單位,单位，霽川縣\n")
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(want)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string][2]string{
		"UTF-8": {want, want}, "with a mark": {"\ufeff" + want, want}, "GB18030": {gb, want},
		"GBK": {gbk, "單位,单位，霽川縣\n"}, "UTF-16": {wide, want},
	} {
		got, err := decode([]byte(c[0]))
		if err != nil || got != c[1] {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestWordsAreTheSameInEveryWayOfWriting(t *testing.T) {
	for _, same := range [][]string{
		{"縣（市、區）", "县（市、区）", "縣(市/區)", "縣市區", " 縣 市 區 "},
		{"黨員人數", "党员人数", "黨員\n人數", "＊黨員人數："},
		{"Unit code", "unit_code", "ＵＮＩＴ　ＣＯＤＥ"},
		{"單位類別", "单位类别", "单位类別"},
		{"整改臺賬", "整改台账", "整改臺帳"},
	} {
		for _, text := range same[1:] {
			if fold(text) != fold(same[0]) {
				t.Errorf("%q is %q, %q is %q", text, fold(text), same[0], fold(same[0]))
			}
		}
	}
	if got := fold(outside("黨員人數（截至2026年）")); got != fold("黨員人數") {
		t.Error(got)
	}
}

func TestNumeralsOfTeamsAreReadAndWritten(t *testing.T) {
	for n := int64(1); n < 100; n++ {
		if got := numeral(numeralOf(n)); got != n {
			t.Errorf("%d is written %s and read %d", n, numeralOf(n), got)
		}
	}
	for _, text := range []string{"", "十十", "百", "一二", "零"} {
		if n := numeral(text); n > 0 {
			t.Errorf("%q is read as %d", text, n)
		}
	}
}

// FuzzFile reads any bytes as a file of each kind.
func FuzzFile(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("..", "..", "testdata", "import", "*.?sv"))
	more, moreErr := filepath.Glob(filepath.Join("..", "..", "testdata", "import", "ugly", "*"))
	if names = append(names, more...); err != nil || moreErr != nil || len(names) < 10 {
		f.Fatal("no tables", err, moreErr)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	var kinds []*Kind
	for _, name := range KindNames() {
		k, err := KindOf(name)
		if err != nil {
			f.Fatal(err)
		}
		kinds = append(kinds, k)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		sheets, err := ReadFile("a", b)
		if err != nil {
			return
		}
		for _, kind := range kinds {
			r, err := choose(kind, sheets, ImportFile{})
			if err != nil {
				t.Fatal(err)
			}
			r.calendar.year = 2026
			r.read()
			p := r.preview(sheets)
			if p.Rows+p.Skipped > len(r.sheet.Rows) || len(p.Mapping) != len(kind.Fields) {
				t.Errorf("%d rows and %d skipped of %d", p.Rows, p.Skipped, len(r.sheet.Rows))
			}
		}
	})
}
