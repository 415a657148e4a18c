package draw

import (
	"slices"
	"strings"
)

// Statuses of a ceremony.
const (
	Done = "done"
	// Void is a ceremony that does not count. It is opened all the same: who voids one
	// because of what it gave is seen.
	Void = "void"
)

// Certificate is a ceremony with all that is needed to do it again.
type Certificate struct {
	Spec      string        `json:"spec"`
	Status    string        `json:"status"`
	Reason    string        `json:"reason,omitempty"` // of a void one
	Plan      Plan          `json:"plan"`
	PlanHash  Hash          `json:"plan_hash"`
	Published []Publication `json:"published,omitempty"`
	ThrownAt  string        `json:"thrown_at,omitempty"` // RFC 3339, UTC; empty: void before the dice
	Throws    []Throw       `json:"throws,omitempty"`
	Reveals   []Reveal      `json:"reveals,omitempty"`
	Outcome

	// Amendments come after the certificate's hash was published, each linked to the one
	// before.
	Amendments []Amendment `json:"amendments,omitempty"`
}

// Publication is where and when a plan's hash was published, before the dice.
type Publication struct {
	Where    string `json:"where"`
	At       string `json:"at"` // RFC 3339, UTC
	Evidence string `json:"evidence"`
}

// Outcome is what the draws gave.
type Outcome struct {
	Allocation []Allotted  `json:"allocation,omitempty"`
	Drawn      []Drawn     `json:"drawn,omitempty"`
	Teams      *TeamsDrawn `json:"teams,omitempty"`
	Routes     []Route     `json:"routes,omitempty"`
}

// ParseCertificate reads a certificate. Whether it holds, Verify says.
func ParseCertificate(text []byte) (*Certificate, error) {
	var c Certificate
	if err := Decode(text, &c); err != nil {
		return nil, err
	}
	return &c, nil
}

// Hash is what a certificate is published by, at once. Amendments do not change it.
func (c *Certificate) Hash() Hash {
	core := *c
	core.Amendments = nil
	return sum(tag("certificate", Canonical(&core)))
}

// CheckDice wants a plan that is whole, everybody's dice, and the plan published
// long enough before.
func (c *Certificate) CheckDice() error {
	v := verifier{certificate: c}
	return firstOf(c.Plan.Check, v.public)
}

// Reveal adds a secret that its holder opens; the order is the plan's.
func (c *Certificate) Reveal(r Reveal) error {
	if slices.ContainsFunc(c.Reveals, func(o Reveal) bool { return o.Role == r.Role }) {
		return problem("reveals-twice", r.Role)
	}
	var ordered []Reveal
	found := false
	for _, m := range c.Plan.Commitments {
		if m.Role == r.Role {
			found = true
			if Commit(c.Plan.Ceremony(), r.Role, r.Secret) != m.Commit {
				return problem("reveals-other", r.Role)
			}
			ordered = append(ordered, r)
		}
		for _, o := range c.Reveals {
			if o.Role == m.Role {
				ordered = append(ordered, o)
			}
		}
	}
	if !found {
		return problem("reveals-nobody", r.Role)
	}
	c.Reveals = ordered
	return nil
}

// Draw draws what the plan asks for and writes it down. Nothing is written if
// anything is wrong.
func (c *Certificate) Draw(f *Frame) error {
	c.PlanHash = c.Plan.Hash()
	if c.unthrown() {
		return firstOf(c.Plan.Check, func() error { return c.Plan.checkReveals(c.Reveals) })
	}
	if err := firstOf(c.CheckDice, func() error { return c.Plan.Fits(f) }); err != nil {
		return err
	}
	seed, err := NewSeed(&c.Plan, c.Reveals, c.Throws)
	if err != nil {
		return err
	}
	done, err := Run(&c.Plan, f, seed)
	if err != nil && c.Status == Void { // what could not be drawn can be void
		done, err = &Outcome{}, nil
	}
	if err != nil {
		return err
	}
	c.Outcome, c.Amendments = *done, nil
	return nil
}

// unthrown says whether a ceremony was void before the dice.
func (c *Certificate) unthrown() bool {
	return c.Status == Void && len(c.Throws) == 0 && c.ThrownAt == ""
}

// Head is the hash that the next amendment is linked to: of the newest one, or of the
// certificate.
func (c *Certificate) Head() Hash {
	if n := len(c.Amendments); n > 0 {
		return c.Amendments[n-1].Hash()
	}
	return c.Hash()
}

