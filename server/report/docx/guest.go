package docx

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"sansuiji/server/report/paper"
)

// Guest prints blocks into a document that is another's: an office's template. It is told
// of every block twice: first to see what pictures and styles there will be (Survey), then
// to print (Print).
type Guest struct {
	p      *printer
	buffer bytes.Buffer
	prefix string
	styles map[string]string // ids of the document's styles by their names, in small letters
	wanted []string          // ids of our styles that the document lacks
}

// Host is what a guest has to know of a document.
type Host struct {
	Look    paper.Look
	English bool
	// Prefix begins no id of a relationship and no name of a part of the document.
	Prefix string
	// Styles are the ids of the document's styles by their names.
	Styles map[string]string
	// Drawings is the greatest number of a drawing in the document, Bookmarks likewise.
	Drawings, Bookmarks int
}

// NewGuest prepares for a document.
func NewGuest(doc *paper.Document, host *Host, printing paper.Printing) *Guest {
	g := &Guest{prefix: host.Prefix, styles: map[string]string{}, p: &printer{
		doc: doc, look: host.Look.Whole(), printing: printing, pictures: map[string]*picture{}, guest: host.Prefix,
		drawings: host.Drawings, bookmarks: host.Bookmarks,
	}}
	for name, id := range host.Styles {
		g.styles[strings.ToLower(name)] = id
	}
	return g
}

// Frame is where blocks stand.
type Frame struct {
	Width float64 // of the text, in millimetres
	// Paragraph and Letters are the properties of the paragraph that blocks take the place
	// of, as XML: texts of the body look as it does.
	Paragraph, Letters string
}

// Survey looks at the pictures, charts and styles of blocks.
func (g *Guest) Survey(ctx context.Context, blocks []paper.Block, frame Frame) error {
	for _, b := range blocks {
		if err := g.p.surveyBlock(ctx, b); err != nil {
			return err
		}
	}
	drawings, bookmarks, charted := g.p.drawings, g.p.bookmarks, g.p.charted
	g.Print(blocks, frame)
	g.p.drawings, g.p.bookmarks, g.p.charted = drawings, bookmarks, charted
	return nil
}

var stylePlace = regexp.MustCompile(`<w:([pr])Style w:val="([A-Za-z0-9]+)"/>`)

// Print gives blocks as XML for the body of the document.
func (g *Guest) Print(blocks []paper.Block, frame Frame) string {
	g.buffer.Reset()
	g.p.out = out{bufio.NewWriter(&g.buffer)}
	g.p.wide, g.p.bodyParagraph, g.p.bodyLetters = frame.Width, frame.Paragraph, frame.Letters
	g.p.blocks(blocks)
	if n := len(blocks); n > 0 && framed(blocks[n-1]) {
		g.p.thin("") // or it becomes one with a table that follows
	}
	_ = g.p.w.Flush() // a buffer takes everything
	return stylePlace.ReplaceAllStringFunc(g.buffer.String(), func(m string) string {
		part := stylePlace.FindStringSubmatch(m)
		return fmt.Sprintf(`<w:%sStyle w:val="%s"/>`, part[1], escape(g.style(part[2])))
	})
}

// style is the id that one of our styles has in the document: that of its own style of the
// same name, so that offices can change how blocks look.
func (g *Guest) style(id string) string {
	if have, ok := g.styles[strings.ToLower(g.p.nameOf(id))]; ok {
		return have
	}
	mine := g.prefix + id
	for _, w := range g.wanted {
		if w == id {
			return mine
		}
	}
	g.wanted = append(g.wanted, id)
	return mine
}

// Ref is a number of a source as a run.
func (g *Guest) Ref(n int, letters string) string {
	run := `<w:r><w:rPr>` + letters + `<w:vertAlign w:val="superscript"/></w:rPr><w:t>[` + fmt.Sprint(n) + `]</w:t></w:r>`
	if g.p.anchored {
		return fmt.Sprintf(`<w:hyperlink w:anchor="source%d">%s</w:hyperlink>`, n, run)
	}
	return run
}

// Drawing is a number that no drawing has yet.
func (g *Guest) Drawing() int {
	g.p.drawings++
	return g.p.drawings
}

// Styles are the styles that the document lacks, as XML for its end.
func (g *Guest) Styles() string {
	g.buffer.Reset()
	g.p.out = out{bufio.NewWriter(&g.buffer)}
	for _, id := range g.wanted {
		if id == refStyle {
			g.p.f(`<w:style w:type="character" w:styleId="%s%s"><w:name w:val="%s"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>`,
				g.prefix, id, g.p.nameOf(id))
			continue
		}
		for _, s := range g.p.list() {
			if s.id == id {
				g.p.style(&s)
			}
		}
	}
	_ = g.p.w.Flush() // a buffer takes everything
	return g.buffer.String()
}

// Relationships are those of the document to what was printed, as XML.
func (g *Guest) Relationships() string {
	var b strings.Builder
	for _, r := range g.relations() {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s%s" Target="/word/%s"/>`, r.id, relBase, r.kind, r.target)
	}
	return b.String()
}

func (g *Guest) relations() []relation {
	rels := g.p.rels
	for i := range g.p.charts {
		rels = append(rels, relation{g.p.chartID(i + 1), "chart", g.p.chartTarget(i + 1)})
	}
	return rels
}

// ContentTypes are those of what was printed, as XML.
func (g *Guest) ContentTypes() string {
	var b strings.Builder
	for _, r := range g.relations() {
		kind := chartType
		if r.kind == "image" {
			kind = "image/" + r.target[strings.LastIndexByte(r.target, '.')+1:]
		}
		fmt.Fprintf(&b, `<Override PartName="/word/%s" ContentType="%s"/>`, r.target, kind)
	}
	return b.String()
}

// Pictures is how many pictures there are.
func (g *Guest) Pictures() int { return len(g.p.order) }

// Core is the properties of the document.
func (g *Guest) Core() string {
	g.buffer.Reset()
	g.p.out = out{bufio.NewWriter(&g.buffer)}
	g.p.raw(xmlHead)
	g.p.core()
	_ = g.p.w.Flush() // a buffer takes everything
	return g.buffer.String()
}

// Files writes charts and pictures into the package, the pictures one by one.
func (g *Guest) Files(ctx context.Context, z *zip.Writer) error {
	g.p.zip = z
	if err := g.p.chartFiles(); err != nil {
		return err
	}
	return g.p.media(ctx)
}

// Header begins a file of the package; its time is the document's.
func (g *Guest) Header(name string) *zip.FileHeader { return g.p.header(name, zip.Deflate) }
