package docx

import (
	"strconv"

	"sansuiji/server/report/paper"
)

const documentSpaces = `xmlns:w="` + wordSpace + `"` +
	` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
	` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
	` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"` +
	` xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`

func (p *printer) document() {
	p.raw(`<w:document ` + documentSpaces + `><w:body>`)
	for i := range p.doc.Parts {
		p.part = p.doc.Parts[i]
		p.blocks(p.part.Blocks)
		if i+1 < len(p.doc.Parts) {
			p.thin(p.section())
		}
	}
	p.raw(p.section() + `</w:body></w:document>`)
}

func (p *printer) blocks(list []paper.Block) {
	for i, b := range list {
		p.block(b)
		if i+1 < len(list) && framed(b) && framed(list[i+1]) {
			p.thin("") // or two tables become one
		}
	}
}

// framed says whether a block is printed as a table.
func framed(b paper.Block) bool {
	switch b.(type) {
	case paper.Table, paper.Photos, paper.Signature, paper.Box, paper.Code:
		return true
	}
	return false
}

// thin is a paragraph that is hardly there; inner may end a section.
func (p *printer) thin(inner string) {
	p.raw(`<w:p><w:pPr><w:pStyle w:val="SmallText"/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>` + inner + `</w:pPr></w:p>`)
}

// section is the page of the part that is printed: GB/T 9704-2012, turned for annexes
// with wide tables.
func (p *printer) section() string {
	width, height := twips(paper.PageWidth), twips(paper.PageHeight)
	top, right := twips(paper.MarginTop), twips(paper.PageWidth-paper.MarginLeft-paper.AreaWidth)
	left, bottom := width-right-twips(paper.AreaWidth), height-top-twips(paper.AreaHeight)
	turned := ""
	if p.part.Landscape {
		// The edge where the pages are bound is on top then.
		width, height, turned = height, width, ` w:orient="landscape"`
		top, right, bottom, left = left, top, right, bottom
	}
	n := strconv.Itoa
	const footer = 1430 // puts the dashes 7 mm below the type area
	return `<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter1"/><w:footerReference w:type="even" r:id="rIdFooter2"/>` +
		`<w:type w:val="nextPage"/><w:pgSz w:w="` + n(width) + `" w:h="` + n(height) + `"` + turned + `/>` +
		`<w:pgMar w:top="` + n(top) + `" w:right="` + n(right) + `" w:bottom="` + n(bottom) + `" w:left="` + n(left) +
		`" w:header="851" w:footer="` + n(min(footer, bottom*footer/1984)) + `" w:gutter="0"/>` +
		`<w:docGrid w:type="lines" w:linePitch="` + n(lines(p.look.LinePoints)) + `"/></w:sectPr>`
}

// width is how wide the type area is, in millimetres.
func (p *printer) width() float64 {
	switch {
	case p.wide > 0:
		return p.wide
	case p.part.Landscape:
		return paper.AreaHeight
	}
	return paper.AreaWidth
}

func (p *printer) block(b paper.Block) {
	switch b := b.(type) {
	case paper.Title:
		for _, line := range b.Lines {
			p.line("Title", line)
		}
		if b.Under != "" {
			p.line("Under", b.Under)
		}
		p.line("Flush", "")
	case paper.Mark:
		p.listed("Mark", b.Text)
	case paper.Addressee:
		p.line("Addressee", b.Text)
	case paper.Heading:
		if _, listed := paper.Listed(b); listed {
			p.listed("Heading"+strconv.Itoa(b.Level), b.Text)
		} else {
			p.line("Heading3", b.Text)
		}
	case paper.Paragraph:
		switch {
		case b.Small:
			p.paragraph("Note", b.Runs)
		case b.Flush:
			p.paragraph("Flush", b.Runs)
		default:
			p.paragraph("", b.Runs)
		}
	case paper.Caption:
		p.line("Caption", b.Text)
	case paper.Break:
		p.raw(`<w:p><w:pPr><w:pStyle w:val="SmallText"/></w:pPr><w:r><w:br w:type="page"/></w:r></w:p>`)
	case paper.Annexes:
		p.annexes(b)
	case paper.Closing:
		p.closing(b)
	case paper.Contents:
		p.contents(b)
	case paper.Table:
		p.table(&b)
	case paper.Chart:
		p.chartPlace(&b)
	case paper.Photos:
		p.photos(b.List)
	case paper.Signature:
		p.signature(&b)
	case paper.Box:
		p.box(b)
	case paper.Code:
		p.code(b)
	}
}

// line is a paragraph of one text.
func (p *printer) line(style, text string) { p.paragraph(style, []paper.Run{{Text: text}}) }

