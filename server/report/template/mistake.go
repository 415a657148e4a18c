package template

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sansuiji/schema"
)

// Parts of a template that a mistake can be in.
const (
	InFile   = "file"
	InBody   = "body"
	InHeader = "header"
	InFooter = "footer"
	InNotes  = "notes"
)

// Where is a place in a template, as people find it.
type Where struct {
	Part   string `json:"part" enum:"file,body,header,footer,notes"`
	Number int    `json:"number,omitempty" doc:"Which header or footer of the file"`
	Table  int    `json:"table,omitempty" doc:"Which table of the part"`
	Row    int    `json:"row,omitempty" doc:"Which row of it"`
	Near   string `json:"near,omitempty" doc:"Text of the paragraph around it"`
}

// Mistake is what keeps a template from being used, with what to do about it.
type Mistake struct {
	Code  string       `json:"code"`
	Where Where        `json:"where"`
	Text  string       `json:"text,omitempty" doc:"The place as it was written, or the name in the file"`
	Said  schema.Label `json:"said" doc:"What is wrong and what to do"`
	Note  bool         `json:"note,omitempty" doc:"Something to know; the template can be used"`

	seq int
}

// Codes of mistakes.
const (
	UnknownPlace = "place-unknown"
	OtherPlace   = "place-elsewhere"
	UnknownLoop  = "loop-unknown"
	UnknownBlock = "block-unknown"
	BlockPlace   = "block-place"
	NotClosed    = "not-closed"
	NoBegin      = "no-begin"
	AcrossCells  = "across-cells"
	NotAlone     = "not-alone"
	OpenBraces   = "braces-open"
	NoSources    = "no-sources"

	NotDocument = "file-not-docx"
	OldDocument = "file-old-or-locked"
	TooLarge    = "file-too-large"
	Broken      = "file-broken"
	Macros      = "file-macros"
	Objects     = "file-objects"
	External    = "file-external"
	Field       = "file-field"
	TooMany     = "too-many"
)

// mistakesMax is how many mistakes are told of at once.
const mistakesMax = 100

// Mistakes are what is wrong with a template. As an error they say that it cannot be used.
type Mistakes []Mistake

func (m Mistakes) Error() string {
	var lines []string
	for i := range m {
		lines = append(lines, m[i].Where.say(false)+m[i].Said.En)
	}
	return strings.Join(lines, "\n")
}

// In is what they say in a language, one to a line.
func (m Mistakes) In(language string) (lines []string) {
	for i := range m {
		said := m[i].Said.Zh
		if language == "en" {
			said = m[i].Said.En
		}
		lines = append(lines, m[i].Where.say(language != "en")+said)
	}
	return lines
}

// Fatal are those that keep the template from being used.
func (m Mistakes) Fatal() (fatal Mistakes) {
	for i := range m {
		if !m[i].Note {
			fatal = append(fatal, m[i])
		}
	}
	return fatal
}

// tidy puts mistakes in the order of the template and ends a list that is too long.
func (m Mistakes) tidy() Mistakes {
	slices.SortStableFunc(m, func(a, b Mistake) int { return cmp.Compare(a.seq, b.seq) })
	if len(m) > mistakesMax {
		more := len(m) - mistakesMax
		m = append(m[:mistakesMax:mistakesMax], Mistake{Code: TooMany, Where: Where{Part: InFile}, Said: schema.Label{
			Zh: fmt.Sprintf("還有%d處錯誤未列出，先改正以上各處再上傳。", more),
			En: fmt.Sprintf("There are %d more. Correct these first and upload it again.", more),
		}})
	}
	return m
}

// say names a place in a template.
func (w Where) say(zh bool) string {
	parts := map[string]schema.Label{
		InFile: {Zh: "文件", En: "File"}, InBody: {Zh: "正文", En: "Body"}, InHeader: {Zh: "頁眉", En: "Header"},
		InFooter: {Zh: "頁腳", En: "Footer"}, InNotes: {Zh: "注釋", En: "Notes"},
	}
	b, near := parts[w.Part].En, " near “%s”"
	if w.Number > 0 {
		b += fmt.Sprintf(" %d", w.Number)
	}
	if w.Table > 0 {
		b += fmt.Sprintf(", table %d row %d", w.Table, w.Row)
	}
	end := ": "
	if zh {
		b, near, end = parts[w.Part].Zh, "「%s」附近", "："
		if w.Number > 0 {
			b += fmt.Sprint(w.Number)
		}
		if w.Table > 0 {
			b += fmt.Sprintf("第%d個表格第%d行", w.Table, w.Row)
		}
	}
	if w.Near != "" {
		b += fmt.Sprintf(near, w.Near)
	}
	return b + end
}

// around is what a paragraph says around a place in it.
func around(s string, from, to int) string {
	const most = 18 // characters on either side
	left, right := []rune(s[:from]), []rune(s[to:])
	before, after := "", ""
	if len(left) > most {
		left, before = left[len(left)-most:], "…"
	}
	if len(right) > most {
		right, after = right[:most], "…"
	}
	said := before + string(left) + s[from:to] + string(right) + after
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == gapByte || r == '\n' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, said))
}

// wrong says what is wrong with a place. The words have %s for what was written.
func wrong(code, zh, en string, args ...any) Mistake {
	return Mistake{Code: code, Said: schema.Label{Zh: fill(zh, args), En: fill(en, args)}}
}

func fill(words string, args []any) string {
	if len(args) == 0 {
		return words
	}
	return fmt.Sprintf(words, args...)
}

// ofFile is a mistake of the file itself.
func ofFile(code, text, zh, en string, args ...any) Mistakes {
	m := wrong(code, zh, en, args...)
	m.Where, m.Text = Where{Part: InFile}, text
	return Mistakes{m}
}
