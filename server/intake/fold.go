package intake

import (
	"strings"
	"unicode"

	"sansuiji/schema/han"

	"golang.org/x/text/unicode/norm"
)

// fold is a text as it is compared: without spaces, brackets and punctuation, in half
// width and small letters, with traditional and simplified characters made one.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(text) {
		if !unicode.In(r, unicode.L, unicode.N) {
			continue
		}
		b.WriteRune(han.Fold(unicode.ToLower(r)))
	}
	return b.String()
}

// outside is a text without what stands in brackets.
func outside(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range norm.NFKC.String(text) {
		switch r {
		case '(', '[', '【', '〔', '<', '《':
			depth++
		case ')', ']', '】', '〕', '>', '》':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// Fold is a text as names that people write are compared: width, case, spaces, punctuation
// and simplified characters make no difference.
func Fold(text string) string { return fold(text) }
