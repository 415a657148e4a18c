package draw

import (
	"math/bits"
	"strconv"
)

// Route is the order in which a team drives, from the depot and back to it.
type Route struct {
	Team string `json:"team"`
	// Best is the length of the shortest tour that the solver finds, in metres.
	Best int64 `json:"best_m"`
	// Budget is what the tour may have with the first stop that chance chose.
	Budget int64    `json:"budget_m"`
	Length int64    `json:"length_m"`
	Tour   []string `json:"tour,omitempty"` // ids, the depot left out
	Days   []int64  `json:"days,omitempty"` // how many stops each day has, if the plan splits days
}

// point is a place in the plane, in metres.
type point struct{ x, y int64 }

// distances are the lengths between places, in metres: the straight line, rounded
// down, times the detour, rounded down again.
func distances(places []point, detourPermille int64) [][]int64 {
	d := make([][]int64, len(places))
	for i := range places {
		d[i] = make([]int64, len(places))
		for k := range i {
			dx, dy := places[i].x-places[k].x, places[i].y-places[k].y
			d[i][k] = squareRoot(dx*dx+dy*dy) * detourPermille / 1000
			d[k][i] = d[i][k]
		}
	}
	return d
}

// squareRoot is ⌊√n⌋, by Newton's method.
func squareRoot(n int64) int64 {
	if n < 2 {
		return n
	}
	for r := int64(1) << ((bits.Len64(uint64(n)) + 1) / 2); ; {
		next := (r + n/r) / 2
		if next >= r {
			return r
		}
		r = next
	}
}

// touring is a tour under way: t[0] is the depot, t[1] the first stop, which stays.
type touring struct {
	d      [][]int64
	t      []int
	length int64
	stream *Stream
}

func tourLength(d [][]int64, t []int) (n int64) {
	for i := range t {
		n += d[t[i]][t[(i+1)%len(t)]]
	}
	return n
}

// Bounds of the way to a tour that keeps its budget.
const (
	// longerMax is after how many moves a tour that is still too long begins anew.
	longerMax = 1_000_000
	// anewMax is how often; then it begins with the solver's.
	anewMax = 10
)

// fixedMin is up to how many stops there is one order, or two alike: they are driven
// as they were drawn, without moves.
const fixedMin = 3

// drawRoute draws a tour over all places, the depot first: the first stop uniformly,
// and of the tours that keep the budget of that first stop, each as likely.
func drawRoute(d [][]int64, plan *RoutesPlan, key Key) (t []int, best, budget int64) {
	n := len(d)
	r := &touring{d: d, stream: NewStream(key), t: make([]int, n)}
	for i := range r.t {
		r.t[i] = i
	}
	if n < 2 {
		return r.t, 0, 0
	}
	s := newSolver(d)
	first := 1 + r.stream.below(n-1)
	r.t[1], r.t[first] = r.t[first], r.t[1]
	best = tourLength(d, s.tour)
	short := s.from(r.t[1])
	budget = tourLength(d, short) * plan.BudgetPercent / 100
	r.shuffle()
	if n <= fixedMin {
		return r.t, best, max(budget, r.length)
	}
	r.shorten(budget, short)
	for range plan.Moves * int64(n-1) {
		r.step(budget)
	}
	return r.t, best, budget
}

// shorten makes moves that do not lengthen the tour until it keeps the budget.
func (r *touring) shorten(budget int64, short []int) {
	for range anewMax {
		for range longerMax {
			if r.length <= budget {
				return
			}
			r.step(r.length)
		}
		r.shuffle()
	}
	copy(r.t, short)
	r.length = tourLength(r.d, r.t)
}

// shuffle puts the stops after the first in a random order.
func (r *touring) shuffle() {
	for i := len(r.t) - 1; i >= 3; i-- {
		j := 2 + r.stream.below(i-1)
		r.t[i], r.t[j] = r.t[j], r.t[i]
	}
	r.length = tourLength(r.d, r.t)
}

// blockMax is the largest block of stops that is moved.
const blockMax = 8

// step proposes a move, and makes it if the tour is no longer than limit then. What
// it draws is drawn whether or not it moves.
func (r *touring) step(limit int64) {
	free := len(r.t) - 2 // places that may change: from 2 on
	switch kind := r.stream.below(4); kind {
	case 0, 1:
		i, j := 2+r.stream.below(free), 2+r.stream.below(free)
		r.reverse(min(i, j), max(i, j), limit)
	case 2:
		i, j := 2+r.stream.below(free), 2+r.stream.below(free)
		r.move(i, j, limit)
	default:
		l, m := 1+r.stream.below(blockMax), 1+r.stream.below(blockMax)
		i := 2 + r.stream.below(free)
		r.exchange(i, l, m, limit)
	}
}

