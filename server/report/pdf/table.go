package pdf

import (
	"sansuiji/server/report/font"
	"sansuiji/server/report/paper"
)

// Padding of cells in points.
const (
	padX = 3.0
	padY = 2.0
)

// grid is a table that is being printed.
type grid struct {
	*printer
	widths     []float64
	head, text style
}

// tableRow is a row whose cells are broken into lines.
type tableRow struct {
	cells  [][]row
	styles []style
}

func (r *tableRow) lines() (most int) {
	for _, cell := range r.cells {
		most = max(most, len(cell))
	}
	return most
}

func (pr *printer) table(t *paper.Table) {
	g := &grid{
		printer: pr,
		head:    style{font: font.Hei, size: paper.TableSize, line: paper.TableLine, align: centred},
		text:    style{font: font.Song, size: paper.TableSize, line: paper.TableLine},
	}
	if t.Small {
		g.head.size, g.head.line = paper.SmallSize, paper.SmallLine
		g.text.size, g.text.line = paper.SmallSize, paper.SmallLine
	}
	g.scale(t)
	head := tableRow{}
	for i := range t.Columns {
		head.add(g.lines(paper.Plain(t.Columns[i].Title), &g.head, i), g.head)
	}
	fresh := true
	for _, cells := range t.Rows {
		r := tableRow{}
		for i, cell := range cells {
			s := g.text
			if t.Columns[i].Centre {
				s.align = centred
			}
			r.add(g.lines(cell, &s, i), s)
		}
		g.row(&r, &head, &fresh)
	}
	if fresh {
		g.draw(&head, 0, head.lines())
	}
	pr.y += 4
}

func (r *tableRow) add(lines []row, s style) {
	r.cells, r.styles = append(r.cells, lines), append(r.styles, s)
}

func (g *grid) scale(t *paper.Table) {
	sum := 0.0
	for i := range t.Columns {
		sum += t.Columns[i].Width
	}
	for i := range t.Columns {
		g.widths = append(g.widths, t.Columns[i].Width/sum*g.width)
	}
}

// lines breaks what a cell says.
func (g *grid) lines(cell paper.Cell, s *style, column int) (lines []row) {
	for _, p := range paragraphs(g.fonts.letters(cell, s)) {
		lines = append(lines, g.set(p, s, g.widths[column]-2*padX)...)
	}
	return lines
}

// row prints a row, with the header above it if it is the first of a page. It is split
// only if no page holds it.
func (g *grid) row(r, head *tableRow, fresh *bool) {
	line := g.text.line
	headHeight := float64(head.lines())*g.head.line + 2*padY
	height := float64(r.lines())*line + 2*padY
	room := g.bottom - g.top - headHeight
	for from, left := 0, r.lines(); left > 0; {
		need := height
		if *fresh {
			need += headHeight
		}
		if height > room {
			need = headHeight + 3*line // as much as makes sense; the rest goes on
		}
		if g.y+need > g.bottom+slack && g.y > g.top {
			g.newPage()
			*fresh = true
		}
		if *fresh {
			g.draw(head, 0, head.lines())
			*fresh = false
		}
		n := min(left, max(int((g.bottom+slack-g.y-2*padY)/line), 1))
		g.draw(r, from, n)
		from, left = from+n, left-n
		height = float64(left)*line + 2*padY
	}
}

// draw prints some lines of a row's cells, and their frames.
func (g *grid) draw(r *tableRow, from, n int) {
	line := g.text.line
	if len(r.styles) > 0 {
		line = r.styles[0].line
	}
	height := float64(n)*line + 2*padY
	x := g.left
	g.page.f("0.5 w ")
	for i, cell := range r.cells {
		g.page.rect(x, g.y, g.widths[i], height, "S")
		shown := cell[min(from, len(cell)):min(from+n, len(cell))]
		y := g.y + padY
		if len(cell) <= n { // in the middle
			y += float64(n-len(shown)) * line / 2
		}
		for k := range shown {
			g.put(&shown[k], &r.styles[i], false, x+padX, g.widths[i]-2*padX, y)
			y += line
		}
		x += g.widths[i]
	}
	g.y += height
}

// box is a text in a frame.
func (pr *printer) box(b paper.Box) {
	g := &grid{
		printer: pr, widths: []float64{pr.width},
		head: style{font: font.Hei, size: paper.TableSize, line: paper.TableLine},
		text: style{font: font.Song, size: paper.TableSize, line: paper.TableLine},
	}
	r := tableRow{}
	r.add(g.lines(paper.Plain(b.Text), &g.text, 0), g.text)
	head := tableRow{}
	if b.Title != "" {
		head.add(g.lines(paper.Plain(b.Title), &g.head, 0), g.head)
	}
	fresh := b.Title != ""
	g.row(&r, &head, &fresh)
	pr.y += 6
}
