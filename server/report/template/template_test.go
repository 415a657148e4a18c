package template_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"sansuiji/server/report/docx"
	"sansuiji/server/report/paper"
	"sansuiji/server/report/template"

	"github.com/google/go-cmp/cmp"
)

// item is a thing with a text and things in it.
type item struct {
	title, detail string
	ref           int
	in            []*item
}

// scope has a few names over some items.
func scope(items ...*item) *template.Scope {
	inner := &template.Scope{Places: []template.Place{
		{Name: template.Name{En: "part", Zh: "部分"}, Says: true, Value: func(at any) string { return at.(*item).title }},
	}}
	refs := func(at any) []int { return []int{at.(*item).ref} }
	anys := func(list []*item) (out []any) {
		for _, i := range list {
			out = append(out, i)
		}
		return out
	}
	one := &template.Scope{
		Places: []template.Place{
			{Name: template.Name{En: "title", Zh: "要點"}, Says: true, Value: func(at any) string { return at.(*item).title }},
			{Name: template.Name{En: "detail", Zh: "詳情"}, Value: func(at any) string { return at.(*item).detail }},
		},
		Lists: []template.List{{Name: template.Name{En: "parts", Zh: "各部分"}, Of: inner, Refs: refs, Items: func(at any) []any { return anys(at.(*item).in) }}},
	}
	return &template.Scope{
		Places: []template.Place{
			{Name: template.Name{En: "campaign.name", Zh: "核查批次"}, Value: func(any) string { return "雲汀市<三隨機>&核查\x01" }},
			{Name: template.Name{En: "nothing", Zh: "空白"}, Value: func(any) string { return "" }},
			{Name: template.Name{En: "count", Zh: "條數"}, Value: func(any) string { return "7" }, Refs: func(any) []int { return []int{9} }},
		},
		Lists: []template.List{{
			Name: template.Name{En: "findings", Zh: "發現"}, Of: one, Refs: refs, Items: func(any) []any { return anys(items) },
		}},
		Blocks: []template.Block{{
			Name: template.Name{En: "table", Zh: "表"}, Make: func(any) []paper.Block {
				return []paper.Block{
					paper.Paragraph{Runs: []paper.Run{{Text: "塊內正文"}, {Ref: 3}}},
					paper.Table{Columns: []paper.Column{{Title: "列", Width: 1}}, Rows: [][]paper.Cell{{paper.Plain("格")}}},
				}
			},
		}},
	}
}

func two() []*item {
	return []*item{
		{"甲", "甲的詳情", 1, []*item{{"甲一", "", 11, nil}, {"甲二", "", 12, nil}}},
		{"乙", "", 2, nil},
	}
}

// file is a document with a body, a header and a footer.
func file(t testing.TB, body, header string) []byte {
	t.Helper()
	var whole bytes.Buffer
	if err := docx.Write(context.Background(), &whole, &paper.Document{Parts: []paper.Part{{}}}, paper.Printing{}); err != nil {
		t.Fatal(err)
	}
	return changed(t, whole.Bytes(), func(name, text string) string {
		switch {
		case name == "word/document.xml" && body != "":
			return strings.Replace(text, "<w:body>", "<w:body>"+body, 1)
		case name == "word/footer1.xml" && header != "":
			return strings.Replace(text, "<w:p>", header+"<w:p>", 1)
		}
		return text
	}, nil)
}

