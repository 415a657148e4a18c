package review

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

// findingColumns and findingTables read findings with what surrounds them.
const (
	findingColumns = `f.id, f.title, f.detail, f.kind, f.severity, f.status, f.review_state,
		f.review_note, u.name, u.code, u.county, u.township, u.category, t.name, v.team_id,
		p.title, i.name, f.recorded_at, f.latitude_e7, f.longitude_e7, f.accuracy_m,
		f.withdrawn_at, f.withdrawn_reason, f._revision, f.topic, f.responsible_unit, f.due_at,
		f.conclusion_id, v.unit_id, f.visit_id,
		CASE WHEN f.review_state = 'returned' AND f._revision > (SELECT max(r._revision) FROM review r
		 WHERE r.campaign_no = f.campaign_no AND r.subject_id = f.id) THEN 1 ELSE 0 END,
		(SELECT count(*) FROM conflict c WHERE c.campaign_no = f.campaign_no
		 AND c.table_name = 'finding' AND c.row_id = f.id AND c.state = 'open')`
	findingTables = ` FROM finding f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = v.unit_id
		LEFT JOIN team t ON t.campaign_no = f.campaign_no AND t.id = v.team_id
		LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
		LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id`
)

// countMax is up to where findings are counted, and paged through.
const countMax = 10_000

// List reads a page of findings, newest first. Its rows are chosen in a narrow index, and
// only those it shows are read.
func (s *Service) List(
	ctx context.Context, campaign schema.CampaignID, f FindingFilter, offset, limit int,
) (FindingPage, error) {
	page := FindingPage{Findings: []Finding{}}
	if f.Search != "" {
		whole, err := s.CatchUp(ctx, campaign, time.Now().Add(indexWait))
		if err != nil {
			return page, fmt.Errorf("search findings: %w", err)
		}
		page.Indexing = !whole
	}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		page.Revision = v.State.Revision
		q, err := s.chosen(v, f)
		if err != nil || q == nil {
			return err
		}
		if page.Total, err = q.count(ctx, v); err != nil {
			return err
		}
		if page.More = page.Total > countMax; page.More {
			page.Total = countMax
		}
		ids, err := q.ids(ctx, v, offset, limit)
		if err != nil {
			return err
		}
		page.Findings, err = readFindings(ctx, v, ids)
		return err
	})
	if err != nil {
		return FindingPage{}, fmt.Errorf("list findings: %w", err)
	}
	return page, nil
}

// selection is a query for the ids of findings.
type selection struct {
	from, order string
	args        []any
}

// chosen is nil for a search that can find nothing. Where a finding is, is asked once and not
// for each of them: there are few visits.
func (s *Service) chosen(v store.View, f FindingFilter) (*selection, error) {
	w := where{args: []any{v.CampaignNo}}
	w.place(f)
	if len(w.conditions) > 0 {
		w.conditions = []string{`f.visit_id IN (SELECT v.id FROM visit v
			JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
			WHERE v.campaign_no = $1 AND ` + w.clause() + ")"}
	}
	w.finding(f)
	q := &selection{from: "finding f", order: "f.id DESC"}
	if s.Store.Engine() == schema.OnSQLite { // or it would sort what an index of visits finds
		q.from = "finding f INDEXED BY finding_listed"
	}
	if f.Search != "" && w.legible("search", f.Search) {
		match := matching(s.Store.Engine(), f.Search)
		if match == "" {
			return nil, w.err
		}
		s.search(q, &w, match)
	}
	if w.err != nil {
		return nil, w.err
	}
	q.from, q.args = q.from+" WHERE f.campaign_no = $1 AND "+w.clause(), w.args
	return q, nil
}

// search has the index of words lead: SQLite reads documents in their order, newest first.
func (s *Service) search(q *selection, w *where, match string) {
	if s.Store.Engine() == schema.OnPostgres {
		q.from = "finding f JOIN search_doc d ON d.campaign_no = f.campaign_no AND d.finding_id = f.id"
		w.conditions = append(w.conditions, "d.words @@ "+w.placeholder(match)+"::text::tsquery")
		return
	}
	q.from, q.order = `search_word w CROSS JOIN search_doc d ON d.document = w.docid AND d.void = 0
		CROSS JOIN finding f ON f.campaign_no = d.campaign_no AND f.id = d.finding_id`, "w.docid DESC"
	w.conditions = append(w.conditions, "w.words MATCH "+w.placeholder(match))
}

// count counts a little further than it is told, to tell that there are more.
func (q *selection) count(ctx context.Context, v store.View) (n int, err error) {
	return n, v.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %d) x",
		q.from, countMax+1), q.args...).Scan(&n)
}

func (q *selection) ids(ctx context.Context, v store.View, offset, limit int) ([][]byte, error) {
	return store.List(ctx, v, func(row store.Scanner) (id []byte, err error) {
		return id, row.Scan(&id)
	}, fmt.Sprintf("SELECT f.id FROM %s ORDER BY %s LIMIT %d OFFSET %d", q.from, q.order, limit, offset), q.args...)
}

// readFindings reads findings in the order of their ids' list.
func readFindings(ctx context.Context, v store.View, ids [][]byte) ([]Finding, error) {
	if len(ids) == 0 {
		return []Finding{}, nil
	}
	w := where{args: []any{v.CampaignNo}}
	places := make([]string, len(ids))
	place := map[string]int{}
	for i, id := range ids {
		places[i], place[uuidText(id)] = w.placeholder(id), i
	}
	list, err := store.List(ctx, v, scanFinding, "SELECT "+findingColumns+findingTables+
		" WHERE f.campaign_no = $1 AND f.id IN ("+strings.Join(places, ", ")+")", w.args...)
	slices.SortFunc(list, func(a, b Finding) int { return place[a.ID] - place[b.ID] })
	return list, err
}

func scanFinding(row store.Scanner) (Finding, error) {
	var f Finding
	var id, team, conclusion, unit, visit []byte
	var topic, responsible sql.NullString
	var detail, severity, note, county, township, teamName, problem, inspector, reason sql.NullString
	err := row.Scan(&id, &f.Title, &detail, &f.Kind, &severity, &f.Status, &f.Review, &note,
		&f.Unit, &f.UnitCode, &county, &township, &f.Category, &teamName, &team, &problem, &inspector,
		&f.RecordedAt, &f.Latitude, &f.Longitude, &f.Accuracy, &f.Withdrawn, &reason, &f.Revision,
		&topic, &responsible, &f.DueAt, &conclusion, &unit, &visit, &f.Revised, &f.Conflicts)
	if err != nil {
		return f, err
	}
	f.ID, f.TeamID = uuidText(id), uuidText(team)
	f.Topic, f.Responsible, f.Conclusion = topic.String, responsible.String, uuidText(conclusion)
	f.UnitID, f.VisitID = uuidText(unit), uuidText(visit)
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
