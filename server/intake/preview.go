package intake

import (
	"cmp"
	"slices"

	"sansuiji/schema"
)

// ImportFile is a file to take in.
type ImportFile struct {
	Name    string         `json:"name" minLength:"1" maxLength:"200" doc:"Name of the file"`
	File    []byte         `json:"file" doc:"Its bytes: XLSX, or CSV in UTF-8 or GB18030"`
	Sheet   string         `json:"sheet,omitempty" maxLength:"100" doc:"The sheet to read; none: the one that fits best"`
	Header  int            `json:"header,omitempty" minimum:"0" doc:"Number of the row that heads the table; 0: it is looked for"`
	Mapping map[string]int `json:"mapping,omitempty" doc:"Number of each field's column, from 1; none: as a person confirmed it before, else by the header"`
	Ticket  string         `json:"ticket,omitempty" maxLength:"64" doc:"Any random text, to ask how far it is"`
}

// Limits of what a preview lists; it counts what is beyond.
const (
	mistakesMax = 500
	updatesMax  = 200
)

// ImportPreview is what an import would do.
type ImportPreview struct {
	Kind       string         `json:"kind"`
	Sheet      string         `json:"sheet"`
	Sheets     []string       `json:"sheets"`
	HeaderRows []int          `json:"header_rows" doc:"Numbers of the rows that head the table, as the office sees them"`
	Mapping    []ImportField  `json:"mapping" doc:"Each field of the kind"`
	Remembered bool           `json:"remembered" doc:"The mapping is one that a person confirmed before"`
	Columns    []ImportColumn `json:"columns" doc:"Each column of the sheet"`
	Unused     []ImportColumn `json:"unused" doc:"Columns that are no field"`

	Rows      int `json:"rows" doc:"Rows of data"`
	Skipped   int `json:"skipped" doc:"Totals, notes and other rows that are no data"`
	Blank     int `json:"blank" doc:"Blank rows"`
	Inserts   int `json:"inserts"`
	Unchanged int `json:"unchanged"`
	Absent    int `json:"absent" doc:"Rows that only the campaign has; they stay"`

	NewRows      []ImportNew     `json:"new_rows" doc:"The first 200 of those that are inserted"`
	UpdateCount  int             `json:"update_count"`
	Updates      []ImportUpdate  `json:"updates" doc:"The first 200"`
	Recusals     []ImportRecusal `json:"recusals" doc:"Of a table of recusals: which teams must not go where"`
	ProblemCount int             `json:"problem_count"`
	Problems     []ImportMistake `json:"problems" doc:"The first 500; nothing is imported before there are none"`
}

// ImportColumn is a column of the sheet.
type ImportColumn struct {
	Column int    `json:"column" doc:"Its number, from 1"`
	Header string `json:"header"`
	Sample string `json:"sample" doc:"What stands in it first"`
}

// ImportField is a field and the column that it is read from.
type ImportField struct {
	Field    string       `json:"field"`
	Label    schema.Label `json:"label"`
	Required bool         `json:"required"`
	Or       string       `json:"or,omitempty" doc:"The field that can stand in for it"`
	Column   int          `json:"column" doc:"Number of its column, from 1; 0: none"`
	Header   string       `json:"header"`
}

// ImportNew is a row that would be new.
type ImportNew struct {
	Row int    `json:"row"`
	Key string `json:"key" doc:"What people call it"`
}

// ImportUpdate is a row that would change.
type ImportUpdate struct {
	Row     int            `json:"row"`
	Key     string         `json:"key"`
	Changes []ImportChange `json:"changes"`
}

// ImportChange is a cell that would change.
type ImportChange struct {
	Table  string       `json:"table"`
	Column string       `json:"column"`
	Label  schema.Label `json:"label"`
	Before string       `json:"before"`
	After  string       `json:"after"`
}

// ImportMistake is something that cannot be taken in as it is.
type ImportMistake struct {
	Row    int          `json:"row" doc:"Number of the row as the office sees it; 0: of the whole table"`
	Field  string       `json:"field"`
	Column string       `json:"column" doc:"What heads the column"`
	Value  string       `json:"value"`
	Code   string       `json:"code"`
	Say    schema.Label `json:"say"`
}

// mistakes collects the first ones and counts all.
type mistakes struct {
	list  []ImportMistake
	count int
}

// valueMax is how many characters of a value a mistake shows.
const valueMax = 100

func (m *mistakes) add(mistake ImportMistake, why *reason) {
	if m.count++; m.count > mistakesMax {
		return
	}
	if runes := []rune(mistake.Value); len(runes) > valueMax {
		mistake.Value = string(runes[:valueMax]) + "…"
	}
	mistake.Code, mistake.Say = why.code, why.say
	m.list = append(m.list, mistake)
}

// sorted is the list in the order of the rows.
func (m *mistakes) sorted() []ImportMistake {
	list := append([]ImportMistake{}, m.list...)
	slices.SortStableFunc(list, func(a, b ImportMistake) int { return cmp.Compare(a.Row, b.Row) })
	return list
}

// preview describes a reading, before it is compared with the campaign.
func (r *reading) preview(sheets []*Sheet) ImportPreview {
	p := ImportPreview{
		Kind: r.kind.Name, Remembered: r.remembered, Sheet: r.sheet.Name, Rows: len(r.records), Skipped: r.skipped, Blank: r.sheet.Blank,
		HeaderRows: []int{}, Unused: []ImportColumn{}, Columns: []ImportColumn{}, Updates: []ImportUpdate{},
		NewRows: []ImportNew{}, Recusals: []ImportRecusal{},
	}
	for _, s := range sheets {
		p.Sheets = append(p.Sheets, s.Name)
	}
	if r.header.top >= 0 {
		for i := r.header.top; i <= r.header.bottom; i++ {
			p.HeaderRows = append(p.HeaderRows, r.sheet.Rows[i].Number)
		}
	}
	for i := range r.sheet.width() {
		heading := ImportColumn{Column: i + 1, Header: r.heading(i), Sample: r.sample(i)}
		p.Columns = append(p.Columns, heading)
		if !slices.Contains(r.header.columns, i) {
			p.Unused = append(p.Unused, heading)
		}
	}
	for i, f := range r.kind.Fields {
		c := r.column(i)
		p.Mapping = append(p.Mapping, ImportField{f.Name, f.Label, f.Required, f.Or, c + 1, r.heading(c)})
	}
	return p
}

// sampleRows is how many rows are looked at for what stands in a column.
const sampleRows = 50

// sample is what stands first in a column below the header.
func (r *reading) sample(column int) string {
	for i := range r.records[:min(len(r.records), sampleRows)] {
		if text := []rune(r.records[i].row.cell(column).Text); len(text) > 0 {
			return string(text[:min(len(text), valueMax)])
		}
	}
	return ""
}

func (r *reading) heading(column int) string {
	if column < 0 || column >= len(r.header.names) {
		return ""
	}
	return r.header.names[column]
}
