// Package mark draws marks 標注 — arrows, boxes and words — over a copy of a photo, as they
// look on the phone. The photo itself stays as it is. The same photo and marks give the
// same picture.
package mark

import (
	"encoding/json"
	"math"
	"unicode/utf8"
)

// most is how many marks are drawn, and textMost how long their words are at most: they
// came from a phone.
const (
	most     = 200
	textMost = 100
)

// Mark is one mark. Points are parts of the picture's width and height, from 0 to 1.
type Mark struct {
	Kind     string // arrow, box or text
	From, To Point  // of text: From
	Text     string
}

// Point is a place on a picture.
type Point struct{ X, Y float64 }

// wire is a mark as phones write it.
type wire struct {
	Kind         string
	From, To, At *[2]float64
	Text         string
}

// Read reads marks as the column has them. What is none is left out.
func Read(text string) (list []Mark) {
	var raw []json.RawMessage
	if json.Unmarshal([]byte(text), &raw) != nil {
		return nil
	}
	for _, one := range raw[:min(len(raw), most)] {
		var w wire
		if json.Unmarshal(one, &w) != nil {
			continue
		}
		switch {
		case w.Kind == "text" && w.At != nil && w.Text != "":
			list = append(list, Mark{Kind: w.Kind, From: point(w.At), Text: cut(w.Text)})
		case (w.Kind == "arrow" || w.Kind == "box") && w.From != nil && w.To != nil:
			list = append(list, Mark{Kind: w.Kind, From: point(w.From), To: point(w.To)})
		}
	}
	return list
}

// point: phones write ten-thousandths.
func point(p *[2]float64) Point {
	const whole = 10_000
	part := func(v float64) float64 { return min(max(v/whole, 0), 1) }
	return Point{part(p[0]), part(p[1])}
}

func cut(s string) string {
	for n := range s {
		if utf8.RuneCountInString(s[:n]) == textMost {
			return s[:n]
		}
	}
	return s
}

// arrowHead are the corners of an arrow's head of some length, and where its line ends.
func arrowHead(from, to Point, length, half float64) (head [3]Point, end Point) {
	d := math.Hypot(to.X-from.X, to.Y-from.Y)
	if d == 0 {
		d = 1
	}
	dx, dy := (to.X-from.X)/d, (to.Y-from.Y)/d
	end = Point{to.X - dx*length, to.Y - dy*length}
	return [3]Point{to, {end.X - dy*half, end.Y + dx*half}, {end.X + dy*half, end.Y - dx*half}}, end
}
