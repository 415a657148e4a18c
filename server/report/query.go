package report

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/review"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// query gives the rows of a listing from the database, one by one.
type query struct {
	book    *book
	columns []column // of the listing
	fields  string   // one for each that is no picture, the row's id last
	from    string   // ends where the conditions follow
	narrow  narrow
	order   string
	photos  *photoJoin // nil: rows have none
}

// narrow gives conditions on a query's aliases, after the arguments that it has.
type narrow func(args []any) (clause string, out []any, err error)

// byUnit narrows what is no finding and at no visit: the place's conditions, on the unit u.
func byUnit(f review.FindingFilter) narrow {
	return func(args []any) (string, []any, error) {
		clause, out, err := f.Place().Where(args)
		return strings.NewReplacer("v.team_id", "u.team_id", "v.unit_id", "u.id").Replace(clause), out, err
	}
}

// photoJoin is where the photos of a query's rows are: a row of the list comes once for
// each of them.
type photoJoin struct {
	fields string // hash, marks, whether the bytes are there, who has them, media type
	join   string // before the conditions
	order  string
}

// attached are the photos that teams took of a row f.
func attached() *photoJoin {
	return &photoJoin{
		fields: `, a.hash, a.marks, b.hash IS NOT NULL, h.name, a.media_type`,
		join: `
	LEFT JOIN attachment a ON a.campaign_no = f.campaign_no AND a.subject_id = f.id
		AND a.withdrawn_at IS NULL AND a.kind IN ('photo', 'page')
	LEFT JOIN blob b ON b.campaign_no = a.campaign_no AND b.hash = a.hash
	LEFT JOIN inspector h ON h.campaign_no = a.campaign_no AND h.id = a.inspector_id`,
		order: `, a.taken_at, a.id`,
	}
}

func (q *query) count(ctx context.Context, v store.View) (n int, err error) {
	conditions, args, err := q.narrow([]any{v.CampaignNo})
	if err != nil {
		return 0, err
	}
	return n, v.QueryRowContext(ctx, "SELECT count(*)"+q.from+q.where()+conditions, args...).Scan(&n)
}

// where begins the conditions; f is the row's table.
func (q *query) where() string { return "\n\tWHERE f.campaign_no = $1 AND " }

func (q *query) each(ctx context.Context, v store.View, put func([]any, []shot) error) error {
	conditions, args, err := q.narrow([]any{v.CampaignNo})
	if err != nil {
		return err
	}
	text := "SELECT " + q.fields
	if q.photos != nil {
		text += q.photos.fields + q.from + q.photos.join + q.where() + conditions + q.order + q.photos.order
	} else {
		text += q.from + q.where() + conditions + q.order
	}
	rows, err := v.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	return q.copy(rows, put)
}

// copy gives the rows on, each with the photos that follow it.
func (q *query) copy(rows *sql.Rows, put func([]any, []shot) error) error {
	var columns []*column
	var targets []any
	for i := range q.columns {
		if c := &q.columns[i]; !c.drawn() {
			columns, targets = append(columns, c), append(targets, c.target())
		}
	}
	id, known := targets[len(targets)-1].(*uuid.UUID)
	if !known {
		panic("report: a list without ids")
	}
	var photo scannedShot
	if q.photos != nil {
		targets = append(targets, photo.targets()...)
	}
	var before uuid.UUID
	var values []any
	var shots []shot
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("read row: %w", err)
		}
		if values != nil && *id != before {
			if err := put(values, shots); err != nil {
				return err
			}
			values, shots = nil, nil
		}
		if values == nil {
			values, before = make([]any, len(columns)), *id
			for i, c := range columns {
				values[i] = c.value(targets[i], q.book)
			}
		}
		if s, have := photo.shot(); q.photos != nil && have {
			shots = append(shots, s)
		}
	}
	if err := rows.Err(); err != nil || values == nil {
		return err
	}
	return put(values, shots)
}

// scannedShot is where the database puts a photo.
type scannedShot struct {
	hash                 []byte
	marks, holder, media sql.NullString
	there                sql.NullBool
}

func (s *scannedShot) targets() []any {
	return []any{&s.hash, &s.marks, &s.there, &s.holder, &s.media}
}

func (s *scannedShot) shot() (shot, bool) {
	if len(s.hash) != len(schema.BlobHash{}) {
		return shot{}, false
	}
	return shot{
		hash: schema.BlobHash(s.hash), marks: s.marks.String, there: s.there.Bool, holder: s.holder.String,
		picture: strings.HasPrefix(s.media.String, "image/"),
	}, true
}

// fixed gives rows that are made from what was read before.
type fixed struct {
	read func(ctx context.Context, v store.View) ([][]any, error) // nil: they are known
	rows [][]any
}

func (f *fixed) count(ctx context.Context, v store.View) (n int, err error) {
	if f.read != nil {
		f.rows, err = f.read(ctx, v)
	}
	return len(f.rows), err
}

func (f *fixed) each(_ context.Context, _ store.View, put func([]any, []shot) error) error {
	for _, values := range f.rows {
		if err := put(values, nil); err != nil {
			return err
		}
	}
	return nil
}
