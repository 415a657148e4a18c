package paper

import (
	"strings"
	"unicode/utf8"
)

// Clean drops what XML 1.0 forbids (§2.2, Char) and bytes that are no UTF-8, and makes
// line ends one kind. Nothing else is changed.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r < 0x20, r == 0x7F, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

// Text is a paragraph of plain text.
func Text(s string) Paragraph { return Paragraph{Runs: []Run{{Text: s}}} }

// Plain is a cell of plain text.
func Plain(s string) Cell { return Cell{{Text: s}} }

// SplitTitle joins pieces, which are split by meaning, to lines of at most 20 characters.
func SplitTitle(pieces ...string) (lines []string) {
	const most = 20
	for _, p := range pieces {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+utf8.RuneCountInString(p) <= most {
			lines[last] += p
			continue
		}
		lines = append(lines, p)
	}
	return lines
}

// NoStart are characters that no line begins with, NoEnd those that no line ends with
// (GB/T 15834, CLREQ §3.1.3).
const (
	NoStart = "、。，．：；？！）」』〉》】〕］｝〗”’…‥—％‰℃·,.:;?!)]}%"
	NoEnd   = "（「『〈《【〔［｛〖“‘([{"
)
