package draw

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Drawn is a unit that was drawn, or that stands in reserve.
type Drawn struct {
	Stratum string `json:"stratum"`
	Rank    int    `json:"rank"` // in its stratum, from 1; the reserve goes on after the last one drawn
	Reserve int64  `json:"reserve"`
	ID      string `json:"id"`
	Ticket  string `json:"ticket"` // hexadecimal
	// A/D is the probability of being drawn, both decimal.
	A string `json:"a"`
	D string `json:"d"`
	// Score orders units under Pareto sampling; empty where there is none.
	Score string `json:"score,omitempty"` // hexadecimal
	// Probability and Weight are A/D and D/A, cut off after six decimal places.
	Probability string `json:"probability"`
	Weight      string `json:"weight"`
}

// isCertain says whether a unit is in without a draw.
func (s *SamplePlan) isCertain(id string) bool {
	_, found := slices.BinarySearch(s.Certain, id)
	return found
}

// candidate is a unit in the order of a stratum.
type candidate struct {
	unit    *Unit
	ticket  Ticket
	certain bool
	a, d    uint64
	score   *big.Int
}

func compareCandidates(a, b *candidate) int {
	if a.certain != b.certain {
		if a.certain {
			return -1
		}
		return 1
	}
	if a.score != nil && b.score != nil {
		if c := a.score.Cmp(b.score); c != 0 {
			return c
		}
	}
	if c := bytes.Compare(a.ticket[:], b.ticket[:]); c != 0 {
		return c
	}
	return strings.Compare(a.unit.ID, b.unit.ID)
}

// draw puts the units of a stratum in order; the first n are drawn, the next are the
// reserve. Those that are certain come first.
func (s *SamplePlan) draw(st *stratum, allotted *Allotted, key *Key) []Drawn {
	list, candidates, tickets := make([]*candidate, len(st.units)), make([]candidate, len(st.units)), newTickets(key)
	for i, u := range st.units {
		candidates[i] = candidate{unit: u, ticket: tickets.of(u.ID), certain: s.isCertain(u.ID), a: 1, d: 1}
		list[i] = &candidates[i]
	}
	live := slices.DeleteFunc(slices.Clone(list), func(c *candidate) bool { return c.certain })
	n := uint64(allotted.N) - uint64(len(list)-len(live))
	if s.Design == Pareto {
		pareto(live, n)
	} else {
		for _, c := range live {
			c.a, c.d = n, uint64(len(live))
		}
	}
	slices.SortFunc(list, compareCandidates)
	var drawn []Drawn
	for i, c := range list[:allotted.N+allotted.Reserve] {
		d := Drawn{
			Stratum: st.id, Rank: i + 1, ID: c.unit.ID, Ticket: hex.EncodeToString(c.ticket[:]),
			A: strconv.FormatUint(c.a, 10), D: strconv.FormatUint(c.d, 10),
			Probability: millionths(c.a, c.d), Weight: millionths(c.d, c.a),
		}
		if int64(i) >= allotted.N {
			d.Reserve = int64(i) - allotted.N + 1
		}
		if c.score != nil {
			d.Score = c.score.Text(16)
		}
		drawn = append(drawn, d)
	}
	return drawn
}

// pareto gives n of the units their probabilities and scores. Units so large that
// they should be drawn more than once are certain, again and again until there is
// none.
func pareto(live []*candidate, n uint64) {
	total := uint64(0)
	for _, c := range live {
		total += c.unit.Size
	}
	for n > 0 {
		var rest []*candidate
		left, remaining := n, total
		for _, c := range live {
			high, low := bits.Mul64(n, c.unit.Size)
			if high == 0 && low < total {
				rest = append(rest, c)
				continue
			}
			c.certain = true
			left, remaining = left-1, remaining-c.unit.Size
		}
		if len(rest) == len(live) {
			break
		}
		live, n, total = rest, left, remaining
	}
	if n == 0 {
		for _, c := range live { // a reserve in the order of the tickets
			c.a, c.d = 0, 1
		}
		return
	}
	for _, c := range live {
		c.a, c.d = n*c.unit.Size, total
		c.score = score(c.ticket, c.a, c.d)
	}
}

// score is ⌊(2T+1)(D-a)·2^64 / ((2^65-2T-1)a)⌋, T the first eight bytes of a ticket:
// the odds of the ticket over the odds of the probability.
func score(t Ticket, a, d uint64) *big.Int {
	twice := new(big.Int).SetUint64(binary.BigEndian.Uint64(t[:8]))
	twice.Lsh(twice, 1).Add(twice, big.NewInt(1))
	below := new(big.Int).Lsh(big.NewInt(1), 65)
	below.Sub(below, twice).Mul(below, new(big.Int).SetUint64(a))
	twice.Mul(twice, new(big.Int).SetUint64(d-a)).Lsh(twice, 64)
	return twice.Quo(twice, below)
}

// millionths is a/b cut off after six decimal places; "0.000000" for b = 0.
func millionths(a, b uint64) string {
	if b == 0 {
		return "0.000000"
	}
	high, low := bits.Mul64(a%b, 1_000_000)
	part, _ := bits.Div64(high, low, b)
	return strconv.FormatUint(a/b, 10) + "." + padded(part)
}

func padded(millionths uint64) string {
	text := strconv.FormatUint(millionths, 10)
	return strings.Repeat("0", 6-len(text)) + text
}
