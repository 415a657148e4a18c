package sim

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

const (
	pageUsual = 1000
	stepsMin  = 24
	stepsMore = 30
)

// Points are where programs can be killed.
type Points struct {
	Device []string
	HQ     []string
}

// Generate makes up the script of a seed.
func Generate(seed uint64, points Points) *Script {
	g := &generator{Rand: NewDice(seed, 1), points: points}
	g.script = Script{Seed: seed, City: g.city()}
	g.weigh()
	for range stepsMin + g.IntN(stepsMore) {
		g.script.Steps = append(g.script.Steps, g.step())
	}
	return &g.script
}

type generator struct {
	*rand.Rand
	points  Points
	script  Script
	verbs   []weighted
	sum     int
	mishaps map[MishapKind]float64
}

type weighted struct {
	verb   Verb
	actor  byte // d, c, h, x
	weight int
}

func (g *generator) city() City {
	c := City{HQ: 3, Page: pageUsual, Tokens: g.IntN(12) == 0}
	mixed := g.IntN(3) == 0
	if mixed {
		c.HQ = 1 + g.IntN(3)
	}
	if g.IntN(3) == 0 {
		c.Page = 2 + g.IntN(10)
	}
	for range 3 + g.IntN(3) {
		v := c.HQ
		if mixed {
			v = 1 + g.IntN(c.HQ)
		}
		c.Devices = append(c.Devices, v)
	}
	return c
}

// weigh decides how often things happen in this life: some not at all.
func (g *generator) weigh() {
	often := func(w int) int { return w * (1 + g.IntN(3)) }
	seldom := func(w int) int { // in some lives only
		if g.IntN(3) > 0 {
			return 0
		}
		return w * (1 + g.IntN(2))
	}
	still := g.IntN(2) == 0 // nobody's rights change
	moving := func(w int) int {
		if still {
			return 0
		}
		return w
	}
	carry, back, vault := seldom(1), seldom(1), seldom(1) // what is of use together
	g.verbs = []weighted{
		{Insert, 'd', often(8)},
		{Update, 'd', often(12)},
		{Withdraw, 'd', often(2)},
		{Many, 'd', often(3)},
		{Push, 'd', often(2)},
		{Pull, 'd', often(2)},
		{Sync, 'd', often(14)},
		{Export, 'd', 6 * carry},
		{Restart, 'd', 1},
		{Upgrade, 'd', seldom(3)},
		{Wipe, 'd', seldom(2)},
		{Clone, 'd', seldom(2)},
		{Remember, 'd', 3 * back},
		{TurnBack, 'd', 3 * back},
		{Clock, 'd', seldom(4)},
		{Deliver, 'c', 5 * carry},
		{Give, 'c', 3 * carry},
		{Edit, 'h', often(4)},
		{Add, 'h', 1},
		{Look, 'h', 2},
		{Resolve, 'h', often(2)},
		{Review, 'h', 1},
		{Move, 'h', moving(4)},
		{Revoke, 'h', moving(g.IntN(2))},
		{Release, 'h', moving(seldom(3))},
		{Upgrade, 'h', seldom(3)},
		{Backup, 'h', 3 * vault},
		{Restore, 'h', 3 * vault},
		{Rollback, 'h', g.IntN(2) * 2 * vault},
		{Crash, 'h', 1},
		{Clock, 'h', seldom(2)},
		{Hostile, 'x', seldom(9)},
		{Replay, 'x', seldom(4)},
		{Wait, 'h', 2},
	}
	for _, v := range g.verbs {
		g.sum += v.weight
	}
	g.mishaps = map[MishapKind]float64{}
	for _, kind := range MishapKinds() {
		if g.IntN(3) == 0 {
			g.mishaps[kind] = g.Float64() * 0.3
		}
		if kind == FullHQ { // it starts headquarters twice
			g.mishaps[kind] /= 4
		}
	}
}

