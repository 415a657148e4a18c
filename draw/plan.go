package draw

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Plan is what is fixed and published before chance has its say.
type Plan struct {
	Spec     string  `json:"spec"`
	Suite    string  `json:"suite"`
	Campaign string  `json:"campaign"`
	Seq      int64   `json:"seq"` // of the campaign's ceremonies, from 1, without gaps
	Purpose  string  `json:"purpose"`
	Scope    string  `json:"scope"`
	Previous Hash    `json:"previous"` // hash of certificate seq-1; zeros for the first
	Frame    Summary `json:"frame"`

	Sample *SamplePlan `json:"sample,omitempty"`
	Teams  *TeamsPlan  `json:"teams,omitempty"`
	Routes *RoutesPlan `json:"routes,omitempty"`
	Sites  *SitesPlan  `json:"sites,omitempty"`

	Commitments []Commitment `json:"commitments,omitempty"`
	Public      PublicPlan   `json:"public"`
	GapSeconds  int64        `json:"gap_s"` // from the publication to the dice, at least
}

// Commitment is the hash of a secret that somebody holds; see Commit.
type Commitment struct {
	Role   string `json:"role"`
	Commit Hash   `json:"commit"`
}

// PublicPlan is what dice are thrown, and by whom, in what order.
type PublicPlan struct {
	Type   string   `json:"type"` // dice
	Sides  int64    `json:"sides"`
	People []string `json:"people,omitempty"`
	Throws int64    `json:"throws"` // of each of them
}

// Bounds of a ceremony.
const (
	rolesMin  = 2
	peopleMin = 3
	throwsMax = 1000 // and people
	// publicBits is the number of the public outcomes at least, as a power of two. With
	// 2^40 somebody who tries 2^60 secrets before the dice moves the probability of one
	// unit by 4 in a million.
	publicBits = 40
)

// Allocation rules.
const (
	Webster  = "webster"  // proportional to the weights, by Webster's method
	Neyman   = "neyman"   // weights with what units vary by, by Huntington and Hill's
	Rounding = "rounding" // proportional, rounded by chance: a cell may get none
	Ratio    = "ratio"    // a share of each class, within it by Webster's method
	Fixed    = "fixed"    // as given
)

// Weights that an allocation goes by.
const (
	ByUnits = "units" // the number of eligible units
	BySize  = "size"  // their total size
	ByGiven = "given" // as given
)

// Designs.
const (
	SRS    = "srs"    // simple random sampling within strata
	Pareto = "pareto" // probabilities proportional to size, Rosén's Pareto sampling
)

// SamplePlan is how many units are drawn, and how.
type SamplePlan struct {
	Design string `json:"design"`
	Rule   string `json:"rule"`
	N      int64  `json:"n"`                // in all; 0 under Ratio and Fixed, where it follows
	Floor  int64  `json:"floor"`            // for each stratum, as far as it has units
	Weight string `json:"weight,omitempty"` // of Webster, Neyman and Rounding; else empty

	Given   []Given     `json:"given,omitempty"`   // by stratum
	Classes []ClassRule `json:"classes,omitempty"` // of Ratio
	Certain []string    `json:"certain,omitempty"` // ids that are in without a draw, sorted
	// A stratum with n drawn has ⌈n·ppm/10^6⌉ in reserve, but ReserveMin at least, as far
	// as it has units.
	ReservePPM int64 `json:"reserve_ppm"`
	ReserveMin int64 `json:"reserve_min"`
}

// Given is a stratum's number, or weight.
type Given struct {
	Stratum string `json:"stratum"`
	Value   int64  `json:"value"`
}

// ClassRule is the share of a class that is drawn, in millionths, and how many at
// least.
type ClassRule struct {
	Class    string `json:"class"`
	RatioPPM int64  `json:"ratio_ppm"`
	Min      int64  `json:"min"`
}

// TeamsPlan is which team goes to which stratum, and who is in it.
type TeamsPlan struct {
	Teams   []TeamRule   `json:"teams,omitempty"`   // sorted by id
	Barred  []Barred     `json:"barred,omitempty"`  // what: a stratum
	Members []MemberRule `json:"members,omitempty"` // sorted by role
}

