package campaign

import (
	"context"
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// Setup is how far a campaign's preparation is.
type Setup struct {
	ID         string `json:"id" format:"uuid"`
	Code       string `json:"code"`
	Name       string `json:"name"`
	City       string `json:"city"`
	StartsAt   *int64 `json:"starts_at,omitempty" doc:"Unix milliseconds"`
	EndsAt     *int64 `json:"ends_at,omitempty" doc:"Unix milliseconds"`
	ArchivedAt *int64 `json:"archived_at,omitempty" doc:"Unix milliseconds"`
	SealTo     string `json:"seal_to" doc:"age recipients that interviews are sealed to, one to a line"`

	Categories []SetupCategory `json:"categories"`
	Located    int             `json:"located" doc:"Units with coordinates"`

	Problems     int `json:"problems"`
	Listed       int `json:"listed" doc:"Units with problems"`
	Ledger       int `json:"ledger" doc:"Ledger entries"`
	Unledgered   int `json:"unledgered" doc:"Problems without a ledger entry"`
	Undated      int `json:"undated" doc:"Ledger entries without a deadline"`
	Commitments  int `json:"commitments"`
	Common       int `json:"common" doc:"Questions asked at every unit"`
	Interview    int `json:"interview" doc:"Questions of interviews"`
	Teams        int `json:"teams"`
	Leaderless   int `json:"leaderless" doc:"Teams without a leader"`
	Inspectors   int `json:"inspectors"`
	Teamless     int `json:"teamless" doc:"Inspectors without a team"`
	DrawsDone    int `json:"draws_done"`
	DrawsOpen    int `json:"draws_open"`
	Visits       int `json:"visits"`
	Devices      int `json:"devices" doc:"Enrolled and not revoked"`
	Deviceless   int `json:"deviceless" doc:"Inspectors of teams without such a device"`
	UnitAccounts int `json:"unit_accounts" doc:"Logins of responsible units"`
}

// SetupCategory is a kind of unit that the campaign has.
type SetupCategory struct {
	Category  string `json:"category"`
	Units     int    `json:"units"`
	Questions int    `json:"questions" doc:"That are asked there beside the common ones"`
}

// Setup counts how far a campaign's preparation is.
func (s *Service) Setup(ctx context.Context, campaign schema.CampaignID) (Setup, error) {
	o := Setup{ID: campaign.String()}
	err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) (err error) {
		if err := o.count(ctx, v); err != nil {
			return err
		}
		o.Categories, err = store.List(ctx, v, func(row store.Scanner) (c SetupCategory, err error) {
			return c, row.Scan(&c.Category, &c.Units, &c.Questions)
		}, `SELECT u.category, count(*), (SELECT count(*) FROM question q WHERE q.campaign_no = $1
				AND q.category = u.category AND q.usage = 'check' AND q.withdrawn_at IS NULL)
			FROM unit u WHERE u.campaign_no = $1 GROUP BY u.category ORDER BY u.category`, v.CampaignNo)
		return err
	})
	if err != nil {
		return o, fmt.Errorf("setup of %s: %w", campaign, err)
	}
	return o, nil
}

