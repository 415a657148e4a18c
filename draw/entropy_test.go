package draw

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// TestTheChanceInARouteIsCounted compares with counting all tours, over all first stops
// that are looked at.
func TestTheChanceInARouteIsCounted(t *testing.T) {
	for _, percent := range []int64{110, 125, 150, 200} {
		d, sum, exact := square(8), 0.0, 0.0
		s, stream := newSolver(d), NewStream(keyOf("entropy", int(percent)))
		for first := 1; first <= 8; first++ {
			budget := tourLength(d, s.from(first)) * percent / 100
			sum += tourBits(d, first, budget, stream) / 8
			exact += math.Log2(float64(len(toursWithin(d, first, budget)))) / 8
		}
		if math.Abs(sum-exact) > 0.3 {
			t.Errorf("budget %d %%: %.2f bits, counted %.2f", percent, sum, exact)
		}
	}
}

func TestARouteOfFewStopsHasFewBits(t *testing.T) {
	f := made(t, 1, 2)
	p := &RoutesPlan{DetourPermille: 1300, BudgetPercent: 115, Moves: 10}
	ids := []string{f.Units[0].ID, f.Units[1].ID}
	for n, want := range []float64{0, 0, 1} {
		if have := p.Bits(&Route{Team: "T1", Tour: ids[:n]}, f); have != want {
			t.Errorf("%d stops: %v bits, want %v", n, have, want)
		}
	}
}

func TestStopsAreSplitIntoDays(t *testing.T) {
	d := distances([]point{{0, 0}, {6000, 0}, {12_000, 0}, {12_000, 30_000}}, 1000) // 10, 10 and 50 minutes
	for _, c := range []struct {
		plan DaysPlan
		want []int64
	}{
		{DaysPlan{600, 60, 140}, []int64{2, 1}},
		{DaysPlan{600, 60, 139}, []int64{1, 1, 1}},
		{DaysPlan{600, 60, 60}, []int64{1, 1, 1}}, // none fits, each has its day
		{DaysPlan{600, 0, 70}, []int64{3}},
		{DaysPlan{599, 0, 71}, []int64{2, 1}}, // 11, 11 and 51 minutes
	} {
		if have := c.plan.split(d, []int{0, 1, 2, 3}); !slices.Equal(have, c.want) {
			t.Errorf("%+v: %v, want %v", c.plan, have, c.want)
		}
	}
	if (*DaysPlan)(nil).split(d, []int{0, 1}) != nil {
		t.Error("days without a plan of days")
	}
	for _, bad := range []DaysPlan{{0, 60, 480}, {600, -1, 480}, {600, 60, 0}, {600, 60, 1441}, {600, 500, 480}} {
		if bad.check() == nil {
			t.Errorf("%s is taken", fmt.Sprint(bad))
		}
	}
}

func BenchmarkTheChanceInARoute(b *testing.B) {
	f := made(b, 1, 40)
	var ids []string
	for i := range f.Units {
		ids = append(ids, f.Units[i].ID)
	}
	p := &RoutesPlan{DetourPermille: 1300, BudgetPercent: 115, Moves: 1250}
	for b.Loop() {
		b.ReportMetric(p.Bits(&Route{Team: "T1", Tour: ids}, f), "bits")
	}
}
