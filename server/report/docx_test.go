package report_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sansuiji/server/report"
	"sansuiji/server/report/official"
)

// parcel is a DOCX file's parts by their names.
type parcel map[string]string

func unzip(t testing.TB, b []byte) parcel {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	parts := parcel{}
	for _, f := range z.File {
		if _, twice := parts[f.Name]; twice {
			t.Errorf("part %s is there twice", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	return parts
}

// attribute lists the values of an attribute in XML that this program wrote.
func attribute(xml, name string) (values []string) {
	for _, m := range regexp.MustCompile(`\s`+regexp.QuoteMeta(name)+`="([^"]*)"`).FindAllStringSubmatch(xml, -1) {
		values = append(values, m[1])
	}
	return values
}

func unique(t *testing.T, what string, values []string) {
	t.Helper()
	sorted := slices.Sorted(slices.Values(values))
	if len(slices.Compact(sorted)) != len(values) {
		t.Errorf("%s are not unique: %q", what, values)
	}
}

func TestADocumentIsASoundPackage(t *testing.T) {
	o := full(t)
	for _, kind := range []official.Request{
		{Kind: official.Inspection, Pending: true},
		{Kind: official.VisitSheet, Visit: o.Visits[0].String()},
		{Kind: official.Progress},
		{Kind: official.Feedback, Unit: "V1"},
	} {
		parts := unzip(t, o.printed(kind, report.DOCX))
		for name, text := range parts {
			if path.Ext(name) == ".xml" || path.Ext(name) == ".rels" {
				wellFormed(t, name, text)
			}
		}
		types := parts["[Content_Types].xml"]
		unique(t, "default content types", attribute(types, "Extension"))
		unique(t, "overridden content types", attribute(types, "PartName"))
		for _, part := range attribute(types, "PartName") {
			if parts[strings.TrimPrefix(part, "/")] == "" {
				t.Errorf("content type of %s, which is not there", part)
			}
		}
		for name := range parts {
			known := slices.Contains(attribute(types, "PartName"), "/"+name) ||
				slices.Contains(attribute(types, "Extension"), strings.TrimPrefix(path.Ext(name), "."))
			if !known && name != "[Content_Types].xml" {
				t.Errorf("part %s has no content type", name)
			}
		}
		rels, document := parts["word/_rels/document.xml.rels"], parts["word/document.xml"]
		unique(t, "relationships", attribute(rels, "Id"))
		for _, target := range attribute(rels, "Target") {
			if parts["word/"+target] == "" {
				t.Errorf("relationship to %s, which is not there", target)
			}
		}
		for _, name := range []string{"r:id", "r:embed"} {
			for _, id := range attribute(document, name) {
				if !slices.Contains(attribute(rels, "Id"), id) {
					t.Errorf("%s=%s has no relationship", name, id)
				}
			}
		}
		unique(t, "names of bookmarks", attribute(document, "w:name"))
		for _, anchor := range attribute(document, "w:anchor") {
			if !slices.Contains(attribute(document, "w:name"), anchor) {
				t.Errorf("link to %s, which is not there", anchor)
			}
		}
		styles := attribute(parts["word/styles.xml"], "w:styleId")
		unique(t, "styles", styles)
		for _, m := range regexp.MustCompile(`<w:[pr]Style w:val="([^"]*)"`).FindAllStringSubmatch(document, -1) {
			if !slices.Contains(styles, m[1]) {
				t.Errorf("style %s is not there", m[1])
			}
		}
		var drawings []string
		for _, m := range regexp.MustCompile(`<wp:docPr id="([^"]*)"`).FindAllStringSubmatch(document, -1) {
			drawings = append(drawings, m[1])
		}
		unique(t, "drawings", drawings)
	}
}

func wellFormed(t *testing.T, name, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestADocumentHasTheFiguresOfTheStandard(t *testing.T) {
	o := full(t)
	parts := unzip(t, o.printed(official.Request{Kind: official.Inspection, To: "市委"}, report.DOCX))
	document, styles, footers := parts["word/document.xml"], parts["word/styles.xml"], parts["word/footer1.xml"]+parts["word/footer2.xml"]
	// GB/T 9704-2012: millimetres × 1440/25.4 twips; points × 2 or × 20.
	for _, want := range []struct{ in, text, what string }{
		{document, `<w:pgSz w:w="11906" w:h="16838"/>`, "A4"},
		{document, `<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>`, "annexes across"},
		{document, `<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1430" w:gutter="0"/>`, "margins 37, 26, 35, 28 mm"},
		{document, `<w:docGrid w:type="lines" w:linePitch="579"/>`, "22 lines"},
		{document, `<w:pStyle w:val="Title"/></w:pPr><w:r><w:t xml:space="preserve">關於試核查情況的報告`, "the title's style"},
		{styles, `<w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>`, "the body's lines and indent"},
		{styles, `<w:spacing w:val="-5"/>`, "28 characters"},
		{styles, `w:eastAsia="方正小标宋简体" w:cs="Times New Roman"/><w:spacing w:val="0"/><w:sz w:val="44"/>`, "the title: 小標宋, 二號"},
		{styles, `w:eastAsia="仿宋_GB2312" w:cs="Times New Roman"/><w:sz w:val="32"/>`, "the body: 仿宋, 三號"},
		{styles, `w:eastAsia="黑体" w:cs="Times New Roman"/><w:sz w:val="32"/>`, "headings 一、: 黑體, 三號"},
		{styles, `w:eastAsia="楷体_GB2312" w:cs="Times New Roman"/><w:sz w:val="32"/>`, "headings （一）: 楷體, 三號"},
		{styles, `w:eastAsia="宋体"/><w:spacing w:val="0"/><w:sz w:val="28"/>`, "page numbers: 宋體, 四號"},
		{footers, `<w:ind w:rightChars="100" w:right="280"/><w:jc w:val="right"/>`, "odd pages"},
		{footers, `<w:ind w:leftChars="100" w:left="280"/><w:jc w:val="left"/>`, "even pages"},
		{footers, `<w:t xml:space="preserve">— </w:t>`, "dashes"},
		{parts["word/settings.xml"], `<w:evenAndOddHeaders/>`, "odd and even pages differ"},
		{document, `<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`, "headers are repeated"},
	} {
		if !strings.Contains(want.in, want.text) {
			t.Errorf("%s: no %s", want.what, want.text)
		}
	}
	if rows, kept := strings.Count(document, "<w:tr>"), strings.Count(document, "<w:cantSplit/>"); rows != kept {
		t.Errorf("%d rows, %d are not split", rows, kept)
	}
}

func TestAnOfficeMayWantItsOwnLook(t *testing.T) {
	o := full(t)
	request := official.Request{Kind: official.Progress}
	request.Look.BodyFont, request.Look.LinePoints, request.Look.BoldThird = "FangSong & Söhne", 28, true
	styles := unzip(t, o.printed(request, report.DOCX))["word/styles.xml"]
	for _, want := range []string{`w:eastAsia="FangSong &amp; Söhne"`, `w:line="560"`, `<w:b/>`} {
		if !strings.Contains(styles, want) {
			t.Errorf("no %s", want)
		}
	}
}

// textOf is what a DOCX file says, a paragraph to a line.
func textOf(parts parcel) string {
	document := parts["word/document.xml"]
	document = strings.NewReplacer("</w:p>", "<w:t>\n</w:t>", "<w:br/>", "<w:t>\n</w:t>").Replace(document)
	var b strings.Builder
	for _, m := range regexp.MustCompile(`<w:t(?: [^>]*)?>([^<]*)</w:t>`).FindAllStringSubmatch(document, -1) {
		b.WriteString(m[1])
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(b.String())
}

// texts are titles and details that are hard to print.
func texts(i int) (title, detail string) {
	return fmt.Sprintf("第%d號 %s", i, rare), fmt.Sprintf("%d：", i) + strings.Repeat("檔案不全，「簽名」與記錄不符；", 10+i) + rare
}

// spoken is a text without what XML forbids.
func spoken(s string) string { return strings.NewReplacer("\u0001", "", "\u000b", "").Replace(s) }

func TestTheTextOfEveryFindingIsInTheDocument(t *testing.T) {
	o := newOffice(t)
	o.findings(9, 0, texts)
	long := strings.Repeat("一二三四五六七八九十，", 300) // 3,300 characters
	o.findings1("long", "長文", long)
	text := textOf(unzip(t, o.printed(official.Request{Kind: official.Inspection}, report.DOCX)))
	for i := range 9 {
		title, detail := texts(i)
		if !strings.Contains(text, spoken(title)) || !strings.Contains(text, spoken(detail)) {
			t.Errorf("finding %d is not whole", i)
		}
	}
	if !strings.Contains(text, long[:len(long)-len("，")]) {
		t.Error("a long text is not whole")
	}
}
