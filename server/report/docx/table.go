package docx

import (
	"strconv"
	"strings"

	"sansuiji/server/report/paper"
)

// Sides of cells.
const (
	grid = `<w:tblBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="auto"/><w:left w:val="single" w:sz="6" w:space="0" w:color="auto"/>` +
		`<w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/><w:right w:val="single" w:sz="6" w:space="0" w:color="auto"/>` +
		`<w:insideH w:val="single" w:sz="4" w:space="0" w:color="auto"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="auto"/></w:tblBorders>`
	padding = `<w:tblCellMar><w:top w:w="28" w:type="dxa"/><w:left w:w="57" w:type="dxa"/><w:bottom w:w="28" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>`
)

// Widths scales columns to a width, in twips, with nothing left over.
func Widths(columns []float64, whole int) []int {
	sum := 0.0
	for _, c := range columns {
		sum += c
	}
	widths, used := make([]int, len(columns)), 0
	for i, c := range columns {
		widths[i] = int(c / sum * float64(whole))
		used += widths[i]
	}
	if len(widths) > 0 {
		widths[len(widths)-1] += whole - used
	}
	return widths
}

// begin begins a table as wide as the type area.
func (p *printer) begin(columns []float64, borders string) []int {
	whole := twips(p.width())
	widths := Widths(columns, whole)
	p.f(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/>%s<w:tblLayout w:type="fixed"/>%s</w:tblPr><w:tblGrid>`, whole, borders, padding)
	for _, w := range widths {
		p.f(`<w:gridCol w:w="%d"/>`, w)
	}
	p.raw(`</w:tblGrid>`)
	return widths
}

const rowBegin = `<w:tr><w:trPr><w:cantSplit/></w:trPr>`

func (p *printer) cellBegin(width int) {
	p.f(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`, width)
}

func (p *printer) table(t *paper.Table) {
	columns := make([]float64, len(t.Columns))
	for i := range t.Columns {
		columns[i] = t.Columns[i].Width
	}
	head, text := "TableHead", "TableText"
	if t.Small {
		head, text = "SmallHead", "SmallText"
	}
	widths := p.begin(columns, grid)
	p.raw(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i := range t.Columns {
		p.cellBegin(widths[i])
		p.line(head, t.Columns[i].Title)
		p.raw(`</w:tc>`)
	}
	p.raw(`</w:tr>`)
	for _, row := range t.Rows {
		p.raw(rowBegin)
		for i, cell := range row {
			p.cellBegin(widths[i])
			p.cell(cell, text, t.Columns[i].Centre, t.Anchors && i == 0)
			p.raw(`</w:tc>`)
		}
		p.raw(`</w:tr>`)
	}
	p.raw(`</w:tbl>`)
}

// cell writes a cell's paragraphs: one for each line.
func (p *printer) cell(cell paper.Cell, style string, centre, anchor bool) {
	for i, runs := range linesOf(cell) {
		p.raw(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>`)
		if centre {
			p.raw(`<w:jc w:val="center"/>`)
		}
		p.raw(`</w:pPr>`)
		if anchor && i == 0 && len(cell) > 0 {
			if n, err := strconv.Atoi(cell[0].Text); err == nil {
				p.bookmark("source" + strconv.Itoa(n))
			}
		}
		p.runs(runs)
		p.raw(`</w:p>`)
	}
}

// linesOf splits a cell at its line breaks. There is always a line.
func linesOf(cell paper.Cell) [][]paper.Run {
	lines := [][]paper.Run{nil}
	for _, run := range cell {
		for i, text := range strings.Split(paper.Clean(run.Text), "\n") {
			if i > 0 {
				lines = append(lines, nil)
			}
			run.Text = text
			lines[len(lines)-1] = append(lines[len(lines)-1], run)
		}
	}
	return lines
}

// photoEdge is what is left beside a photo in its half of the page, in millimetres.
const photoEdge = 5

// photos stand two in a row.
func (p *printer) photos(list []paper.Picture) {
	widths := p.begin([]float64{1, 1}, "")
	for i := 0; i < len(list); i += 2 {
		p.raw(rowBegin)
		for k := i; k < i+2; k++ {
			p.cellBegin(widths[0])
			if k < len(list) {
				p.picture(&list[k], min(paper.PhotoWidth, p.width()/2-photoEdge), paper.PhotoHeight)
				p.line("TableText", list[k].Caption)
			} else {
				p.line("TableText", "")
			}
			p.raw(`</w:tc>`)
		}
		p.raw(`</w:tr>`)
	}
	p.raw(`</w:tbl>`)
}

// beside is a picture with words to its right.
func (p *printer) beside(width float64, picture func(), words []string) {
	widths := p.begin([]float64{width, p.width() - width}, "")
	p.raw(rowBegin)
	p.cellBegin(widths[0])
	picture()
	p.raw(`</w:tc>`)
	p.cellBegin(widths[1])
	for _, w := range words {
		p.line("TableText", w)
	}
	if len(words) == 0 {
		p.line("TableText", "")
	}
	p.raw(`</w:tc></w:tr></w:tbl>`)
}

func (p *printer) signature(s *paper.Signature) {
	p.beside(paper.SignatureWidth+6, func() { p.picture(&s.Picture, paper.SignatureWidth, paper.SignatureHeight) }, s.Words)
}

func (p *printer) code(c paper.Code) {
	p.beside(paper.CodeSize+6, func() { p.codePicture(c.Text) }, c.Words)
}

func (p *printer) box(b paper.Box) {
	widths := p.begin([]float64{1}, grid)
	p.raw(`<w:tr>`)
	p.cellBegin(widths[0])
	if b.Title != "" {
		p.raw(`<w:p><w:pPr><w:pStyle w:val="TableHead"/><w:keepNext/><w:jc w:val="left"/></w:pPr><w:r>`)
		p.say(b.Title)
		p.raw(`</w:r></w:p>`)
	}
	p.cell(paper.Plain(b.Text), "TableText", false, false)
	p.raw(`</w:tc></w:tr></w:tbl>`)
}
