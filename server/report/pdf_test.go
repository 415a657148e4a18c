package report_test

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"sansuiji/server/report"
	"sansuiji/server/report/official"
	"sansuiji/server/report/paper"
)

// printedLine is a line of a page as a reader of PDF finds it.
type printedLine struct {
	page int
	y    string
	x    float64
	text string
}

// readPDF reads the lines back, by the maps from glyphs to characters that the file has.
func readPDF(t testing.TB, b []byte) (lines []printedLine) {
	t.Helper()
	objects := map[string]string{}
	for _, m := range regexp.MustCompile(`(?s)(\d+) 0 obj\n(.*?)\nendobj\n`).FindAllStringSubmatch(string(b), -1) {
		objects[m[1]] = m[2]
	}
	maps := map[string]map[string]string{}
	for _, m := range regexp.MustCompile(`/(\w+) (\d+) 0 R `).FindAllStringSubmatch(between(string(b), "<</Font<<", ">>/XObject"), -1) {
		unicode := regexp.MustCompile(`/ToUnicode (\d+) 0 R`).FindStringSubmatch(objects[m[2]])
		maps[m[1]] = map[string]string{}
		for _, pair := range regexp.MustCompile(`<(\w{4})><(\w+)>\n`).FindAllStringSubmatch(inflate(t, objects[unicode[1]]), -1) {
			maps[m[1]][pair[1]] = utf16Text(t, pair[2])
		}
	}
	kids := regexp.MustCompile(`(\d+) 0 R`).FindAllStringSubmatch(between(string(b), "/Kids[", "]"), -1)
	for page, kid := range kids {
		content := regexp.MustCompile(`/Contents (\d+) 0 R`).FindStringSubmatch(objects[kid[1]])
		for _, m := range regexp.MustCompile(`BT /(\w+) \S+ Tf \S+ Tc (?:2 Tr \S+ w )?(\S+) (\S+) Td <(\w*)> Tj`).
			FindAllStringSubmatch(inflate(t, objects[content[1]]), -1) {
			text := ""
			for i := 0; i+4 <= len(m[4]); i += 4 {
				glyph, known := maps[m[1]][m[4][i:i+4]]
				if !known {
					t.Fatalf("glyph %s of font %s stands for nothing", m[4][i:i+4], m[1])
				}
				text += glyph
			}
			x, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			if last := len(lines) - 1; last >= 0 && lines[last].page == page+1 && lines[last].y == m[3] {
				lines[last].text += text
				continue
			}
			lines = append(lines, printedLine{page + 1, m[3], x, text})
		}
	}
	return lines
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

func inflate(t testing.TB, object string) string {
	t.Helper()
	_, stream, _ := strings.Cut(object, "stream\n")
	z, err := zlib.NewReader(strings.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func utf16Text(t testing.TB, digits string) string {
	t.Helper()
	b, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}

// squeezed is a text without spaces, references and line ends.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestNothingOfATextIsLostInPDF(t *testing.T) {
	o := newOffice(t)
	o.findings(9, 0, texts)
	long := strings.Repeat("寫實不具體，㛃、王堃（簽）。", 230) // 3,220 characters, taller than a row
	o.findings1("long", "長文", long)
	b := o.printed(official.Request{Kind: official.Inspection}, report.PDF)
	o.keep("texts.pdf", b)
	var all strings.Builder
	for _, line := range readPDF(t, b) {
		if !regexp.MustCompile(`^— \d+ —$`).MatchString(line.text) { // numbers of pages stand between
			all.WriteString(line.text)
		}
	}
	text := squeezed(all.String())
	for i := range 9 {
		title, detail := texts(i)
		if !strings.Contains(text, squeezed(spoken(title))) || !strings.Contains(text, squeezed(spoken(detail))) {
			t.Errorf("finding %d is not whole: %s", i, spoken(detail))
		}
	}
	if !strings.Contains(text, squeezed(long)) {
		t.Error("a long text is not whole")
	}
}

func TestNoLineBeginsWithPunctuationThatCloses(t *testing.T) {
	o := newOffice(t)
	o.findings(20, 0, func(i int) (string, string) {
		return "標題", strings.Repeat("字", i) + strings.Repeat("甲「乙」，丙（丁）。戊、己……庚", 12)
	})
	wrapped := 0
	for _, line := range readPDF(t, o.printed(official.Request{Kind: official.Inspection}, report.PDF)) {
		first, _, _ := strings.Cut(line.text, " ")
		for _, r := range first {
			if strings.ContainsRune(paper.NoStart, r) && !strings.HasPrefix(line.text, "— ") && !strings.HasPrefix(line.text, "—") {
				t.Errorf("page %d: line %q", line.page, line.text)
			}
			break
		}
		if runes := []rune(strings.TrimRight(line.text, " ")); len(runes) > 20 {
			wrapped++
			if strings.ContainsRune(paper.NoEnd, runes[len(runes)-1]) {
				t.Errorf("page %d: line ends %q", line.page, line.text)
			}
		}
	}
	if wrapped < 50 {
		t.Errorf("only %d lines are full", wrapped)
	}
}

func TestAPageHas22LinesOf28Characters(t *testing.T) {
	o := newOffice(t)
	o.findings1("long", "長文", strings.Repeat("一二三四五六七八九十", 200))
	o.keep("page.docx", o.printed(official.Request{Kind: official.Inspection}, report.DOCX))
	perPage := map[int]int{}
	widest := 0
	var first, last printedLine
	for _, line := range readPDF(t, o.printed(official.Request{Kind: official.Inspection}, report.PDF)) {
		if line.page != 2 || strings.HasPrefix(line.text, "— ") {
			continue
		}
		if perPage[line.page]++; perPage[line.page] == 1 {
			first = line
		}
		last, widest = line, max(widest, len([]rune(line.text)))
	}
	if perPage[2] != 22 || widest != 28 {
		t.Errorf("a page has %d lines of %d characters", perPage[2], widest)
	}
	top, _ := strconv.ParseFloat(first.y, 64)
	bottom, _ := strconv.ParseFloat(last.y, 64)
	if pitch := (top - bottom) / 21; pitch < 28.9 || pitch > 29 || first.x < 79.3 || first.x > 79.5 {
		t.Errorf("lines are %.2f pt apart and begin at %.2f pt", pitch, first.x)
	}
}

func TestAFileSaysWhereItsObjectsAre(t *testing.T) {
	b := full(t).printed(official.Request{Kind: official.Inspection}, report.PDF)
	at, err := strconv.Atoi(strings.TrimSpace(between(string(b[len(b)-60:]), "startxref\n", "%%EOF")))
	if err != nil || !bytes.HasPrefix(b[at:], []byte("xref\n")) {
		t.Fatalf("no table at %d: %v", at, err)
	}
	for i, m := range regexp.MustCompile(`(\d{10}) 00000 n`).FindAllSubmatch(b[at:], -1) {
		place, _ := strconv.Atoi(string(m[1]))
		if !bytes.HasPrefix(b[place:], fmt.Appendf(nil, "%d 0 obj\n", i+1)) {
			t.Errorf("object %d is not at %d", i+1, place)
		}
	}
}
