package evidence

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
)

// tableHead is the first line of rows/<table>.json, without what closes it.
type tableHead struct {
	Table   string       `json:"table"`
	Label   schema.Label `json:"label"`
	Columns []columnHead `json:"columns"`
}

// columnHead is a column of a table.
type columnHead struct {
	Name    string          `json:"name"`
	Type    schema.Type     `json:"type"`
	Label   schema.Label    `json:"label"`
	Choices []schema.Choice `json:"choices,omitempty"`
}

// rowLine is a row, one to a line: its values, and the position of the entry that wrote each
// last (0: nobody, or not known). A value is null, a text, a number, an id as text, or bytes
// in hexadecimal; a number beyond 2^53-1 is text in decimal; a long value is the name of the
// member that has its bytes.
type rowLine struct {
	ID        schema.RowID      `json:"id"`
	Revision  uint64            `json:"revision"`
	Values    []json.RawMessage `json:"values"`
	Positions []uint64          `json:"positions"`
}

// fileValue is a value whose bytes are a member.
type fileValue struct {
	File string `json:"file"`
}

func rowsPath(table string) string { return "rows/" + table + ".json" }

// writeTables writes each table twice: exactly, and for spreadsheets.
func (g *gathering) writeTables(context.Context) error {
	for _, t := range g.rows.tables(g.catalogue) {
		list := g.rows.of(t.Name)
		exact, err := g.exact(t, list)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		g.content.add(rowsPath(t.Name), exact)
		sheet, err := g.sheet(t, list)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		g.content.add("rows/"+t.Name+".csv", sheet)
	}
	return nil
}

func (g *gathering) exact(t *schema.Table, list []*row) ([]byte, error) {
	head := tableHead{Table: t.Name, Label: t.Label}
	for i := range t.Columns {
		c := &t.Columns[i]
		head.Columns = append(head.Columns, columnHead{c.Name, c.Type, c.Label, c.Choices})
	}
	text, err := json.Marshal(&head)
	if err != nil {
		return nil, err
	}
	b := append(bytes.TrimSuffix(text, []byte("}")), ",\"rows\":[\n"...)
	for i, r := range list {
		line := rowLine{ID: r.id, Revision: r.revision}
		for k := range r.values {
			value, err := json.Marshal(g.plain(r, k))
			if err != nil {
				return nil, err
			}
			line.Values = append(line.Values, value)
			line.Positions = append(line.Positions, g.positionOf(&r.stamps[k]))
		}
		text, err := json.Marshal(&line)
		if err != nil {
			return nil, err
		}
		b = append(b, text...)
		if i < len(list)-1 {
			b = append(b, ',')
		}
		b = append(b, '\n')
	}
	return append(b, "]}\n"...), nil
}

// exactMax is the largest number that all readers of JSON have exactly.
const exactMax = 1<<53 - 1

// plain is a value as JSON has it.
func (g *gathering) plain(r *row, i int) any {
	v, c := r.values[i], &r.table.Columns[i]
	if path := g.fileOf(r, c.Name); path != "" {
		return fileValue{path}
	}
	switch v.Kind {
	case changeset.Integer:
		if n := v.Int64(); n < -exactMax || n > exactMax {
			return strconv.FormatInt(n, 10)
		}
		return v.Int64()
	case changeset.Text:
		return string(v.Bytes)
	case changeset.Blob:
		if c.Type == schema.ID && len(v.Bytes) == len(schema.RowID{}) {
			return schema.RowID(v.Bytes).String()
		}
		return hex.EncodeToString(v.Bytes)
	case changeset.Absent, changeset.Null, changeset.Real: // no column of ours holds reals
	}
	return nil
}

// sheet is a table for people: UTF-8 with a mark, words for codes, no cell a formula.
func (g *gathering) sheet(t *schema.Table, list []*row) ([]byte, error) {
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	head := []string{g.say(schema.Label{Zh: "標識", En: "Id"})}
	for i := range t.Columns {
		head = append(head, g.say(t.Columns[i].Label))
	}
	records := [][]string{head}
	for _, r := range list {
		record := []string{r.id.String()}
		for i := range r.values {
			record = append(record, inert(g.words(r, i)))
		}
		records = append(records, record)
	}
	err := w.WriteAll(records)
	return b.Bytes(), err
}

// inert keeps a spreadsheet from taking a text for a formula.
func inert(text string) string {
	if strings.ContainsAny(text[:min(1, len(text))], "=+-@\t\r") {
		return "'" + text
	}
	return text
}

// words are a value for people.
func (g *gathering) words(r *row, i int) string {
	c := &r.table.Columns[i]
	switch v := g.plain(r, i).(type) {
	case fileValue:
		return v.File
	case string:
		for _, choice := range c.Choices {
			if choice.Code == v {
				return g.say(choice.Label)
			}
		}
		return v
	case int64:
		switch {
		case strings.HasSuffix(c.Name, "_at"):
			return time.UnixMilli(v).In(schema.Zone()).Format("2006-01-02 15:04:05")
		case strings.HasSuffix(c.Name, "_e7"):
			return strconv.FormatFloat(float64(v)/1e7, 'f', 7, 64)
		}
		return strconv.FormatInt(v, 10)
	}
	return ""
}

func (g *gathering) say(l schema.Label) string {
	if g.content.english {
		return l.En
	}
	return l.Zh
}
