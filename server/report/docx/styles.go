package docx

import (
	"fmt"

	"sansuiji/server/report/paper"
)

const wordSpace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// style is a style of paragraphs, on top of the body's.
type style struct {
	id, name string
	font     string  // for Chinese
	points   float64 // of the letters
	line     float64 // exact pitch in points
	place    string  // indents and alignment
	outline  int     // level of a heading; 0: none
	bold     bool
	pitch    bool // characters stand as the body's
	keep     bool // with the paragraph that follows
	free     bool // off the grid of lines
}

const (
	indent = `<w:ind w:firstLineChars="200" w:firstLine="640"/>`
	flush  = `<w:ind w:firstLineChars="0" w:firstLine="0"/>`
)

// list is all styles of paragraphs but the body's.
func (p *printer) list() []style {
	l := p.look
	body, line := paper.BodySize, l.LinePoints
	centre, left := flush+`<w:jc w:val="center"/>`, flush+`<w:jc w:val="left"/>`
	return []style{
		{id: "Title", name: "Title", font: l.TitleFont, points: paper.TitleSize, line: paper.TitleLine, place: centre},
		{id: "Under", name: "Under title", font: l.SecondFont, points: body, line: line, place: centre},
		{id: "Mark", name: "Annex mark", font: l.FirstFont, points: body, line: line, place: left, outline: 1, keep: true},
		{id: "Addressee", name: "Addressee", font: l.BodyFont, points: body, line: line, place: left, pitch: true},
		{id: "Flush", name: "Body flush", font: l.BodyFont, points: body, line: line, place: flush + `<w:jc w:val="both"/>`, pitch: true},
		{id: "Heading1", name: "heading 1", font: l.FirstFont, points: body, line: line, place: indent + `<w:jc w:val="left"/>`, outline: 1, pitch: true, keep: true},
		{id: "Heading2", name: "heading 2", font: l.SecondFont, points: body, line: line, place: indent + `<w:jc w:val="left"/>`, outline: 2, pitch: true, keep: true},
		{id: "Heading3", name: "heading 3", font: l.BodyFont, points: body, line: line, place: indent + `<w:jc w:val="left"/>`, outline: 3, bold: l.BoldThird, pitch: true, keep: true},
		{id: "Annexes", name: "Annexes", font: l.BodyFont, points: body, line: line, place: left, pitch: true},
		{id: "Closing", name: "Closing", font: l.BodyFont, points: body, line: line, place: flush + `<w:jc w:val="right"/>`, pitch: true},
		{id: "TableHead", name: "Table head", font: l.FirstFont, points: paper.TableSize, line: paper.TableLine, place: centre, free: true},
		{id: "TableText", name: "Table text", font: l.BodyFont, points: paper.TableSize, line: paper.TableLine, place: left, free: true},
		{id: "SmallHead", name: "Small table head", font: l.FirstFont, points: paper.SmallSize, line: paper.SmallLine, place: centre, free: true},
		{id: "SmallText", name: "Small table text", font: l.BodyFont, points: paper.SmallSize, line: paper.SmallLine, place: left, free: true},
		{id: "Note", name: "Note", font: l.BodyFont, points: paper.TableSize, line: paper.TableLine, place: left, free: true},
		{id: "Caption", name: "caption", font: l.BodyFont, points: paper.CaptionSize, line: 20, place: centre, free: true},
		{id: "TOC1", name: "toc 1", font: l.BodyFont, points: 14, line: 24, place: tabbed(0), free: true},
		{id: "TOC2", name: "toc 2", font: l.BodyFont, points: 14, line: 24, place: tabbed(2), free: true},
		{id: "Footer", name: "footer", font: l.NumberFont, points: paper.NumberSize, line: 20, place: flush, free: true},
	}
}

