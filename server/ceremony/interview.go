package ceremony

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"sansuiji/draw"
	"sansuiji/schema"
)

// SiteSummary is how far the interviews at a unit are.
type SiteSummary struct {
	ID       string    `json:"id" format:"uuid"`
	Draw     string    `json:"draw" format:"uuid" doc:"The ceremony that gave its key"`
	Site     string    `json:"site"`
	Unit     string    `json:"unit"`
	County   string    `json:"county"`
	Team     string    `json:"team"`
	Ask      int64     `json:"ask" doc:"People to be asked"`
	State    string    `json:"state" enum:"none,roster,told,opened,done" doc:"How far it is"`
	Kind     string    `json:"kind" doc:"Source of the roster"`
	People   int       `json:"people" doc:"On the roster"`
	Official int64     `json:"official" doc:"Size of the register; 0: not known"`
	Code     string    `json:"code" doc:"Roster code"`
	Mode     string    `json:"mode"`
	ToldAt   int64     `json:"told_at" doc:"Unix milliseconds, by the phone's clock"`
	OpenedAt int64     `json:"opened_at"`
	Done     int       `json:"done" doc:"People who were interviewed"`
	Attempts int       `json:"attempts"`
	Call     *DeskCall `json:"call,omitempty"`
	Flags    []string  `json:"flags" doc:"What a person should look at" enum:"fails,openings,no-call,other-code,call-after,size,local,withdrawn,mirror-other,mirror-waits"`
	Problem  string    `json:"problem,omitempty" doc:"Code of what does not hold"`
}

// Asked is somebody in the order of the draw.
type Asked struct {
	draw.Chosen
	Name     string    `json:"name"`
	Attempts []Attempt `json:"attempts"`
}

// Attempt is a contact.
type Attempt struct {
	At        int64  `json:"at" doc:"Unix milliseconds"`
	Result    string `json:"result"`
	Note      string `json:"note"`
	Inspector string `json:"inspector"`
}

// SiteDetail is a site with who was asked. Of the reserve only those are named whose
// turn has come.
type SiteDetail struct {
	SiteSummary
	ToldTo     string           `json:"told_to"`
	Order      []Asked          `json:"order"`
	Households []draw.Household `json:"households"`
	Mirrors    []Mirror         `json:"mirrors"`
}

// Files of a site, to be downloaded.
const (
	RecordFile = "record.json"
	RosterFile = "roster.csv"
)

// Sites lists the sites that a team goes to, or where somebody was.
func (s *Service) Sites(ctx context.Context, campaign schema.CampaignID) ([]SiteSummary, error) {
	villages, certificates, err := s.withCertificates(ctx, campaign, nil)
	if err != nil {
		return nil, err
	}
	out := []SiteSummary{}
	for _, v := range villages {
		out = append(out, v.summary(certificates[v.draw]))
	}
	return out, nil
}

// withCertificates reads villages and the ceremonies that gave their keys.
func (s *Service) withCertificates(
	ctx context.Context, campaign schema.CampaignID, only *schema.RowID,
) ([]*village, map[schema.RowID]*draw.Certificate, error) {
	villages, err := s.villages(ctx, campaign, only)
	if err != nil {
		return nil, nil, err
	}
	list, err := s.list(ctx, campaign)
	certificates := map[schema.RowID]*draw.Certificate{}
	for i := range list {
		certificates[list[i].id] = &list[i].certificate
	}
	return villages, certificates, err
}

func (s *Service) site(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID,
) (*village, *draw.Certificate, error) {
	villages, certificates, err := s.withCertificates(ctx, campaign, &id)
	if err != nil {
		return nil, nil, err
	}
	if len(villages) == 0 {
		return nil, nil, schema.NewFault(schema.FaultNotFound, id.String())
	}
	return villages[0], certificates[villages[0].draw], nil
}

