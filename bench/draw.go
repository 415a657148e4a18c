package main

import (
	"fmt"
	"runtime"

	"sansuiji/draw"
)

const (
	drawName       = "draw 4,000 of 1,000,000 units"
	verifyDrawName = "verify the draw from 1,000,000 units"
	routeName      = "route of 40 stops"
)

// drawing measures a draw from a million units with its certificate, its verification
// with the reading of the files, and a route.
func drawing(rounds int) ([]figure, error) {
	file := draw.AppendFrame(nil, &draw.Frame{Units: bigCity(50, 20_000, 150_000)})
	var draws, checks, routes []float64
	for range rounds {
		f, err := draw.ReadFrame(file) // whose root nobody has asked for
		if err != nil {
			return nil, err
		}
		runtime.GC()
		begun := cpuTime()
		c, err := certificateOf(f, 4_000, nil, nil)
		if err != nil {
			return nil, err
		}
		text := draw.Canonical(c)
		draws = append(draws, float64((cpuTime() - begun).Milliseconds()))
		begun = cpuTime()
		if v := draw.Verify(text, file, nil, nil); v.Result != draw.Holds {
			return nil, fmt.Errorf("verify: %+v", v.Steps)
		}
		checks = append(checks, float64((cpuTime() - begun).Milliseconds()))
		took, err := routing()
		if err != nil {
			return nil, err
		}
		routes = append(routes, took)
	}
	return []figure{
		{name: drawName, value: median(draws), unit: "ms CPU"},
		{name: verifyDrawName, value: median(checks), unit: "ms CPU"},
		{name: routeName, value: median(routes), unit: "µs CPU"},
	}, nil
}

// bigCity is units in strata, over a square of some metres.
func bigCity(strata, units, side int) []draw.Unit {
	var list []draw.Unit
	for s := range strata {
		for i := range units {
			list = append(list, draw.Unit{
				ID: fmt.Sprintf("V%02d%05d", s, i), Stratum: fmt.Sprintf("C%02d", s), Class: "A", Eligible: true,
				Size: uint64(50 + (i*7919)%1000), X: int32((i*7477 + s*9973) % side), Y: int32((i*9901 + s*7331) % side),
				Attributes: []draw.Attribute{{Key: "name", Value: fmt.Sprintf("第%d村", i)}},
			})
		}
	}
	return list
}

// certificateOf plays a ceremony over a frame.
func certificateOf(
	f *draw.Frame, n int64, teams *draw.TeamsPlan, routes *draw.RoutesPlan,
) (*draw.Certificate, error) {
	p := draw.Plan{
		Spec: draw.Spec, Suite: draw.Suite, Campaign: "B", Seq: 1, Purpose: "branch", Scope: "city", Frame: f.Summary(),
		Sample: &draw.SamplePlan{Design: draw.SRS, Rule: draw.Webster, N: n, Weight: draw.ByUnits},
		Teams:  teams, Routes: routes,
		Public: draw.PublicPlan{Type: "dice", Sides: 10, People: []string{"A", "B", "C"}, Throws: 7},
	}
	c := &draw.Certificate{
		Spec: draw.Spec, Status: draw.Done, ThrownAt: "2026-11-20T03:00:00Z",
		Published: []draw.Publication{{Where: "w", At: "2026-11-20T01:00:00Z", Evidence: "e"}},
		Throws:    []draw.Throw{{By: "A", Digits: "1234567"}, {By: "B", Digits: "7654321"}, {By: "C", Digits: "1112223"}},
	}
	for i, role := range []string{"hq", "observer"} {
		secret := draw.Secret{byte(i + 1)}
		p.Commitments = append(p.Commitments, draw.Commitment{Role: role, Commit: draw.Commit(p.Ceremony(), role, secret)})
		c.Reveals = append(c.Reveals, draw.Reveal{Role: role, Secret: secret})
	}
	c.Plan, c.PlanHash = p, p.Hash()
	return c, c.Draw(f)
}

// routing is how many microseconds one team's route over 40 stops takes.
func routing() (float64, error) {
	f, err := draw.NewFrame(bigCity(1, 40, 150_000))
	if err != nil {
		return 0, err
	}
	teams := &draw.TeamsPlan{Teams: []draw.TeamRule{{ID: "T1", Cap: 1}}}
	routes := &draw.RoutesPlan{DepotX: 75_000, DepotY: 75_000, DetourPermille: 1000, BudgetPercent: 115, Moves: 1250}
	begun := cpuTime()
	_, err = certificateOf(f, 40, teams, routes)
	return float64((cpuTime() - begun).Microseconds()), err
}
