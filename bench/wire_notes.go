package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// writer types notes as an inspector does: short, with numbers and names, and
// now and then a word that is in no list.
type writer struct{ *rand.Rand }

// pick takes a word.
func (w writer) pick(words []string) string { return words[w.IntN(len(words))] }

// free is a word, or a few, that the lists do not have.
func (w writer) free() string {
	text := ""
	for range 2 + w.IntN(4) {
		text += w.letter(common())
	}
	return text
}

func (w writer) letter(letters []rune) string { return string(letters[w.IntN(len(letters))]) }

func (w writer) person() string {
	name := w.letter(surnames()) + w.letter(given())
	if w.IntN(3) > 0 {
		name += w.letter(given())
	}
	return name
}

func (w writer) village() string { return w.letter(places()) + w.letter(places()) }

func (w writer) amount() string {
	switch w.IntN(6) {
	case 0:
		return fmt.Sprintf("%d戶", 1+w.IntN(60))
	case 1:
		return fmt.Sprintf("%.1f萬元", 0.3+w.ExpFloat64()*9)
	case 2:
		return fmt.Sprintf("%d月%d日", 1+w.IntN(12), 1+w.IntN(28))
	case 3:
		return fmt.Sprintf("%d處", 1+w.IntN(9))
	case 4:
		return fmt.Sprintf("約%d米", 5*(1+w.IntN(90)))
	default:
		return fmt.Sprintf("%d份", 1+w.IntN(20))
	}
}

// slip is a character that nothing foretells: a rare word, a slip of the input
// method, dialect.
func (w writer) slip() string { return string(rune(0x4e00 + w.IntN(0x3000))) }

func (w writer) clause() string {
	var b strings.Builder
	if w.IntN(3) == 0 {
		b.WriteString(w.pick(evidence()) + "，")
	}
	switch w.IntN(6) {
	case 0:
		b.WriteString(w.person())
	case 1:
		b.WriteString(w.village() + "組")
	}
	b.WriteString(w.pick(subjects()))
	if w.IntN(2) == 0 {
		b.WriteString(w.free())
	}
	if w.IntN(3) == 0 {
		b.WriteString(w.amount())
	}
	b.WriteString(w.pick(states()))
	if w.IntN(2) == 0 {
		b.WriteString(w.free())
	}
	if w.IntN(6) == 0 {
		b.WriteString(w.slip())
	}
	return b.String()
}

// note is one to three clauses, twenty characters or so.
func (w writer) note() string {
	text := w.clause()
	for w.IntN(5) < 2 {
		text += w.pick(links()) + w.clause()
	}
	if w.IntN(3) == 0 {
		text += "，" + w.pick(requests())
	}
	if w.IntN(2) == 0 {
		text += "。"
	}
	return text
}

// title is a few words.
func (w writer) title() string {
	if w.IntN(3) == 0 {
		return w.village() + w.pick(subjects()) + w.pick(states())
	}
	return w.pick(subjects()) + w.pick(states())
}

// revise is a note as it is saved again: mostly longer, sometimes another.
func (w writer) revise(old string) string {
	if w.IntN(5) < 3 {
		return strings.TrimSuffix(old, "。") + "；" + w.clause() + "。"
	}
	return w.note()
}
