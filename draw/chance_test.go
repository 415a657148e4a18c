package draw

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Is chance chance? With fixed keys, so that a test that passes passes always. Floats
// are for judging only.

// keyOf is one of many keys that have nothing to do with one another.
func keyOf(test string, n int) Key {
	return Key(sum(tag("test", []byte(test), []byte(strconv.Itoa(n)))))
}

// chiSquare is Σ(seen-expected)²/expected.
func chiSquare(seen []int, expected []float64) (x float64) {
	for i := range seen {
		d := float64(seen[i]) - expected[i]
		x += d * d / expected[i]
	}
	return x
}

// chiSquareZ is Wilson and Hilferty's transform of a chi-square to a normal value.
func chiSquareZ(x float64, df int) float64 {
	k := 2 / (9 * float64(df))
	return (math.Cbrt(x/float64(df)) - (1 - k)) / math.Sqrt(k)
}

// zMax rejects one in ten thousand on either side.
const zMax = 3.72

func wantUniform(t *testing.T, what string, seen []int, rounds int) {
	t.Helper()
	expected := slices.Repeat([]float64{float64(rounds) / float64(len(seen))}, len(seen))
	x := chiSquare(seen, expected)
	if z := chiSquareZ(x, len(seen)-1); math.Abs(z) > zMax {
		t.Errorf("%s: chi-square %.1f of %d, z %.2f", what, x, len(seen)-1, z)
	}
}

func stratumOf(sizes []uint64) *stratum {
	s := &stratum{id: "S"}
	for i, size := range sizes {
		s.units = append(s.units, &Unit{ID: fmt.Sprintf("U%03d", i), Size: size})
		s.size += size
	}
	return s
}

func drawMain(design string, st *stratum, n int64, key Key) (places []int) {
	s := &SamplePlan{Design: design}
	for _, d := range s.draw(st, &Allotted{N: n}, &key) {
		at, _ := strconv.Atoi(d.ID[1:])
		places = append(places, at)
	}
	slices.Sort(places)
	return places
}

func TestSimpleRandomSamplesTakeEachUnitAsOften(t *testing.T) {
	const units, n, rounds = 200, 9, 20_000
	st := stratumOf(slices.Repeat([]uint64{1}, units))
	seen := make([]int, units)
	for k := range rounds {
		for _, at := range drawMain(SRS, st, n, keyOf("srs", k)) {
			seen[at]++
		}
	}
	// Units of one sample exclude one another: (N-1)/(N-n) brings that to chi-square.
	p := float64(n) / units
	x := 0.0
	for _, c := range seen {
		d := float64(c) - rounds*p
		x += d * d / (rounds * p * (1 - p))
	}
	x *= float64(units-1) / units
	if z := chiSquareZ(x, units-1); math.Abs(z) > zMax {
		t.Errorf("chi-square %.1f of %d, z %.2f", x, units-1, z)
	}
}

func TestTicketBytesAreUniform(t *testing.T) {
	k := keyOf("ticket", 0)
	var seen [32][]int
	for i := range seen {
		seen[i] = make([]int, 256)
	}
	const rounds = 50_000
	for n := range rounds {
		ticket := k.Ticket(strconv.Itoa(n))
		for i, b := range ticket {
			seen[i][b]++
		}
	}
	for i := range seen {
		wantUniform(t, fmt.Sprint("byte ", i), seen[i], rounds)
	}
}

// paretoExact is the probability of each sample of three of six units with λ = .2, .7,
// .8, .5, .4, .4 under Pareto sampling, by numerical integration.
var paretoExact = map[string]float64{
	"123": .061713, "124": .018503, "134": .029867, "234": .197687, "125": .012990, "126": .012990,
	"135": .021033, "136": .021033, "235": .142261, "236": .142261, "145": .006137, "146": .006137,
	"245": .043766, "246": .043766, "345": .070084, "346": .070084, "156": .004278, "256": .030922,
	"356": .049714, "456": .014772,
}

func TestParetoSamplesHaveTheirExactProbabilities(t *testing.T) {
	const rounds = 60_000
	st := stratumOf([]uint64{2, 7, 8, 5, 4, 4})
	counts, pairs := map[string]int{}, map[string]int{}
	for k := range rounds {
		name := ""
		for _, at := range drawMain(Pareto, st, 3, keyOf("pareto", k)) {
			name += strconv.Itoa(at + 1)
		}
		counts[name]++
		for _, pair := range []string{name[:2], name[:1] + name[2:], name[1:]} {
			pairs[pair]++
		}
	}
	x := 0.0
	for name, p := range paretoExact {
		d := float64(counts[name]) - rounds*p
		x += d * d / (rounds * p)
	}
	if len(counts) != len(paretoExact) || x > 43.8 { // 19 degrees of freedom, one in a thousand
		t.Errorf("chi-square %.2f over %d samples", x, len(counts))
	}
	for pair, p := range map[string]float64{"12": .106197, "23": .543923, "56": .099687} {
		z := (float64(pairs[pair]) - rounds*p) / math.Sqrt(rounds*p*(1-p))
		if math.Abs(z) > zMax {
			t.Errorf("pair %s: %d times, z %.2f", pair, pairs[pair], z)
		}
	}
}

