package draw

import (
	"math"
	"slices"
)

// How much chance is in a route is estimated by splitting: of random tours with a first
// stop, the shorter half is kept and moved about below its longest, again and again
// until all keep the budget; each halving is one bit fewer than (n-2)!. (Kahn and
// Harris 1951; Botev and Kroese 2008 for counting.) It is no part of the norm: it has
// floating point, and nothing depends on it.
const (
	splitTours  = 96 // tours under way
	splitMoves  = 12 // moves of each after a halving, for each stop
	splitFirsts = 4  // first stops that are looked at
)

// Bits estimates the entropy of a route's tour in bits, to about half a bit: the first
// stop is uniform, and so is the rest among the tours that keep the budget.
func (p *RoutesPlan) Bits(r *Route, f *Frame) float64 {
	ids := sortedCopy(r.Tour)
	n := len(ids) + 1
	if n <= fixedMin {
		return math.Log2(float64(max(n-1, 1)))
	}
	d := distances(p.places(ids, f), p.DetourPermille)
	s, stream := newSolver(d), NewStream(Key(sum(tag("entropy", []byte(r.Team)))))
	firsts := min(splitFirsts, n-1)
	sum := 0.0
	for i := range firsts {
		first := 1 + i*(n-1)/firsts
		budget := tourLength(d, s.from(first)) * p.BudgetPercent / 100
		sum += tourBits(d, first, budget, stream)
	}
	return math.Log2(float64(n-1)) + sum/float64(firsts)
}

// tourBits is the logarithm of how many tours by way of a stop first keep a budget.
func tourBits(d [][]int64, first int, budget int64, stream *Stream) float64 {
	bits, tours := 0.0, make([]*touring, splitTours)
	for i := range len(d) - 2 {
		bits += math.Log2(float64(i + 1))
	}
	for i := range tours {
		tours[i] = randomTour(d, first, stream)
	}
	for {
		slices.SortFunc(tours, func(a, b *touring) int { return int(a.length - b.length) })
		limit := max(budget, tours[splitTours/2-1].length)
		kept := splitTours
		for kept > 0 && tours[kept-1].length > limit {
			kept--
		}
		bits += math.Log2(float64(kept) / splitTours)
		if limit == budget || kept == splitTours {
			return bits
		}
		for i, t := range tours {
			if from := tours[i%kept]; i >= kept {
				copy(t.t, from.t)
				t.length = from.length
			}
		}
		for _, t := range tours {
			for range splitMoves * len(d) {
				t.step(limit)
			}
		}
	}
}

// randomTour is a tour by way of a stop first, of any length.
func randomTour(d [][]int64, first int, stream *Stream) *touring {
	t := &touring{d: d, stream: stream, t: make([]int, len(d))}
	for i := range t.t {
		t.t[i] = i
	}
	t.t[1], t.t[first] = t.t[first], t.t[1]
	t.shuffle()
	return t
}
