// Package scoring is how units are scored 測評打分, and votes in halls 會場測評.
//
// # How a score comes about
//
// All arithmetic is exact: fractions of whole numbers, rounded once for what is shown.
//
//  1. Each mark is put on a scale of 100: mark ÷ highest mark × 100. A problem that a team
//     verified counts 100 when it is rectified, 50 when it partly is, else 0; the newest
//     verification counts. An answer counts 100 for yes and 0 for no; one on a scale, its
//     mark ÷ highest mark × 100.
//  2. A criterion's score is the mean of its marks. With a trimming of p percent, the
//     floor(n × p ÷ 100) lowest and as many highest of n marks are left out first.
//  3. A unit's total is the mean of its criteria's scores by weight.
//  4. What is shown is rounded to two decimals, halves up (四捨五入).
//  5. Ranks go by what is shown: equal totals share a rank, and the next ranks are left out
//     (1, 2, 2, 4).
//
// A criterion without marks is missing and never counts as zero: the total then is over the
// criteria that are there, is marked as preliminary, and has no rank. Fewer than five
// interviews, or ballots of a box, are not shown at all.
package scoring

import (
	"math/big"
	"slices"
	"strings"
)

// GroupMin is how many interviews, or ballots, there must be so that their marks are shown.
const GroupMin = 5

// Group is marks of one value.
type Group struct {
	Label   string
	Value   *big.Rat // as it was given
	Max     *big.Rat // highest mark
	Count   int
	Trimmed int // of them left out
}

// score is the marks' value on a scale of 100.
func (g *Group) score() *big.Rat {
	r := new(big.Rat).Quo(g.Value, g.Max)
	return r.Mul(r, big.NewRat(100, 1))
}

// Mean is the trimmed mean of marks on a scale of 100; nil: there are none. It notes in the
// groups what was trimmed, and puts them in the order of their scores.
func Mean(groups []Group, trimPercent int) *big.Rat {
	slices.SortStableFunc(groups, func(a, b Group) int {
		if c := a.score().Cmp(b.score()); c != 0 {
			return c
		}
		return strings.Compare(a.Label, b.Label)
	})
	n := count(groups)
	cut := n * min(max(trimPercent, 0), trimMax) / 100
	trim(groups, cut)
	slices.Reverse(groups)
	trim(groups, cut)
	slices.Reverse(groups)
	sum := new(big.Rat)
	for i := range groups {
		g := &groups[i]
		sum.Add(sum, new(big.Rat).Mul(g.score(), big.NewRat(int64(g.Count-g.Trimmed), 1)))
	}
	if n == 0 {
		return nil
	}
	return sum.Quo(sum, big.NewRat(int64(n-2*cut), 1))
}

// trimMax leaves something of any number of marks.
const trimMax = 49

func count(groups []Group) (n int) {
	for i := range groups {
		n += groups[i].Count
	}
	return n
}

// trim leaves out so many of the first.
func trim(groups []Group, cut int) {
	for i := range groups {
		out := min(cut, groups[i].Count-groups[i].Trimmed)
		groups[i].Trimmed += out
		cut -= out
	}
}

// Weighted is a criterion's score with its weight.
type Weighted struct {
	Score  *big.Rat // nil: missing
	Weight int64
}

// Total is the mean by weight of the scores that are there; nil: there are none. It is
// complete when none is missing that has a weight.
func Total(list []Weighted) (total *big.Rat, complete bool) {
	sum, weights := new(big.Rat), int64(0)
	complete = true
	for _, w := range list {
		switch {
		case w.Weight == 0:
		case w.Score == nil:
			complete = false
		default:
			weights += w.Weight
			sum.Add(sum, new(big.Rat).Mul(w.Score, big.NewRat(w.Weight, 1)))
		}
	}
	if weights == 0 {
		return nil, false
	}
	return sum.Quo(sum, big.NewRat(weights, 1)), complete
}

// decimals is how many are shown.
const decimals = 2

// Shown is a score as it is shown: two decimals, halves up; "" for none.
func Shown(score *big.Rat) string {
	if score == nil {
		return ""
	}
	return score.FloatString(decimals) // halves away from zero, and no score is below it
}

// Ranks are the ranks of totals as they are shown; 0 for those that have none.
func Ranks(totals []*big.Rat) []int {
	shown := make([]*big.Rat, len(totals))
	for i, total := range totals {
		if total != nil {
			shown[i], _ = new(big.Rat).SetString(Shown(total))
		}
	}
	ranks := make([]int, len(totals))
	for i := range shown {
		if shown[i] == nil {
			continue
		}
		ranks[i] = 1
		for k := range shown {
			if shown[k] != nil && shown[k].Cmp(shown[i]) > 0 {
				ranks[i]++
			}
		}
	}
	return ranks
}

// Plain is a number as people write it: 85, 87.5.
func Plain(r *big.Rat) string {
	text := r.FloatString(decimals)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
