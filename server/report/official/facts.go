package official

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sort"
	"strconv"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// facts are what a document is written from: one state of a campaign, narrowed to a scope.
type facts struct {
	stand     stand
	code      string
	name      string
	city      string
	starts    int64 // Unix milliseconds; 0: not known
	ends      int64
	teams     int
	people    int    // in teams
	units     int    // of the scope, in the campaign
	unit      string // its name, where the scope is one
	visits    []visit
	draws     []drawn
	finds     []finding
	checks    []verification
	ledger    []ledgerLine
	concluded []conclusion
	photos    map[string][]photo // by subject
	talks     []talkCount
	asked     []talkCount // in the whole campaign
	marks     []mark
	signs     []signoff
	answers   []answer
	acts      []act
	scored    []Scored
	shown     []shownFile

	places []place
}

// stand is what a document tells of its Stand.
type stand struct {
	position int64
	at       int64 // when headquarters took it in, Unix milliseconds
	epoch    string
}

// place is where in the history a revision was made.
type place struct{ revision, position int64 }

// positionOf is the entry that changed a row last.
func (f *facts) positionOf(revision int64) int64 {
	i := sort.Search(len(f.places), func(i int) bool { return f.places[i].revision >= revision })
	if i == len(f.places) {
		return 0
	}
	return f.places[i].position
}

// reader reads facts from one state.
type reader struct {
	store.View
	request *Request
	facts   *facts
}

// read reads what a request is about. A unit or visit that is not there is
// schema.FaultNotFound.
func read(ctx context.Context, v store.View, request *Request) (*facts, error) {
	r := &reader{View: v, request: request, facts: &facts{photos: map[string][]photo{}}}
	for _, step := range []struct {
		what string
		read func(context.Context) error
	}{
		{"campaign", r.campaign},
		{"history", r.history},
		{"visits", r.visits},
		{"draws", r.draws},
		{"findings", r.findings},
		{"verifications", r.verifications},
		{"ledger", r.ledger},
		{"conclusions", r.conclusions},
		{"photos", r.photos},
		{"interviews", r.talks},
		{"marks", r.marks},
		{"sign-offs", r.signoffs},
		{"answers", r.answers},
		{"acts", r.acts},
		{"scores", r.scored},
		{"evidence", r.shown},
	} {
		if err := step.read(ctx); err != nil {
			return nil, fmt.Errorf("read %s: %w", step.what, err)
		}
	}
	return r.facts, nil
}

func (r *reader) campaign(ctx context.Context) error {
	f := r.facts
	err := r.QueryRowContext(ctx, `SELECT code, name, coalesce(city, ''), coalesce(starts_at, 0), coalesce(ends_at, 0)
		FROM campaign WHERE campaign_no = $1`, r.CampaignNo).Scan(&f.code, &f.name, &f.city, &f.starts, &f.ends)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // none: only just begun
		return err
	}
	if err := r.QueryRowContext(ctx, `SELECT count(*) FROM team WHERE campaign_no = $1`, r.CampaignNo).Scan(&f.teams); err != nil {
		return err
	}
	if err := r.QueryRowContext(ctx, `SELECT count(DISTINCT inspector_id) FROM team_member
		WHERE campaign_no = $1 AND left_at IS NULL`, r.CampaignNo).Scan(&f.people); err != nil {
		return err
	}
	where, args, err := r.scope()
	if err != nil {
		return err
	}
	err = r.QueryRowContext(ctx, `SELECT count(*), coalesce(min(u.name), '') FROM unit u WHERE u.campaign_no = $1`+where, args...).
		Scan(&f.units, &f.unit)
	if err == nil && f.units == 0 && r.request.Unit != "" {
		err = schema.NewFault(schema.FaultNotFound, "unit "+r.request.Unit)
	}
	return err
}

func (r *reader) history(ctx context.Context) error {
	f := r.facts
	at, err := StandOf(ctx, r.View)
	if err != nil {
		return err
	}
	f.stand = stand{at.Position, at.At, at.Epoch}
	f.places, err = store.List(ctx, r, func(row store.Scanner) (p place, err error) {
		return p, row.Scan(&p.revision, &p.position)
	}, `SELECT revision, position FROM history WHERE campaign_no = $1 AND outcome = 'merged'
		ORDER BY revision, position`, r.CampaignNo)
	return err
}

// scope is the conditions on a unit u that the request makes, after the campaign's number.
func (r *reader) scope() (where string, args []any, err error) {
	args = []any{r.CampaignNo}
	add := func(column, operator string, value any) {
		args = append(args, value)
		where += " AND " + column + " " + operator + " $" + strconv.Itoa(len(args))
	}
	if r.request.County != "" {
		add("u.county", "=", r.request.County)
	}
	if r.request.Category != "" {
		add("u.category", "=", r.request.Category)
	}
	if r.request.Unit != "" {
		if id, err := schema.ParseID[schema.RowID](r.request.Unit); err == nil {
			add("u.id", "=", id[:])
		} else {
			add("u.code", "=", r.request.Unit)
		}
	}
	return where, args, nil
}

// visitScope is scope with the visit v, where a document is of one.
func (r *reader) visitScope() (where string, args []any, err error) {
	where, args, err = r.scope()
	if err != nil || r.request.Visit == "" {
		return where, args, err
	}
	id, err := schema.ParseID[schema.RowID](r.request.Visit)
	args = append(args, id[:])
	return where + " AND v.id = $" + strconv.Itoa(len(args)), args, err
}

// list reads rows at visits of the scope; the query ends in a condition.
func list[T any](
	ctx context.Context, r *reader, scan func(store.Scanner) (T, error), query, order string,
) ([]T, error) {
	where, args, err := r.visitScope()
	if err != nil {
		return nil, err
	}
	return store.List(ctx, r, scan, query+where+order, args...)
}

// idText is an id's text form, or "".
func idText(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	return schema.RowID(b).String()
}
