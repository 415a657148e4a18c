package report

import (
	"context"
	"database/sql"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// listing is a list of a workbook: a running number, then its columns. It goes on in
// further sheets where Excel takes no more rows in one.
type listing struct {
	title   schema.Label
	columns []column
	rows    rowSource
	count   int // of rows, once surveyed
}

// rowSource gives the rows of a listing.
type rowSource interface {
	count(ctx context.Context, v store.View) (int, error)
	// each gives a value (nil, string or int64) for each column that is no picture, the
	// row's id last, and the row's photos.
	each(ctx context.Context, v store.View, put func(values []any, shots []shot) error) error
}

// survey counts the rows: how many sheets it takes must be known before the first.
func (l *listing) survey(ctx context.Context, v store.View, b *book) (err error) {
	if l.count, err = l.rows.count(ctx, v); err != nil {
		return err
	}
	return b.step(ctx)
}

// sheetNames are the names of the sheets that it takes, one at least.
func (l *listing) sheetNames(b *book) (names []string) {
	most := b.printer.rowsMax()
	for i := range max((l.count+most-1)/most, 1) {
		name := b.say(l.title)
		if i > 0 {
			name = fmt.Sprintf(b.say(schema.Label{Zh: "%s（%d）", En: "%s (%d)"}), name, i+1)
		}
		names = append(names, name)
	}
	return names
}

func (l *listing) write(ctx context.Context, v store.View, b *book) error {
	number := column{label: schema.Label{Zh: "序號", En: "No."}, kind: count}
	columns := append([]column{number}, l.columns...)
	names, n := l.sheetNames(b), 0
	s, err := b.sheet(names[0], columns)
	if err != nil {
		return err
	}
	if err := l.rows.each(ctx, v, func(values []any, shots []shot) error {
		if s.rows == b.printer.rowsMax() {
			if err = s.end(); err != nil {
				return err
			}
			if s, err = b.sheet(names[n/b.printer.rowsMax()], columns); err != nil {
				return err
			}
		}
		n++
		id, _ := values[len(values)-1].(string)
		if err := s.add(ctx, id, spread(columns, int64(n), values), shots); err != nil {
			return fmt.Errorf("row %d: %w", n, err)
		}
		b.done++
		return b.step(ctx)
	}); err != nil {
		return err
	}
	return s.end()
}

// spread puts the number first, and leaves room where pictures go.
func spread(columns []column, n int64, values []any) []any {
	out := make([]any, 1, len(columns))
	out[0] = n
	for i := range columns[1:] {
		if columns[1+i].drawn() {
			out = append(out, nil)
			continue
		}
		out = append(out, values[0])
		values = values[1:]
	}
	return out
}

// kind is how a column's values are read and shown.
type kind int

const (
	text    kind = iota
	moment       // Unix milliseconds, shown as a date and time
	day          // the same, shown as a date
	degrees      // times ten million
	count
	score // hundredths
	identity
	photoNames // of a row's photos
	photoViews // the first of them, small
)

// column is one column of a listing.
type column struct {
	label   schema.Label
	kind    kind
	choices []schema.Choice // their labels are shown instead of the codes
}

// of is the catalogue's column.
func (b *book) of(table, name string, k kind) column {
	t := b.printer.Catalogue.MustTable(table)
	i := t.ColumnIndex(name)
	if i < 0 {
		panic("report: no column " + table + "." + name)
	}
	return column{t.Columns[i].Label, k, t.Columns[i].Choices}
}

// named is a column with a name of its own.
func named(zh, en string, k kind) column { return column{label: schema.Label{Zh: zh, En: en}, kind: k} }

// as gives a column another name.
func (c column) as(zh, en string) column { c.label = schema.Label{Zh: zh, En: en}; return c }

func rowID() column { return named("編號", "Id", identity) }

// photoColumns are the numbers of a row's photos, and the first of them.
func photoColumns() []column {
	return []column{named("佐證編號", "Evidence", photoNames), named("照片", "Photos", photoViews)}
}

// drawn says that a column is made from the row's photos.
func (c *column) drawn() bool { return c.kind == photoNames || c.kind == photoViews }

// target is where the database puts a value.
func (c *column) target() any {
	switch c.kind {
	case moment, day, degrees, count:
		return new(sql.NullInt64)
	case identity:
		return new(uuid.UUID)
	case text, score, photoNames, photoViews:
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
