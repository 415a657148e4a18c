package template_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"sansuiji/server/report/paper"
	"sansuiji/server/report/template"
)

var update = flag.Bool("update", false, "write the expected texts anew")

func parsed(text string) error {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

const linkHead = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`

func TestWhatIsDangerousIsRefused(t *testing.T) {
	good := file(t, p("x"), "")
	same := func(_, text string) string { return text }
	instead := func(part, old, text string) func(string, string) string {
		return func(name, whole string) string {
			if name == part {
				return strings.Replace(whole, old, text, 1)
			}
			return whole
		}
	}
	field := func(pieces ...string) []byte {
		body := `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>`
		for _, s := range pieces {
			body += `<w:r><w:instrText>` + s + `</w:instrText></w:r>`
		}
		return file(t, body+`<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`, "")
	}
	link := func(target string) []byte {
		return changed(t, good, instead("word/_rels/document.xml.rels", "</Relationships>",
			`<Relationship Id="x" Type="image" Target="`+target+`" TargetMode="External"/></Relationships>`), nil)
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"nothing", nil, template.NotDocument},
		{"a text", []byte("hello"), template.NotDocument},
		{"an old document", []byte("\xD0\xCF\x11\xE0 and so on"), template.OldDocument},
		{"too large", make([]byte, template.Max+1), template.TooLarge},
		{"a bomb", changed(t, good, same, map[string]string{"word/media/a.bin": strings.Repeat("0", 65<<20)}), template.TooLarge},
		{"a bomb of XML", changed(t, good, same, map[string]string{"word/a.xml": "<a>" + strings.Repeat(" ", 9<<20) + "</a>"}), template.Broken},
		{"deep XML", changed(t, good, same, map[string]string{"word/a.xml": strings.Repeat("<a>", 1e5) + strings.Repeat("</a>", 1e5)}), template.Broken},
		{"an entity", changed(t, good, instead("word/document.xml", "?>", `?><!DOCTYPE x [<!ENTITY a "b">]>`), nil), template.Broken},
		{"a way out", changed(t, good, same, map[string]string{"../a.xml": "<a/>"}), template.Broken},
		{"twice", changed(t, good, same, map[string]string{"WORD/document.xml": "<a/>"}), template.Broken},
		{"macros", changed(t, good, same, map[string]string{"word/vbaProject.bin": "x"}), template.Macros},
		{"a macro document", changed(t, good, instead("[Content_Types].xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
			"application/vnd.ms-word.document.macroEnabled.main+xml"), nil), template.Macros},
		{"an object", changed(t, good, same, map[string]string{"word/embeddings/oleObject1.bin": "x"}), template.Objects},
		{"a linked picture", link("https://example.com/a.png"), template.External},
		{"a share", link(`\\server\share`), template.External},
		{"a hidden link", changed(t, good, same, map[string]string{"word/_rels/header9.xml.rels": linkHead + `<Relationship Id="a" Target="file:///etc/passwd"/></Relationships>`}), template.External},
		{"a field that fetches", field(" INCLUDE", `PICTURE "http://x" `), template.Field},
		{"a field that runs", field(`DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"`), template.Field},
		{"a field from a field", field("", "QUOTE 68 68 69"), template.Field},
		{"a link as a field", field(`HYPERLINK "http://x"`), template.Field},
		{"a simple field", file(t, `<w:p><w:fldSimple w:instr="INCLUDETEXT x"/></w:p>`, ""), template.Field},
		{"other content", file(t, `<w:altChunk r:id="x"/>`, ""), template.Objects},
		{"a workbook", changed(t, good, instead("[Content_Types].xml", "wordprocessingml.document.main", "spreadsheetml.sheet.main"), nil), template.NotDocument},
		{"a strict document", changed(t, good, instead("word/document.xml", "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
			"http://purl.oclc.org/ooxml/wordprocessingml/main"), nil), template.NotDocument},
	} {
		_, err := template.Read(c.file)
		var wrong template.Mistakes
		if !errors.As(err, &wrong) || wrong[0].Code != c.want || wrong[0].Said.Zh == "" || strings.Contains(wrong.Error(), "%!") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, fine := range [][]byte{good, field(" PAGE "), field(`TOC \o "1-3" \h`), field(` HYPERLINK \l "_Toc1"`)} {
		if _, err := template.Read(fine); err != nil {
			t.Error(err)
		}
	}
}

func TestLoopsWithoutEndAreEnded(t *testing.T) {
	many := make([]*item, 1000)
	for i := range many {
		many[i] = &item{title: "x", ref: 1}
	}
	tpl, err := template.Read(file(t, p(strings.Repeat("{{#each findings}}", 3)+"{{title}}"+strings.Repeat("{{/each}}", 3)), ""))
	if err != nil {
		t.Fatal(err)
	}
	err = tpl.Fill(t.Context(), io.Discard, &template.Filling{Scope: scope(many...), Document: &paper.Document{}})
	if !errors.Is(err, template.ErrTooLong) {
		t.Error(err)
	}
}

// FuzzTemplate reads, checks and fills whatever comes: it never panics, and what it fills
// is XML.
func FuzzTemplate(f *testing.F) {
	base := file(f, p("x"), "")
	document := part(f, base, "word/document.xml")
	for _, body := range []string{
		p("{{#each findings}}") + p("{{title}}") + p("{{/each}}"), p("{{核", "查批次}}{{#if count}}a{{else}}b{{/if}}"), p("{{> table}}"),
		`<w:tbl>` + row(p("{{#each findings}}{{title}}"), p("{{/each}}")) + `</w:tbl>`, `<w:p><w:fldSimple w:instr="PAGE"/></w:p>`,
	} {
		f.Add([]byte(strings.Replace(document, "<w:body>", "<w:body>"+body, 1)), false)
		f.Add(file(f, body, ""), true)
	}
	f.Fuzz(func(t *testing.T, b []byte, whole bool) {
		if !whole { // a document in a sound package
			b = changed(t, base, func(name, text string) string {
				if name == "word/document.xml" {
					return string(b)
				}
				return text
			}, nil)
		}
		tpl, err := template.Read(b)
		if err != nil {
			var wrong template.Mistakes
			if !errors.As(err, &wrong) || len(wrong) == 0 {
				t.Fatalf("not mistakes: %v", err)
			}
			return
		}
		var out bytes.Buffer
		err = tpl.Fill(t.Context(), &out, &template.Filling{Scope: scope(two()...), Document: &paper.Document{Made: time.UnixMilli(0)}})
		if err != nil || whole {
			return
		}
		again := part(t, out.Bytes(), "word/document.xml")
		if err := parsed(string(b)); err == nil {
			if err := parsed(again); err != nil {
				t.Fatalf("%v: %s", err, again)
			}
		}
	})
}

func TestATemplateTakesBoundedMemory(t *testing.T) {
	// As much as passes: many small elements with attributes, in several parts.
	more := map[string]string{}
	for i := range 4 {
		more["customXml/item"+string(rune('1'+i))+".xml"] = "<a>" + strings.Repeat(`<b c="d" e="f"/>`, 45_000) + "</a>"
	}
	b := changed(t, file(t, p("x"), ""), func(_, text string) string { return text }, more)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	tpl, err := template.Read(b)
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d bytes are %d in memory (%v)", len(b), used, err)
	if err != nil || used > 200<<20 {
		t.Errorf("%d bytes", used)
	}
	runtime.KeepAlive(tpl)
}