// Site is one site with who was asked.
func (s *Service) Site(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (SiteDetail, error) {
	v, c, err := s.site(ctx, campaign, id)
	if err != nil {
		return SiteDetail{}, err
	}
	d := SiteDetail{
		SiteSummary: v.summary(c), Order: []Asked{}, Households: v.drawnHouseholds(), Mirrors: v.mirrors,
	}
	if o := v.opened(); o != nil {
		d.ToldTo = o.toldTo
		d.Order, err = v.order(c)
	}
	return d, err
}

// SiteFile is a file of a site: its record, or its roster as a verifier wants it.
func (s *Service) SiteFile(
	ctx context.Context, campaign schema.CampaignID, id schema.RowID, name string,
) ([]byte, error) {
	v, _, err := s.site(ctx, campaign, id)
	if err != nil {
		return nil, err
	}
	if v.opened() == nil {
		return nil, schema.NewFault(schema.FaultDrawState, "not opened")
	}
	record, roster, err := v.files()
	switch {
	case err != nil:
		return nil, err
	case name == RecordFile:
		return draw.Canonical(record), nil
	case name == RosterFile:
		return draw.AppendRoster(nil, roster), nil
	}
	return nil, schema.NewFault(schema.FaultNotFound, name)
}

// opened is the opening that stands, if its key was opened.
func (v *village) opened() *opening {
	if len(v.openings) == 0 || v.openings[0].openedAt == 0 {
		return nil
	}
	return &v.openings[0]
}

func (v *village) summary(c *draw.Certificate) SiteSummary {
	out := SiteSummary{
		ID: v.id.String(), Draw: v.draw.String(), Site: v.site, Unit: v.name, County: v.county, Team: v.team, Ask: v.n,
		State: "none", Kind: v.kind, People: len(v.people), Official: v.official, Attempts: len(v.contacts), Call: v.call,
		Flags: []string{},
	}
	for _, c := range v.contacts {
		if c.result == draw.Completed {
			out.Done++
		}
	}
	if len(v.people) > 0 {
		out.State = "roster"
	}
	if len(v.openings) > 0 {
		o := &v.openings[0]
		out.State, out.People, out.Code, out.ToldAt, out.Mode, out.OpenedAt = "told", int(o.size), o.code, o.toldAt, o.mode, o.openedAt
		if o.official > 0 {
			out.Official = o.official
		}
	}
	if v.opened() != nil {
		out.State = "opened"
		if int64(out.Done) >= v.n {
			out.State = "done"
		}
		out.Problem = v.problem(c)
	}
	out.Flags = append(out.Flags, v.flags(&out)...)
	return out
}

// callSlack is how far a phone's clock may be off before a call seems to have come after
// the opening.
const callSlack = 10 * time.Minute

// flags are what a person should look at.
func (v *village) flags(s *SiteSummary) (flags []string) {
	flag := func(name string, when bool) {
		if when {
			flags = append(flags, name)
		}
	}
	flag("fails", s.Problem != "")
	flag("openings", v.disagreed > 0)
	flag("no-call", s.Mode == draw.Desk && v.call == nil)
	flag("other-code", v.call != nil && s.Code != "" && v.call.Code != s.Code)
	flag("call-after", s.Mode == draw.Desk && v.call != nil && v.call.ToldAt > s.OpenedAt+callSlack.Milliseconds())
	flag("size", s.Official > 0 && s.People > 0 && draw.SizesDiffer(s.People, int(s.Official)))
	flag("local", s.Mode == draw.Local)
	flag("withdrawn", v.withdrawn > 0)
	for _, state := range []string{"other", "waits"} {
		flag("mirror-"+state, slices.ContainsFunc(v.mirrors, func(m Mirror) bool { return m.State == state }))
	}
	return flags
}

// problem is the code of what does not hold in a site's record; empty if it holds.
func (v *village) problem(c *draw.Certificate) string {
	record, roster, err := v.files()
	if err != nil {
		if p := draw.ProblemOf(err); p != nil {
			return p.Code
		}
		return "roster"
	}
	done := draw.VerifySite(draw.Canonical(record), draw.Canonical(c), draw.AppendRoster(nil, roster))
	for _, step := range done.Steps {
		if step.Problem != nil {
			return step.Problem.Code
		}
	}
	return ""
}

// files are a site's record, and its roster: as it was when its code was told, and who
// came late.
func (v *village) files() (*draw.SiteRecord, *draw.Roster, error) {
	o := v.opened()
	roster, err := draw.ReadRoster([]byte(o.people))
	if err != nil {
		return nil, nil, fmt.Errorf("read roster of site %s: %w", v.site, err)
	}
	people := roster.People
	for _, p := range v.people {
		if !slices.ContainsFunc(roster.People, func(told draw.Person) bool { return told.Key == p.Key }) {
			p.Late = true
			people = append(people, p)
		}
	}
	if roster, err = draw.NewRoster(people); err != nil {
		return nil, nil, err
	}
	r := &draw.SiteRecord{
		Spec: draw.Spec, PlanHash: draw.Hash(v.planHash), Site: v.site, Mode: o.mode, N: v.n, Proof: v.proof,
		Code: o.code, Size: int(o.size), Official: int(o.official), LoggedAt: stamp(o.toldAt), OpenedAt: stamp(o.openedAt),
		Households: v.drawnHouseholds(),
	}
	copy(r.Key[:], o.key)
	copy(r.Root[:], o.root)
	if o.throws != "" {
		if err := draw.Decode([]byte(o.throws), &r.Local); err != nil {
			return nil, nil, err
		}
	}
	for _, c := range v.contacts {
		r.Contacts = append(r.Contacts, draw.Contact{Key: c.key, At: stamp(c.at), Result: c.result})
	}
	return r, roster, nil
}

func (v *village) drawnHouseholds() []draw.Household {
	list := []draw.Household{}
	for i := range v.households {
		list = append(list, v.households[i].Household)
	}
	return list
}

// stamp is a time as records have it.
func stamp(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05Z") }

// order is who was asked, and whose turn it is.
func (v *village) order(c *draw.Certificate) ([]Asked, error) {
	record, roster, err := v.files()
	if err != nil {
		return nil, err
	}
	key := draw.SiteDraw(record.PlanHash, record.Site, record.Key, c.Throws, record.Local)
	order := roster.Order(v.site, key)
	asking := draw.NewAsking(v.n, record.OpenedAt, order)
	for _, c := range record.Contacts {
		_ = asking.Take(c) // what is out of turn is flagged elsewhere
	}
	out := []Asked{}
	for _, chosen := range order {
		a := Asked{Chosen: chosen, Name: nameOf(roster, chosen.Key), Attempts: []Attempt{}}
		for _, c := range v.contacts {
			if c.key == chosen.Key {
				a.Attempts = append(a.Attempts, Attempt{c.at, c.result, c.note, c.inspector})
			}
		}
		if len(a.Attempts) > 0 || chosen.Rank <= asking.Allowed() {
			out = append(out, a)
		}
	}
	return out, nil
}

func nameOf(r *draw.Roster, key string) string {
	at, found := slices.BinarySearchFunc(r.People, key, func(p draw.Person, key string) int {
		return strings.Compare(p.Key, key)
	})
	if !found {
		return ""
	}
	for _, a := range r.People[at].Attributes {
		if a.Key == "name" {
			return a.Value
		}
	}
	return ""
}
