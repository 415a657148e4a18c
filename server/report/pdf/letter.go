package pdf

import (
	"strings"
	"unicode"

	"sansuiji/server/report/font"
	"sansuiji/server/report/paper"
)

// style is how a text is set; lengths are in points.
type style struct {
	font  font.Name
	size  float64
	line  float64 // from one to the next
	pitch float64 // added after each character
	first float64 // indent of the first line
	left  float64 // indent of all
	right float64
	align alignment
	heavy bool
}

type alignment int

const (
	atLeft alignment = iota
	centred
	atRight
	both // edges
)

// letter is a character as it is printed, with the marks that belong to it.
type letter struct {
	text  string
	font  *used
	size  float64
	width float64 // with the pitch
	rise  float64 // above the line
	heavy bool
	odd   bool // no font has it
	ref   bool // of a reference
}

func (l *letter) first() rune { return font.First(l.text) }

// used is a font as far as it is used.
type used struct {
	*font.Font
	subset *font.Subset
}

// case of fonts: those that were opened.
type fonts struct {
	open map[font.Name]*used
	err  error
}

func (f *fonts) get(name font.Name) *used {
	if u := f.open[name]; u != nil {
		return u
	}
	opened, err := font.Open(name)
	if err != nil {
		f.err = err
		return nil
	}
	u := &used{Font: opened, subset: opened.NewSubset()}
	f.open[name] = u
	return u
}

// of is the first font that has a character; not found, it is the body's.
func (f *fonts) of(wanted font.Name, r rune) (u *used, found bool) {
	for _, name := range []font.Name{wanted, font.Song, font.Kai, font.Rare, font.Emoji} {
		if u := f.get(name); u != nil && u.Has(r) {
			return u, true
		}
	}
	return f.get(font.Song), false
}

// letters sets runs of text.
func (f *fonts) letters(runs []paper.Run, s *style) (list []letter) {
	for _, run := range runs {
		if run.Ref > 0 {
			list = append(list, f.ref(run.Ref, s)...)
			continue
		}
		for _, text := range clusters(paper.Clean(run.Text)) {
			l := f.letter(text, s)
			l.heavy = l.heavy || run.Strong
			list = append(list, l)
		}
	}
	return list
}

func (f *fonts) letter(text string, s *style) letter {
	if text == "\t" {
		text = " "
	}
	r := font.First(text)
	u, found := f.of(s.font, r)
	if u == nil {
		return letter{text: text}
	}
	return letter{
		text: text, font: u, size: s.size, heavy: s.heavy, odd: !found,
		width: float64(u.Advance(r))*s.size/1000 + s.pitch,
	}
}

// ref is the number of a source, small and raised.
func (f *fonts) ref(n int, s *style) (list []letter) {
	small := *s
	small.size, small.pitch, small.font, small.heavy = s.size*0.6, 0, font.Song, false
	for _, text := range strings.Split("["+itoa(n)+"]", "") {
		l := f.letter(text, &small)
		l.rise, l.ref = s.size*0.42, true
		list = append(list, l)
	}
	return list
}

// clusters splits a text into characters with the marks that follow them.
func clusters(s string) (list []string) {
	joined := false
	for _, r := range s {
		if last := len(list) - 1; last >= 0 && list[last] != "\n" && (joined || belongs(r)) {
			list[last] += string(r)
		} else {
			list = append(list, string(r))
		}
		joined = r == zeroWidthJoiner
	}
	return list
}

const zeroWidthJoiner = 0x200D

// belongs says whether a character belongs to the one before it.
func belongs(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || (r >= 0x1F3FB && r <= 0x1F3FF)
}
