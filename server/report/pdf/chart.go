package pdf

import (
	"sansuiji/server/report/font"
	"sansuiji/server/report/paper"
)

// chart draws lying bars, stacked, with their numbers in them, and what is what above.
func (pr *printer) chart(c *paper.Chart) {
	caption := captionStyle()
	height := paper.ChartHeight(c) * mm
	pr.need(height + caption.line)
	s := style{font: font.Song, size: 10, line: 14}
	labels, longest, most := make([][]row, len(c.Bars)), 0.0, 1
	for i, bar := range c.Bars {
		labels[i] = pr.set(pr.fonts.letters([]paper.Run{{Text: bar.Label}}, &s), &s, 45*mm)
		for _, r := range labels[i] {
			longest = max(longest, r.width)
		}
		most = max(most, sumOf(bar.Values))
	}
	y := pr.y + 4
	if len(c.Series) > 1 {
		pr.legend(c, y, &s)
	}
	y += 20
	left := pr.left + longest + 10
	step := (pr.y + height - y - 2) / float64(max(len(c.Bars), 1))
	scale := (pr.left + pr.width - 20 - left) / float64(most)
	for i, bar := range c.Bars {
		top := y + step*float64(i)
		pr.bar(c, bar.Values, left, top+step*0.19, step*0.62, scale)
		for k := range labels[i] {
			offset := (step - float64(len(labels[i]))*s.line) / 2
			right := s
			right.align = atRight
			pr.put(&labels[i][k], &right, false, pr.left, longest+4, top+offset+float64(k)*s.line)
		}
	}
	pr.page.f("0.5 w 0.5 G ")
	pr.page.line(left, y, left, pr.y+height)
	pr.page.f("0 G ")
	pr.y += height
	pr.say(c.Title, caption)
}

func sumOf(values []int) (sum int) {
	for _, v := range values {
		sum += v
	}
	return sum
}

func (pr *printer) bar(c *paper.Chart, values []int, x, y, h, scale float64) {
	s := style{font: font.Song, size: 9, line: 12}
	for i, v := range values {
		if v == 0 {
			continue
		}
		w := float64(v) * scale
		ink := c.Ink(i)
		pr.page.colour(ink.Fill)
		pr.page.rect(x, y, w, h, "f")
		letters := pr.fonts.letters([]paper.Run{{Text: itoa(v)}}, &s)
		width := inkWidth(letters)
		if width+1 <= w { // the table has those that do not fit
			pr.page.colour(ink.Letters)
			pr.page.row(letters, x+(w-width)/2, y+h/2+s.size*0.36, 0, 0)
		}
		x += w
	}
	pr.page.colour("000000")
}

func (pr *printer) legend(c *paper.Chart, y float64, s *style) {
	x := pr.left + 45*mm
	for i, name := range c.Series {
		pr.page.colour(c.Ink(i).Fill)
		pr.page.rect(x, y+3, 9, 9, "f")
		pr.page.colour("000000")
		letters := pr.fonts.letters([]paper.Run{{Text: name}}, s)
		pr.page.row(letters, x+13, y+11.2, 0, 0)
		x += inkWidth(letters) + 30
	}
}
