package draw

import (
	"math/big"
	"math/bits"
	"strconv"
)

// Cell is a stratum in an allocation.
type Cell struct {
	Stratum string
	Weight  uint64 // ≤ 2^53-1
	Min     int64
	Max     int64 // units that there are
}

// Divisor gives n places to cells one by one, each to the cell with the highest
// claim: w/(2a+1) by Webster's method, w²/(a(a+1)) by Huntington and Hill's, where w is
// its weight and a what it has. Ties go to the larger weight, then the smaller id.
// Cells must be sorted by id. The sample of n is part of that of n+1.
func Divisor(cells []Cell, n int64, neyman bool) ([]int64, error) {
	got := make([]int64, len(cells))
	given := int64(0)
	for i, c := range cells {
		got[i] = min(c.Min, c.Max)
		given += got[i]
	}
	if given > n {
		return nil, problem("allocation-floor", strconv.FormatInt(given, 10), strconv.FormatInt(n, 10))
	}
	claims := make([]claim, len(cells))
	for i := range cells {
		claims[i] = newClaim(cells[i].Weight, got[i], neyman)
	}
	for ; given < n; given++ {
		best := -1
		for i, c := range cells {
			if got[i] < c.Max && (best < 0 || claims[i].above(&claims[best], c.Weight, cells[best].Weight)) {
				best = i
			}
		}
		if best < 0 {
			return nil, problem("allocation-units", strconv.FormatInt(given, 10), strconv.FormatInt(n, 10))
		}
		got[best]++
		claims[best] = newClaim(cells[best].Weight, got[best], neyman)
	}
	return got, nil
}

// claim is the fraction weight/divisor. With a divisor of 0 nothing is above it.
type claim struct{ weight, divisor *big.Int }

func newClaim(weight uint64, has int64, neyman bool) claim {
	w, a := new(big.Int).SetUint64(weight), big.NewInt(has)
	if neyman {
		return claim{w.Mul(w, w), a.Mul(a, big.NewInt(has+1))}
	}
	return claim{w, a.Add(a.Lsh(a, 1), big.NewInt(1))}
}

func (c *claim) above(other *claim, weight, otherWeight uint64) bool {
	var left, right big.Int
	order := left.Mul(c.weight, other.divisor).Cmp(right.Mul(other.weight, c.divisor))
	return order > 0 || order == 0 && weight > otherWeight
}

// Round gives n places to cells by chance, so that each has what it should in the
// mean, and is never off by one. Cells must be sorted by id; r comes from a stream's
// BelowBig of the weights' total.
func Round(cells []Cell, n int64, stream *Stream) ([]int64, error) {
	total := new(big.Int)
	for _, c := range cells {
		total.Add(total, new(big.Int).SetUint64(c.Weight))
	}
	if total.Sign() == 0 {
		return nil, problem("allocation-weights")
	}
	next := stream.BelowBig(total) // r + jD, the first that no cell has yet
	end, places := new(big.Int), big.NewInt(n)
	got := make([]int64, len(cells))
	for i, c := range cells {
		q := new(big.Int).Mul(places, new(big.Int).SetUint64(c.Weight))
		if q.Cmp(new(big.Int).Mul(total, big.NewInt(c.Max))) > 0 {
			return nil, problem("allocation-cell", c.Stratum, strconv.FormatInt(c.Max, 10))
		}
		for end.Add(end, q); next.Cmp(end) < 0; next.Add(next, total) {
			got[i]++
		}
	}
	return got, nil
}

// share is ⌈n·ppm/10^6⌉.
func share(n int, ppm int64) int64 {
	high, low := bits.Mul64(uint64(n), uint64(ppm))
	low, carry := bits.Add64(low, 999_999, 0)
	q, _ := bits.Div64(high+carry, low, 1_000_000)
	return int64(q)
}

// Allotted is how many units of a stratum are drawn, and how many more in reserve.
type Allotted struct {
	Stratum string `json:"stratum"`
	Units   int64  `json:"units"` // eligible
	N       int64  `json:"n"`
	Reserve int64  `json:"reserve"`
}

