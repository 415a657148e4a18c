package ledger

import (
	"context"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// Candidate is what could be added.
type Candidate struct {
	FindingID       string `json:"finding_id,omitempty"`
	ConclusionID    string `json:"conclusion_id,omitempty"`
	Title           string `json:"title"`
	Detail          string `json:"detail"`
	Severity        string `json:"severity"`
	Unit            string `json:"unit" doc:"Of a finding"`
	County          string `json:"county"`
	ResponsibleUnit string `json:"responsible_unit" doc:"As the team suggested"`
	DueAt           *int64 `json:"due_at,omitempty" doc:"As the team suggested"`
	Units           int    `json:"units" doc:"How many a conclusion is about"`
}

// Candidates are accepted findings and conclusions that are not in the ledger.
type Candidates struct {
	Total int         `json:"total"`
	List  []Candidate `json:"list" doc:"Conclusions, then the newest findings" nullable:"false"`
}

// candidatesMax is how many findings are listed: as many as are added at once.
const candidatesMax = addMax

// Candidates lists what could be added, if all words of a search stand in it.
func (s *Service) Candidates(
	ctx context.Context, campaign schema.CampaignID, search string,
) (c Candidates, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		conclusions, err := concluded(ctx, v, search)
		if err != nil {
			return err
		}
		c, err = accepted(ctx, v, search)
		c.Total, c.List = c.Total+len(conclusions), append(conclusions, c.List...)
		return err
	})
	if err != nil {
		return Candidates{}, fmt.Errorf("list what could be in the ledger: %w", err)
	}
	return c, nil
}

func concluded(ctx context.Context, v store.View, search string) ([]Candidate, error) {
	where, args, err := worded([]any{v.CampaignNo}, search, "c.title")
	if err != nil {
		return nil, err
	}
	return store.List(ctx, v, func(row store.Scanner) (c Candidate, err error) {
		var id []byte
		err = row.Scan(&id, &c.Title, &c.Detail, &c.Severity, &c.Units)
		c.ConclusionID = idText(id)
		return c, err
	}, `SELECT c.id, c.title, coalesce(c.detail, ''), coalesce(c.severity, ''), count(DISTINCT v.unit_id)
		FROM conclusion c
		JOIN finding f ON f.campaign_no = c.campaign_no AND f.conclusion_id = c.id AND f.withdrawn_at IS NULL
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		WHERE c.campaign_no = $1 AND c.withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_entry e
			WHERE e.campaign_no = c.campaign_no AND e.conclusion_id = c.id)`+where+`
		GROUP BY c.id, c.number, c.title, c.detail, c.severity ORDER BY c.number, c.id`, args...)
}

func accepted(ctx context.Context, v store.View, search string) (c Candidates, err error) {
	where, args, err := worded([]any{v.CampaignNo}, search, "f.title", "u.name", "u.county")
	if err != nil {
		return c, err
	}
	from := ` FROM finding f
		JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		WHERE f.campaign_no = $1 AND f.kind = 'problem' AND f.review_state = 'accepted' AND f.withdrawn_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.campaign_no = f.campaign_no AND e.finding_id = f.id)` + where
	if err := v.QueryRowContext(ctx, "SELECT count(*)"+from, args...).Scan(&c.Total); err != nil {
		return c, err
	}
	c.List, err = store.List(ctx, v, func(row store.Scanner) (c Candidate, err error) {
		var id []byte
		err = row.Scan(&id, &c.Title, &c.Detail, &c.Severity, &c.Unit, &c.County, &c.ResponsibleUnit, &c.DueAt)
		c.FindingID, c.Units = idText(id), 1
		return c, err
	}, fmt.Sprint(`SELECT f.id, f.title, coalesce(f.detail, ''), coalesce(f.severity, ''), u.name, coalesce(u.county, ''),
			coalesce(f.responsible_unit, ''), f.due_at`, from, " ORDER BY f.id DESC LIMIT ", candidatesMax), args...)
	return c, err
}

// worded wants each word of a search in one of some columns.
func worded(args []any, search string, columns ...string) (string, []any, error) {
	n := narrowing{args: args}
	for _, word := range strings.Fields(search) {
		n.search(word, columns...)
	}
	return n.clause()
}
