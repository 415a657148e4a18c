package intake

import (
	"strconv"
	"strings"

	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"golang.org/x/text/unicode/norm"
)

// ordinal reads a team's number, also out of its name: 第三核查組, 3組.
func ordinal(c calendar, cell Cell) (changeset.Value, *reason) {
	text := norm.NFKC.String(cell.stored())
	for _, word := range []string{"第", "核查", "小", "組", "组", "號", "号", " "} {
		text = strings.ReplaceAll(text, word, "")
	}
	if n := numeral(text); n > 0 {
		return edit.Int(n), nil
	}
	return integer(1, teamsMax)(c, Cell{Text: text})
}

// teamsMax is the highest number of a team.
const teamsMax = 999

const digits = "零一二三四五六七八九"

// numeral reads a Chinese numeral below one hundred; 0 is none.
func numeral(text string) int64 {
	tens, ones, split := strings.Cut(text, "十")
	if !split {
		return digit(text, -1)
	}
	t, o := digit(tens, 1), digit(ones, 0)
	if t < 1 || o < 0 {
		return 0
	}
	return t*10 + o
}

// digit is a numeral of one character, or what stands for none; -1 for another.
func digit(text string, none int64) int64 {
	if text == "" {
		return none
	}
	for i, r := range []rune(digits) {
		if text == string(r) {
			return int64(i)
		}
	}
	return -1
}

// numeralOf writes a number below one hundred in Chinese.
func numeralOf(n int64) string {
	names := []rune(digits)
	switch {
	case n < 1 || n > 99:
		return strconv.FormatInt(n, 10)
	case n < 10:
		return string(names[n])
	}
	text := "十"
	if n >= 20 {
		text = string(names[n/10]) + text
	}
	if n%10 > 0 {
		text += string(names[n%10])
	}
	return text
}
