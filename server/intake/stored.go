package intake

import (
	"database/sql"
	"strconv"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// stored is a row that the campaign has.
type stored struct {
	id      schema.RowID
	values  []changeset.Value // of the table's columns
	matched bool              // a record is about it
}

// load reads all rows of a table, the oldest first.
func (p *planner) load(table string) ([]*stored, error) {
	t := p.catalogue.MustTable(table)
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = t.Columns[i].Name
	}
	return store.List(p.ctx, p.view, func(row store.Scanner) (*stored, error) { return scan(t, row) },
		"SELECT id, "+strings.Join(names, ", ")+" FROM "+t.Name+" WHERE campaign_no = $1 ORDER BY id", p.view.CampaignNo)
}

func scan(t *schema.Table, row store.Scanner) (*stored, error) {
	var id []byte
	dest, texts := []any{&id}, make([]sql.NullString, len(t.Columns))
	numbers, bytes := make([]sql.NullInt64, len(t.Columns)), make([][]byte, len(t.Columns))
	for i := range t.Columns {
		switch t.Columns[i].Type {
		case schema.Text:
			dest = append(dest, &texts[i])
		case schema.Integer:
			dest = append(dest, &numbers[i])
		case schema.ID, schema.Bytes:
			dest = append(dest, &bytes[i])
		}
	}
	if err := row.Scan(dest...); err != nil {
		return nil, err
	}
	key, err := schema.IDFromBytes[schema.RowID](id)
	s := &stored{id: key, values: make([]changeset.Value, len(t.Columns))}
	for i := range s.values {
		switch {
		case texts[i].Valid:
			s.values[i] = changeset.TextValue(texts[i].String)
		case numbers[i].Valid:
			s.values[i] = edit.Int(numbers[i].Int64)
		case bytes[i] != nil:
			s.values[i] = edit.Bytes(bytes[i])
		default:
			s.values[i] = changeset.NullValue()
		}
	}
	return s, err
}

// of is a row's value of a column.
func (p *planner) of(table string, s *stored, column string) changeset.Value {
	return s.values[p.catalogue.MustTable(table).ColumnIndex(column)]
}

func (p *planner) textOf(table string, s *stored, column string) string {
	return string(p.of(table, s, column).Bytes)
}

// display is a value as people write it; a choice is its code.
func display(column *schema.Column, v changeset.Value) string {
	switch v.Kind {
	case changeset.Integer:
		switch {
		case strings.HasSuffix(column.Name, "_at"):
			return time.UnixMilli(v.Int64()).In(schema.Zone()).Format(time.DateOnly)
		case strings.HasSuffix(column.Name, "_e7"):
			return strconv.FormatFloat(float64(v.Int64())/1e7, 'f', -1, 64)
		}
		return strconv.FormatInt(v.Int64(), 10)
	case changeset.Text:
		return string(v.Bytes)
	case changeset.Absent, changeset.Null, changeset.Blob, changeset.Real:
	}
	return ""
}