// allocate decides how many units of each stratum are drawn. The stream is Rounding's.
func (s *SamplePlan) allocate(strata []*stratum, stream *Stream) ([]Allotted, error) {
	certain, err := s.certainIn(strata)
	if err != nil {
		return nil, err
	}
	numbers, err := s.numbers(strata, certain, stream)
	if err != nil {
		return nil, err
	}
	list := make([]Allotted, len(strata))
	for i, st := range strata {
		units := int64(len(st.units))
		if numbers[i] > units || numbers[i] < certain[i] {
			return nil, problem("allocation-stratum", st.id, strconv.FormatInt(numbers[i], 10), strconv.FormatInt(units, 10))
		}
		reserve := int64(0)
		if numbers[i] > 0 {
			reserve = min(units-numbers[i], max(s.ReserveMin, share(int(numbers[i]), s.ReservePPM)))
		}
		if s.Design == Pareto && numbers[i]-certain[i] == 1 && units-certain[i] > 1 {
			return nil, problem("allocation-pareto", st.id)
		}
		list[i] = Allotted{st.id, units, numbers[i], reserve}
	}
	return list, nil
}

// certainIn counts the units of each stratum that are in without a draw.
func (s *SamplePlan) certainIn(strata []*stratum) ([]int64, error) {
	counts := make([]int64, len(strata))
	found := 0
	for i, st := range strata {
		for _, u := range st.units {
			if s.isCertain(u.ID) {
				counts[i]++
				found++
			}
		}
	}
	if found != len(s.Certain) {
		for _, id := range s.Certain {
			if !hasUnit(strata, id) {
				return nil, problem("sample-certain-unit", id)
			}
		}
	}
	return counts, nil
}

func hasUnit(strata []*stratum, id string) bool {
	for _, st := range strata {
		for _, u := range st.units {
			if u.ID == id {
				return true
			}
		}
	}
	return false
}

func (s *SamplePlan) numbers(strata []*stratum, certain []int64, stream *Stream) ([]int64, error) {
	switch s.Rule {
	case Fixed:
		return s.given(strata)
	case Ratio:
		return s.ratios(strata, certain)
	}
	cells, err := s.cells(strata, certain)
	if err != nil {
		return nil, err
	}
	if s.Rule == Rounding {
		return Round(cells, s.N, stream)
	}
	return Divisor(cells, s.N, s.Rule == Neyman)
}

// given looks a value up for each stratum; each must have one, and none is over.
func (s *SamplePlan) given(strata []*stratum) ([]int64, error) {
	values := make([]int64, len(strata))
	for i, st := range strata {
		if i >= len(s.Given) || s.Given[i].Stratum != st.id {
			return nil, problem("sample-given-stratum", st.id)
		}
		values[i] = s.Given[i].Value
	}
	if len(s.Given) > len(strata) {
		return nil, problem("sample-given-stratum", s.Given[len(strata)].Stratum)
	}
	return values, nil
}

func (s *SamplePlan) cells(strata []*stratum, certain []int64) ([]Cell, error) {
	cells := make([]Cell, len(strata))
	for i, st := range strata {
		cells[i] = Cell{
			Stratum: st.id, Weight: uint64(len(st.units)), Max: int64(len(st.units)),
			Min: max(s.Floor, certain[i]),
		}
		if s.Weight == BySize {
			cells[i].Weight = st.size
		}
	}
	if s.Weight == ByGiven {
		weights, err := s.given(strata)
		if err != nil {
			return nil, err
		}
		for i := range cells {
			cells[i].Weight = uint64(weights[i])
		}
	}
	return cells, nil
}

// ratios takes the share of each class, and spreads it over the class's strata.
func (s *SamplePlan) ratios(strata []*stratum, certain []int64) ([]int64, error) {
	numbers := make([]int64, len(strata))
	known := 0
	for _, rule := range s.Classes {
		var cells []Cell
		var places []int
		units := 0
		for i, st := range strata {
			if st.class != rule.Class {
				continue
			}
			cells = append(cells, Cell{st.id, uint64(len(st.units)), certain[i], int64(len(st.units))})
			places = append(places, i)
			units += len(st.units)
		}
		if units == 0 {
			return nil, problem("class-empty", rule.Class)
		}
		known += len(cells)
		n := min(max(rule.Min, share(units, rule.RatioPPM)), int64(units))
		got, err := Divisor(cells, n, false)
		if err != nil {
			return nil, err
		}
		for k, i := range places {
			numbers[i] = got[k]
		}
	}
	if known != len(strata) {
		for _, st := range strata {
			if !s.ruled(st.class) {
				return nil, problem("class-none", st.id)
			}
		}
	}
	return numbers, nil
}

func (s *SamplePlan) ruled(class string) bool {
	for _, rule := range s.Classes {
		if rule.Class == class {
			return true
		}
	}
	return false
}
