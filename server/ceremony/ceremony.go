// Package ceremony is headquarters' draws, step by step: a plan over the campaign's
// units, commitments, publication, dice, reveals, and the draw. Each step is an entry
// of headquarters' chain, so that the history proves in what order they came.
package ceremony

import (
	"context"
	"fmt"
	"slices"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/syncengine/edit"
)

// Service does the steps of ceremonies.
type Service struct{ Ingest *ingest.Service }

// Settings are what people decide about a draw.
type Settings struct {
	Purpose  string `json:"purpose" pattern:"^[A-Za-z0-9._:-]{1,64}$"`
	Scope    string `json:"scope" pattern:"^[A-Za-z0-9._:-]{1,64}$"`
	Stratify string `json:"stratify" enum:"county,category,county-category" doc:"What a stratum is"`
	Size     string `json:"size" enum:"one,members" doc:"What a unit's size is"`
	// Categories and Counties narrow the frame; empty: all.
	Categories []string    `json:"categories,omitempty"`
	Counties   []string    `json:"counties,omitempty"`
	Exclusions []Exclusion `json:"exclusions,omitempty"`

	// Sample and what follows from it, or Sites: a ceremony draws units, or gives the keys
	// with which people are drawn at units.
	Sample  *draw.SamplePlan  `json:"sample,omitempty"`
	Barred  []draw.Barred     `json:"barred,omitempty" doc:"Team T<number> and stratum"`
	Caps    []draw.TeamRule   `json:"caps,omitempty" doc:"Strata of each team at most; empty: no teams are drawn"`
	Members []draw.MemberRule `json:"members,omitempty" doc:"Inspectors who are put into teams, by role"`
	Routes  *draw.RoutesPlan  `json:"routes,omitempty"`
	Sites   *SitesSettings    `json:"sites,omitempty"`
	Public  draw.PublicPlan   `json:"public"`
	Gap     int64             `json:"gap_s" minimum:"0"`
	Sealed  bool              `json:"sealed" doc:"The outcome stays closed until it is opened"`
	Stops   bool              `json:"stops,omitempty" doc:"A team learns of a stop when the one before is over"`
}

// SitesSettings are what people decide about drawing people at units.
type SitesSettings struct {
	Ask   int64    `json:"ask" minimum:"1" maximum:"1000" doc:"People to be asked at each unit"`
	Modes []string `json:"modes" minItems:"1" enum:"desk,envelope,local" doc:"Ways in which a site's key may be opened"`
}

// Exclusion leaves a unit out, with who answers for it.
type Exclusion struct {
	Code     string   `json:"code" pattern:"^[A-Za-z0-9._:-]{1,64}$"`
	Units    []string `json:"units" doc:"Codes of units"`
	Evidence string   `json:"evidence" minLength:"1" maxLength:"200"`
	Approver string   `json:"approver" minLength:"1" maxLength:"100"`
}

// Preview is what a plan would be.
type Preview struct {
	Units      int             `json:"units"`
	Eligible   int             `json:"eligible"`
	Many       bool            `json:"excluded_many" doc:"More than a tenth is left out"`
	Strata     []Stratum       `json:"strata"`
	Allocation []draw.Allotted `json:"allocation"`
	Feasible   string          `json:"feasible,omitempty" doc:"Possible assignments of strata to teams"`
	Few        bool            `json:"few" doc:"So few that one can be guessed"`
}

// Stratum is a stratum with what it stands for.
type Stratum struct {
	ID       string `json:"id"`
	County   string `json:"county,omitempty"`
	Category string `json:"category,omitempty"`
	Units    int    `json:"units" doc:"Those that can be drawn"`
}

// Preview tries settings and stores nothing.
func (s *Service) Preview(ctx context.Context, campaign schema.CampaignID, settings Settings) (Preview, error) {
	if err := settings.check(); err != nil {
		return Preview{}, err
	}
	f, err := s.frame(ctx, campaign, &settings)
	if err != nil {
		return Preview{}, err
	}
	p := f.plan(&settings)
	if err := firstError(func() error { return p.CheckDraft() }, func() error { return p.Fits(f.Frame) }); err != nil {
		return Preview{}, err
	}
	outcome, err := draw.Run(p, f.Frame, &draw.Seed{}) // a seed that means nothing
	if err != nil {
		return Preview{}, err
	}
	preview := Preview{
		Units: p.Frame.N, Eligible: p.Frame.Eligible, Many: p.ExcludedMany(), Strata: f.strata,
		Allocation: outcome.Allocation,
	}
	if outcome.Teams != nil {
		preview.Feasible, preview.Few = outcome.Teams.Strata.Feasible, outcome.Teams.Strata.Few()
	}
	return preview, nil
}