// selectSetup counts what a campaign has, and what it lacks.
const selectSetup = `SELECT
	coalesce((SELECT code FROM campaign WHERE campaign_no = $1 LIMIT 1), ''),
	coalesce((SELECT name FROM campaign WHERE campaign_no = $1 LIMIT 1), ''),
	coalesce((SELECT city FROM campaign WHERE campaign_no = $1 LIMIT 1), ''),
	(SELECT starts_at FROM campaign WHERE campaign_no = $1 LIMIT 1),
	(SELECT ends_at FROM campaign WHERE campaign_no = $1 LIMIT 1),
	(SELECT archived_at FROM campaign WHERE campaign_no = $1 LIMIT 1),
	coalesce((SELECT seal_to FROM campaign WHERE campaign_no = $1 LIMIT 1), ''),
	(SELECT count(*) FROM unit WHERE campaign_no = $1 AND latitude_e7 IS NOT NULL AND longitude_e7 IS NOT NULL),
	(SELECT count(*) FROM problem WHERE campaign_no = $1),
	(SELECT count(DISTINCT unit_id) FROM problem WHERE campaign_no = $1),
	(SELECT count(*) FROM ledger_entry WHERE campaign_no = $1),
	(SELECT count(*) FROM problem p WHERE p.campaign_no = $1 AND NOT EXISTS
		(SELECT 1 FROM ledger_entry l WHERE l.campaign_no = p.campaign_no AND l.problem_id = p.id)),
	(SELECT count(*) FROM ledger_entry WHERE campaign_no = $1 AND due_at IS NULL),
	(SELECT count(*) FROM commitment WHERE campaign_no = $1),
	(SELECT count(*) FROM question WHERE campaign_no = $1 AND usage = 'check' AND category IS NULL AND withdrawn_at IS NULL),
	(SELECT count(*) FROM question WHERE campaign_no = $1 AND usage = 'interview' AND withdrawn_at IS NULL),
	(SELECT count(*) FROM team WHERE campaign_no = $1),
	(SELECT count(*) FROM team t WHERE t.campaign_no = $1 AND NOT EXISTS
		(SELECT 1 FROM team_member m WHERE m.campaign_no = t.campaign_no AND m.team_id = t.id
		 AND m.role = 'leader' AND m.left_at IS NULL)),
	(SELECT count(*) FROM inspector WHERE campaign_no = $1),
	(SELECT count(*) FROM inspector i WHERE i.campaign_no = $1 AND NOT EXISTS
		(SELECT 1 FROM team_member m WHERE m.campaign_no = i.campaign_no AND m.inspector_id = i.id AND m.left_at IS NULL)),
	(SELECT count(*) FROM draw WHERE campaign_no = $1 AND state = 'done'),
	(SELECT count(*) FROM draw WHERE campaign_no = $1 AND state IN ('planned', 'published', 'thrown')),
	(SELECT count(*) FROM visit WHERE campaign_no = $1),
	(SELECT count(*) FROM device WHERE campaign_no = $1 AND inspector_id IS NOT NULL AND revoked_at IS NULL),
	(SELECT count(DISTINCT m.inspector_id) FROM team_member m WHERE m.campaign_no = $1 AND m.left_at IS NULL AND NOT EXISTS
		(SELECT 1 FROM device d WHERE d.campaign_no = m.campaign_no AND d.inspector_id = m.inspector_id AND d.revoked_at IS NULL)),
	(SELECT count(*) FROM account WHERE campaign_no = $1)`

func (o *Setup) count(ctx context.Context, v store.View) error {
	return v.QueryRowContext(ctx, selectSetup, v.CampaignNo).Scan(
		&o.Code, &o.Name, &o.City, &o.StartsAt, &o.EndsAt, &o.ArchivedAt, &o.SealTo, &o.Located,
		&o.Problems, &o.Listed, &o.Ledger, &o.Unledgered, &o.Undated, &o.Commitments, &o.Common, &o.Interview,
		&o.Teams, &o.Leaderless, &o.Inspectors, &o.Teamless, &o.DrawsDone, &o.DrawsOpen, &o.Visits,
		&o.Devices, &o.Deviceless, &o.UnitAccounts)
}

// Details are what can be changed of a campaign that has begun.
type Details struct {
	Name     string `json:"name" minLength:"1" maxLength:"200"`
	City     string `json:"city" maxLength:"100"`
	StartsAt *int64 `json:"starts_at,omitempty" doc:"Unix milliseconds"`
	EndsAt   *int64 `json:"ends_at,omitempty" doc:"Unix milliseconds"`
}

// Change changes a campaign's name, city and days.
func (s *Service) Change(ctx context.Context, campaign schema.CampaignID, d Details) error {
	d.Name, d.City = strings.TrimSpace(d.Name), strings.TrimSpace(d.City)
	if d.Name == "" || (d.StartsAt != nil && d.EndsAt != nil && *d.EndsAt < *d.StartsAt) {
		return schema.NewFault(schema.FaultValue, "name: blank, or ends_at: before starts_at")
	}
	o, err := s.Setup(ctx, campaign)
	if err != nil {
		return err
	}
	before, after := differing(Details{o.Name, o.City, o.StartsAt, o.EndsAt}.cells(), d.cells())
	if len(after) == 0 {
		return nil
	}
	b := edit.New(s.Ingest.Catalogue)
	b.Update("campaign", schema.RowID(campaign), before, after)
	return s.Ingest.WriteRows(ctx, campaign, b)
}

func (d Details) cells() edit.Cells {
	return edit.Cells{
		"name": edit.Text(d.Name), "city": words(d.City), "starts_at": moment(d.StartsAt), "ends_at": moment(d.EndsAt),
	}
}
