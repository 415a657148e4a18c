package pdf

import (
	"strconv"
	"strings"
	"unicode"

	"sansuiji/server/report/paper"
)

func itoa(n int) string { return strconv.Itoa(n) }

// row is a line of letters and how wide they are.
type row struct {
	letters []letter
	width   float64 // without the spaces at its end
	last    bool    // of its paragraph
}

// slack is how much too wide a line may be: what rounding does.
const slack = 0.3

// breakLines breaks letters into lines: the first may be narrower. Nothing is dropped: a
// line's spaces stay at its end.
func breakLines(letters []letter, first, width float64) (rows []row) {
	most := first
	for start := 0; ; {
		end := lineEnd(letters[start:], most) + start
		rows = append(rows, row{letters[start:end], inkWidth(letters[start:end]), end == len(letters)})
		if start = end; start == len(letters) {
			return rows
		}
		most = width
	}
}

// fullest is how much of a line, in hundredths, has letters at least before a word is split.
const fullest = 60

// lineEnd is how many letters stand on a line: at least one, if there are any.
func lineEnd(letters []letter, most float64) int {
	width, fits := 0.0, 0
	for fits < len(letters) {
		l := &letters[fits]
		// The pitch after the last letter and spaces may stick out.
		if width+l.width > most+slack && !isSpace(l) && fits > 0 {
			break
		}
		width += l.width
		fits++
	}
	if fits == len(letters) {
		return fits
	}
	for end := fits; end > fits*fullest/100; end-- {
		if mayBreak(letters, end) {
			return end
		}
	}
	for end := fits; end > 1; end-- { // a word that would leave the line empty is split
		if !starts(&letters[end]) {
			return end
		}
	}
	return fits
}

func inkWidth(letters []letter) (width float64) {
	for len(letters) > 0 && isSpace(&letters[len(letters)-1]) {
		letters = letters[:len(letters)-1]
	}
	for i := range letters {
		width += letters[i].width
	}
	return width
}

func isSpace(l *letter) bool { return l.text == " " }

// starts says whether no line may start with a letter.
func starts(l *letter) bool { return l.ref || strings.ContainsRune(paper.NoStart, l.first()) }

// mayBreak says whether a line may end before letter i.
func mayBreak(letters []letter, i int) bool {
	before, after := &letters[i-1], &letters[i]
	switch {
	case starts(after), isSpace(after), strings.ContainsRune(paper.NoEnd, before.first()):
		return false
	case isSpace(before):
		return true
	}
	return !inWord(before.first()) || !inWord(after.first())
}

// inWord says whether a character is of a word that is not split: Latin, digits.
func inWord(r rune) bool {
	return r < 0x2E80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_/.:@#&+'", r))
}
