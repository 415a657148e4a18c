package ceremony

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// visits makes the visits that are due, and gives their units to the teams that go
// there. A draw without teams makes none: nobody knows yet who goes.
func (s *Service) visits(ctx context.Context, campaign schema.CampaignID, r *record) error {
	if r.certificate.Teams == nil {
		return nil
	}
	places, err := s.places(ctx, campaign)
	if err != nil {
		return err
	}
	r.also, err = places.make(r.due(places))
	return err
}

// visit is one that is to be made.
type visit struct {
	unit, team string
	sequence   int64
}

// due are the visits that teams are to know of by now and do not: all of them, or of
// each team that has none under way the next stop.
func (r *record) due(places *places) (list []visit) {
	for _, t := range r.certificate.Plan.Teams.Teams {
		for _, v := range queue(&r.certificate, t.ID) {
			was, told := places.visit(v)
			switch {
			case !told:
				list = append(list, v)
			case was.over():
				continue
			}
			if r.stops {
				break
			}
		}
	}
	return list
}

// queue is where a team goes, in its order; units that were replaced are left out, and
// those that replace them come last.
func queue(c *draw.Certificate, team string) (list []visit) {
	out := map[string]bool{}
	for i := range c.Amendments {
		out[c.Amendments[i].Out] = true
	}
	for i := range c.Drawn {
		d := &c.Drawn[i]
		if d.Reserve == 0 && !out[d.ID] && teamOf(c, d.Stratum) == team {
			list = append(list, visit{d.ID, team, sequence(c, team, d.ID)})
		}
	}
	slices.SortStableFunc(list, func(a, b visit) int { return int(a.sequence - b.sequence) })
	for i := range c.Amendments {
		a := &c.Amendments[i]
		if !out[a.In] && teamOf(c, a.Stratum) == team {
			list = append(list, visit{a.In, team, int64(len(c.Drawn) + i + 1)})
		}
	}
	return list
}

