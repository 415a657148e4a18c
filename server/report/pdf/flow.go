package pdf

import (
	"strings"

	"sansuiji/server/report/font"
	"sansuiji/server/report/paper"
)

// bodyStyle is the body's: 28 characters to a line.
func (pr *printer) bodyStyle() style {
	return style{
		font: font.Song, size: paper.BodySize, line: pr.look.LinePoints,
		pitch: paper.AreaWidth*mm/28 - paper.BodySize, first: 2 * paper.AreaWidth * mm / 28, align: both,
	}
}

func (pr *printer) flushStyle() style {
	s := pr.bodyStyle()
	s.first = 0
	return s
}

func (pr *printer) block(b paper.Block) {
	switch b := b.(type) {
	case paper.Title:
		pr.title(b)
	case paper.Mark:
		s := pr.flushStyle()
		s.font, s.pitch, s.align = font.Hei, 0, atLeft
		pr.mark(b)
		pr.say(b.Text, s)
	case paper.Addressee:
		s := pr.flushStyle()
		s.align = atLeft
		pr.say(b.Text, s)
	case paper.Heading:
		s := pr.bodyStyle()
		s.align = atLeft
		switch b.Level {
		case 1:
			s.font = font.Hei
		case 2:
			s.font = font.Kai
		default:
			s.heavy = pr.look.BoldThird
		}
		pr.heading(b, s)
	case paper.Paragraph:
		s := pr.bodyStyle()
		if b.Flush {
			s.first = 0
		}
		if b.Small {
			s = style{font: font.Song, size: paper.TableSize, line: paper.TableLine}
			pr.skip(4)
		}
		pr.runs(b.Runs, s)
	case paper.Caption:
		pr.need(captionStyle().line + 4*paper.TableLine) // it stays with the table below
		pr.say(b.Text, captionStyle())
	case paper.Break:
		pr.newPage()
	case paper.Annexes:
		pr.annexes(b)
	case paper.Closing:
		pr.closing(b)
	case paper.Contents:
		pr.tableOfContents(b)
	case paper.Table:
		pr.table(&b)
	case paper.Chart:
		pr.chart(&b)
	case paper.Photos:
		pr.photos(b.List)
	case paper.Signature:
		pr.signature(&b)
	case paper.Box:
		pr.box(b)
	case paper.Code:
		pr.code(b)
	}
}

func captionStyle() style {
	return style{font: font.Song, size: paper.CaptionSize, line: 20, align: centred}
}

func (pr *printer) title(t paper.Title) {
	s := style{font: font.Song, size: paper.TitleSize, line: paper.TitleLine, align: centred, heavy: true}
	for _, line := range t.Lines {
		pr.say(line, s)
	}
	if t.Under != "" {
		pr.say(t.Under, style{font: font.Kai, size: paper.BodySize, line: pr.look.LinePoints, align: centred})
	}
	pr.skip(pr.look.LinePoints)
}

// skip leaves room, but not at the top of a page.
func (pr *printer) skip(height float64) {
	if pr.y > pr.top {
		pr.y += height
	}
}

// heading keeps with the two lines that follow.
func (pr *printer) heading(h paper.Heading, s style) {
	pr.need(3 * s.line)
	pr.mark(h)
	pr.say(h.Text, s)
}

// mark keeps where a heading is, if it is listed.
func (pr *printer) mark(b paper.Block) {
	if h, listed := paper.Listed(b); listed {
		pr.headings = append(pr.headings, place{h, len(pr.pages) + 1, pr.page.height - pr.y})
	}
}

func (pr *printer) say(text string, s style) { pr.runs([]paper.Run{{Text: text}}, s) }

// runs prints paragraphs: a line break begins another.
func (pr *printer) runs(runs []paper.Run, s style) {
	for _, paragraph := range paragraphs(pr.fonts.letters(runs, &s)) {
		for i, r := range pr.set(paragraph, &s, pr.width) {
			pr.need(s.line)
			pr.put(&r, &s, i == 0, pr.left, pr.width, pr.y)
			pr.y += s.line
		}
	}
}

