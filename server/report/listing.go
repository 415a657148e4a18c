package report

import (
	"context"
	"database/sql"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/review"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// listing is a sheet filled from a query: a running number, then one column for
// each of the query's, the last of which is the row's id.
type listing struct {
	title   schema.Label
	columns []column
	filter  review.FindingFilter
	query   string // ends where the filter's conditions follow
	order   string
}

func (l *listing) write(ctx context.Context, v store.View, b *book) error {
	conditions, args, err := l.filter.Where([]any{v.CampaignNo})
	if err != nil {
		return err
	}
	number := column{label: schema.Label{Zh: "序號", En: "No."}, kind: count}
	s, err := b.sheet(l.title, append([]column{number}, l.columns...))
	if err != nil {
		return err
	}
	rows, err := v.QueryContext(ctx, l.query+conditions+l.order, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if err := l.copy(rows, s); err != nil {
		return err
	}
	return s.end()
}

// copy streams the query's rows into the sheet.
func (l *listing) copy(rows *sql.Rows, s *sheet) error {
	targets := make([]any, len(l.columns))
	for i := range l.columns {
		targets[i] = l.columns[i].target()
	}
	values := make([]any, 1+len(l.columns))
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("row %d: %w", s.rows+1, err)
		}
		values[0] = int64(s.rows + 1)
		for i := range l.columns {
			values[1+i] = l.columns[i].value(targets[i], s.book)
		}
		id, _ := values[len(l.columns)].(string)
		if err := s.add(id, values); err != nil {
			return fmt.Errorf("row %d: %w", s.rows+1, err)
		}
	}
	return rows.Err()
}

// kind is how a column's values are read and shown.
type kind int

const (
	text    kind = iota
	moment       // Unix milliseconds, shown as a date and time
	degrees      // times ten million
	count
	identity
)

// column is one column of a listing.
type column struct {
	label   schema.Label
	kind    kind
	choices []schema.Choice // their labels are shown instead of the codes
}

// of is the catalogue's column.
func of(t *schema.Table, name string, k kind) column {
	i := t.ColumnIndex(name)
	if i < 0 {
		panic("report: no column " + t.Name + "." + name)
	}
	return column{t.Columns[i].Label, k, t.Columns[i].Choices}
}

// target is where the database puts a value.
func (c *column) target() any {
	switch c.kind {
	case moment, degrees, count:
		return new(sql.NullInt64)
	case identity:
		return new(uuid.UUID)
	case text:
	}
	return new(sql.NullString)
}

// value is what a target holds: nil, a string or an int64.
func (c *column) value(target any, b *book) any {
	switch t := target.(type) {
	case *sql.NullInt64:
		if t.Valid {
			return t.Int64
		}
	case *sql.NullString:
		if t.Valid {
			return b.choice(c.choices, t.String)
		}
	case *uuid.UUID:
		return t.String()
	}
	return nil
}
