package intake

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// headerSearch is how many rows from the top a header is looked for in.
const headerSearch = 40

// header is which rows head a sheet, and which columns are which fields.
type header struct {
	top, bottom int      // places in the sheet's rows; none: -1
	names       []string // of the columns, as the office reads them
	columns     []int    // of the kind's fields; -1: none
	score       float64
}

// findHeader finds the rows that head a sheet best.
func findHeader(kind *Kind, sheet *Sheet) header {
	best := header{top: -1, bottom: -1}
	for i := range sheet.Rows[:min(len(sheet.Rows), headerSearch)] {
		for bottom := i; bottom <= min(i+1, len(sheet.Rows)-1); bottom++ {
			h := headerAt(kind, sheet, i, bottom)
			if h.score > best.score {
				best = h
			}
		}
	}
	if best.top < 0 {
		best = headerAt(kind, sheet, firstTable(sheet), firstTable(sheet))
	}
	return best
}

// firstTable is the first row with several different cells.
func firstTable(sheet *Sheet) int {
	for i := range sheet.Rows {
		if texts, _ := sheet.Rows[i].distinct(); len(texts) > 1 {
			return i
		}
	}
	return 0
}

// headerAt takes one row for the header, or two, and matches what they say.
func headerAt(kind *Kind, sheet *Sheet, top, bottom int) header {
	h := header{top: top, bottom: bottom}
	if len(sheet.Rows) == 0 {
		h.top, h.bottom, h.columns = -1, -1, match(kind, nil).columns
		return h
	}
	names, ok := oneLine(&sheet.Rows[top]), true
	if bottom > top {
		names, ok = twoLines(&sheet.Rows[top], &sheet.Rows[bottom])
	}
	if !ok {
		return h
	}
	m := match(kind, names)
	h.columns, h.score, h.names = m.columns, m.score, make([]string, len(names))
	for i, list := range names {
		h.names[i] = list[0]
	}
	return h
}

// oneLine is what a row says about each column.
func oneLine(row *Row) [][]string {
	names := make([][]string, len(row.Cells))
	for i := range names {
		names[i] = []string{row.cell(i).Text}
	}
	return names
}

// twoLines joins a row with the one below it, where the upper has names of groups: cells
// that are merged over several columns, or stand before blank ones. A row with one text is
// a title, and a cell below a name of its own is data.
func twoLines(upper, lower *Row) ([][]string, bool) {
	if texts, _ := upper.distinct(); len(texts) < 2 {
		return nil, false
	}
	names, groups := make([][]string, max(len(upper.Cells), len(lower.Cells))), 0
	group := ""
	for i := range names {
		up, low := upper.cell(i).Text, lower.cell(i).Text
		spread := up != "" && (up == upper.cell(i-1).Text || up == upper.cell(i+1).Text)
		switch {
		case up == "" && low != "":
			up, spread = group, true
		case up != "" && upper.cell(i+1).Text == "" && lower.cell(i+1).Text != "" && low != "":
			spread = true
		}
		group = up
		switch {
		case low == "" || up == low:
			names[i] = []string{up}
		case !spread:
			return nil, false
		default:
			names[i] = []string{joined(up, low), low}
			groups++
		}
	}
	return names, groups > 0
}

func joined(upper, lower string) string {
	if upper == "" {
		return lower
	}
	return upper + " " + lower
}

// matched is which columns are which fields.
type matched struct {
	columns []int
	score   float64
}

// candidate is a column that may be a field.
type candidate struct {
	field, column int
	strength      float64
}

// Strengths of a match: a field's own name, another word for it, a word that a column's
// name contains.
const (
	ownName   = 4
	otherWord = 3
	contained = 1
)

// match gives each field at most one column and each column at most one field, the
// strongest first.
func match(kind *Kind, names [][]string) matched {
	var list []candidate
	for column := range names {
		texts := folded(names[column])
		for field := range kind.Fields {
			if s := kind.Fields[field].strength(texts); s > 0 {
				list = append(list, candidate{field, column, s})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return cmp.Compare(b.strength, a.strength) })
	m, taken := matched{columns: make([]int, len(kind.Fields))}, map[int]bool{}
	for i := range m.columns {
		m.columns[i] = -1
	}
	for _, c := range list {
		if m.columns[c.field] >= 0 || taken[c.column] {
			continue
		}
		m.columns[c.field], taken[c.column] = c.column, true
		if m.score += c.strength; kind.Fields[c.field].Required {
			m.score += c.strength
		}
	}
	return m
}

// folded are the names of a column as they are compared, the best first.
func folded(names []string) []string {
	var texts []string
	for _, name := range names {
		if utf8.RuneCountInString(name) > nameMax {
			continue // no name of a column
		}
		for _, text := range []string{fold(name), fold(outside(name))} {
			if text != "" && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// nameMax is how long the name of a column may be, in characters.
const nameMax = 200

// strength says how well a column's names name the field.
func (f *Field) strength(texts []string) float64 {
	best := 0.0
	for n, text := range texts {
		best = max(best, f.strengthOf(text)-0.01*float64(n))
	}
	return best
}

func (f *Field) strengthOf(text string) float64 {
	if slices.Contains(f.own, text) {
		return ownName
	}
	best := 0.0
	for _, word := range f.words {
		if text == word {
			return otherWord
		}
		if n := utf8.RuneCountInString(word); n > 1 && strings.Contains(text, word) {
			best = max(best, contained+0.05*float64(min(n, 10)))
		}
	}
	return best
}
