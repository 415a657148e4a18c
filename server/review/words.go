package review

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sansuiji/schema/han"

	"golang.org/x/text/unicode/norm"
)

// wordsVersion is of the rules by which texts are cut: an index of other rules is built anew.
const wordsVersion = 2

// wordMax is how many bytes of a word are looked at.
const wordMax = 64

// wordsMax and wordsBytes are how many words of one finding are kept, and bytes of them:
// PostgreSQL counts no further.
const (
	wordsMax   = 16_000
	wordsBytes = 400_000
)

// fieldBreak stands between fields, so that no phrase runs from one into the next. No text
// has it, for it is no letter.
const fieldBreak = "·"

// words cuts a text for search. Latin words and numbers are words, in lower case; of Chinese,
// which writes no spaces, each pair of neighbours is one, and the last character alone: 帳目公開
// is 帳目 目公 公開 開. Letters of one meaning are one (NFKC), and so are traditional and simplified
// characters (see package han).
func words(text string) []string {
	var list []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			list = append(list, clip(strings.ToLower(string(word))))
		}
		word = word[:0]
	}
	var before rune // the Han character before, or 0
	for _, r := range norm.NFKC.String(text) {
		asian := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
		switch {
		case asian:
			flush()
			r = han.Fold(r)
			if before != 0 {
				list = append(list, string([]rune{before, r}))
			}
			before = r
			continue
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			word = append(word, r)
		default:
			flush()
		}
		if before != 0 {
			list, before = append(list, string(before)), 0
		}
	}
	flush()
	if before != 0 {
		list = append(list, string(before))
	}
	return list
}

// clip shortens a word to what is looked at.
func clip(word string) string {
	if len(word) <= wordMax {
		return word
	}
	word = word[:wordMax]
	for !utf8.ValidString(word) {
		word = word[:len(word)-1]
	}
	return word
}

// document is the words of a finding's fields.
func document(fields ...string) []string {
	var list []string
	for _, field := range fields {
		if cut := words(field); len(cut) > 0 {
			list = append(append(list, cut...), fieldBreak)
		}
	}
	list = list[:min(len(list), wordsMax)]
	size := 0
	for i, word := range list {
		if size += len(word); size > wordsBytes {
			return list[:i]
		}
	}
	return list
}

// phrase is words that have to follow one another; the last may go on.
type phrase []string

// termsMax is how many phrases a search has at most.
const termsMax = 12

// phrases cuts what somebody looks for: what stands between spaces has to be found together.
// Of Chinese the last character alone is only looked for where there is no pair.
func phrases(search string) []phrase {
	var list []phrase
	for part := range strings.FieldsSeq(search) {
		cut := words(part)
		if n := len(cut); n > 1 && utf8.RuneCountInString(cut[n-1]) == 1 && strings.HasSuffix(cut[n-2], cut[n-1]) &&
			!isLatin(cut[n-1]) {
			cut = cut[:n-1]
		}
		if len(cut) > 0 && len(list) < termsMax {
			list = append(list, cut)
		}
	}
	return list
}

func isLatin(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
