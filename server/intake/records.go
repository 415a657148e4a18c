package intake

import (
	"fmt"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// record is a row of a sheet as values of the kind's fields. A field without a column is
// Absent, a blank cell is NULL.
type record struct {
	row    *Row
	values []changeset.Value
	broken bool // something is wrong with it
}

// reading turns a sheet into records.
type reading struct {
	kind     *Kind
	sheet    *Sheet
	header   header
	calendar calendar
	records  []record
	skipped  int
	mistakes mistakes

	remembered bool // the columns are those that a person confirmed before
}

// read reads the rows below the header.
func (r *reading) read() {
	r.calendar.date1904 = r.sheet.Date1904
	missing := r.missing()
	for i := r.header.bottom + 1; i < len(r.sheet.Rows); i++ {
		row := &r.sheet.Rows[i]
		if r.header.bottom < 0 || r.skip(row) {
			r.skipped++
			continue
		}
		r.record(row, missing)
	}
}

// missing lists required fields without a column, and says so once.
func (r *reading) missing() map[string]bool {
	missing := map[string]bool{}
	for i := range r.kind.Fields {
		f := &r.kind.Fields[i]
		if !f.Required || r.column(i) >= 0 || (f.Or != "" && (missing[f.Or] || r.column(r.kind.field(f.Or)) >= 0)) {
			continue
		}
		missing[f.Name] = true
		r.mistakes.add(ImportMistake{Field: f.Name, Column: f.Label.Zh}, noColumn(f.Label))
	}
	return missing
}

func (r *reading) column(field int) int {
	if field >= len(r.header.columns) {
		return -1
	}
	return r.header.columns[field]
}

// record reads one row.
func (r *reading) record(row *Row, missing map[string]bool) {
	rec := record{row: row, values: make([]changeset.Value, len(r.kind.Fields)), broken: len(missing) > 0}
	for i := range r.kind.Fields {
		column := r.column(i)
		if column < 0 {
			continue
		}
		v, wrong := readCell(r.kind.Fields[i].read, r.calendar, row.cell(column))
		if rec.values[i] = v; wrong != nil {
			r.wrong(&rec, i, wrong)
		}
	}
	r.required(&rec)
	r.records = append(r.records, rec)
}

// required wants something where it must be, or in the field that can stand in for it.
func (r *reading) required(rec *record) {
	for i := range r.kind.Fields {
		f := &r.kind.Fields[i]
		if !f.Required || r.column(i) < 0 || rec.row.cell(r.column(i)).Text != "" {
			continue
		}
		other := r.kind.field(f.Or)
		if other < 0 || r.column(other) < 0 || (i < other && rec.row.cell(r.column(other)).Text == "") {
			r.wrong(rec, i, blank(f.Label))
		}
	}
}

// has says that a value is there.
func has(v changeset.Value) bool { return v.Kind != changeset.Absent && v.Kind != changeset.Null }

// wrong notes what is wrong with a record's field.
func (r *reading) wrong(rec *record, field int, why *reason) {
	rec.broken = true
	f, column := &r.kind.Fields[field], r.column(field)
	m := ImportMistake{Row: rec.row.Number, Field: f.Name, Column: f.Label.Zh, Value: rec.row.cell(column).Text}
	if column >= 0 && column < len(r.header.names) && r.header.names[column] != "" {
		m.Column = r.header.names[column]
	}
	r.mistakes.add(m, why)
}

// skip leaves out what is no data: totals, notes below the table, titles of sections, and
// headers that a new page repeats.
func (r *reading) skip(row *Row) bool {
	texts, filled := row.distinct()
	first := fold(texts[0])
	if filled > 1 && len(texts) == 1 && filled >= min(3, len(r.header.names)) {
		return true
	}
	if total(first) && len([]rune(first)) <= 12 {
		return true
	}
	if len(texts) == 1 && filled == 1 || len(texts) <= 4 && !r.complete(row) {
		for _, note := range []string{"填表", "制表", "製表", "填報", "審核人", "注", "註", "說明", "備註", "聯繫人"} {
			if strings.HasPrefix(first, fold(note)) {
				return true
			}
		}
	}
	return r.repeated(row)
}

// total says that a row sums others up.
func total(first string) bool {
	for _, word := range []string{"合計", "小計", "總計", "共計"} {
		if word = fold(word); strings.HasPrefix(first, word) || strings.HasSuffix(first, word) {
			return true
		}
	}
	return slices.ContainsFunc([]string{"total", "subtotal", "sum", "計", "總"}, func(word string) bool { return fold(word) == first })
}

// complete says that a row has all that is required.
func (r *reading) complete(row *Row) bool {
	for i := range r.kind.Fields {
		if c := r.column(i); r.kind.Fields[i].Required && c >= 0 && row.cell(c).Text == "" {
			return false
		}
	}
	return true
}

// repeated says that a row has the header's words again.
func (r *reading) repeated(row *Row) bool {
	same := 0
	for i := range r.kind.Fields {
		c := r.column(i)
		if c < 0 || row.cell(c).Text == "" {
			continue
		}
		if c >= len(r.header.names) || !r.heads(row.cell(c).Text, c) {
			return false
		}
		same++
	}
	return same > 1
}

// heads says that a text stands in a column's header.
func (r *reading) heads(text string, column int) bool {
	for i := max(r.header.top, 0); i <= r.header.bottom; i++ {
		if r.sheet.Rows[i].cell(column).Text == text {
			return true
		}
	}
	return false
}

// remap takes a person's word for which column is which field; columns count from 1, and
// none is 0.
func (h *header) remap(kind *Kind, mapping map[string]int, width int) error {
	for i := range h.columns {
		h.columns[i] = -1
	}
	for name, column := range mapping {
		field := kind.field(name)
		if field < 0 || column < 0 || column > width {
			return schema.NewFault(schema.FaultValue, fmt.Sprintf("mapping: %s to column %d of %d", name, column, width))
		}
		h.columns[field] = column - 1
	}
	return nil
}
