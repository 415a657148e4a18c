package pdf

import (
	"bytes"
	"fmt"
	"strconv"

	"sansuiji/server/report/font"
	"sansuiji/server/report/paper"
)

// mm is a millimetre in points.
const mm = 72 / 25.4

// page is a page under construction. Its places are counted from the top left.
type page struct {
	bytes.Buffer
	width, height float64
}

func (p *page) f(format string, args ...any) { fmt.Fprintf(&p.Buffer, format, args...) }

// number is a length as PDF writes it.
func number(v float64) string {
	return strconv.FormatFloat(float64(int64(v*1000+sign(v)*0.5))/1000, 'f', -1, 64)
}

func sign(v float64) float64 {
	if v < 0 {
		return -1
	}
	return 1
}

// row prints a line of letters at a baseline; more is added after each letter.
func (p *page) row(letters []letter, x, baseline, more, pitch float64) {
	for start := 0; start < len(letters); {
		end := start + 1
		for end < len(letters) && alike(&letters[start], &letters[end]) {
			end++
		}
		x = p.stretch(letters[start:end], x, baseline, more, pitch)
		start = end
	}
}

// alike says whether letters are printed in one go.
func alike(a, b *letter) bool {
	return a.font == b.font && a.size == b.size && a.rise == b.rise && a.heavy == b.heavy && !a.odd && !b.odd
}

// stretch prints letters that are alike and gives the place after them.
func (p *page) stretch(letters []letter, x, baseline, more, pitch float64) float64 {
	l := &letters[0]
	if l.font == nil {
		return x
	}
	if l.rise > 0 {
		pitch = 0
	}
	p.f("BT /%s %s Tf %s Tc ", l.font.Name, number(l.size), number(pitch+more))
	if l.heavy {
		p.f("2 Tr %s w ", number(l.size*0.022))
	}
	p.f("%s %s Td <", number(x), number(p.height-baseline+l.rise))
	for i := range letters {
		p.f("%04X", letters[i].font.subset.Glyph(letters[i].text))
		x += letters[i].width + more
	}
	p.f("> Tj ")
	if l.heavy {
		p.f("0 Tr ")
	}
	p.f("ET\n")
	if l.odd {
		p.codeBox(l, x-l.width-more, baseline)
	}
	return x
}

// rect fills or strokes a rectangle.
func (p *page) rect(x, y, w, h float64, operator string) {
	p.f("%s %s %s %s re %s\n", number(x), number(p.height-y-h), number(w), number(h), operator)
}

// line draws a line.
func (p *page) line(x1, y1, x2, y2 float64) {
	p.f("%s %s m %s %s l S\n", number(x1), number(p.height-y1), number(x2), number(p.height-y2))
}

// colour sets the colour of what is filled, as RRGGBB.
func (p *page) colour(hex string) {
	n, _ := strconv.ParseUint(hex, 16, 32) // ours
	p.f("%s %s %s rg\n", number(float64(n>>16&255)/255), number(float64(n>>8&255)/255), number(float64(n&255)/255))
}

// digits are hexadecimal digits of 3 by 5 dots, from the top left.
var digits = [16]uint16{
	0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71122,
	0o75757, 0o75717, 0o75755, 0o65656, 0o74447, 0o65556, 0o74647, 0o74644,
}

// codeBox prints the code of a character that no font has as dots within the box that
// stands for it: text would be taken for text when it is copied.
func (p *page) codeBox(l *letter, x, baseline float64) {
	code := fmt.Sprintf("%04X", l.first())
	half := (len(code) + 1) / 2
	dot := l.size / 1000 * float64(l.font.Advance(l.first())) / float64(4*half+4)
	for i, c := range code {
		n, _ := strconv.ParseUint(string(c), 16, 8) // of our own making
		left := x + dot*float64(4*(i%half)+3)
		top := baseline - l.size*0.36 - dot*6 + dot*6*float64(i/half)
		for bit := range 15 {
			if digits[n]>>(14-bit)&1 == 1 {
				p.rect(left+dot*float64(bit%3), top+dot*float64(bit/3), dot, dot, "f")
			}
		}
	}
}

// folio prints the page's number: — 1 —, outside, one character in, 7 mm below the area.
func (pr *printer) folio(p *page, n int) {
	s := style{font: font.Song, size: paper.NumberSize}
	letters := pr.fonts.letters([]paper.Run{{Text: "— " + itoa(n) + " —"}}, &s)
	width := inkWidth(letters)
	x := pr.left + paper.NumberSize
	if n%2 == 1 {
		x = pr.left + pr.width - paper.NumberSize - width
	}
	p.row(letters, x, pr.bottom+7*mm+paper.NumberSize*0.33, 0, 0)
}
