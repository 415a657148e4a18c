package draw

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Assignment is one of all assignments of items to teams that keep to the caps and
// avoid barred pairs, each as likely as any other.
type Assignment struct {
	Feasible string `json:"feasible"`        // how many there are, decimal
	Rank     string `json:"rank"`            // which one chance chose, decimal, from 0
	Pairs    []Pair `json:"pairs,omitempty"` // by item
}

// Pair is an item and its team.
type Pair struct {
	What string `json:"what"`
	Team string `json:"team"`
}

// FewFeasible is below how many assignments one can be guessed.
const FewFeasible = 1000

// statesMax bounds the table of what capacities can be left.
const statesMax = 1 << 20

// assigning counts the completions of partial assignments.
type assigning struct {
	items   []string
	teams   []TeamRule
	allowed [][]bool // item, team
	counts  []map[uint64]*big.Int
	radix   []uint64
}

func newAssigning(items []string, teams []TeamRule, barred []Barred) (*assigning, error) {
	a := &assigning{items: items, teams: teams, counts: make([]map[uint64]*big.Int, len(items)+1)}
	states := uint64(1)
	for _, team := range teams {
		a.radix = append(a.radix, states)
		if states *= uint64(team.Cap) + 1; states > statesMax {
			return nil, problem("assign-large", strconv.Itoa(statesMax))
		}
	}
	for i := range items {
		a.counts[i] = map[uint64]*big.Int{}
		row := make([]bool, len(teams))
		for k, team := range teams {
			row[k] = !slices.Contains(barred, Barred{team.ID, items[i]})
		}
		a.allowed = append(a.allowed, row)
	}
	return a, nil
}

// full is the state in which no team has an item.
func (a *assigning) full() (state uint64) {
	for k, team := range a.teams {
		state += uint64(team.Cap) * a.radix[k]
	}
	return state
}

func (a *assigning) has(state uint64, team int) bool {
	return state/a.radix[team]%(uint64(a.teams[team].Cap)+1) > 0
}

// count is F: the ways to assign the items from one on with the capacity that a
// state has left.
func (a *assigning) count(item int, state uint64) *big.Int {
	if item == len(a.items) {
		return one
	}
	if n, known := a.counts[item][state]; known {
		return n
	}
	n := new(big.Int)
	for k := range a.teams {
		if a.allowed[item][k] && a.has(state, k) {
			n.Add(n, a.count(item+1, state-a.radix[k]))
		}
	}
	a.counts[item][state] = n
	return n
}

var one = big.NewInt(1)

// Assign draws an assignment of items, sorted, to teams, sorted.
func Assign(items []string, teams []TeamRule, barred []Barred, stream *Stream) (*Assignment, error) {
	a, err := newAssigning(items, teams, barred)
	if err != nil {
		return nil, err
	}
	state := a.full()
	all := a.count(0, state)
	if all.Sign() == 0 {
		return nil, binding(items, teams, barred)
	}
	rank := stream.BelowBig(all)
	done := &Assignment{Feasible: all.String(), Rank: rank.String()}
	for i := range items {
		for k, team := range teams {
			if !a.allowed[i][k] || !a.has(state, k) {
				continue
			}
			n := a.count(i+1, state-a.radix[k])
			if rank.Cmp(n) < 0 {
				done.Pairs = append(done.Pairs, Pair{items[i], team.ID})
				state -= a.radix[k]
				break
			}
			rank.Sub(rank, n)
		}
	}
	return done, nil
}

// binding says why there is no assignment: too few places, or barred pairs of which
// each has a part in it.
func binding(items []string, teams []TeamRule, barred []Barred) error {
	places := int64(0)
	for _, team := range teams {
		places += team.Cap
	}
	if places < int64(len(items)) {
		return problem("assign-places", strconv.FormatInt(places, 10), strconv.Itoa(len(items)))
	}
	least := slices.Clone(barred)
	for i := 0; i < len(least); {
		without := slices.Delete(slices.Clone(least), i, i+1)
		a, err := newAssigning(items, teams, without)
		if err != nil {
			return err
		}
		if a.count(0, a.full()).Sign() == 0 {
			least = without
		} else {
			i++
		}
	}
	pairs := make([]string, len(least))
	for i, b := range least {
		pairs[i] = b.Team + " – " + b.What
	}
	return problem("assign-barred", strings.Join(pairs, ", "))
}

// Few says whether there are so few assignments that one can be guessed.
func (a *Assignment) Few() bool {
	n, ok := new(big.Int).SetString(a.Feasible, 10)
	return ok && n.Cmp(big.NewInt(FewFeasible)) < 0
}

// TeamsDrawn is which team goes where, and who is in it.
type TeamsDrawn struct {
	Strata  Assignment      `json:"strata"`
	Members []MembersOfRole `json:"members,omitempty"` // by role
}

// MembersOfRole is who of a role is in which team.
type MembersOfRole struct {
	Role string `json:"role"`
	Assignment
}

// draw assigns strata to teams, and people by their roles.
func (t *TeamsPlan) draw(strata []string, scope string, seed *Seed) (*TeamsDrawn, error) {
	for _, b := range t.Barred {
		if !slices.Contains(strata, b.What) {
			return nil, problem("teams-barred", b.Team, b.What)
		}
	}
	assigned, err := Assign(strata, t.Teams, t.Barred, NewStream(seed.Key("assign", scope)))
	if err != nil {
		return nil, err
	}
	done := &TeamsDrawn{Strata: *assigned}
	for i := range t.Members {
		m := &t.Members[i]
		for _, b := range m.Barred {
			if !slices.Contains(m.People, b.What) {
				return nil, problem("teams-barred", b.Team, b.What)
			}
		}
		put, err := Assign(m.People, m.Quota, m.Barred, NewStream(seed.Key("members", scope+"/"+m.Role)))
		if err != nil {
			return nil, err
		}
		done.Members = append(done.Members, MembersOfRole{m.Role, *put})
	}
	return done, nil
}

// strataOf are the strata of a team.
func (t *TeamsDrawn) strataOf(team string) (list []string) {
	for _, p := range t.Strata.Pairs {
		if p.Team == team {
			list = append(list, p.What)
		}
	}
	return list
}
