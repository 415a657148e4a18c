package draw

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Random plans, as good as any and often wrong, that both languages' programs make
// from a number and draw. web/packages/draw/src/random.testing.ts makes the same.

// randomCase makes the case of a number.
func randomCase(n int) (file []byte, p *Plan, reveals []Reveal, throws []Throw) {
	r := NewStream(Key(sum(tag("random", []byte(strconv.Itoa(n))))))
	units := randomUnits(r)
	f := &Frame{Units: slices.SortedFunc(slices.Values(units), func(a, b Unit) int { return strings.Compare(a.ID, b.ID) })}
	file = AppendFrame(nil, f)
	f.SHA256 = sum(file)
	p = &Plan{
		Spec: Spec, Suite: Suite, Campaign: "R", Seq: 1, Purpose: "branch", Scope: "s" + strconv.Itoa(n), Frame: f.Summary(),
		GapSeconds: int64(r.below(100)),
	}
	for i := range p.Frame.Excluded {
		p.Frame.Excluded[i].Evidence, p.Frame.Excluded[i].Approver = "證", "P"
	}
	p.Sample = randomSample(r, f)
	if r.below(2) == 0 {
		p.Teams = randomTeams(r, f)
		if r.below(2) == 0 {
			p.Routes = &RoutesPlan{
				DepotX: int64(r.below(2000)) - 1000, DepotY: int64(r.below(2000)) - 1000,
				DetourPermille: int64(1000 + r.below(600)), BudgetPercent: int64(105 + r.below(40)), Moves: int64(1 + r.below(60)),
			}
			if r.below(2) == 0 {
				p.Routes.Days = &DaysPlan{
					MetresPerMinute: int64(1 + r.below(900)), VisitMinutes: int64(r.below(120)), DayMinutes: int64(120 + r.below(480)),
				}
			}
		}
	}
	p.Public = PublicPlan{Type: "dice", Sides: 10, Throws: int64(4 + r.below(5))}
	if r.below(3) == 0 {
		p.Public.Sides = 6
	}
	for i := range 3 + r.below(2) {
		digits := ""
		for range p.Public.Throws {
			if p.Public.Sides == 10 {
				digits += strconv.Itoa(r.below(10))
			} else {
				digits += strconv.Itoa(1 + r.below(6))
			}
		}
		p.Public.People = append(p.Public.People, "D"+strconv.Itoa(i))
		throws = append(throws, Throw{"D" + strconv.Itoa(i), digits})
	}
	for _, role := range []string{"hq", "observer"} {
		s := sum(tag("secret", []byte(role), []byte(strconv.Itoa(n))))
		p.Commitments = append(p.Commitments, Commitment{role, Commit(p.Ceremony(), role, s)})
		reveals = append(reveals, Reveal{role, s})
	}
	return file, p, reveals, throws
}

func randomUnits(r *Stream) (units []Unit) {
	for s := range 1 + r.below(4) {
		class := "A" + strconv.Itoa(r.below(2))
		for i := range 1 + r.below(12) {
			u := Unit{
				ID: fmt.Sprintf("U%d.%d", s, r.below(1000)), Stratum: "S" + strconv.Itoa(s), Class: class,
				Size: uint64(1 + r.below(1000)), Eligible: i == 0 || r.below(10) > 0,
			}
			u.X, u.Y = int32(r.below(200_001)-100_000), int32(r.below(200_001)-100_000)
			if r.below(40) == 0 {
				u.Size = 1<<40 + r.Below(1<<32)
			}
			if !u.Eligible {
				u.Exclusion = "E" + strconv.Itoa(r.below(3))
			}
			if r.below(2) == 0 {
				u.Attributes = []Attribute{{"name", []string{"和平村", "a,b", `"q"`, " x", "é"}[r.below(5)]}}
			}
			if !slices.ContainsFunc(units, func(o Unit) bool { return o.ID == u.ID }) {
				units = append(units, u)
			}
		}
	}
	return units
}

func randomSample(r *Stream, f *Frame) *SamplePlan {
	s := &SamplePlan{
		Design: []string{SRS, Pareto}[r.below(2)], Rule: []string{Webster, Neyman, Rounding, Ratio, Fixed}[r.below(5)],
		ReservePPM: int64(r.below(2_000_000)), ReserveMin: int64(r.below(3)),
	}
	strata := f.strata()
	weighted := s.Rule == Webster || s.Rule == Neyman || s.Rule == Rounding
	if weighted {
		s.N = int64(1 + r.below(14))
		s.Weight = []string{ByUnits, BySize, ByGiven}[r.below(3)]
	}
	if s.Rule == Webster || s.Rule == Neyman {
		s.Floor = int64(r.below(3))
	}
	if s.Rule == Fixed || s.Weight == ByGiven {
		for _, st := range strata {
			most := 12
			if s.Rule == Fixed {
				most = len(st.units) + 1
			}
			s.Given = append(s.Given, Given{st.id, int64(r.below(most))})
		}
	}
	if s.Rule == Ratio {
		for _, class := range []string{"A0", "A1"} {
			if r.below(8) > 0 {
				s.Classes = append(s.Classes, ClassRule{class, int64(1 + r.below(1_000_000)), int64(r.below(4))})
			}
		}
	}
	for i := range f.Units {
		if r.below(30) == 0 {
			s.Certain = append(s.Certain, f.Units[i].ID)
		}
	}
	return s
}

