package review

import (
	"context"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// UnitSpot is a unit on the map.
type UnitSpot struct {
	ID        string `json:"id" format:"uuid"`
	Name      string `json:"name"`
	Category  string `json:"category"`
	County    string `json:"county"`
	Latitude  *int64 `json:"latitude_e7,omitempty"`
	Longitude *int64 `json:"longitude_e7,omitempty"`
	State     string `json:"state" enum:"none,drawn,there,done" doc:"Not drawn, drawn, a team is there, or it has left"`
	Team      string `json:"team" doc:"Of its visit"`
	Findings  int    `json:"findings" doc:"That were not withdrawn"`
	Serious   int    `json:"serious" doc:"Of them, problems that are serious or critical"`
}

// UnitMap lists all units with what is known of them.
func (s *Service) UnitMap(ctx context.Context, campaign schema.CampaignID) (list []UnitSpot, err error) {
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		f, err := s.figures(ctx, v)
		if err != nil {
			return err
		}
		if list, err = unitSpots(ctx, v); err != nil {
			return err
		}
		visits, err := dashboardVisits(ctx, v)
		if err != nil {
			return err
		}
		teams, err := teamNames(ctx, v)
		if err != nil {
			return err
		}
		placeVisits(list, visits, teams, f)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("map of units: %w", err)
	}
	return list, nil
}

func unitSpots(ctx context.Context, v store.View) ([]UnitSpot, error) {
	return store.List(ctx, v, func(row store.Scanner) (u UnitSpot, err error) {
		var id []byte
		err = row.Scan(&id, &u.Name, &u.Category, &u.County, &u.Latitude, &u.Longitude)
		u.ID, u.State = uuidText(id), "none"
		return u, err
	}, `SELECT id, name, category, coalesce(county, ''), latitude_e7, longitude_e7 FROM unit
		WHERE campaign_no = $1 ORDER BY code`, v.CampaignNo)
}

func teamNames(ctx context.Context, v store.View) (map[string]string, error) {
	names := map[string]string{}
	_, err := store.List(ctx, v, func(row store.Scanner) (struct{}, error) {
		var id []byte
		var name string
		err := row.Scan(&id, &name)
		names[uuidText(id)] = name
		return struct{}{}, err
	}, "SELECT id, name FROM team WHERE campaign_no = $1", v.CampaignNo)
	return names, err
}

func placeVisits(list []UnitSpot, visits []visitSpot, teams map[string]string, f *figures) {
	units, byVisit := map[string]*UnitSpot{}, map[string]*UnitSpot{}
	for i := range list {
		units[list[i].ID] = &list[i]
	}
	states := map[string]string{"planned": "drawn", "arrived": "there", "left": "done", "closed": "done"}
	for i := range visits {
		if u := units[visits[i].unit]; u != nil {
			u.State, u.Team = states[visits[i].status], teams[visits[i].team]
			byVisit[visits[i].id] = u
		}
	}
	for i := range f.groups {
		g := &f.groups[i]
		u := byVisit[g.visit]
		if u == nil {
			continue
		}
		u.Findings += g.kept()
		if g.kind == "problem" && (g.severity == "serious" || g.severity == "critical") {
			u.Serious += g.kept()
		}
	}
}