func TestParetoProbabilitiesAreWithinEightPerMille(t *testing.T) {
	const units, n, rounds = 20, 2, 200_000
	sizes := make([]uint64, units)
	total := uint64(0)
	for i := range sizes {
		sizes[i] = uint64(20 + i*i)
		total += sizes[i]
	}
	st := stratumOf(sizes)
	seen := make([]int, units)
	for k := range rounds {
		for _, at := range drawMain(Pareto, st, n, keyOf("pareto20", k)) {
			seen[at]++
		}
	}
	for i, size := range sizes {
		p := float64(n*size) / float64(total)
		got := float64(seen[i]) / rounds
		noise := 4.5 * math.Sqrt(p*(1-p)/rounds)
		if math.Abs(got-p) > 0.008*p+noise {
			t.Errorf("unit %d: %.5f, want %.5f", i, got, p)
		}
	}
}

func TestUnitsThatAreTooLargeAreCertain(t *testing.T) {
	var sizes []uint64
	for i := range 20 {
		sizes = append(sizes, uint64(i+1))
	}
	for _, c := range []struct {
		sizes []uint64
		n     int64
		want  func(i int) (a, d uint64)
	}{
		{sizes, 12, func(i int) (a, d uint64) {
			if i >= 16 {
				return 1, 1
			}
			return 8 * uint64(i+1), 136
		}},
		{[]uint64{1, 2, 5, 5, 5, 10, 4, 1}, 6, func(i int) (a, d uint64) {
			return []uint64{1, 2, 1, 1, 1, 1, 1, 1}[i], []uint64{4, 4, 1, 1, 1, 1, 1, 4}[i]
		}},
	} {
		s := &SamplePlan{Design: Pareto}
		key := keyOf("certain", 0)
		st := stratumOf(c.sizes)
		for _, d := range s.draw(st, &Allotted{N: c.n, Reserve: int64(len(st.units)) - c.n}, &key) {
			i, _ := strconv.Atoi(d.ID[1:])
			a, of := c.want(i)
			have := new(big.Rat)
			if _, ok := have.SetString(d.A + "/" + d.D); !ok || have.Cmp(big.NewRat(int64(a), int64(of))) != 0 {
				t.Errorf("n = %d, unit %d: %s/%s, want %d/%d", c.n, i, d.A, d.D, a, of)
			}
		}
	}
}

func TestRoundingIsRightInTheMean(t *testing.T) {
	weights, n := []uint64{50, 31, 17, 3, 9, 41}, int64(7)
	const rounds = 20_000
	total := uint64(0)
	for _, w := range weights {
		total += w
	}
	sums := make([]int64, len(weights))
	for k := range rounds {
		got, err := Round(cellsOf(weights, 0), n, NewStream(keyOf("round", k)))
		if err != nil {
			t.Fatal(err)
		}
		all := int64(0)
		for i := range got {
			q := float64(n) * float64(weights[i]) / float64(total)
			if float64(got[i]) < math.Floor(q) || float64(got[i]) > math.Ceil(q) {
				t.Fatalf("cell %d has %d, should have %.2f", i, got[i], q)
			}
			sums[i] += got[i]
			all += got[i]
		}
		if all != n {
			t.Fatalf("%d places given, want %d", all, n)
		}
	}
	for i, w := range weights {
		q := float64(n) * float64(w) / float64(total)
		part := q - math.Floor(q)
		noise := 4.5 * math.Sqrt(part*(1-part)/rounds)
		if math.Abs(float64(sums[i])/rounds-q) > noise+1e-12 {
			t.Errorf("cell %d has %.4f in the mean, should have %.4f", i, float64(sums[i])/rounds, q)
		}
	}
}

func TestAllFeasibleAssignmentsAreAsFrequent(t *testing.T) {
	items := []string{"C1", "C2", "C3", "C4", "C5"}
	teams := []TeamRule{{"T1", 2}, {"T2", 2}, {"T3", 1}}
	barred := []Barred{{"T1", "C1"}, {"T2", "C3"}, {"T3", "C4"}}
	const rounds = 30_000
	counts := map[string]int{}
	feasible := 0
	for k := range rounds {
		a, err := Assign(items, teams, barred, NewStream(keyOf("assign", k)))
		if err != nil {
			t.Fatal(err)
		}
		name := ""
		for _, p := range a.Pairs {
			name += p.Team
			if slices.Contains(barred, Barred{p.Team, p.What}) {
				t.Fatalf("%s goes to %s", p.Team, p.What)
			}
		}
		counts[name]++
		feasible, _ = strconv.Atoi(a.Feasible)
	}
	if len(counts) != feasible {
		t.Fatalf("%d assignments were drawn, %d are feasible", len(counts), feasible)
	}
	var seen []int
	for _, c := range counts {
		seen = append(seen, c)
	}
	wantUniform(t, "assignments", seen, rounds)
}