// after is the place after one in the tour.
func (r *touring) after(i int) int { return r.t[(i+1)%len(r.t)] }

// reverse turns the places from i to j around.
func (r *touring) reverse(i, j int, limit int64) {
	if i == j {
		return
	}
	t, d := r.t, r.d
	change := d[t[i-1]][t[j]] + d[t[i]][r.after(j)] - d[t[i-1]][t[i]] - d[t[j]][r.after(j)]
	if r.length+change > limit {
		return
	}
	r.length += change
	for ; i < j; i, j = i+1, j-1 {
		t[i], t[j] = t[j], t[i]
	}
}

// move takes the place at i out and puts it in again, so that it is at j.
func (r *touring) move(i, j int, limit int64) {
	if i == j {
		return
	}
	t, d, v := r.t, r.d, r.t[i]
	change := d[t[i-1]][r.after(i)] - d[t[i-1]][v] - d[v][r.after(i)]
	before, next := t[j], r.after(j)
	if j < i {
		before, next = t[j-1], t[j]
	}
	change += d[before][v] + d[v][next] - d[before][next]
	if r.length+change > limit {
		return
	}
	r.length += change
	if i < j {
		copy(t[i:j], t[i+1:j+1])
	} else {
		copy(t[j+1:i+1], t[j:i])
	}
	t[j] = v
}

// exchange swaps the block of l places at i with the m that follow it.
func (r *touring) exchange(i, l, m int, limit int64) {
	t, d := r.t, r.d
	if i+l+m > len(t) {
		return
	}
	a, b, c, e := t[i], t[i+l-1], t[i+l], t[i+l+m-1]
	last := r.after(i + l + m - 1)
	change := d[t[i-1]][c] + d[e][a] + d[b][last] - d[t[i-1]][a] - d[b][c] - d[e][last]
	if r.length+change > limit {
		return
	}
	r.length += change
	var block [blockMax]int
	copy(block[:l], t[i:i+l])
	copy(t[i:], t[i+l:i+l+m])
	copy(t[i+m:], block[:l])
}

// draw draws the routes of all teams over the units that they visit.
func (p *RoutesPlan) draw(teams *TeamsDrawn, rules []TeamRule, drawn []Drawn, f *Frame, scope string, seed *Seed) ([]Route, error) {
	var routes []Route
	for _, team := range rules {
		strata := map[string]bool{}
		for _, s := range teams.strataOf(team.ID) {
			strata[s] = true
		}
		var ids []string
		for i := range drawn {
			if strata[drawn[i].Stratum] && drawn[i].Reserve == 0 {
				ids = append(ids, drawn[i].ID)
			}
		}
		if len(ids) > stopsMax {
			return nil, problem("route-stops", team.ID, strconv.Itoa(len(ids)), strconv.Itoa(stopsMax))
		}
		routes = append(routes, p.route(team.ID, ids, f, seed.Key("route", scope+"/"+team.ID)))
	}
	return routes, nil
}

// stopsMax is how many stops a route may have.
const stopsMax = 400

// route draws one team's.
func (p *RoutesPlan) route(team string, ids []string, f *Frame, key Key) Route {
	ids = sortedCopy(ids)
	d := distances(p.places(ids, f), p.DetourPermille)
	t, best, budget := drawRoute(d, p, key)
	r := Route{Team: team, Best: best, Budget: budget, Length: tourLength(d, t)}
	for _, i := range t[1:] {
		r.Tour = append(r.Tour, ids[i-1])
	}
	r.Days = p.Days.split(d, t)
	return r
}

// places are the depot and the units of ids.
func (p *RoutesPlan) places(ids []string, f *Frame) []point {
	places := []point{{p.DepotX, p.DepotY}}
	for _, id := range ids {
		u := f.Unit(id)
		places = append(places, point{int64(u.X), int64(u.Y)})
	}
	return places
}

// split puts stops into a day until the next does not fit any more. The way to a stop
// belongs to its day; a team stays overnight where the day ended.
func (p *DaysPlan) split(d [][]int64, t []int) (days []int64) {
	if p == nil {
		return nil
	}
	minutes := int64(0)
	for i, stop := range t[1:] {
		way := d[t[i]][stop]
		needs := (way+p.MetresPerMinute-1)/p.MetresPerMinute + p.VisitMinutes
		if len(days) == 0 || minutes+needs > p.DayMinutes {
			days, minutes = append(days, 0), 0
		}
		days[len(days)-1]++
		minutes += needs
	}
	return days
}
