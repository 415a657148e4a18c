package review

import (
	"context"
	"database/sql"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// findingColumns and findingTables read findings with what surrounds them.
const (
	findingColumns = `f.id, f.title, f.detail, f.kind, f.severity, f.status, f.review_state,
		f.review_note, u.name, u.code, u.county, u.township, u.category, t.name, v.team_id,
		p.title, i.name, f.recorded_at, f.latitude_e7, f.longitude_e7, f.accuracy_m,
		f.withdrawn_at, f.withdrawn_reason, f._revision,
		(SELECT count(*) FROM conflict c WHERE c.campaign_no = f.campaign_no
		 AND c.table_name = 'finding' AND c.row_id = f.id AND c.state = 'open')`
	findingTables = ` FROM finding f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = v.unit_id
		LEFT JOIN team t ON t.campaign_no = f.campaign_no AND t.id = v.team_id
		LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
		LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id`
)

// List reads a page of findings, newest first.
func (s *Service) List(
	ctx context.Context, campaign schema.CampaignID, f FindingFilter, offset, limit int,
) (FindingPage, error) {
	var page FindingPage
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		page.Revision = v.State.Revision
		where, args, err := f.Where([]any{v.CampaignNo})
		if err != nil {
			return err
		}
		from := findingTables + " WHERE f.campaign_no = $1" + and(where)
		if err := v.QueryRowContext(ctx, "SELECT count(*)"+from, args...).Scan(&page.Total); err != nil {
			return err
		}
		page.Findings, err = store.List(ctx, v, scanFinding,
			fmt.Sprintf("SELECT %s%s ORDER BY f.id DESC LIMIT %d OFFSET %d",
				findingColumns, from, limit, offset), args...)
		return err
	})
	if err != nil {
		return FindingPage{}, fmt.Errorf("list findings: %w", err)
	}
	return page, nil
}

func and(where string) string {
	if where == "" {
		return ""
	}
	return " AND " + where
}

func scanFinding(row store.Scanner) (Finding, error) {
	var f Finding
	var id, team []byte
	var detail, severity, note, county, township, teamName, problem, inspector, reason sql.NullString
	err := row.Scan(&id, &f.Title, &detail, &f.Kind, &severity, &f.Status, &f.Review, &note,
		&f.Unit, &f.UnitCode, &county, &township, &f.Category, &teamName, &team, &problem, &inspector,
		&f.RecordedAt, &f.Latitude, &f.Longitude, &f.Accuracy, &f.Withdrawn, &reason, &f.Revision,
		&f.Conflicts)
	if err != nil {
		return f, err
	}
	f.ID, f.TeamID = uuidText(id), uuidText(team)
	f.Detail, f.Severity, f.ReviewNote = detail.String, severity.String, note.String
	f.County, f.Township, f.Team = county.String, township.String, teamName.String
	f.Problem, f.Inspector, f.Reason = problem.String, inspector.String, reason.String
	return f, nil
}

// uuidText is an id's text form, or "".
func uuidText(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	return uuid.UUID(b).String()
}
