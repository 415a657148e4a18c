package draw

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// made is a city to draw from: strata C01… of units, in three classes.
func made(t testing.TB, strata, units int) *Frame {
	t.Helper()
	var list []Unit
	for s := range strata {
		for i := range units {
			u := Unit{
				ID: fmt.Sprintf("V%02d%04d", s+1, i+1), Stratum: fmt.Sprintf("C%02d", s+1),
				Class: string(rune('A' + s%3)), Size: uint64(100 + (i*7919+s*31)%900), Eligible: true,
				X: int32((i*7477 + s*13331) % 150_000), Y: int32((i*9973 + s*4241) % 150_000),
				Attributes: []Attribute{{"name", fmt.Sprintf("第%d村", i+1)}},
			}
			if i%50 == 49 {
				u.Eligible, u.Exclusion = false, "E1-dissolved"
			}
			list = append(list, u)
		}
	}
	f, err := NewFrame(list)
	if err != nil {
		t.Fatal(err)
	}
	file := AppendFrame(nil, f)
	if f, err = ReadFrame(file); err != nil {
		t.Fatal(err)
	}
	return f
}

var roles = []string{"hq", "observer"}

func secret(role string, n int) Secret { return sum([]byte(fmt.Sprintf("%s %d", role, n))) }

// plan is a plan over a frame with everything in it.
func plan(f *Frame, seq int64, previous Hash) *Plan {
	p := &Plan{
		Spec: Spec, Suite: Suite, Campaign: "2026Q4", Seq: seq, Purpose: "branch", Scope: "city",
		Previous: previous, Frame: f.Summary(), GapSeconds: 3600,
		Sample: &SamplePlan{
			Design: SRS, Rule: Webster, N: 40, Floor: 2, Weight: ByUnits, ReservePPM: 500_000, ReserveMin: 1,
		},
		Public: PublicPlan{Type: "dice", Sides: 10, People: []string{"R03", "R05", "R07"}, Throws: 7},
	}
	for i := range p.Frame.Excluded {
		p.Frame.Excluded[i].Evidence, p.Frame.Excluded[i].Approver = "sha256:00", "P01"
	}
	for _, role := range roles {
		p.Commitments = append(p.Commitments, Commitment{role, Commit(p.Ceremony(), role, secret(role, int(seq)))})
	}
	p.Teams = &TeamsPlan{}
	var people, leaders []string
	for i := range 5 {
		id := fmt.Sprintf("T%d", i+1)
		p.Teams.Teams = append(p.Teams.Teams, TeamRule{id, int64(3 - min(i, 1))})
		leaders = append(leaders, fmt.Sprintf("L%02d", i))
		for k := range 3 {
			people = append(people, fmt.Sprintf("P%02d", 3*i+k))
		}
	}
	quota := func(n int64) (list []TeamRule) {
		for _, t := range p.Teams.Teams {
			list = append(list, TeamRule{t.ID, n})
		}
		return list
	}
	p.Teams.Barred = []Barred{{"T1", "C01"}, {"T2", "C02"}, {"T3", "C03"}}
	p.Teams.Members = []MemberRule{
		{Role: "leader", People: leaders, Quota: quota(1), Barred: []Barred{{"T1", "L00"}}},
		{Role: "member", People: people, Quota: quota(3)},
	}
	p.Routes = &RoutesPlan{DepotX: 75_000, DepotY: 75_000, DetourPermille: 1300, BudgetPercent: 115, Moves: 1250}
	return p
}

func throws(p *Plan, n int) (list []Throw) {
	for i, who := range p.Public.People {
		list = append(list, Throw{who, fmt.Sprintf("%07d", (n*7_654_321+i*1_234_567)%10_000_000)})
	}
	return list
}

// certify plays a ceremony to its end.
func certify(t testing.TB, p *Plan, f *Frame, n int) *Certificate {
	t.Helper()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	c := &Certificate{
		Spec: Spec, Status: Done, Plan: *p, PlanHash: p.Hash(), ThrownAt: "2026-11-20T03:00:00Z", Throws: throws(p, n),
		Published: []Publication{
			{"公示欄", "2026-11-20T01:00:00Z", "sha256:01"},
			{"報紙", "2026-11-20T01:30:00Z", "sha256:02"},
		},
	}
	for _, role := range roles {
		c.Reveals = append(c.Reveals, Reveal{role, secret(role, int(p.Seq))})
	}
	seed, err := NewSeed(p, c.Reveals, c.Throws)
	if err != nil {
		t.Fatal(err)
	}
	done, err := Run(p, f, seed)
	if err != nil {
		t.Fatal(err)
	}
	c.Outcome = *done
	return c
}

func pretty(t testing.TB, v any) []byte {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAUnitChecksItselfWithoutTheOthers(t *testing.T) {
	f := made(t, 3, 7)
	for at := range f.Units {
		p := f.Prove(at)
		if !p.Holds(&f.Units[at], f.Root()) {
			t.Errorf("unit %d is not in its frame", at)
		}
		other := f.Units[at]
		other.Size++
		if p.Holds(&other, f.Root()) || p.Holds(&f.Units[(at+1)%len(f.Units)], f.Root()) {
			t.Errorf("unit %d: another one is in its place", at)
		}
		p.Path = p.Path[1:]
		if p.Holds(&f.Units[at], f.Root()) {
			t.Errorf("unit %d: a shorter path holds", at)
		}
	}
}

func TestACeremonyIsVerified(t *testing.T) {
	f := made(t, 11, 200)
	begun := time.Now()
	c := certify(t, plan(f, 1, Hash{}), f, 1)
	t.Logf("drawn in %s", time.Since(begun))
	text := pretty(t, c)
	v := Verify(text, AppendFrame(nil, f), nil, nil)
	for _, s := range v.Steps {
		t.Logf("%s %s %v %v", s.Name, s.Result, s.Problem, s.Notes)
	}
	if v.Result != Holds {
		t.Fatal(v.Result)
	}
	for _, r := range c.Routes {
		t.Logf("%s: %d stops, best %d, budget %d, length %d", r.Team, len(r.Tour), r.Best, r.Budget, r.Length)
	}
	t.Logf("%d bytes, %s ways", len(text), c.Teams.Strata.Feasible)
}