// Run draws all that a plan asks for.
func Run(p *Plan, f *Frame, seed *Seed) (*Outcome, error) {
	var done Outcome
	strata := f.strata()
	if p.Sample != nil {
		stream := NewStream(seed.Key("round", p.Scope))
		allocation, err := p.Sample.allocate(strata, stream)
		if err != nil {
			return nil, err
		}
		done.Allocation = allocation
		key := seed.Key(p.Purpose, p.Scope)
		for i, s := range strata {
			done.Drawn = append(done.Drawn, p.Sample.draw(s, &allocation[i], &key)...)
		}
	}
	if p.Teams != nil {
		teams, err := p.Teams.draw(namesOf(strata), p.Scope, seed)
		if err != nil {
			return nil, err
		}
		done.Teams = teams
	}
	if p.Routes != nil {
		routes, err := p.Routes.draw(done.Teams, p.Teams.Teams, done.Drawn, f, p.Scope, seed)
		if err != nil {
			return nil, err
		}
		done.Routes = routes
	}
	return &done, nil
}

func namesOf(strata []*stratum) []string {
	names := make([]string, len(strata))
	for i, s := range strata {
		names[i] = s.id
	}
	return names
}

// Amendment puts the next in reserve in the place of a unit that cannot be visited.
type Amendment struct {
	Stratum  string `json:"stratum"`
	Out      string `json:"out"`
	In       string `json:"in"`
	Reason   string `json:"reason"`
	Evidence string `json:"evidence"` // hash of a photo or a document
	Approver string `json:"approver"`
	At       string `json:"at"`       // RFC 3339, UTC
	Previous Hash   `json:"previous"` // hash of the amendment before, or of the certificate
}

// Hash is what the next amendment is linked to.
func (a *Amendment) Hash() Hash { return sum(tag("amendment", Canonical(a))) }

// Reasons for which a unit is replaced.
func Reasons() []string {
	return []string{"dissolved", "disaster", "inaccessible", "merged", "unreachable"}
}

// leaderRole is the role whose people do not approve replacements.
const leaderRole = "leader"

// Amend appends a replacement. Who is in, and the link, follow from the certificate.
func (c *Certificate) Amend(a Amendment) error {
	if c.Status == Void {
		return problem("amendment-void")
	}
	a.Previous = c.Head()
	s := c.standing()
	in, err := s.next(a.Stratum)
	if err != nil {
		return err
	}
	a.In = in
	if err := s.take(c, &a); err != nil {
		return err
	}
	c.Amendments = append(c.Amendments, a)
	return nil
}

// standing is who is to be visited, and who is next in reserve.
type standing struct {
	visited map[string]string // stratum by id
	reserve map[string][]string
	last    Hash
	at      string
}

func (c *Certificate) standing() *standing {
	s := &standing{visited: map[string]string{}, reserve: map[string][]string{}, last: c.Hash(), at: c.ThrownAt}
	for i := range c.Drawn {
		if d := &c.Drawn[i]; d.Reserve == 0 {
			s.visited[d.ID] = d.Stratum
		} else {
			s.reserve[d.Stratum] = append(s.reserve[d.Stratum], d.ID)
		}
	}
	for i := range c.Amendments {
		s.apply(&c.Amendments[i])
	}
	return s
}

func (s *standing) next(stratum string) (string, error) {
	if len(s.reserve[stratum]) == 0 {
		return "", problem("amendment-reserve", stratum)
	}
	return s.reserve[stratum][0], nil
}

// take checks an amendment and makes it.
func (s *standing) take(c *Certificate, a *Amendment) error {
	next, err := s.next(a.Stratum)
	switch _, badTime := parseTime(a.At); {
	case s.visited[a.Out] == "" || s.visited[a.Out] != a.Stratum:
		return problem("amendment-out", a.Out, a.Stratum)
	case err != nil:
		return err
	case a.In != next:
		return problem("amendment-in", a.In, a.Stratum, next)
	case !slices.Contains(Reasons(), a.Reason):
		return problem("amendment-reason", a.Reason, strings.Join(Reasons(), ", "))
	case a.Evidence == "" || a.Approver == "":
		return problem("amendment-evidence", a.Out)
	case c.leads(a.Approver):
		return problem("amendment-approver", a.Approver)
	case badTime != nil:
		return badTime
	case a.At < s.at:
		return problem("amendment-time", a.At, s.at)
	case a.Previous != s.last:
		return problem("amendment-link", a.Out)
	}
	s.apply(a)
	return nil
}

func (s *standing) apply(a *Amendment) {
	delete(s.visited, a.Out)
	s.visited[a.In] = a.Stratum
	s.reserve[a.Stratum] = slices.DeleteFunc(s.reserve[a.Stratum], func(id string) bool { return id == a.In })
	s.last, s.at = a.Hash(), a.At
}

// leads says whether a person leads a team.
func (c *Certificate) leads(who string) bool {
	if c.Plan.Teams == nil {
		return false
	}
	for i := range c.Plan.Teams.Members {
		if m := &c.Plan.Teams.Members[i]; m.Role == leaderRole && slices.Contains(m.People, who) {
			return true
		}
	}
	return false
}
