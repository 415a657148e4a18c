package official

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report/paper"
	"sansuiji/server/store"
)

// Made is a document with what is known of it.
type Made struct {
	Document *paper.Document
	Position int64  // of the history that it shows
	Name     string // of a file, without its ending
	Used     Used
}

// Write writes the document that somebody asks for, from one state of a campaign. Equal
// states and requests give equal documents.
func Write(ctx context.Context, v store.View, catalogue *schema.Catalogue, request *Request) (*Made, error) {
	if err := request.Check(); err != nil {
		return nil, err
	}
	f, err := read(ctx, v, request)
	if err != nil {
		return nil, err
	}
	w := newWriter(f, catalogue, request)
	w.own()
	doc := &paper.Document{
		Title: w.title, Author: w.from(), Made: time.UnixMilli(f.stand.at), English: w.english,
		Look: request.Look, Parts: w.parts,
	}
	return &Made{Document: doc, Position: f.stand.position, Name: w.fileName(), Used: w.used()}, nil
}

func newWriter(f *facts, catalogue *schema.Catalogue, request *Request) *writer {
	return &writer{
		facts: f, request: request, catalogue: catalogue, english: request.Language == "en",
		numbers: map[string]int{}, tables: map[string]int{},
	}
}

// own writes the program's own document of a kind.
func (w *writer) own() {
	switch w.request.Kind {
	case Inspection:
		w.inspection()
	case Feedback:
		w.feedback()
	case VisitSheet:
		w.visitSheet()
	case Progress:
		w.progress()
	case Ranking:
		w.ranking()
	}
}

// writer writes one document from facts.
type writer struct {
	facts     *facts
	request   *Request
	catalogue *schema.Catalogue
	english   bool

	title   string
	parts   []paper.Part
	numbers map[string]int // of sources, by kind and id
	tables  map[string]int // numbers of tables, by name
	sources []source
	shots   []shot
}

// shot is a photo with its number in the document.
type shot struct {
	photo
	number        int
	unit, subject string
}

// say is a sentence in the document's language.
func (w *writer) say(zh, en string) string {
	if w.english {
		return en
	}
	return zh
}

// sayf is say with values.
func (w *writer) sayf(zh, en string, args ...any) string { return fmt.Sprintf(w.say(zh, en), args...) }

// part begins pages.
func (w *writer) part(landscape bool) { w.parts = append(w.parts, paper.Part{Landscape: landscape}) }

func (w *writer) add(blocks ...paper.Block) {
	last := &w.parts[len(w.parts)-1]
	last.Blocks = append(last.Blocks, blocks...)
}

// state writes a paragraph of a statement and the sources that it rests on.
func (w *writer) state(text string, sources ...source) {
	w.add(paper.Paragraph{Runs: w.with(text, sources...)})
}

func (w *writer) with(text string, sources ...source) []paper.Run {
	runs := []paper.Run{{Text: text}}
	for _, s := range sources {
		runs = append(runs, paper.Run{Ref: w.number(s)})
	}
	return runs
}

// heading numbers headings: 一、 （一） and as they are said.
func (w *writer) heading(level, n int, zh, en string) {
	const numerals = "一二三四五六七八九十"
	digit := string([]rune(numerals)[n-1])
	switch {
	case w.english && level == 1:
		en = fmt.Sprintf("%d. %s", n, en)
	case w.english:
		en = fmt.Sprintf("(%d) %s", n, en)
	case level == 1:
		zh = digit + "、" + zh
	default:
		zh = "（" + digit + "）" + zh
	}
	w.add(paper.Heading{Level: level, Text: w.say(zh, en)})
}

// label is a choice's label; a code from a newer program stands for itself.
func (w *writer) label(table, column, code string) string {
	t := w.catalogue.MustTable(table)
	for _, c := range t.Columns[t.ColumnIndex(column)].Choices {
		if c.Code == code {
			return w.say(c.Label.Zh, c.Label.En)
		}
	}
	return code
}

// day is a date in words; nothing if it is not known.
func (w *writer) day(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(schema.Zone()).Format(w.say("2006年1月2日", "2 January 2006"))
}

func (w *writer) date(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(schema.Zone()).Format(time.DateOnly)
}

func (w *writer) minute(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).In(schema.Zone()).Format("2006-01-02 15:04")
}

// from is who signs.
func (w *writer) from() string {
	if w.request.From != "" {
		return w.request.From
	}
	return w.facts.city + w.say("實地核查總部", " Inspection Headquarters")
}

// closing signs with the day of the state, not of the printing.
func (w *writer) closing() {
	w.add(paper.Closing{Who: w.from(), When: w.day(w.facts.stand.at)})
}

// scopeName says what the document is about.
func (w *writer) scopeName() string {
	r, f := w.request, w.facts
	if r.Unit != "" {
		return f.unit
	}
	name := r.County
	if r.Category != "" {
		name += w.label("unit", "category", r.Category) + w.say("領域", "")
	}
	return name
}

func (w *writer) fileName() string {
	kind := ""
	for _, k := range Kinds() {
		if k.Code == w.request.Kind {
			kind = w.say(k.Label.Zh, k.Label.En)
		}
	}
	name := kind + w.request.Issue
	if scope := w.scopeName(); scope != "" {
		name += "-" + scope
	} else if w.request.Kind == VisitSheet && len(w.facts.visits) > 0 {
		name += "-" + w.facts.visits[0].unit
	}
	return Stand{Position: w.facts.stand.position, At: w.facts.stand.at}.FileName(name)
}

// sentence ends a text with a full stop, if it has no end of its own.
func (w *writer) sentence(text string) string {
	text = strings.TrimRight(text, " \n")
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?;:") {
		return text
	}
	for _, end := range []string{"。", "！", "？", "；", "：", "…", "」", "）"} {
		if strings.HasSuffix(text, end) && end != "」" && end != "）" {
			return text
		}
	}
	return text + w.say("。", ". ")
}

// percent is a share in whole hundredths.
func percent(n, of int) string {
	if of == 0 {
		return "—"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(of))
}
