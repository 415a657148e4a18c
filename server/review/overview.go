package review

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// ignoreNone lets a query find nothing.
func ignoreNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// Campaigns lists all campaigns.
func (s *Service) Campaigns(ctx context.Context) ([]Overview, error) {
	ids, err := store.Campaigns(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	list := []Overview{}
	for _, id := range ids {
		o, err := s.Overview(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// Overview counts how far a campaign is.
func (s *Service) Overview(ctx context.Context, campaign schema.CampaignID) (Overview, error) {
	o := Overview{ID: campaign.String()}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		o.Revision, o.Entries = v.State.Revision, v.State.Position
		if err := o.count(ctx, v); err != nil {
			return err
		}
		if err := o.countTeams(ctx, v); err != nil {
			return err
		}
		return o.listCounties(ctx, v)
	})
	if errors.Is(err, store.ErrNotFound) {
		return o, schema.NewFault(schema.FaultNotFound, campaign.String())
	}
	if err != nil {
		return o, fmt.Errorf("overview of %s: %w", campaign, err)
	}
	return o, nil
}

func (o *Overview) count(ctx context.Context, v store.View) error {
	return v.QueryRowContext(ctx, `SELECT
		coalesce((SELECT name FROM campaign WHERE campaign_no = $1 LIMIT 1), ''),
		(SELECT count(*) FROM unit WHERE campaign_no = $1),
		(SELECT count(*) FROM visit WHERE campaign_no = $1),
		(SELECT count(*) FROM finding WHERE campaign_no = $1),
		(SELECT count(*) FROM finding WHERE campaign_no = $1
		 AND status = 'submitted' AND review_state = 'pending' AND withdrawn_at IS NULL),
		(SELECT count(*) FROM conflict WHERE campaign_no = $1 AND state = 'open'),
		(SELECT count(*) FROM history WHERE campaign_no = $1 AND outcome = 'quarantined'),
		(SELECT count(*) FROM history WHERE campaign_no = $1 AND outcome = 'held'),
		(SELECT count(*) FROM aside WHERE campaign_no = $1)`, v.CampaignNo).Scan(
		&o.Name, &o.Units, &o.Visits, &o.Findings, &o.Pending, &o.Conflicts, &o.Quarantined,
		&o.Held, &o.Aside)
}

func (o *Overview) countTeams(ctx context.Context, v store.View) error {
	var err error
	o.Teams, err = store.List(ctx, v, func(row store.Scanner) (t TeamSummary, err error) {
		var id []byte
		err = row.Scan(&id, &t.Number, &t.Name, &t.Visits, &t.Visited, &t.Findings, &t.LastContact)
		t.ID = uuidText(id)
		return t, err
	}, `SELECT t.id, t.number, t.name,
		(SELECT count(*) FROM visit v WHERE v.campaign_no = t.campaign_no AND v.team_id = t.id),
		(SELECT count(*) FROM visit v WHERE v.campaign_no = t.campaign_no AND v.team_id = t.id
		 AND v.status <> 'planned'),
		(SELECT count(*) FROM finding f JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
		 WHERE f.campaign_no = t.campaign_no AND v.team_id = t.id),
		(SELECT max(h.received_at) FROM team_member m
		 JOIN device d ON d.campaign_no = m.campaign_no AND d.inspector_id = m.inspector_id
		 JOIN author a ON a.campaign_no = m.campaign_no AND a.device_id = d.id
		 JOIN history h ON h.campaign_no = m.campaign_no AND h.author = a.no AND h.seq = a.seq
		 WHERE m.campaign_no = t.campaign_no AND m.team_id = t.id)
		FROM team t WHERE t.campaign_no = $1 ORDER BY t.number`, v.CampaignNo)
	return err
}

func (o *Overview) listCounties(ctx context.Context, v store.View) error {
	var err error
	o.Counties, err = store.List(ctx, v, func(row store.Scanner) (county string, err error) {
		return county, row.Scan(&county)
	}, `SELECT DISTINCT u.county FROM visit v
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		WHERE v.campaign_no = $1 AND u.county IS NOT NULL ORDER BY u.county`, v.CampaignNo)
	if err != nil {
		return err
	}
	o.AllCounties, err = store.List(ctx, v, func(row store.Scanner) (county string, err error) {
		return county, row.Scan(&county)
	}, `SELECT DISTINCT county FROM unit WHERE campaign_no = $1 AND county IS NOT NULL ORDER BY county`, v.CampaignNo)
	return err
}