// set breaks a paragraph into lines of a width.
func (pr *printer) set(letters []letter, s *style, width float64) []row {
	width -= s.left + s.right
	return breakLines(letters, width-s.first, width)
}

// paragraphs splits letters at line breaks. There is always one.
func paragraphs(letters []letter) (list [][]letter) {
	start := 0
	for i := range letters {
		if letters[i].text == "\n" {
			list = append(list, letters[start:i])
			start = i + 1
		}
	}
	return append(list, letters[start:])
}

// put prints a line in a column that begins at x and is so wide.
func (pr *printer) put(r *row, s *style, first bool, x, width, y float64) {
	x, width = x+s.left, width-s.left-s.right
	if first {
		x, width = x+s.first, width-s.first
	}
	more := 0.0
	room := width - r.width + s.pitch // the last letter's own does not show
	switch s.align {
	case centred:
		x += max(room/2, 0)
	case atRight:
		x += max(room, 0)
	case both:
		if n := len(r.letters); !r.last && n > 1 {
			more = room / float64(n-1)
		}
	case atLeft:
	}
	pr.page.row(r.letters, x, y+s.line/2+s.size*0.36, more, s.pitch)
}

// annexes hang from their lead, two characters in.
func (pr *printer) annexes(a paper.Annexes) {
	pr.skip(pr.look.LinePoints)
	s := pr.flushStyle()
	s.align = atLeft
	character := paper.AreaWidth * mm / 28
	hang := float64(len([]rune(a.Lead))) * character
	s.left = 2*character + hang
	for i, item := range a.Items {
		s.first = 0
		if i == 0 {
			s.first, item = -hang, a.Lead+item
		}
		pr.say(item, s)
	}
}

func (pr *printer) closing(c paper.Closing) {
	s := pr.flushStyle()
	s.align = atRight
	pr.need(4 * s.line)
	pr.skip(2 * s.line)
	who, when := c.Indents()
	character := paper.AreaWidth * mm / 28 / 100
	s.right = float64(who) * character
	pr.say(c.Who, s)
	s.right = float64(when) * character
	pr.say(c.When, s)
}

// tableOfContents lists headings with dots and the pages that were counted before.
func (pr *printer) tableOfContents(c paper.Contents) {
	pr.title(paper.Title{Lines: []string{c.Title}})
	const size, line = 14.0, 24.0
	for i, h := range pr.doc.Headings() {
		s := style{font: font.Song, size: size, line: line, left: float64(h.Level-1) * 2 * size, right: 4 * size}
		rows := pr.set(pr.fonts.letters([]paper.Run{{Text: h.Text}}, &s), &s, pr.width)
		for k := range rows {
			pr.need(line)
			pr.put(&rows[k], &s, true, pr.left, pr.width, pr.y)
			if k == len(rows)-1 {
				pr.leader(s.left+rows[k].width, pr.contents[i], &s)
			}
			pr.y += line
		}
	}
}

// leader prints dots up to a page's number.
func (pr *printer) leader(from float64, page int, s *style) {
	plain := style{font: s.font, size: s.size, line: s.line}
	n := pr.fonts.letters([]paper.Run{{Text: itoa(page)}}, &plain)
	width := inkWidth(n)
	pr.page.row(n, pr.left+pr.width-width, pr.y+s.line/2+s.size*0.36, 0, 0)
	dot := pr.fonts.letter("·", &plain)
	dot.width = 7
	count := int((pr.width - width - from - 10) / dot.width)
	if count < 1 {
		return
	}
	dots := strings.Split(strings.Repeat("·", count), "")
	x := pr.left + pr.width - width - 4 - float64(count)*dot.width
	for i := range dots {
		pr.page.row([]letter{dot}, x+float64(i)*dot.width, pr.y+s.line/2+s.size*0.36, 0, 0)
	}
}