// TeamRule is how many strata a team takes at most.
type TeamRule struct {
	ID  string `json:"id"`
	Cap int64  `json:"cap"`
}

// Barred is a pair that may not be: a team, and a stratum or a person.
type Barred struct {
	Team string `json:"team"`
	What string `json:"what"`
}

// MemberRule is how the people of a role are put into teams.
type MemberRule struct {
	Role   string     `json:"role"`
	People []string   `json:"people,omitempty"` // sorted
	Quota  []TeamRule `json:"quota,omitempty"`  // places by team, sorted
	Barred []Barred   `json:"barred,omitempty"` // what: a person
}

// RoutesPlan is how each team's order of visits is drawn.
type RoutesPlan struct {
	DepotX         int64 `json:"depot_x_m"`
	DepotY         int64 `json:"depot_y_m"`
	DetourPermille int64 `json:"detour_permille"` // roads against the straight line
	BudgetPercent  int64 `json:"budget_percent"`  // of the best tour with the same first stop
	Moves          int64 `json:"moves"`           // for each stop

	Days *DaysPlan `json:"days,omitempty"` // nil: routes are not split into days
}

// DaysPlan is what fits into a day.
type DaysPlan struct {
	MetresPerMinute int64 `json:"metres_per_minute"` // driven
	VisitMinutes    int64 `json:"visit_minutes"`
	DayMinutes      int64 `json:"day_minutes"`
}

// Bounds of a day's plan.
const (
	dayMinutesMax = 24 * 60
	speedMax      = 10_000
)

func (p *DaysPlan) check() error {
	if p == nil || p.MetresPerMinute >= 1 && p.MetresPerMinute <= speedMax && p.VisitMinutes >= 0 &&
		p.DayMinutes >= 1 && p.DayMinutes <= dayMinutesMax && p.VisitMinutes <= p.DayMinutes {
		return nil
	}
	return problem("days-plan")
}

// SitesPlan is the tree of the keys that unlock the draws of people in the field, how
// many people are to be asked at each site, and in what modes keys may be opened.
type SitesPlan struct {
	Root  Hash     `json:"root"`
	N     int64    `json:"n"`
	Ask   int64    `json:"ask"`
	Modes []string `json:"modes,omitempty"` // sorted; see Desk
}

// Allows says whether keys may be opened in a mode.
func (s *SitesPlan) Allows(mode string) bool { return slices.Contains(s.Modes, mode) }

// ParsePlan reads a plan, which must be valid.
func ParsePlan(text []byte) (*Plan, error) {
	var p Plan
	if err := Decode(text, &p); err != nil {
		return nil, err
	}
	return &p, p.Check()
}

// Hash is what the plan is published by.
func (p *Plan) Hash() Hash { return sum(tag("plan", Canonical(p))) }

// Ceremony is the plan's name, which commitments are made for.
func (p *Plan) Ceremony() string { return p.Campaign + "/" + strconv.FormatInt(p.Seq, 10) }

// Check says what is wrong with a plan, whatever its frame is.
func (p *Plan) Check() error {
	if err := p.CheckDraft(); err != nil {
		return err
	}
	if len(p.Commitments) < rolesMin {
		return problem("plan-roles", strconv.Itoa(rolesMin))
	}
	return nil
}

// CheckDraft is Check of a plan that not all have committed to yet.
func (p *Plan) CheckDraft() error {
	switch {
	case p.Spec != Spec:
		return problem("spec-unknown", p.Spec)
	case p.Suite != Suite:
		return problem("suite-unknown", p.Suite)
	case !isID(p.Campaign) || !isID(p.Purpose) || !isID(p.Scope):
		return problem("plan-names", p.Campaign, p.Purpose, p.Scope)
	case slices.Contains(purposesOfOurs, p.Purpose):
		return problem("plan-purpose", p.Purpose)
	case p.Seq < 1:
		return problem("plan-seq", strconv.FormatInt(p.Seq, 10))
	case (p.Seq == 1) != (p.Previous == Hash{}):
		return problem("plan-previous")
	case p.GapSeconds < 0:
		return problem("plan-gap")
	case p.Sample == nil && p.Teams == nil && p.Sites == nil:
		return problem("plan-nothing")
	case p.Routes != nil && (p.Sample == nil || p.Teams == nil):
		return problem("plan-routes-alone")
	}
	return firstOf(p.checkCommitments, p.Public.check, p.checkFrame, p.Sample.check, p.Teams.check,
		p.Routes.check, p.Sites.check)
}