// check wants a ceremony to draw one thing.
func (s *Settings) check() error {
	switch {
	case (s.Sample == nil) == (s.Sites == nil):
		return schema.NewFault(schema.FaultBadRequest, "sample or sites")
	case s.Stops && s.Routes == nil:
		return schema.NewFault(schema.FaultBadRequest, "stops want routes")
	}
	return nil
}

func firstError(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// Plan freezes a frame and begins a ceremony. There is one at a time; one that is not
// published yet is planned anew.
func (s *Service) Plan(
	ctx context.Context, campaign schema.CampaignID, settings Settings, by string,
) (schema.RowID, error) {
	if err := settings.check(); err != nil {
		return schema.RowID{}, err
	}
	f, err := s.frame(ctx, campaign, &settings)
	if err != nil {
		return schema.RowID{}, err
	}
	p := f.plan(&settings)
	list, err := s.list(ctx, campaign)
	if err != nil {
		return schema.RowID{}, err
	}
	for i := range list {
		c := &list[i].certificate
		if list[i].state == schema.DrawDone && c.Plan.Purpose == p.Purpose && c.Plan.Scope == p.Scope {
			return schema.RowID{}, schema.NewFault(schema.FaultDrawTwice, c.Plan.Ceremony())
		}
	}
	r := record{id: schema.NewRowID()}
	var before edit.Cells
	if n := len(list); n > 0 {
		switch last := &list[n-1]; {
		case last.over():
			p.Seq, p.Previous = last.certificate.Plan.Seq+1, last.certificate.Hash()
		case last.state == schema.DrawPlanned: // nobody outside knows it yet
			whole, err := s.read(ctx, campaign, last.id)
			if err != nil {
				return schema.RowID{}, err
			}
			r, before = *whole, whole.cells()
			p.Seq, p.Previous = last.certificate.Plan.Seq, last.certificate.Plan.Previous
		default:
			return schema.RowID{}, schema.NewFault(schema.FaultDrawOpen, last.certificate.Plan.Ceremony())
		}
	}
	keys, err := f.sites(p)
	if err != nil {
		return schema.RowID{}, err
	}
	if err := firstError(p.CheckDraft, func() error { return p.Try(f.Frame) }); err != nil {
		return schema.RowID{}, err
	}
	if err := s.keep(ctx, campaign, r.id, keys); err != nil {
		return schema.RowID{}, err
	}
	r.state, r.frame, r.by = schema.DrawPlanned, f.file, by
	r.sealed, r.stops = settings.Sealed, settings.Stops
	r.at = s.Ingest.Now().UnixMilli()
	r.certificate = draw.Certificate{Spec: draw.Spec, Status: draw.Done, Plan: *p}
	if before != nil {
		return r.id, s.update(ctx, campaign, &r, before)
	}
	return r.id, s.insert(ctx, campaign, &r)
}

// Commit adds the hash of somebody's secret.
func (s *Service) Commit(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, role string, commit draw.Hash,
) error {
	return s.step(ctx, campaign, id, []string{schema.DrawPlanned}, func(r *record) error {
		p := &r.certificate.Plan
		p.Commitments = append(p.Commitments, draw.Commitment{Role: role, Commit: commit})
		return p.CheckDraft()
	})
}

// Place is where a plan was published, and what proves it.
type Place struct {
	Where    string `json:"where" minLength:"1" maxLength:"200"`
	Evidence string `json:"evidence" minLength:"1" maxLength:"200"`
}

// Publish fixes a plan, published now.
func (s *Service) Publish(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, places []Place,
) error {
	return s.step(ctx, campaign, id, []string{schema.DrawPlanned}, func(r *record) error {
		c := &r.certificate
		if err := c.Plan.Check(); err != nil {
			return err
		}
		c.PlanHash, r.state = c.Plan.Hash(), schema.DrawPublished
		for _, p := range places {
			c.Published = append(c.Published, draw.Publication{Where: p.Where, At: s.now(), Evidence: p.Evidence})
		}
		return nil
	})
}

// now is the time as certificates have it.
func (s *Service) now() string { return s.Ingest.Now().UTC().Format("2006-01-02T15:04:05Z") }

// Throw takes everybody's dice, thrown now.
func (s *Service) Throw(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, throws []draw.Throw,
) error {
	return s.step(ctx, campaign, id, []string{schema.DrawPublished}, func(r *record) error {
		c := &r.certificate
		c.Throws, c.ThrownAt, r.state = throws, s.now(), schema.DrawThrown
		return c.CheckDice()
	})
}

// Reveal opens somebody's secret, once the dice have fallen.
func (s *Service) Reveal(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, reveal draw.Reveal,
) error {
	return s.step(ctx, campaign, id, []string{schema.DrawThrown}, func(r *record) error {
		return r.certificate.Reveal(reveal)
	})
}

// Draw draws, and makes the visits, or tells the phones of the sites, unless the
// outcome is sealed.
func (s *Service) Draw(ctx context.Context, campaign schema.CampaignID, id schema.RowID) error {
	return s.step(ctx, campaign, id, []string{schema.DrawThrown}, func(r *record) error {
		if err := r.draw(); err != nil {
			return err
		}
		r.state = schema.DrawDone
		if r.sealed {
			return nil
		}
		return s.tell(ctx, campaign, r)
	})
}

// tell lets the phones know what was drawn.
func (s *Service) tell(ctx context.Context, campaign schema.CampaignID, r *record) error {
	return firstError(
		func() error { return s.visits(ctx, campaign, r) },
		func() error { return s.sites(ctx, campaign, r) },
	)
}

// Void draws a ceremony that does not count: it is opened all the same, with the
// secrets that are not open yet.
func (s *Service) Void(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, reason string, reveals []draw.Reveal,
) error {
	states := []string{schema.DrawPublished, schema.DrawThrown}
	return s.step(ctx, campaign, id, states, func(r *record) error {
		for _, reveal := range reveals {
			if err := r.certificate.Reveal(reveal); err != nil {
				return err
			}
		}
		r.certificate.Status, r.certificate.Reason = draw.Void, reason
		r.state, r.sealed = schema.DrawVoid, false
		return r.draw()
	})
}

// Unseal opens a sealed outcome at departure, and makes the visits.
func (s *Service) Unseal(ctx context.Context, campaign schema.CampaignID, id schema.RowID) error {
	return s.step(ctx, campaign, id, []string{schema.DrawDone}, func(r *record) error {
		if !r.sealed {
			return nil
		}
		r.sealed = false
		return s.tell(ctx, campaign, r)
	})
}

// Replacement asks for the next in reserve in the place of a unit.
type Replacement struct {
	Unit     string `json:"unit" doc:"Its code"`
	Reason   string `json:"reason" enum:"dissolved,disaster,inaccessible,merged,unreachable"`
	Evidence string `json:"evidence" minLength:"1" maxLength:"200"`
	Approver string `json:"approver" minLength:"1" maxLength:"100"`
}

// Replace puts the next in reserve in a unit's place, with a visit of its team.
func (s *Service) Replace(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, asked Replacement,
) error {
	return s.step(ctx, campaign, id, []string{schema.DrawDone}, func(r *record) error {
		if r.sealed {
			return schema.NewFault(schema.FaultDrawSealed, id.String())
		}
		c := &r.certificate
		at := slices.IndexFunc(c.Drawn, func(d draw.Drawn) bool { return d.ID == asked.Unit })
		if at < 0 {
			return schema.NewFault(schema.FaultNotFound, asked.Unit)
		}
		if err := c.Amend(draw.Amendment{
			Stratum: c.Drawn[at].Stratum, Out: asked.Unit, Reason: asked.Reason, Evidence: asked.Evidence,
			Approver: asked.Approver, At: s.now(),
		}); err != nil {
			return err
		}
		return s.visits(ctx, campaign, r)
	})
}

// step changes a ceremony that is in one of some states, unless somebody else did
// meanwhile.
func (s *Service) step(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, states []string, do func(r *record) error,
) error {
	r, err := s.read(ctx, campaign, id)
	if err != nil {
		return err
	}
	if !slices.Contains(states, r.state) {
		return schema.NewFault(schema.FaultDrawState, r.state)
	}
	before := r.cells()
	if err := do(r); err != nil {
		return fmt.Errorf("step of draw %s: %w", r.certificate.Plan.Ceremony(), err)
	}
	return s.update(ctx, campaign, r, before)
}