// TestFeasibleCounts holds F to what is known of five teams with three, two, two,
// two and two of eleven counties.
func TestFeasibleCounts(t *testing.T) {
	teams := []TeamRule{{"T1", 3}, {"T2", 2}, {"T3", 2}, {"T4", 2}, {"T5", 2}}
	var items []string
	for i := range 11 {
		items = append(items, fmt.Sprintf("C%02d", i))
	}
	a, err := Assign(items, teams, nil, NewStream(keyOf("count", 0)))
	if err != nil || a.Feasible != "415800" {
		t.Errorf("%v %v, want 415800 feasible assignments", a, err)
	}
}

func TestBarredPairsThatBindAreNamed(t *testing.T) {
	teams := []TeamRule{{"T1", 1}, {"T2", 1}, {"T3", 1}}
	barred := []Barred{{"T1", "C1"}, {"T1", "C3"}, {"T2", "C3"}, {"T3", "C3"}}
	_, err := Assign([]string{"C1", "C2", "C3"}, teams, barred, NewStream(keyOf("bind", 0)))
	p := ProblemOf(err)
	if p == nil || p.Code != "assign-barred" || strings.Count(p.Args[0], "C3") != 3 || strings.Contains(p.Args[0], "C1") {
		t.Errorf("%v, want all barred from C3, and nothing else", err)
	}
	_, err = Assign([]string{"C1", "C2", "C3", "C4"}, teams, nil, NewStream(keyOf("bind", 0)))
	if p = ProblemOf(err); p == nil || p.Code != "assign-places" {
		t.Errorf("%v, want too few places", err)
	}
}

// square is a small city in which every tour can be listed.
func square(n int) [][]int64 {
	s := NewStream(keyOf("square", n))
	places := []point{{5000, 5000}}
	for range n {
		places = append(places, point{int64(s.below(10_000)), int64(s.below(10_000))})
	}
	return distances(places, 1000)
}

// toursWithin lists the tours that begin with a stop and keep a budget.
func toursWithin(d [][]int64, first int, budget int64) map[string]bool {
	found := map[string]bool{}
	var rest []int
	for i := 1; i < len(d); i++ {
		if i != first {
			rest = append(rest, i)
		}
	}
	var try func(k int)
	try = func(k int) {
		if k == len(rest) {
			if t := append([]int{0, first}, rest...); tourLength(d, t) <= budget {
				found[fmt.Sprint(t)] = true
			}
			return
		}
		for i := k; i < len(rest); i++ {
			rest[k], rest[i] = rest[i], rest[k]
			try(k + 1)
			rest[k], rest[i] = rest[i], rest[k]
		}
	}
	try(0)
	return found
}

func TestAllToursWithinTheBudgetAreAsFrequent(t *testing.T) {
	d := square(7)
	plan := &RoutesPlan{BudgetPercent: 125, Moves: 1250}
	const rounds = 20_000
	counts, firsts, budgets := map[string]int{}, make([]int, 7), map[int]int64{}
	for k := range rounds {
		tour, _, budget := drawRoute(d, plan, keyOf("route", k))
		counts[fmt.Sprint(tour)]++
		firsts[tour[1]-1]++
		budgets[tour[1]] = budget
	}
	wantUniform(t, "first stops", firsts, rounds)
	for first, budget := range budgets {
		feasible := toursWithin(d, first, budget)
		var seen []int
		for name := range feasible {
			seen = append(seen, counts[name])
			delete(counts, name)
		}
		if len(seen) > 1 {
			wantUniform(t, fmt.Sprint("tours by way of ", first), seen, firsts[first-1])
		}
	}
	for name := range counts {
		t.Errorf("%s is longer than its budget", name)
	}
}

func TestTheSolverFindsTheBestTour(t *testing.T) {
	for n := 4; n <= 8; n++ {
		d := square(n)
		best := int64(math.MaxInt64)
		for first := 1; first <= n; first++ {
			short := int64(math.MaxInt64)
			for name := range toursWithin(d, first, math.MaxInt64) {
				var tour []int
				for _, word := range strings.Fields(strings.Trim(name, "[]")) {
					i, _ := strconv.Atoi(word)
					tour = append(tour, i)
				}
				short = min(short, tourLength(d, tour))
			}
			if have := tourLength(d, newSolver(d).from(first)); have != short {
				t.Errorf("%d stops, %d first: %d, the best is %d", n, first, have, short)
			}
			best = min(best, short)
		}
		if have := tourLength(d, newSolver(d).tour); have != best {
			t.Errorf("%d stops: %d, the best is %d", n, have, best)
		}
	}
}