// purposesOfOurs are those whose keys are for parts of a draw.
var purposesOfOurs = []string{"round", "assign", "members", "route"}

func firstOf(checks ...func() error) error {
	for _, check := range checks {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (p *Plan) checkCommitments() error {
	for i, c := range p.Commitments {
		twice := slices.ContainsFunc(p.Commitments[:i], func(o Commitment) bool {
			return o.Role == c.Role || o.Commit == c.Commit
		})
		if !isID(c.Role) || twice {
			return problem("plan-role", c.Role)
		}
	}
	return nil
}

func (p *PublicPlan) check() error {
	if p.Type != "dice" {
		return problem("public-unknown", p.Type)
	}
	if p.Sides < 2 || p.Sides > 10 {
		return problem("dice-sides", strconv.FormatInt(p.Sides, 10))
	}
	if len(p.People) < peopleMin {
		return problem("dice-people", strconv.Itoa(peopleMin))
	}
	if len(p.People) > throwsMax || p.Throws > throwsMax {
		return problem("dice-many", strconv.Itoa(throwsMax))
	}
	for i, who := range p.People {
		if !isID(who) || slices.Contains(p.People[:i], who) {
			return problem("dice-person", who)
		}
	}
	// sides^(people·throws) ≥ 2^publicBits
	outcomes := uint64(1)
	for range min(int64(len(p.People))*max(p.Throws, 0), 64) {
		if high, low := bits.Mul64(outcomes, uint64(p.Sides)); high == 0 && low>>publicBits == 0 {
			outcomes = low
			continue
		}
		return nil
	}
	return problem("dice-few", strconv.Itoa(publicBits))
}

// checkFrame wants exclusions to have somebody who answers for them.
func (p *Plan) checkFrame() error {
	excluded := 0
	for i, e := range p.Frame.Excluded {
		if e.Evidence == "" || e.Approver == "" {
			return problem("plan-exclusion", e.Code)
		}
		if e.N < 1 || e.N > p.Frame.N || len(p.Frame.Excluded) > 1000 || i > 0 && e.Code <= p.Frame.Excluded[i-1].Code {
			return problem("plan-counts")
		}
		excluded += e.N
	}
	if p.Frame.Eligible < 1 || p.Frame.Eligible+excluded != p.Frame.N {
		return problem("plan-counts")
	}
	return nil
}

// Try draws with a seed that means nothing, to see whether a plan can be drawn from
// a frame at all.
func (p *Plan) Try(f *Frame) error {
	if err := p.Fits(f); err != nil {
		return err
	}
	_, err := Run(p, f, &Seed{})
	return err
}

// ExcludedMany says whether more than a tenth of the frame is left out.
func (p *Plan) ExcludedMany() bool { return (p.Frame.N-p.Frame.Eligible)*10 > p.Frame.N }

func (s *SamplePlan) check() error {
	if s == nil {
		return nil
	}
	if s.Design != SRS && s.Design != Pareto {
		return problem("sample-design", s.Design)
	}
	weighted := s.Rule == Webster || s.Rule == Neyman || s.Rule == Rounding
	switch {
	case !weighted && s.Rule != Ratio && s.Rule != Fixed:
		return problem("sample-rule", s.Rule)
	case weighted != (s.N > 0), !weighted && s.Floor != 0, s.Floor < 0, s.Rule == Rounding && s.Floor != 0,
		s.Rule == Neyman && s.Floor < 1:
		return problem("sample-n", strconv.FormatInt(s.N, 10), strconv.FormatInt(s.Floor, 10))
	case weighted != (s.Weight == ByUnits || s.Weight == BySize || s.Weight == ByGiven), !weighted && s.Weight != "":
		return problem("sample-weight", s.Weight)
	case (s.Rule == Fixed || s.Weight == ByGiven) != (len(s.Given) > 0):
		return problem("sample-given")
	case (s.Rule == Ratio) != (len(s.Classes) > 0):
		return problem("sample-classes")
	case s.ReservePPM < 0 || s.ReservePPM > 10_000_000 || s.ReserveMin < 0:
		return problem("sample-reserve")
	case !slices.IsSorted(s.Certain) || len(slices.Compact(slices.Clone(s.Certain))) != len(s.Certain):
		return problem("sample-certain")
	}
	for i, g := range s.Given {
		if !isID(g.Stratum) || g.Value < 0 || i > 0 && g.Stratum <= s.Given[i-1].Stratum {
			return problem("sample-given-one", g.Stratum)
		}
	}
	for i, c := range s.Classes {
		if !isID(c.Class) || c.RatioPPM < 1 || c.RatioPPM > 1_000_000 || c.Min < 0 ||
			i > 0 && c.Class <= s.Classes[i-1].Class {
			return problem("sample-class", c.Class)
		}
	}
	return nil
}

func (t *TeamsPlan) check() error {
	if t == nil {
		return nil
	}
	if err := checkTeams(t.Teams); err != nil {
		return err
	}
	if err := checkBarred(t.Barred, t.Teams); err != nil {
		return err
	}
	for i := range t.Members {
		m := &t.Members[i]
		if !isID(m.Role) || i > 0 && m.Role <= t.Members[i-1].Role {
			return problem("members-role", m.Role)
		}
		for k, who := range m.People {
			if !isID(who) || k > 0 && who <= m.People[k-1] {
				return problem("members-person", m.Role, who)
			}
		}
		if err := firstOf(
			func() error { return checkTeams(m.Quota) },
			func() error { return checkBarred(m.Barred, m.Quota) },
		); err != nil {
			return err
		}
		if !slices.EqualFunc(m.Quota, t.Teams, func(a, b TeamRule) bool { return a.ID == b.ID }) {
			return problem("members-quota", m.Role)
		}
	}
	return nil
}

func checkTeams(teams []TeamRule) error {
	if len(teams) == 0 {
		return problem("teams-none")
	}
	for i, team := range teams {
		if !isID(team.ID) || team.Cap < 0 || team.Cap > 1000 || i > 0 && team.ID <= teams[i-1].ID {
			return problem("teams-team", team.ID)
		}
	}
	return nil
}

func checkBarred(barred []Barred, teams []TeamRule) error {
	for i, b := range barred {
		known := slices.ContainsFunc(teams, func(t TeamRule) bool { return t.ID == b.Team })
		if !known || !isID(b.What) || slices.Contains(barred[:i], b) {
			return problem("teams-barred", b.Team, b.What)
		}
	}
	return nil
}

func (p *RoutesPlan) check() error {
	switch {
	case p == nil:
		return nil
	case max(p.DepotX, -p.DepotX, p.DepotY, -p.DepotY) > CoordinateMax,
		p.DetourPermille < 1000 || p.DetourPermille > 5000,
		p.BudgetPercent < 100 || p.BudgetPercent > 1000,
		p.Moves < 1 || p.Moves > 100_000:
		return problem("routes-plan")
	}
	return p.Days.check()
}

func (s *SitesPlan) check() error {
	if s == nil {
		return nil
	}
	if s.N < 1 || s.Ask < 1 || len(s.Modes) == 0 {
		return problem("sites-plan")
	}
	for i, mode := range s.Modes {
		if !slices.Contains(modes, mode) || i > 0 && mode <= s.Modes[i-1] {
			return problem("site-mode", mode)
		}
	}
	return nil
}

// timeForm is how times are written: RFC 3339 in UTC, to the second.
const timeForm = "2006-01-02T15:04:05Z"

// parseTime reads a time; it must be written to the letter.
func parseTime(text string) (time.Time, error) {
	t, err := time.Parse(timeForm, text)
	if err != nil || t.Format(timeForm) != text || strings.HasPrefix(text, "0000") {
		return t, problem("time", text)
	}
	return t, nil
}