// changed is a package with other parts.
func changed(t testing.TB, b []byte, change func(name, text string) string, more map[string]string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	put := func(name, text string) {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range z.File {
		put(f.Name, change(f.Name, part(t, b, f.Name)))
	}
	for name, text := range more {
		put(name, text)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func part(t testing.TB, b []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fill fills a file, or fails.
func fill(t testing.TB, b []byte, s *template.Scope) []byte {
	t.Helper()
	tpl, err := template.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := tpl.Fill(t.Context(), &out, &template.Filling{Scope: s, Document: &paper.Document{Made: time.UnixMilli(1e12)}}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// says is a part's text: a line to a paragraph, cells with bars, raised numbers in
// brackets.
func says(xml string) string {
	xml = regexp.MustCompile(`<w:p/>`).ReplaceAllString(xml, "<w:t>\n</w:t>")
	xml = strings.NewReplacer("</w:p></w:tc>", "<w:t>|</w:t>", "</w:tr>", "<w:t>\n</w:t>", "</w:p>", "<w:t>\n</w:t>", "<w:br/>", "<w:t>/</w:t>").Replace(xml)
	var b strings.Builder
	for _, m := range regexp.MustCompile(`<w:t(?: [^>]*)?>([^<]*)</w:t>`).FindAllStringSubmatch(xml, -1) {
		b.WriteString(m[1])
	}
	return strings.TrimSpace(b.String())
}

func p(runs ...string) string {
	xml := `<w:p>`
	for _, r := range runs {
		xml += `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">` + r + `</w:t></w:r><w:proofErr w:type="gramEnd"/>`
	}
	return xml + `</w:p>`
}

func row(cells ...string) string {
	xml := `<w:tr>`
	for _, c := range cells {
		xml += `<w:tc><w:tcPr/>` + c + `</w:tc>`
	}
	return xml + `</w:tr>`
}

func TestPlacesAndLoopsAreFilledHoweverWordSplitsThem(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"a place", p("批次：{{核查批次}}。"), "批次：雲汀市&lt;三隨機&gt;&amp;核查。"},
		{"an English name", p("{{ Campaign.Name }}"), "雲汀市&lt;三隨機&gt;&amp;核查"},
		{"simplified, wide", p("｛｛条数｝｝"), "7[9]"},
		{"split over runs", p("甲{", "{核查", "", "批次}", "}乙"), "甲雲汀市&lt;三隨機&gt;&amp;核查乙"},
		{"two in a run, one over two", p("{{空白}}一{{條數}}二{{條", "數}}三"), "一7二7三[9]"},
		{"a loop of paragraphs", p("{{#each findings}}") + p("{{number}}. {{title}}：{{detail}}") + p("{{/each}}"), "1. 甲：甲的詳情[1]\n2. 乙：[2]"},
		{"a loop in a paragraph", p("有{{#逐條 發現}}{{要點}}；{{/逐條}}等"), "有甲；[1]乙；[2]等"},
		{"the number elsewhere", p("{{#each findings}}{{source}}{{title}} {{/each}}"), "[1]甲 [2]乙"},
		{"no statement", p("{{#each findings}}") + p("{{number}}{{detail}}。") + p("{{/each}}"), "1甲的詳情。[1]\n2。"},
		{
			"loops in loops", p("{{#each findings}}") + p("{{要點}}") + p("{{#each parts}}") + p("{{title}}-{{part}}") + p("{{/each}}") + p("{{/each}}"),
			"甲[1]\n甲-甲一[11]\n甲-甲二[12]\n乙[2]",
		},
		{
			"rows", `<w:tbl>` + row(p("號"), p("要點")) + row(p("{{#each findings}}{{number}}"), p("{{title}}")+p("{{/each}}")) + `</w:tbl>`,
			"號|要點|\n1|甲[1]|\n2|乙[2]|",
		},
		{
			"rows over two rows", `<w:tbl>` + row(p("{{#each findings}}{{title}}")) + row(p("{{detail}}{{/each}}")) + `</w:tbl>`,
			"甲[1]|\n甲的詳情|\n乙[2]|\n|",
		},
		{"a loop in a cell", `<w:tbl>` + row(p("{{#each findings}}")+p("{{title}}")+p("{{/each}}"), p("二")) + `</w:tbl>`, "甲[1]\n乙[2]|二|"},
		{"if", p("{{#if findings}}有{{else}}無{{/if}}{{#if nothing}}有{{else}}無{{/if}}{{#unless nothing}}空{{/unless}}"), "有無空"},
		{"if over paragraphs", p("{{#如有 空白}}") + p("甲") + p("{{否則}}") + p("乙") + p("{{/如有}}"), "乙"},
		{"a block", p("{{> 表}}"), "塊內正文[3]\n列|\n格|"},
		{"tracked", `<w:p><w:ins w:id="1"><w:r><w:t>{{條</w:t></w:r></w:ins><w:r><w:t>數}}</w:t></w:r></w:p>`, "7[9]"},
		{
			"a text box", `<w:p><w:r><w:pict><w:txbxContent>` + p("{{#each findings}}") + p("{{title}}") + p("{{/each}}") + `</w:txbxContent></w:pict></w:r></w:p>`,
			"甲[1]\n乙[2]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := fill(t, file(t, c.body, ""), scope(two()...))
			have := part(t, out, "word/document.xml")
			wellFormed(t, have)
			if diff := cmp.Diff(c.want, says(have)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHeadersAndFootersAreFilled(t *testing.T) {
	out := fill(t, file(t, p("x"), p("頁{{條", "數}}")), scope())
	if have := part(t, out, "word/footer1.xml"); !strings.HasPrefix(says(have), "頁7") {
		t.Error(says(have))
	}
}

func TestLettersLookAsTheTemplateHasThem(t *testing.T) {
	out := part(t, fill(t, file(t, p("{{核", "查批次}}")+`<w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:rPr><w:i/></w:rPr><w:t>{{> table}}</w:t></w:r></w:p>`, ""), scope()), "word/document.xml")
	for _, want := range []string{
		`<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">雲汀市`,
		`<w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve">塊內正文`,
		`<w:pStyle w:val="TableText"/>`, // the template's own
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}

func TestACellIsNeverEmptyAndATableNeverWithoutRows(t *testing.T) {
	out := part(t, fill(t, file(t, `<w:tbl><w:tblPr/>`+row(p("{{#each findings}}")+p("{{title}}")+p("{{/each}}"))+`</w:tbl><w:tbl><w:tblPr/>`+
		row(p("{{#each findings}}{{title}}{{/each}}"), p("二"))+row(p("{{#each findings}}{{title}}"), p("{{/each}}"))+
		`</w:tbl><w:tbl><w:tblPr/>`+row(p("{{#each findings}}{{title}}"), p("{{/each}}"))+`</w:tbl>`, ""), scope()), "word/document.xml")
	if strings.Contains(out, "<w:tc><w:tcPr/></w:tc>") || strings.Count(out, "<w:tbl>") != 2 {
		t.Error(out)
	}
}

func TestTheSameIsFilledInAsTheSameBytes(t *testing.T) {
	b := file(t, p("{{#each findings}}")+p("{{title}}")+p("{{/each}}")+p("{{> table}}"), "")
	if !bytes.Equal(fill(t, b, scope(two()...)), fill(t, b, scope(two()...))) {
		t.Error("the same is not the same")
	}
}

func TestFiveMistakesAreFiveMessages(t *testing.T) {
	body := p("本次{{核查", "批此}}情況") + // unknown, with a near name
		p("{{#each findings}}") + p("{{title}}") + // not closed
		p("{{> chart}}") // unknown block
	table := `<w:tbl>` + row(p("甲"), p("乙")) + row(p("x{{#each findings}}"), p("{{title}}{{/each}}")) + `</w:tbl>` // across cells
	b := file(t, body+table, p("第{{要點}}頁"))                                                                        // outside of its loop, in a footer
	tpl, err := template.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	wrong := tpl.Check(scope())
	golden(t, "mistakes.txt", strings.Join(append(wrong.In("zh"), wrong.In("en")...), "\n")+"\n")
	if len(wrong) != 5 {
		t.Errorf("%d messages", len(wrong))
	}
}

func TestEveryMistakeHasItsMessage(t *testing.T) {
	for _, c := range []struct {
		body string
		want []string
	}{
		{p("{{核查批次"), []string{template.OpenBraces}},
		{p("{{/each}}"), []string{template.NoBegin}},
		{p("{{else}}"), []string{template.NoBegin}},
		{p("{{title}}") + p("{{/each}}"), []string{template.NoBegin}},
		{p("{{title}}") + p("{{#each findings}}") + p("{{title}}") + p("{{/each}}") + p("{{/each}}"), []string{template.OtherPlace, template.NoBegin}},
		{p("{{#each findings}}{{/if}}"), []string{template.NotClosed, template.NoBegin}},
		{p("{{#each 發現們}}") + p("{{what}}") + p("{{/each}}"), []string{template.UnknownLoop}},
		{p("{{#each findings}}一") + p("{{title}}") + p("{{/each}}"), []string{template.NotAlone}},
		{p("見{{> table}}"), []string{template.BlockPlace}},
		{`<w:tbl>` + row(p("{{> table}}")) + `</w:tbl>`, []string{template.BlockPlace}},
		{p("{{#if 無此}}{{/if}}"), []string{template.UnknownPlace}},
		{p("{{}}"), []string{template.UnknownPlace}},
		{p("{{#each findings}}") + `<w:tbl>` + row(p("{{/each}}")) + `</w:tbl>`, []string{template.NotClosed, template.NoBegin}},
	} {
		tpl, err := template.Read(file(t, c.body, ""))
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		for _, m := range tpl.Check(scope()) {
			have = append(have, m.Code)
			if m.Said.Zh == "" || m.Said.En == "" || m.Where.Near == "" || strings.Contains(m.Said.Zh+m.Said.En, "%!") {
				t.Errorf("%+v", m)
			}
		}
		if diff := cmp.Diff(c.want, have); diff != "" {
			t.Errorf("%s: %s", c.body, diff)
		}
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	if err := parsed(text); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

func golden(t *testing.T, name, have string) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, []byte(have), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), have); diff != "" {
		t.Error(diff)
	}
}
