package draw

import "slices"

// solver finds short tours: the same for everybody, so that a budget needs nobody's
// word. It is a local search (2-opt, and moves of up to three stops) from the order
// of the nearest neighbours, with kicks whose places come from a stream of a fixed
// key. It finds the shortest tour of most cities of 40 stops, and never one that is
// much longer.
type solver struct {
	d    [][]int64
	tour []int // the best that is known, the depot first
}

// Kicks that improve nothing, in a row, after which a search ends.
const (
	kicksOfAll   = 60 // of the best tour at all
	kicksOfFirst = 12 // of the best with a first stop
)

func newSolver(d [][]int64) *solver {
	s := &solver{d: d, tour: nearest(d, 0)}
	if len(d) > fixedMin {
		s.tour = s.search(s.tour, 1, kicksOfAll)
	}
	return s
}

// from is the best tour known that drives to a stop first.
func (s *solver) from(first int) []int {
	t := slices.Clone(s.tour)
	at := slices.Index(t, first)
	copy(t[2:at+1], t[1:at])
	t[1] = first
	if len(t) > fixedMin {
		t = s.search(t, 2, kicksOfFirst)
	}
	return t
}

// nearest is the tour that goes to the nearest place that is left, again and again;
// the lower number of two as near.
func nearest(d [][]int64, start int) []int {
	t, left := []int{start}, []int{}
	for i := range d {
		if i != start {
			left = append(left, i)
		}
	}
	for len(left) > 0 {
		here, best := t[len(t)-1], 0
		for k := range left {
			if d[here][left[k]] < d[here][left[best]] {
				best = k
			}
		}
		t = append(t, left[best])
		left = slices.Delete(left, best, best+1)
	}
	return t
}

// search improves the places from fixed on until some kicks in a row bring nothing.
func (s *solver) search(t []int, fixed, kicks int) []int {
	best := slices.Clone(t)
	s.descend(best, fixed)
	length := tourLength(s.d, best)
	stream := NewStream(Key(sum(tag("solver"))))
	for failed := 0; failed < kicks; failed++ {
		next := kicked(best, fixed, stream)
		s.descend(next, fixed)
		if n := tourLength(s.d, next); n < length {
			best, length, failed = next, n, -1
		}
	}
	return best
}

// kicked cuts the places from fixed on into three at random and swaps the last two.
func kicked(t []int, fixed int, stream *Stream) []int {
	free := len(t) - fixed
	a, b := fixed+stream.below(free), fixed+stream.below(free)
	a, b = min(a, b), max(a, b)+1
	c := b + stream.below(len(t)-b+1)
	return slices.Concat(t[:a], t[b:c], t[a:b], t[c:])
}

// descend makes the first move that shortens the tour, from the beginning again
// after each, until there is none.
func (s *solver) descend(t []int, fixed int) {
	for s.twoOpt(t, fixed) || s.orOpt(t, fixed) {
		continue
	}
}

// twoOpt turns around a part of the tour where that shortens it.
func (s *solver) twoOpt(t []int, fixed int) (moved bool) {
	d, n := s.d, len(t)
	for i := fixed; i < n-1; i++ {
		for j := i + 1; j < n; j++ {
			next := t[(j+1)%n]
			if d[t[i-1]][t[j]]+d[t[i]][next] < d[t[i-1]][t[i]]+d[t[j]][next] {
				slices.Reverse(t[i : j+1])
				moved = true
			}
		}
	}
	return moved
}

// orOpt moves up to three stops, turned around or not, where that shortens the tour.
func (s *solver) orOpt(t []int, fixed int) (moved bool) {
	for l := 1; l <= 3; l++ {
		for i := fixed; i+l <= len(t); i++ {
			if s.relocate(t, fixed, i, l) {
				moved = true
			}
		}
	}
	return moved
}

// relocate moves the block of l stops at i to the first place where that shortens
// the tour.
func (s *solver) relocate(t []int, fixed, i, l int) bool {
	d, n := s.d, len(t)
	a, b := t[i], t[i+l-1]
	before, after := t[i-1], t[(i+l)%n]
	gain := d[before][a] + d[b][after] - d[before][after]
	for j := fixed; j <= n; j++ { // between t[j-1] and t[j]
		if j >= i && j <= i+l {
			continue
		}
		p, q := t[j-1], t[j%n]
		if d[p][a]+d[b][q]-d[p][q] < gain {
			place(t, i, l, j, false)
			return true
		}
		if d[p][b]+d[a][q]-d[p][q] < gain {
			place(t, i, l, j, true)
			return true
		}
	}
	return false
}

// place moves the block of l at i between the places j-1 and j of before.
func place(t []int, i, l, j int, turned bool) {
	block := slices.Clone(t[i : i+l])
	if turned {
		slices.Reverse(block)
	}
	if j > i {
		copy(t[i:], t[i+l:j])
		copy(t[j-l:], block)
		return
	}
	copy(t[j+l:i+l], t[j:i])
	copy(t[j:], block)
}

func sortedCopy(list []string) []string {
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	return sorted
}