// Advance tells teams of their next stops, where the ones before are over.
func (s *Service) Advance(ctx context.Context, campaign schema.CampaignID) error {
	list, err := s.records(ctx, campaign, selectDraw+" AND stops = 1 AND sealed = 0 AND state = 'done'")
	if err != nil || len(list) == 0 {
		return err
	}
	underWay, err := s.underWay(ctx, campaign)
	if err != nil {
		return err
	}
	for i := range list {
		if !list[i].waits(underWay) {
			continue
		}
		err := s.step(ctx, campaign, list[i].id, []string{schema.DrawDone}, func(r *record) error {
			return s.visits(ctx, campaign, r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// waits says whether a team has no stop under way that is still to be visited.
func (r *record) waits(underWay map[string][]string) bool {
	return slices.ContainsFunc(r.certificate.Plan.Teams.Teams, func(t draw.TeamRule) bool {
		return !slices.ContainsFunc(queue(&r.certificate, t.ID), func(v visit) bool {
			return slices.Contains(underWay[t.ID], v.unit)
		})
	})
}

// underWay are the units of each team that it knows of and has not left.
func (s *Service) underWay(ctx context.Context, campaign schema.CampaignID) (map[string][]string, error) {
	units := map[string][]string{}
	err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		_, err := store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
			var number int64
			var code string
			if err = row.Scan(&number, &code); err == nil {
				units[teamID(number)] = append(units[teamID(number)], code)
			}
			return none, err
		}, `SELECT t.number, u.code FROM visit v
			JOIN team t ON t.campaign_no = v.campaign_no AND t.id = v.team_id
			JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id
			WHERE v.campaign_no = $1 AND v.sequence IS NOT NULL AND v.status NOT IN ('left', 'closed')`, v.CampaignNo)
		return err
	})
	return units, err
}

// teamID is a team's id in draws.
func teamID(number int64) string { return fmt.Sprintf("T%d", number) }

func teamOf(c *draw.Certificate, stratum string) string {
	for _, p := range c.Teams.Strata.Pairs {
		if p.What == stratum {
			return p.Team
		}
	}
	return ""
}

// sequence is a unit's place in its team's route; 0 without one.
func sequence(c *draw.Certificate, team, unit string) int64 {
	for i := range c.Routes {
		if c.Routes[i].Team == team {
			return int64(slices.Index(c.Routes[i].Tour, unit) + 1)
		}
	}
	return 0
}

// places are the rows that ids of a draw stand for.
type places struct {
	teams map[string]schema.RowID
	units map[string]place
}

type place struct {
	id   schema.RowID
	team changeset.Value
	// visits of the unit by team, with their place in the order.
	visits map[schema.RowID]existing
}

type existing struct {
	id       schema.RowID
	sequence changeset.Value
	status   string
}

// over says whether the team is done there.
func (e *existing) over() bool { return e.status == "left" || e.status == "closed" }

// visit is a visit as it is, if its team knows of it as a stop.
func (p *places) visit(v visit) (was existing, told bool) {
	was, there := p.units[v.unit].visits[p.teams[v.team]]
	return was, there && was.sequence.Kind != changeset.Null
}

func (s *Service) places(ctx context.Context, campaign schema.CampaignID) (*places, error) {
	p := &places{map[string]schema.RowID{}, map[string]place{}}
	err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		_, err := store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
			var id []byte
			var number int64
			if err = row.Scan(&id, &number); err == nil {
				p.teams[teamID(number)] = schema.RowID(id)
			}
			return none, err
		}, `SELECT id, number FROM team WHERE campaign_no = $1`, v.CampaignNo)
		if err != nil {
			return err
		}
		_, err = store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
			var id, team []byte
			var code string
			if err = row.Scan(&id, &code, &team); err != nil {
				return none, err
			}
			u := place{id: schema.RowID(id), team: changeset.NullValue(), visits: map[schema.RowID]existing{}}
			if len(team) > 0 {
				u.team = edit.Bytes(team)
			}
			p.units[code] = u
			return none, nil
		}, `SELECT id, code, team_id FROM unit WHERE campaign_no = $1`, v.CampaignNo)
		if err != nil {
			return err
		}
		_, err = store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
			var id, team []byte
			var code, status string
			var sequence sql.NullInt64
			if err = row.Scan(&id, &team, &code, &sequence, &status); err == nil {
				was := existing{schema.RowID(id), changeset.NullValue(), status}
				if sequence.Valid {
					was.sequence = edit.Int(sequence.Int64)
				}
				p.units[code].visits[schema.RowID(team)] = was
			}
			return none, err
		}, `SELECT v.id, v.team_id, u.code, v.sequence, v.status FROM visit v
			JOIN unit u ON u.campaign_no = v.campaign_no AND u.id = v.unit_id WHERE v.campaign_no = $1`, v.CampaignNo)
		return err
	})
	return p, err
}

// make is the changes that make visits.
func (p *places) make(list []visit) (func(*edit.Builder), error) {
	for _, v := range list {
		if _, known := p.teams[v.team]; !known {
			return nil, schema.NewFault(schema.FaultNotFound, v.team)
		}
		if _, known := p.units[v.unit]; !known {
			return nil, schema.NewFault(schema.FaultNotFound, v.unit)
		}
	}
	return func(b *edit.Builder) {
		for _, v := range list {
			team, unit := p.teams[v.team], p.units[v.unit]
			b.Update("unit", unit.id, edit.Cells{"team_id": unit.team}, edit.Cells{"team_id": edit.ID(team)})
			order := changeset.NullValue()
			if v.sequence > 0 {
				order = edit.Int(v.sequence)
			}
			if was, there := unit.visits[team]; there {
				b.Update("visit", was.id, edit.Cells{"sequence": was.sequence}, edit.Cells{"sequence": order})
				continue
			}
			// Whoever else makes it at the same time makes the same row.
			b.Insert("visit", schema.NaturalRowID("visit", team, unit.id), edit.Cells{
				"team_id": edit.ID(team), "unit_id": edit.ID(unit.id), "sequence": order,
			})
		}
	}, nil
}
