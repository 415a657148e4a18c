package evidence

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
)

// row is a row as headquarters has it: its values, and who wrote each cell last.
type row struct {
	table    *schema.Table
	id       schema.RowID
	revision uint64
	values   []changeset.Value
	stamps   []merge.Stamp
}

// ref names a row.
type ref struct {
	table string
	id    schema.RowID
}

// rows are the rows of a file, each once.
type rows struct {
	list []*row // in the order in which they were asked for
	by   map[ref]*row
}

// around lists the tables whose rows come along with those that refer to them: what is
// needed to understand a row, and tells nothing that no report shows.
func around() []string {
	return []string{
		"campaign", "unit", "team", "inspector", "problem", "commitment", "question", "criterion", "visit", "device",
	}
}

// take reads a row and those around it that are not there yet. A row that does not exist is
// passed over: what refers to it came from elsewhere first.
func (g *gathering) take(ctx context.Context, table string, id schema.RowID) error {
	if id == (schema.RowID{}) || g.rows.by[ref{table, id}] != nil {
		return nil
	}
	r, err := readRow(ctx, g.view, g.catalogue.MustTable(table), id)
	if err != nil || r == nil {
		return err
	}
	g.rows.by[ref{table, id}] = r
	g.rows.list = append(g.rows.list, r)
	for i := range r.table.Columns {
		target, isRef := strings.CutSuffix(r.table.Columns[i].Name, "_id")
		if !isRef || !slices.Contains(around(), target) || len(r.values[i].Bytes) != len(id) {
			continue
		}
		if err := g.take(ctx, target, schema.RowID(r.values[i].Bytes)); err != nil {
			return err
		}
	}
	return nil
}

// readRow reads a row with its stamps; nil if there is none.
func readRow(ctx context.Context, v store.View, t *schema.Table, id schema.RowID) (*row, error) {
	names := make([]string, len(t.Columns))
	targets := make([]any, len(t.Columns), len(t.Columns)+2)
	for i := range t.Columns {
		names[i], targets[i] = `"`+t.Columns[i].Name+`"`, targetOf(t.Columns[i].Type)
	}
	r := &row{table: t, id: id, stamps: make([]merge.Stamp, len(t.Columns))}
	var packed []byte
	query := fmt.Sprintf("SELECT %s, _revision, _clocks FROM %s WHERE campaign_no = $1 AND id = $2",
		strings.Join(names, ", "), t.Name)
	err := v.QueryRowContext(ctx, query, v.CampaignNo, id[:]).Scan(append(targets, &r.revision, &packed)...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		err = merge.ReadStamps(packed, r.stamps)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s %s: %w", t.Name, id, err)
	}
	for i := range t.Columns {
		r.values = append(r.values, valueOf(t.Columns[i].Type, targets[i]))
	}
	return r, nil
}

func targetOf(t schema.Type) any {
	switch t {
	case schema.Integer:
		return new(sql.NullInt64)
	case schema.Text:
		return new(sql.NullString)
	case schema.ID, schema.Bytes:
	}
	return new([]byte)
}

// valueOf is what a target holds, as changesets have it.
func valueOf(t schema.Type, target any) changeset.Value {
	switch x := target.(type) {
	case *sql.NullInt64:
		if x.Valid {
			return changeset.Int(x.Int64)
		}
	case *sql.NullString:
		if x.Valid {
			return changeset.TextValue(x.String)
		}
	case *[]byte:
		if *x != nil {
			return changeset.BlobValue(*x)
		}
	}
	return changeset.NullValue()
}

// cell is a row's value in a column.
func (r *row) cell(name string) changeset.Value { return r.values[r.table.ColumnIndex(name)] }

// of lists the rows of a table, sorted by id.
func (r *rows) of(table string) (list []*row) {
	for _, one := range r.list {
		if one.table.Name == table {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b *row) int { return slices.Compare(a.id[:], b.id[:]) })
	return list
}

// tables lists the tables that have rows, in the order of the catalogue.
func (r *rows) tables(c *schema.Catalogue) (list []*schema.Table) {
	for _, t := range c.Tables {
		if slices.ContainsFunc(r.list, func(one *row) bool { return one.table == t }) {
			list = append(list, t)
		}
	}
	return list
}