func (g *generator) step() Step {
	at := g.IntN(g.sum)
	for _, v := range g.verbs {
		if at -= v.weight; at < 0 {
			s := Step{Verb: v.verb, Actor: g.actor(v.actor), Dice: g.Uint64N(1_000_000)}
			s.Words = g.words(&s, v.actor)
			g.spoil(&s)
			return s
		}
	}
	panic("sim: weights do not add up")
}

func (g *generator) actor(kind byte) string {
	switch kind {
	case 'd':
		return g.device()
	case 'c':
		return g.carrier()
	case 'x':
		return "x"
	}
	return "hq"
}

func (g *generator) device() string { return fmt.Sprintf("d%d", 1+g.IntN(len(g.script.City.Devices))) }

func (g *generator) carrier() string { return fmt.Sprintf("c%d", 1+g.IntN(2)) }

func (g *generator) pick(words ...string) string { return words[g.IntN(len(words))] }

func (g *generator) words(s *Step, actor byte) []string {
	switch s.Verb { //nolint:exhaustive // the verbs of one actor
	case Insert:
		return []string{g.pick("finding", "finding", "verification", "verification", "comment")}
	case Update:
		if actor == 'd' {
			return []string{g.pick("visit", "finding", "finding", "verification", "verification", "comment")}
		}
	case Withdraw:
		return []string{g.pick("finding", "comment", "verification")}
	case Export:
		if g.IntN(3) == 0 {
			return []string{g.device()}
		}
		return []string{g.carrier()}
	case Give, Revoke:
		return []string{g.device()}
	case Clock:
		return []string{g.pick(ClockSettings()...)}
	case Edit:
		words := []string{g.pick("visit", "finding", "verification", "unit", "problem", "ledger_entry", "comment")}
		if g.IntN(3) == 0 {
			words = append(words, "stale")
		}
		return words
	case Resolve:
		if g.IntN(4) == 0 {
			return []string{"stale"}
		}
	case Add:
		return []string{g.pick("problem", "visit", "ledger_entry", "commitment")}
	case Move:
		return []string{g.pick("visit", "visit", "unit", "member")}
	case Hostile:
		return []string{g.pick(HostileKinds()...)}
	default:
	}
	return nil
}

// spoil adds mishaps to a step that they can meet.
func (g *generator) spoil(s *Step) {
	for _, kind := range MishapKinds() {
		if g.Float64() >= g.mishaps[kind] || !meets(s.Verb, kind) {
			continue
		}
		m := Mishap{Kind: kind, At: 1 + g.IntN(4)}
		switch kind {
		case Kill:
			m.Point, m.At = g.pick(g.pointsOf(s.Verb)...), 1+g.IntN(2)
		case KillHQ:
			m.Point, m.At = g.pick(g.points.HQ...), 1+g.IntN(2)
		case Full, FullHQ:
			m.At = 1
		case Drop, Lost, Double, Late, Torn, TornAnswer:
		}
		s.Mishaps = append(s.Mishaps, m)
	}
}

// pointsOf are where a device can be killed at what a verb does.
func (g *generator) pointsOf(verb Verb) []string {
	prefixes := []string{"push.", "pull."}
	switch verb { //nolint:exhaustive // those of a device that meet a kill
	case Insert, Update, Withdraw, Many:
		prefixes = []string{"save."}
	case Export:
		prefixes = []string{"import."}
	case Wipe:
		prefixes = []string{"enrol."}
	}
	return slices.DeleteFunc(slices.Clone(g.points.Device), func(point string) bool {
		return !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(point, p) })
	})
}

// meets says whether a mishap can happen to what a verb does.
func meets(verb Verb, kind MishapKind) bool {
	switch verb {
	case Push, Pull, Sync, Wipe:
		return true
	case Insert, Update, Withdraw, Many, Export:
		return kind == Kill || kind == Full
	case Edit, Add, Resolve, Review, Move, Revoke, Release, Upgrade, Backup, Restore:
		return kind == KillHQ || kind == FullHQ
	case Deliver:
		return kind != Kill && kind != Full
	case Hostile, Replay:
		return kind == KillHQ
	case Restart, Clone, TurnBack, Remember, Clock, Give, Look, Rollback, Crash, Wait:
	}
	return false
}
