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

// visits makes a visit of each drawn unit, and gives the unit to the team that goes
// there. A draw without teams makes none: nobody knows yet who goes.
func (s *Service) visits(ctx context.Context, campaign schema.CampaignID, r *record) error {
	c := &r.certificate
	if c.Teams == nil {
		return nil
	}
	places, err := s.places(ctx, campaign)
	if err != nil {
		return err
	}
	var planned []visit
	for i := range c.Drawn {
		if d := &c.Drawn[i]; d.Reserve == 0 {
			team := teamOf(c, d.Stratum)
			planned = append(planned, visit{d.ID, team, sequence(c, team, d.ID)})
		}
	}
	r.also, err = places.make(planned)
	return err
}

// visitInstead makes the visit of a unit from the reserve, at the end of its team's.
func (s *Service) visitInstead(
	ctx context.Context, campaign schema.CampaignID, r *record, a *draw.Amendment,
) error {
	c := &r.certificate
	if c.Teams == nil {
		return nil
	}
	places, err := s.places(ctx, campaign)
	if err != nil {
		return err
	}
	team := teamOf(c, a.Stratum)
	r.also, err = places.make([]visit{{a.In, team, int64(len(c.Drawn) + len(c.Amendments))}})
	return err
}

// visit is one that is to be made.
type visit struct {
	unit, team string
	sequence   int64
}

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
}

func (s *Service) places(ctx context.Context, campaign schema.CampaignID) (*places, error) {
	p := &places{map[string]schema.RowID{}, map[string]place{}}
	err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		_, err := store.List(ctx, v, func(row store.Scanner) (none struct{}, err error) {
			var id []byte
			var number int64
			if err = row.Scan(&id, &number); err == nil {
				p.teams[fmt.Sprintf("T%d", number)] = schema.RowID(id)
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
			var code string
			var sequence sql.NullInt64
			if err = row.Scan(&id, &team, &code, &sequence); err == nil {
				was := existing{schema.RowID(id), changeset.NullValue()}
				if sequence.Valid {
					was.sequence = edit.Int(sequence.Int64)
				}
				p.units[code].visits[schema.RowID(team)] = was
			}
			return none, err
		}, `SELECT v.id, v.team_id, u.code, v.sequence FROM visit v
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
			b.Insert("visit", schema.NewRowID(), edit.Cells{
				"team_id": edit.ID(team), "unit_id": edit.ID(unit.id), "sequence": order,
			})
		}
	}, nil
}
