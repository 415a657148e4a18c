package ceremony

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/store"
)

// frozen is a frame made of the campaign's units.
type frozen struct {
	*draw.Frame
	file     []byte
	campaign string
	strata   []Stratum
}

// unit is one of the campaign's.
type unit struct {
	code, name, category, county string
	members                      int64
	latitude, longitude          sql.NullInt64
}

// frame makes the frame that settings ask for.
func (s *Service) frame(ctx context.Context, campaign schema.CampaignID, settings *Settings) (*frozen, error) {
	var units []unit
	var code string
	err := s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		if err := v.QueryRowContext(ctx, `SELECT code FROM campaign WHERE campaign_no = $1`, v.CampaignNo).
			Scan(&code); err != nil {
			return err
		}
		var err error
		units, err = store.List(ctx, v, func(row store.Scanner) (u unit, err error) {
			err = row.Scan(&u.code, &u.name, &u.category, &u.county, &u.members, &u.latitude, &u.longitude)
			return u, err
		}, `SELECT code, name, category, coalesce(county, ''), coalesce(members, 0), latitude_e7, longitude_e7
			FROM unit WHERE campaign_no = $1 ORDER BY code`, v.CampaignNo)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	units = slices.DeleteFunc(units, func(u unit) bool {
		return len(settings.Categories) > 0 && !slices.Contains(settings.Categories, u.category) ||
			len(settings.Counties) > 0 && !slices.Contains(settings.Counties, u.county)
	})
	f := &frozen{campaign: code}
	list, err := f.units(units, settings)
	if err != nil {
		return nil, err
	}
	sorted, err := draw.NewFrame(list)
	if err != nil {
		return nil, err
	}
	f.file = draw.AppendFrame(nil, sorted)
	f.Frame, err = draw.ReadFrame(f.file)
	return f, err
}

// units are the frame's units, with strata and exclusions.
func (f *frozen) units(units []unit, settings *Settings) ([]draw.Unit, error) {
	counties := map[string]string{} // ids by name: names are no ids
	for _, u := range units {
		counties[u.county] = ""
	}
	for i, name := range slices.Sorted(maps.Keys(counties)) {
		counties[name] = fmt.Sprintf("C%02d", i+1)
	}
	excluded := map[string]string{}
	for _, e := range settings.Exclusions {
		for _, code := range e.Units {
			if !slices.ContainsFunc(units, func(u unit) bool { return u.code == code }) {
				return nil, schema.NewFault(schema.FaultNotFound, code)
			}
			excluded[code] = e.Code
		}
	}
	flat := projection(units)
	strata := map[string]*Stratum{}
	var list []draw.Unit
	for _, u := range units {
		s := Stratum{}
		if settings.Stratify != "category" {
			s.ID, s.County = counties[u.county], u.county
		}
		if settings.Stratify != "county" {
			s.ID, s.Category = strings.TrimPrefix(s.ID+"."+u.category, "."), u.category
		}
		d := draw.Unit{
			ID: u.code, Stratum: s.ID, Class: u.category, Size: 1, Eligible: excluded[u.code] == "",
			Exclusion:  excluded[u.code],
			Attributes: []draw.Attribute{{Key: "category", Value: u.category}, {Key: "name", Value: u.name}},
		}
		if u.county != "" {
			d.Attributes = slices.Insert(d.Attributes, 1, draw.Attribute{Key: "county", Value: u.county})
		}
		if settings.Size == "members" {
			d.Size = uint64(max(u.members, 0))
		}
		d.X, d.Y = flat(u)
		if strata[s.ID] == nil {
			strata[s.ID] = &s
		}
		if d.Eligible {
			strata[s.ID].Units++
		}
		list = append(list, d)
	}
	for _, id := range slices.Sorted(maps.Keys(strata)) {
		f.strata = append(f.strata, *strata[id])
	}
	return list, nil
}

// earth is its radius in metres.
const earth = 6_371_000

// projection puts units into a plane around their middle, in metres. It is no part of
// the norm: the frame has what comes of it.
func projection(units []unit) func(unit) (x, y int32) {
	var latitude, longitude, n float64
	for _, u := range units {
		if u.latitude.Valid && u.longitude.Valid {
			latitude, longitude, n = latitude+float64(u.latitude.Int64), longitude+float64(u.longitude.Int64), n+1
		}
	}
	if n > 0 {
		latitude, longitude = latitude/n, longitude/n
	}
	const perE7 = math.Pi / 180 / 1e7
	return func(u unit) (x, y int32) {
		if !u.latitude.Valid || !u.longitude.Valid {
			return 0, 0
		}
		east := (float64(u.longitude.Int64) - longitude) * perE7 * earth * math.Cos(latitude*perE7)
		north := (float64(u.latitude.Int64) - latitude) * perE7 * earth
		return int32(math.Round(east)), int32(math.Round(north))
	}
}

// plan is a plan over the frame, as the first of its campaign.
func (f *frozen) plan(settings *Settings) *draw.Plan {
	p := &draw.Plan{
		Spec: draw.Spec, Suite: draw.Suite, Campaign: f.campaign, Seq: 1, Purpose: settings.Purpose,
		Scope: settings.Scope, Frame: f.Summary(), Sample: settings.Sample, Routes: settings.Routes,
		Public: settings.Public, GapSeconds: settings.Gap,
	}
	if len(settings.Caps) > 0 {
		p.Teams = &draw.TeamsPlan{Teams: settings.Caps, Barred: settings.Barred, Members: settings.Members}
	}
	if settings.Sites != nil {
		p.Sites = &draw.SitesPlan{
			N: int64(p.Frame.Eligible), Ask: settings.Sites.Ask,
			Modes: slices.Sorted(slices.Values(settings.Sites.Modes)),
		}
	}
	for i := range p.Frame.Excluded {
		for _, e := range settings.Exclusions {
			if x := &p.Frame.Excluded[i]; x.Code == e.Code {
				x.Evidence, x.Approver = e.Evidence, e.Approver
			}
		}
	}
	return p
}