// tabbed is a line of a table of contents, some characters in.
func tabbed(characters int) string {
	return fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:leader="middleDot" w:pos="%d"/></w:tabs>`, twips(paper.AreaWidth)) +
		fmt.Sprintf(`<w:ind w:left="%d" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="left"/>`, 280*characters)
}

func (p *printer) styles() {
	l := p.look
	p.raw(`<w:styles xmlns:w="` + wordSpace + `"><w:docDefaults><w:rPrDefault><w:rPr>`)
	p.fonts(l.BodyFont)
	p.raw(`<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault/></w:docDefaults>`)
	p.raw(`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/>`)
	p.f(`<w:spacing w:before="0" w:after="0" w:line="%d" w:lineRule="exact"/>`, lines(l.LinePoints))
	p.raw(indent + `<w:jc w:val="both"/></w:pPr><w:rPr>`)
	p.f(`<w:spacing w:val="%d"/>`, pitch())
	p.raw(`</w:rPr></w:style>` +
		`<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/><w:semiHidden/></w:style>` +
		`<w:style w:type="character" w:styleId="Ref"><w:name w:val="Source reference"/><w:rPr><w:spacing w:val="0"/><w:vertAlign w:val="superscript"/></w:rPr></w:style>`)
	p.raw(`<w:style w:type="character" w:styleId="PageNumber"><w:name w:val="page number"/><w:rPr><w:rFonts w:ascii="` + escape(l.NumberFont) +
		`" w:hAnsi="` + escape(l.NumberFont) + `" w:eastAsia="` + escape(l.NumberFont) + `"/><w:spacing w:val="0"/><w:sz w:val="28"/></w:rPr></w:style>`)
	p.raw(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:semiHidden/>` +
		`<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>` +
		`<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>`)
	for _, s := range p.list() {
		p.style(&s)
	}
	p.raw(`</w:styles>`)
}

// refStyle is the style of numbers of sources.
const refStyle = "Ref"

// nameOf is a style's name by its id.
func (p *printer) nameOf(id string) string {
	if id == refStyle {
		return "Source reference"
	}
	for _, s := range p.list() {
		if s.id == id {
			return s.name
		}
	}
	return id
}

func (p *printer) style(s *style) {
	if p.guest == "" {
		p.f(`<w:style w:type="paragraph" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>`, s.id, s.name)
	} else { // it rests on nothing: what the document's body looks like is another's
		p.f(`<w:style w:type="paragraph" w:styleId="%s%s"><w:name w:val="%s"/><w:qFormat/><w:pPr>`, p.guest, s.id, s.name)
	}
	if s.keep {
		p.raw(`<w:keepNext/>`)
	}
	tabs, place := splitTabs(s.place)
	p.raw(tabs)
	if s.free {
		p.raw(`<w:snapToGrid w:val="0"/>`)
	}
	p.f(`<w:spacing w:before="0" w:after="0" w:line="%d" w:lineRule="exact"/>`, lines(s.line))
	p.raw(place)
	if s.outline > 0 {
		p.f(`<w:outlineLvl w:val="%d"/>`, s.outline-1)
	}
	p.raw(`</w:pPr><w:rPr>`)
	p.fonts(s.font)
	if s.bold {
		p.raw(`<w:b/>`)
	}
	switch {
	case !s.pitch:
		p.raw(`<w:spacing w:val="0"/>`)
	case p.guest != "":
		p.f(`<w:spacing w:val="%d"/>`, pitch())
	}
	p.f(`<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`, halves(s.points), halves(s.points))
}

// splitTabs takes the tabs off: the schema wants them before the spacing.
func splitTabs(place string) (tabs, rest string) {
	const end = `</w:tabs>`
	for i := range len(place) - len(end) {
		if place[i:i+len(end)] == end {
			return place[:i+len(end)], place[i+len(end):]
		}
	}
	return "", place
}

func (p *printer) fonts(chinese string) {
	p.raw(`<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="` + escape(chinese) + `" w:cs="Times New Roman"/>`)
}

func lines(points float64) int  { return int(points*20 + 0.5) }
func halves(points float64) int { return int(points*2 + 0.5) }
func pitch() int                { return int(paper.Pitch * 20) }
