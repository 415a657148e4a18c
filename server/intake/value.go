package intake

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"golang.org/x/text/unicode/norm"
)

// reader makes a value of a cell that is not blank.
type reader func(c calendar, cell Cell) (changeset.Value, *reason)

// Lengths of texts in characters.
const (
	shortText = 200
	longText  = 10_000
)

// readCell reads a cell of any field; a blank one is NULL.
func readCell(read reader, c calendar, cell Cell) (changeset.Value, *reason) {
	if cell.Text == "" {
		return changeset.NullValue(), nil
	}
	if formulaErrors[strings.ToUpper(cell.Text)] {
		return changeset.NullValue(), formulaError()
	}
	v, wrong := read(c, cell)
	if wrong != nil {
		return changeset.NullValue(), wrong
	}
	return v, nil
}

// formulaErrors are what a workbook shows in place of a value that it cannot work out.
var formulaErrors = map[string]bool{
	"#REF!": true, "#N/A": true, "#VALUE!": true, "#NAME?": true, "#DIV/0!": true, "#NULL!": true,
	"#NUM!": true, "#SPILL!": true, "#CALC!": true, "#GETTING_DATA": true,
}

// text reads words of at most so many characters.
func text(most int) reader {
	return func(_ calendar, cell Cell) (changeset.Value, *reason) {
		for _, r := range cell.Text {
			if r != '\n' && r != '\t' && (r < ' ' || (r >= 0x7f && r < 0xa0) || hidden(r)) {
				return changeset.Value{}, controlCharacter(r)
			}
		}
		if n := utf8.RuneCountInString(cell.Text); n > most {
			return changeset.Value{}, tooLong(n, most)
		}
		return edit.Text(cell.Text), nil
	}
}

// hidden characters change the order in which text is read, or stand for none.
func hidden(r rune) bool {
	return (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) || r == utf8.RuneError || r == 0xffff || r == 0xfffe
}

// lines reads options, one to a line however they are parted.
func lines(c calendar, cell Cell) (changeset.Value, *reason) {
	list := strings.FieldsFunc(cell.Text, func(r rune) bool { return strings.ContainsRune("\n;；|｜、", r) })
	kept := list[:0]
	for _, option := range list {
		if option = clean(option); option != "" {
			kept = append(kept, option)
		}
	}
	cell.Text = strings.Join(kept, "\n")
	return text(longText)(c, cell)
}

// thousands parts the digits of large numbers.
var thousands = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$`)

// integer reads a whole number in a range.
func integer(least, most int64) reader {
	return func(_ calendar, cell Cell) (changeset.Value, *reason) {
		n, ok := number(cell)
		if !ok || n != math.Trunc(n) || n < float64(least) || n > float64(most) {
			return changeset.Value{}, noInteger(least, most)
		}
		return edit.Int(int64(n)), nil
	}
}

// number reads a decimal number.
func number(cell Cell) (float64, bool) {
	text := strings.ReplaceAll(norm.NFKC.String(cell.stored()), " ", "")
	if thousands.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	if !decimal.MatchString(text) {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

var decimal = regexp.MustCompile(`^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$`)

// choice reads one of a list by its code, by its label in either language, or by another
// word of offices.
func choice(list []schema.Choice, words map[string]string) reader {
	codes := map[string]string{}
	for word, code := range words {
		codes[fold(word)] = code
	}
	for _, c := range list {
		codes[fold(c.Code)], codes[fold(c.Label.Zh)], codes[fold(c.Label.En)] = c.Code, c.Code, c.Code
	}
	return func(_ calendar, cell Cell) (changeset.Value, *reason) {
		code, known := codes[fold(cell.Text)]
		if !known {
			return changeset.Value{}, noChoice(list)
		}
		return edit.Text(code), nil
	}
}

// yesNo are the choices of a flag.
func yesNo() []schema.Choice {
	return []schema.Choice{{Code: "1", Label: schema.Label{Zh: "是", En: "Yes"}}, {Code: "0", Label: schema.Label{Zh: "否", En: "No"}}}
}

// flag reads yes or no as 1 or 0.
func flag() reader {
	read := choice(yesNo(), map[string]string{"y": "1", "n": "0", "true": "1", "false": "0", "有": "1", "無": "0"})
	return func(c calendar, cell Cell) (changeset.Value, *reason) {
		switch cell.Text {
		case "√", "✓", "✔", "☑":
			return edit.Int(1), nil
		case "×", "✗", "☐":
			return edit.Int(0), nil
		}
		v, wrong := read(c, cell)
		if wrong != nil {
			return v, wrong
		}
		return edit.Int(int64(v.Bytes[0] - '0')), nil
	}
}

func date(c calendar, cell Cell) (changeset.Value, *reason) {
	ms, wrong := c.date(cell)
	return edit.Int(ms), wrong
}

// sexagesimal is 115°12′30.5″, perhaps with the hemisphere's name.
var sexagesimal = regexp.MustCompile(`^(\d{1,3})[°度](?:(\d{1,2})['′’分](?:(\d{1,2}(?:\.\d+)?)(?:["″”秒]|''|′′)?)?)?$`)

// degrees reads degrees as whole ten-millionths.
func degrees(most int64) reader {
	return func(_ calendar, cell Cell) (changeset.Value, *reason) {
		n, ok := number(cell)
		if !ok {
			n, ok = angle(cell.Text)
		}
		if !ok || math.Abs(n) > float64(most) {
			return changeset.Value{}, noDegrees(most)
		}
		return edit.Int(int64(math.Round(n * 1e7))), nil
	}
}

func angle(text string) (float64, bool) {
	text = strings.ReplaceAll(text, " ", "")
	text = strings.Trim(text, "東东北經经緯纬ENen:：")
	p := sexagesimal.FindStringSubmatch(text)
	if p == nil {
		n, err := strconv.ParseFloat(strings.TrimRight(text, "°度"), 64)
		return n, err == nil && !math.IsNaN(n)
	}
	whole := 0.0
	for i, unit := range []float64{1, 60, 3600} {
		if p[i+1] == "" {
			continue
		}
		n, err := strconv.ParseFloat(p[i+1], 64)
		if err != nil || (i > 0 && n >= 60) {
			return 0, false
		}
		whole += n / unit
	}
	return whole, true
}

// optional makes one text stand for NULL.
func optional(read reader, none string) reader {
	return func(c calendar, cell Cell) (changeset.Value, *reason) {
		v, wrong := read(c, cell)
		if wrong == nil && string(v.Bytes) == none {
			return changeset.NullValue(), nil
		}
		return v, wrong
	}
}
