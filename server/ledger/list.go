package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// entryColumns and entryTables read entries with what surrounds them.
const (
	entryColumns = `e.id, e.problem_id, p.title, p.source, p.severity, u.name, u.id, u.county, u.township, u.category,
		e.measure, e.goal, e.responsible_unit, e.responsible_leader, e.responsible_person, e.due_at, e.progress, e.state,
		e.claimed_at, e.checked_by, e.checked_at, e.closed_by, e.closed_at, coalesce(e.reopened, 0), e._revision,
		(SELECT count(*) FROM ledger_step s WHERE s.campaign_no = e.campaign_no AND s.ledger_entry_id = e.id
		 AND s.withdrawn_at IS NULL),
		(SELECT count(*) FROM ledger_step s WHERE s.campaign_no = e.campaign_no AND s.ledger_entry_id = e.id
		 AND s.withdrawn_at IS NULL AND s.done_at IS NOT NULL)`
	entryTables = ` FROM ledger_entry e
		JOIN problem p ON p.campaign_no = e.campaign_no AND p.id = e.problem_id
		JOIN unit u ON u.campaign_no = e.campaign_no AND u.id = p.unit_id
		WHERE e.campaign_no = $1`
)

// List reads a page of entries, those due first at the top. A responsible unit sees its own.
func (s *Service) List(
	ctx context.Context, campaign schema.CampaignID, who Person, f Filter, offset, limit int,
) (page EntryPage, err error) {
	page.Now = s.now()
	err = s.read(ctx, campaign, who, func(v store.View) error {
		page.Revision = v.State.Revision
		where, args, err := f.where([]any{v.CampaignNo}, who.Home, page.Now)
		if err != nil {
			return err
		}
		if err := v.QueryRowContext(ctx, "SELECT count(*)"+entryTables+where, args...).Scan(&page.Total); err != nil {
			return err
		}
		page.Entries, err = store.List(ctx, v, scanEntry, fmt.Sprintf(
			"SELECT %s%s ORDER BY e.state = 'closed', e.due_at IS NULL, e.due_at, e.id LIMIT %d OFFSET %d",
			entryColumns, entryTables+where, limit, offset), args...)
		if err != nil {
			return err
		}
		if who.Home == nil { // what teams saw is headquarters' to tell
			if err := outcomes(ctx, v, page.Entries); err != nil {
				return err
			}
		}
		page.Counts, err = counts(ctx, v, f.place(), who.Home, page.Now)
		return err
	})
	if err != nil {
		return EntryPage{}, fmt.Errorf("list ledger: %w", err)
	}
	return page, nil
}

func (s *Service) now() int64 { return s.Ingest.Now().UnixMilli() }

// read runs do on one state of a campaign, if it is the person's to see.
func (s *Service) read(
	ctx context.Context, campaign schema.CampaignID, who Person, do func(store.View) error,
) error {
	if who.Home != nil && who.Home.Campaign != campaign {
		return store.NoCampaign(campaign)
	}
	return s.Ingest.Store.Read(ctx, campaign, do)
}

func scanEntry(row store.Scanner) (e Entry, err error) {
	var id, problem, unit []byte
	var source, severity, county, township, measure, goal, responsible, leader, person, progress,
		checkedBy, closedBy sql.NullString
	if err := row.Scan(&id, &problem, &e.Problem, &source, &severity, &e.Unit, &unit, &county, &township, &e.Category,
		&measure, &goal, &responsible, &leader, &person, &e.DueAt, &progress, &e.State,
		&e.ClaimedAt, &checkedBy, &e.CheckedAt, &closedBy, &e.ClosedAt, &e.Reopened, &e.Revision,
		&e.Steps, &e.StepsDone); err != nil {
		return e, err
	}
	e.ID, e.ProblemID, e.UnitID = idText(id), idText(problem), idText(unit)
	e.Source, e.Severity, e.County, e.Township = source.String, severity.String, county.String, township.String
	e.Measure, e.Goal, e.ResponsibleUnit = measure.String, goal.String, responsible.String
	e.Leader, e.Person, e.Progress = leader.String, person.String, progress.String
	e.CheckedBy, e.ClosedBy = checkedBy.String, closedBy.String
	return e, nil
}

// outcomes fills in what teams saw last of the entries' problems.
func outcomes(ctx context.Context, v store.View, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	args, places := []any{v.CampaignNo}, []string{}
	for i := range entries {
		id, err := parseRow(entries[i].ProblemID, "problem")
		if err != nil {
			return err
		}
		args = append(args, id[:])
		places = append(places, fmt.Sprint("$", len(args)))
	}
	newest := map[string]string{}
	_, err := store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
		var problem []byte
		var outcome string
		if err = row.Scan(&problem, &outcome); err == nil {
			newest[idText(problem)] = outcome
		}
		return none, err
	}, `SELECT problem_id, outcome FROM verification WHERE campaign_no = $1 AND outcome IS NOT NULL
		AND withdrawn_at IS NULL AND problem_id IN (`+strings.Join(places, ", ")+`)
		ORDER BY coalesce(verified_at, 0), id`, args...)
	for i := range entries {
		entries[i].Outcome = newest[entries[i].ProblemID]
	}
	return err
}

func counts(ctx context.Context, v store.View, f Filter, home *Home, now int64) (c EntryCounts, err error) {
	args := []any{schema.DayStart(now, 0), schema.DayStart(now, week+1), schema.DayStart(now, month+1), v.CampaignNo}
	where, args, err := f.where(args, home, now)
	if err != nil {
		return c, err
	}
	count := func(condition string) string {
		return "coalesce(sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)"
	}
	err = v.QueryRowContext(ctx, "SELECT "+strings.Join([]string{
		"count(*)", count("e.state = 'open'"), count("e.state = 'claimed'"), count("e.state = 'checked'"),
		count("e.state = 'closed'"), count("e.state = 'open' AND e.due_at < $1"),
		count("e.state = 'open' AND e.due_at >= $1 AND e.due_at < $2"),
		count("e.state = 'open' AND e.due_at >= $1 AND e.due_at < $3"),
	}, ", ")+strings.Replace(entryTables, "$1", "$4", 1)+where, args...).Scan(
		&c.All, &c.Open, &c.Claimed, &c.Checked, &c.Closed, &c.Overdue, &c.Week, &c.Month)
	return c, err
}
