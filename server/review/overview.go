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
		f, err := s.figures(ctx, v)
		if err != nil {
			return err
		}
		return o.read(ctx, v, f)
	})
	if errors.Is(err, store.ErrNotFound) {
		return o, schema.NewFault(schema.FaultNotFound, campaign.String())
	}
	if err != nil {
		return o, fmt.Errorf("overview of %s: %w", campaign, err)
	}
	return o, nil
}

func (o *Overview) read(ctx context.Context, v store.View, f *figures) error {
	o.Revision, o.Entries = v.State.Revision, v.State.Position
	if err := o.count(ctx, v); err != nil {
		return err
	}
	if err := o.countTeams(ctx, v); err != nil {
		return err
	}
	if err := o.addFindings(ctx, v, f); err != nil {
		return err
	}
	return o.listCounties(ctx, v)
}

// unmergedMax is up to where badges count: they say 999+ long before.
const unmergedMax = 10_000

// count asks for what is not merged in the words of its index, or all of the history is read.
func (o *Overview) count(ctx context.Context, v store.View) error {
	return v.QueryRowContext(ctx, fmt.Sprintf(`SELECT
		coalesce((SELECT name FROM campaign WHERE campaign_no = $1 LIMIT 1), ''),
		(SELECT count(*) FROM unit WHERE campaign_no = $1),
		(SELECT count(*) FROM visit WHERE campaign_no = $1),
		(SELECT count(*) FROM (SELECT 1 FROM conflict WHERE campaign_no = $1 AND state = 'open' LIMIT %[1]d) c),
		(SELECT count(*) FROM (SELECT 1 FROM history h WHERE h.campaign_no = $1 AND h.outcome <> 'merged' AND h.outcome = 'quarantined'
		 AND NOT EXISTS (`+setAsideOf+`) LIMIT %[1]d) q),
		(SELECT count(*) FROM (SELECT 1 FROM history WHERE campaign_no = $1 AND outcome <> 'merged' AND outcome = 'held' LIMIT %[1]d) w),
		(SELECT count(*) FROM aside h WHERE h.campaign_no = $1 AND NOT EXISTS (`+setAsideOf+`))`,
		unmergedMax), v.CampaignNo).Scan(
		&o.Name, &o.Units, &o.Visits, &o.Conflicts, &o.Quarantined, &o.Held, &o.Aside)
}

// setAsideOf finds that a person decided to leave the entry h as it is.
const setAsideOf = `SELECT 1 FROM event e WHERE e.campaign_no = h.campaign_no AND e.kind = 'set_aside'
	AND e.body = h.hash`

// lastPush is when headquarters received the newest entry of the device d.
const lastPush = `(SELECT h.received_at FROM author a JOIN history h ON h.campaign_no = a.campaign_no
	AND h.author = a.no AND h.seq = a.seq WHERE a.campaign_no = d.campaign_no AND a.device_id = d.id)`

func (o *Overview) countTeams(ctx context.Context, v store.View) error {
	var err error
	o.Teams, err = store.List(ctx, v, func(row store.Scanner) (t TeamSummary, err error) {
		var id []byte
		err = row.Scan(&id, &t.Number, &t.Name, &t.Visits, &t.Visited, &t.LastContact)
		t.ID = uuidText(id)
		return t, err
	}, `SELECT t.id, t.number, t.name,
		(SELECT count(*) FROM visit v WHERE v.campaign_no = t.campaign_no AND v.team_id = t.id),
		(SELECT count(*) FROM visit v WHERE v.campaign_no = t.campaign_no AND v.team_id = t.id
		 AND v.status <> 'planned'),
		(SELECT max(`+lastPush+`) FROM team_member m
		 JOIN device d ON d.campaign_no = m.campaign_no AND d.inspector_id = m.inspector_id
		 WHERE m.campaign_no = t.campaign_no AND m.team_id = t.id)
		FROM team t WHERE t.campaign_no = $1 ORDER BY t.number`, v.CampaignNo)
	return err
}

// addFindings adds up the figures, overall and by team.
func (o *Overview) addFindings(ctx context.Context, v store.View, f *figures) error {
	teams := map[string]string{} // of visits, both as bytes
	if _, err := store.List(ctx, v, func(row store.Scanner) (struct{}, error) {
		var visit, team []byte
		err := row.Scan(&visit, &team)
		teams[string(visit)] = uuidText(team)
		return struct{}{}, err
	}, "SELECT id, team_id FROM visit WHERE campaign_no = $1", v.CampaignNo); err != nil {
		return err
	}
	byTeam := map[string]*TeamSummary{}
	for i := range o.Teams {
		byTeam[o.Teams[i].ID] = &o.Teams[i]
	}
	o.Pending = f.revised
	for i := range f.groups {
		g := &f.groups[i]
		o.Findings += g.n
		o.Pending += g.pending()
		if t := byTeam[teams[g.visit]]; t != nil {
			t.Findings += g.n
		}
	}
	return nil
}

func (o *Overview) listCounties(ctx context.Context, v store.View) error {
	county := func(row store.Scanner) (county string, err error) { return county, row.Scan(&county) }
	var err error
	o.Counties, err = store.List(ctx, v, county, `SELECT DISTINCT u.county FROM visit v
		JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
		WHERE v.campaign_no = $1 AND u.county IS NOT NULL ORDER BY u.county`, v.CampaignNo)
	if err != nil {
		return err
	}
	o.AllCounties, err = store.List(ctx, v, county, `SELECT DISTINCT county FROM unit
		WHERE campaign_no = $1 AND county IS NOT NULL ORDER BY county`, v.CampaignNo)
	return err
}