func randomTeams(r *Stream, f *Frame) *TeamsPlan {
	t := &TeamsPlan{}
	for i := range 1 + r.below(3) {
		t.Teams = append(t.Teams, TeamRule{"T" + strconv.Itoa(i), int64(r.below(4))})
	}
	for _, st := range f.strata() {
		for _, team := range t.Teams {
			if r.below(5) == 0 {
				t.Barred = append(t.Barred, Barred{team.ID, st.id})
			}
		}
	}
	if r.below(2) == 0 {
		m := MemberRule{Role: "leader"}
		for i := range 1 + r.below(4) {
			m.People = append(m.People, "P"+strconv.Itoa(i))
		}
		for _, team := range t.Teams {
			m.Quota = append(m.Quota, TeamRule{team.ID, int64(r.below(4))})
			if r.below(5) == 0 {
				m.Barred = append(m.Barred, Barred{team.ID, m.People[r.below(len(m.People))]})
			}
		}
		t.Members = []MemberRule{m}
	}
	return t
}

// randomResult is the canonical form of what comes of a case: a certificate, or a
// problem.
func randomResult(n int) []byte {
	file, p, reveals, throws := randomCase(n)
	c, err := randomCertificate(file, p, reveals, throws)
	if err != nil {
		return Canonical(ProblemOf(err))
	}
	return Canonical(c)
}

func randomCertificate(file []byte, p *Plan, reveals []Reveal, throws []Throw) (*Certificate, error) {
	f, err := ReadFrame(file)
	if err != nil {
		return nil, err
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	if err := p.Fits(f); err != nil {
		return nil, err
	}
	seed, err := NewSeed(p, reveals, throws)
	if err != nil {
		return nil, err
	}
	done, err := Run(p, f, seed)
	if err != nil {
		return nil, err
	}
	return &Certificate{
		Spec: Spec, Status: Done, Plan: *p, PlanHash: p.Hash(), ThrownAt: "2026-11-20T03:00:00Z", Throws: throws,
		Published: []Publication{{"w", "2026-11-20T01:00:00Z", "e"}}, Reveals: reveals, Outcome: *done,
	}, nil
}

var update = flag.Bool("update", false, "write the vectors anew")

const vectors = "../testdata/draw"

// randomBlock is how many cases one line of random.txt is for.
const randomBlock = 1000

// digest chains what comes of the cases of a block.
func digest(block int) Hash {
	d := Hash{}
	for n := block * randomBlock; n < (block+1)*randomBlock; n++ {
		result := sum(randomResult(n))
		d = sum(append(d[:], result[:]...))
	}
	return d
}

func TestRandomPlansComeOutAsTheyDid(t *testing.T) {
	file := filepath.Join(vectors, "random.txt")
	if *update {
		var b strings.Builder
		for block := range 100 {
			fmt.Fprintln(&b, digest(block))
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(text))
	if len(lines) != 100 {
		t.Fatalf("%d lines", len(lines))
	}
	for _, block := range []int{0, 1, 57} {
		if have := digest(block).String(); have != lines[block] {
			t.Errorf("block %d is %s, was %s", block, have, lines[block])
		}
	}
}

func TestRandomPlansAreOfManyKinds(t *testing.T) {
	kinds := map[string]int{}
	for n := range 2000 {
		file, p, reveals, throws := randomCase(n)
		c, err := randomCertificate(file, p, reveals, throws)
		if err != nil {
			kinds[ProblemOf(err).Code]++
			continue
		}
		kinds[p.Sample.Design+" "+p.Sample.Rule]++
		if c.Routes != nil {
			kinds["routes"]++
		}
		if len(c.Drawn) > 0 && c.Teams != nil {
			kinds["teams"]++
		}
		if n%20 == 0 {
			if v := Verify(Canonical(c), file, nil, nil); v.Result != Holds {
				t.Fatalf("case %d: %+v", n, v.Steps)
			}
		}
	}
	for _, kind := range []string{
		"srs webster", "srs neyman", "srs rounding", "srs ratio", "srs fixed", "pareto webster", "pareto fixed",
		"pareto ratio", "routes", "teams", "assign-barred", "allocation-units", "class-none", "dice-few",
	} {
		if kinds[kind] < 3 {
			t.Errorf("%s: %d times", kind, kinds[kind])
		}
	}
	t.Log(kinds)
}