func (p *printer) paragraph(style string, runs []paper.Run) {
	p.raw(`<w:p>`)
	if style != "" {
		p.raw(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	} else {
		p.raw(p.bodyParagraph)
		p.letters = p.bodyLetters
	}
	p.runs(runs)
	p.letters = ""
	p.raw(`</w:p>`)
}

func (p *printer) runs(runs []paper.Run) {
	for _, r := range runs {
		switch {
		case r.Ref > 0 && p.anchored:
			p.f(`<w:hyperlink w:anchor="source%d"><w:r><w:rPr><w:rStyle w:val="Ref"/></w:rPr><w:t>[%d]</w:t></w:r></w:hyperlink>`, r.Ref, r.Ref)
		case r.Ref > 0:
			p.f(`<w:r><w:rPr><w:rStyle w:val="Ref"/></w:rPr><w:t>[%d]</w:t></w:r>`, r.Ref)
		case r.Strong:
			p.raw(`<w:r><w:rPr><w:b/></w:rPr>`)
			p.say(r.Text)
			p.raw(`</w:r>`)
		case r.Text != "":
			p.raw(`<w:r>` + p.letters)
			p.say(r.Text)
			p.raw(`</w:r>`)
		}
	}
}

// listed is a heading that the table of contents points to.
func (p *printer) listed(style, text string) {
	p.headings++
	p.raw(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	if p.guest == "" { // the document's own contents have names of their own
		p.bookmark("_Toc" + strconv.Itoa(p.headings))
	}
	p.raw(`<w:r>`)
	p.say(text)
	p.raw(`</w:r></w:p>`)
}

// bookmark marks a place.
func (p *printer) bookmark(name string) {
	p.bookmarks++
	p.f(`<w:bookmarkStart w:id="%d" w:name="%s"/><w:bookmarkEnd w:id="%d"/>`, p.bookmarks, name, p.bookmarks)
}

// contents is a field that Word can update, with what it would find.
func (p *printer) contents(c paper.Contents) {
	p.line("Title", c.Title)
	p.line("Flush", "")
	field := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	list := p.doc.Headings()
	for i, h := range list {
		p.f(`<w:p><w:pPr><w:pStyle w:val="TOC%d"/></w:pPr>`, h.Level)
		if i == 0 {
			p.raw(field("begin") + `<w:r><w:instrText xml:space="preserve"> TOC \o "1-2" \h \z \u </w:instrText></w:r>` + field("separate"))
		}
		p.f(`<w:hyperlink w:anchor="_Toc%d"><w:r>`, i+1)
		p.say(h.Text)
		p.raw(`</w:r>`)
		if i < len(p.printing.Pages) {
			p.raw(`<w:r><w:tab/></w:r>` + field("begin"))
			p.f(`<w:r><w:instrText xml:space="preserve"> PAGEREF _Toc%d \h </w:instrText></w:r>`, i+1)
			p.raw(field("separate"))
			p.f(`<w:r><w:t>%d</w:t></w:r>`, p.printing.Pages[i])
			p.raw(field("end"))
		}
		p.raw(`</w:hyperlink>`)
		if i == len(list)-1 {
			p.raw(field("end"))
		}
		p.raw(`</w:p>`)
	}
}

// annexes hang from their lead, two characters in.
func (p *printer) annexes(a paper.Annexes) {
	p.line("Flush", "")
	lead := paper.CharactersWide(a.Lead)
	for i, item := range a.Items {
		hang, text := lead+100*2, item
		if i == 0 {
			text = a.Lead + item
			p.f(`<w:p><w:pPr><w:pStyle w:val="Annexes"/><w:ind w:leftChars="%d" w:left="%d" w:hangingChars="%d" w:hanging="%d"/></w:pPr>`,
				hang, hang*32/10, lead, lead*32/10)
		} else {
			p.f(`<w:p><w:pPr><w:pStyle w:val="Annexes"/><w:ind w:leftChars="%d" w:left="%d" w:firstLineChars="0" w:firstLine="0"/></w:pPr>`,
				hang, hang*32/10)
		}
		p.raw(`<w:r>`)
		p.say(text)
		p.raw(`</w:r></w:p>`)
	}
}

// closing is GB/T 9704-2012 §7.3.5.2, without a seal.
func (p *printer) closing(c paper.Closing) {
	p.line("Flush", "")
	p.line("Flush", "")
	who, when := c.Indents()
	for _, line := range []struct {
		text   string
		indent int
	}{{c.Who, who}, {c.When, when}} {
		p.f(`<w:p><w:pPr><w:pStyle w:val="Closing"/><w:keepLines/><w:ind w:rightChars="%d" w:right="%d" w:firstLineChars="0" w:firstLine="0"/></w:pPr><w:r>`,
			line.indent, line.indent*32/10)
		p.say(line.text)
		p.raw(`</w:r></w:p>`)
	}
}
