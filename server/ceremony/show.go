package ceremony

import (
	"context"
	"encoding/json"
	"time"

	"sansuiji/draw"
	"sansuiji/schema"
)

// Summary is a ceremony in a list.
type Summary struct {
	ID        string   `json:"id" format:"uuid"`
	Ceremony  string   `json:"ceremony"`
	Purpose   string   `json:"purpose"`
	Scope     string   `json:"scope"`
	State     string   `json:"state"`
	Sealed    bool     `json:"sealed"`
	Stops     bool     `json:"stops" doc:"A team learns of a stop when the one before is over"`
	PlanHash  string   `json:"plan_hash,omitempty"`
	Hash      string   `json:"hash,omitempty" doc:"Of the certificate"`
	Committed []string `json:"committed" doc:"Roles"`
	Revealed  []string `json:"revealed" doc:"Roles"`
	MadeBy    string   `json:"made_by"`
	MadeAt    int64    `json:"made_at" doc:"Unix milliseconds"`
	Due       *string  `json:"dice_from,omitempty" format:"date-time" doc:"When dice may be thrown"`
}

func (r *record) summary() Summary {
	c := &r.certificate
	s := Summary{
		ID: r.id.String(), Ceremony: c.Plan.Ceremony(), Purpose: c.Plan.Purpose, Scope: c.Plan.Scope, State: r.state,
		Sealed: r.sealed, Stops: r.stops, MadeBy: r.by, MadeAt: r.at, Committed: []string{}, Revealed: []string{},
	}
	for _, m := range c.Plan.Commitments {
		s.Committed = append(s.Committed, m.Role)
	}
	for _, m := range c.Reveals {
		s.Revealed = append(s.Revealed, m.Role)
	}
	if c.PlanHash != (draw.Hash{}) {
		s.PlanHash = c.PlanHash.String()
	}
	if r.over() {
		s.Hash = c.Hash().String()
	}
	if r.state == schema.DrawPublished && len(c.Published) > 0 {
		s.Due = dueAfter(c)
	}
	return s
}

// dueAfter is when dice may be thrown.
func dueAfter(c *draw.Certificate) *string {
	var newest time.Time
	for _, p := range c.Published {
		if at, err := time.Parse(time.RFC3339, p.At); err == nil && at.After(newest) {
			newest = at
		}
	}
	due := newest.Add(time.Duration(c.Plan.GapSeconds) * time.Second).Format(time.RFC3339)
	return &due
}

// List lists a campaign's ceremonies, oldest first.
func (s *Service) List(ctx context.Context, campaign schema.CampaignID) ([]Summary, error) {
	list, err := s.list(ctx, campaign)
	if err != nil {
		return nil, err
	}
	out := []Summary{}
	for i := range list {
		out = append(out, list[i].summary())
	}
	return out, nil
}

// Detail is a ceremony with its certificate as far as it goes; a sealed outcome is
// left out.
type Detail struct {
	Summary
	Certificate json.RawMessage `json:"certificate" doc:"docs/DRAW.md, as far as it goes"`
	Units       []UnitName      `json:"units" doc:"Those that were drawn or stand in reserve"`
}

// UnitName says who a drawn unit is.
type UnitName struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	County   string `json:"county"`
	Category string `json:"category"`
	X        int32  `json:"x_m"`
	Y        int32  `json:"y_m"`
}

// Detail reads a ceremony.
func (s *Service) Detail(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (Detail, error) {
	r, err := s.read(ctx, campaign, id)
	if err != nil {
		return Detail{}, err
	}
	shown := r.certificate
	if r.sealed {
		shown.Outcome, shown.Reveals = draw.Outcome{}, nil
	}
	d := Detail{Summary: r.summary(), Certificate: draw.Canonical(&shown), Units: []UnitName{}}
	if r.sealed {
		return d, nil
	}
	f, err := draw.ReadFrame(r.frame)
	if err != nil {
		return d, err
	}
	for i := range r.certificate.Drawn {
		u := f.Unit(r.certificate.Drawn[i].ID)
		name := UnitName{ID: u.ID, X: u.X, Y: u.Y}
		for _, a := range u.Attributes {
			switch a.Key {
			case "name":
				name.Name = a.Value
			case "county":
				name.County = a.Value
			case "category":
				name.Category = a.Value
			}
		}
		d.Units = append(d.Units, name)
	}
	return d, nil
}

// RouteChance is how much chance is in a team's route.
type RouteChance struct {
	Team string  `json:"team"`
	Bits float64 `json:"bits" doc:"Entropy, estimated to half a bit"`
}

// Chances estimates how much chance is in each route. It takes a second for each.
func (s *Service) Chances(ctx context.Context, campaign schema.CampaignID, id schema.RowID) ([]RouteChance, error) {
	r, err := s.read(ctx, campaign, id)
	if err != nil {
		return nil, err
	}
	out := []RouteChance{}
	if r.state != schema.DrawDone || r.sealed || r.certificate.Plan.Routes == nil {
		return out, nil
	}
	f, err := draw.ReadFrame(r.frame)
	if err != nil {
		return nil, err
	}
	for i := range r.certificate.Routes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		route := &r.certificate.Routes[i]
		out = append(out, RouteChance{route.Team, r.certificate.Plan.Routes.Bits(route, f)})
	}
	return out, nil
}

// Files of a ceremony, to be downloaded.
const (
	CertificateFile = "certificate.json"
	FrameFile       = "frame.csv"
	WeightsFile     = "weights.csv"
)

// File is a file of a ceremony. A sealed outcome has none but its frame.
func (s *Service) File(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, name string,
) ([]byte, error) {
	r, err := s.read(ctx, campaign, id)
	switch {
	case err != nil:
		return nil, err
	case name == FrameFile:
		return r.frame, nil
	case !r.over():
		return nil, schema.NewFault(schema.FaultDrawState, r.state)
	case r.sealed:
		return nil, schema.NewFault(schema.FaultDrawSealed, id.String())
	case name == CertificateFile:
		return draw.Canonical(&r.certificate), nil
	case name == WeightsFile:
		return r.certificate.Weights(), nil
	}
	return nil, schema.NewFault(schema.FaultNotFound, name)
}

// Log is all certificates of a campaign, one to a line: what verifying wants. It
// ends before one that is sealed.
func (s *Service) Log(ctx context.Context, campaign schema.CampaignID) ([]byte, error) {
	list, err := s.list(ctx, campaign)
	var b []byte
	for i := range list {
		if r := &list[i]; r.over() && !r.sealed {
			b = append(append(b, draw.Canonical(&r.certificate)...), '\n')
		} else {
			break
		}
	}
	return b, err
}
