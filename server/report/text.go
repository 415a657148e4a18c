package report

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
)

// cellMax is how much text a cell takes, in UTF-16 units (Excel specifications
// and limits, Microsoft).
const cellMax = 32767

// clean replaces what XML 1.0 forbids (§2.2, Char), and bytes that are no UTF-8,
// by U+FFFD.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r == 0xFFFE, r == 0xFFFF:
			return utf8.RuneError
		default:
			return r
		}
	}, s)
}

// displayWidth is how wide the longest line of s is, in digits.
func displayWidth(s string) int {
	widest, width := 0, 0
	for _, r := range s {
		if width += runeWidth(r); r == '\n' {
			width = 0
		}
		widest = max(widest, width)
	}
	return widest
}

// wrappedLines is how many lines s takes in a column, about: words are not
// looked for.
func wrappedLines(s string, width int) int {
	lines, used := 1, 0
	for _, r := range s {
		w := runeWidth(r)
		if used += w; r == '\n' || used > width-1 {
			lines, used = lines+1, w
		}
	}
	return lines
}

// runeWidth is how wide a character is, in digits. Chinese, and nearly all else
// from Hangul on, is as wide as two.
func runeWidth(r rune) int {
	switch {
	case r == '\n':
		return 0
	case r < 0x1100, r >= 0x2000 && r < 0x2E80 && r != '…' && r != '—':
		return 1
	default:
		return 2
	}
}

// fit is as much of a text as a cell takes, with a mark that says where the rest
// is: the whole of a longer text goes to a sheet of its own, in parts.
func (s *sheet) fit(whole, id string, c *column) (string, error) {
	if len(whole) <= cellMax { // no text has more units than bytes
		return whole, nil
	}
	if head, rest := cut(whole, cellMax); rest == "" {
		return head, nil
	}
	row, err := s.book.keepLong(s.name, id, s.book.say(c.label), whole)
	if err != nil {
		return "", fmt.Errorf("keep long text of %s: %w", id, err)
	}
	mark := fmt.Sprintf(s.book.say(schema.Label{
		Zh: "……〔此處未完，全文見「長文」表第 %d 行〕",
		En: " … [cut here; the whole text is in sheet “Long texts”, row %d]",
	}), row)
	head, _ := cut(whole, cellMax-utf8.RuneCountInString(mark)) // the mark is all of one unit
	return head + mark, nil
}

// cut splits s after at most most UTF-16 units, never inside a character.
func cut(s string, most int) (head, rest string) {
	for i, r := range s {
		if most--; r > 0xFFFF {
			most--
		}
		if most < 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// keepLong writes a whole text to the sheet of long texts and returns the row
// where it begins, as Excel counts.
func (b *book) keepLong(from, id, column, whole string) (int, error) {
	if b.long == nil {
		title := schema.Label{Zh: "長文", En: "Long texts"}
		if err := b.addSheets(b.say(title)); err != nil {
			return 0, err
		}
		var err error
		if b.long, err = b.sheet(b.say(title), longColumns()); err != nil {
			return 0, err
		}
	}
	row := b.long.rows + 2
	for part := int64(1); whole != ""; part++ {
		var piece string
		piece, whole = cut(whole, cellMax)
		if err := b.long.add(context.Background(), id, []any{from, id, column, part, piece}, nil); err != nil {
			return 0, err
		}
	}
	return row, nil
}

func longColumns() []column {
	return []column{
		{label: schema.Label{Zh: "工作表", En: "Sheet"}},
		rowID(),
		{label: schema.Label{Zh: "欄目", En: "Column"}},
		{label: schema.Label{Zh: "段", En: "Part"}, kind: count},
		{label: schema.Label{Zh: "文字", En: "Text"}},
	}
}
