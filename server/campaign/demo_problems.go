package campaign

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/edit"
)

// subject is what a problem is about, which decides who finds such problems.
type subject int

const (
	party  subject = iota // 黨建
	living                // 民生
	money                 // 資金
	works                 // 項目
	files                 // 檔案
)

// problemText is a problem in words with slots like {戶}; see slots.
type problemText struct {
	subject  subject
	severity string
	title    string
	detail   string
	measure  string
	goal     string
}

// twoProblems is how many visited units have a second problem: 240 in all.
const twoProblems = 40

// problems gives each visited unit a problem or two, about a third of
// them such as many units have.
func (g *generator) problems() {
	texts := problemTexts()
	for i, u := range shuffled(g.dice, slices.Clone(g.visited)) {
		own := shuffled(g.dice, slices.Clone(texts[u.category]))
		common := shuffled(g.dice, commonProblems())
		count := 1
		if i < twoProblems {
			count = 2
		}
		for n := range count {
			if g.chance(30) {
				g.problem(u, n+1, "common", common[n])
			} else {
				g.problem(u, n+1, "individual", own[n])
			}
		}
	}
}

func (g *generator) problem(u *unit, n int, reach string, text problemText) {
	id, fill := g.id(), g.slots()
	g.add("problem", id, edit.Cells{
		"unit_id": edit.ID(u.id), "number": edit.Int(int64(n)),
		"title":  edit.Text(fill.Replace(text.title)),
		"detail": edit.Text(fill.Replace(text.detail)),
		"source": edit.Text(g.source(text.subject)), "reach": edit.Text(reach),
		"severity": edit.Text(text.severity),
	})
	g.ledgerEntry(u, id, fill.Replace(text.measure), fill.Replace(text.goal))
	if g.chance(20) {
		second := lastingMeasures()[text.subject]
		g.ledgerEntry(u, id, second[0], second[1])
	}
}

// source is who would find a problem of this kind: inspections find what is in
// the books, people what they live with.
func (g *generator) source(s subject) string {
	switch s {
	case living:
		return pick(g.dice, []string{"public", "public", "public", "self", "superior"})
	case money, works:
		return pick(g.dice, []string{"superior", "superior", "public", "self"})
	case party, files:
	}
	return pick(g.dice, []string{"self", "self", "superior"})
}

func (g *generator) ledgerEntry(u *unit, problem schema.RowID, measure, goal string) {
	due := g.between(-60, 120) // days from now
	state := g.state(due < 0)
	g.add("ledger_entry", g.id(), edit.Cells{
		"problem_id": edit.ID(problem), "measure": edit.Text(measure), "goal": edit.Text(goal),
		"responsible_unit":   edit.Text(u.name),
		"responsible_leader": edit.Text(fmt.Sprintf("%s(%s)", u.leader, u.office())),
		"responsible_person": edit.Text(u.secretary), "due_at": edit.Int(g.due(due)),
		"progress": edit.Text(pick(g.dice, progressTexts()[state])), "state": edit.Text(state),
	})
}

// state is how far a unit says it is: mostly done, once the time is over.
func (g *generator) state(overdue bool) string {
	if overdue {
		return pick(g.dice, []string{"closed", "closed", "claimed", "claimed", "open"})
	}
	return pick(g.dice, []string{"open", "open", "open", "claimed", "claimed", "closed"})
}

// due is the end of a working day, so many days from now.
func (g *generator) due(days int) int64 { return g.day(days).Add(18 * time.Hour).UnixMilli() }

// slots fills the slots of one problem's texts, each with one value throughout:
//
//	{少} 1–2, {幾} 3–9, {多} 12–48, {大} 60–180   counts, each smaller than the next
//	{米} metres  {萬} amount in ten thousand yuan  {月} a month's number
//	{組} a villagers' group's number  {去年} {前年} years
func (g *generator) slots() *strings.Replacer {
	return strings.NewReplacer(
		"{少}", fmt.Sprint(g.between(1, 2)), "{幾}", fmt.Sprint(g.between(3, 9)),
		"{多}", fmt.Sprint(g.between(12, 48)), "{大}", fmt.Sprint(g.between(60, 180)),
		"{米}", fmt.Sprint(10*g.between(18, 95)),
		"{萬}", fmt.Sprintf("%.1f", 2+46*g.Float64()), "{月}", fmt.Sprint(g.between(2, 11)),
		"{組}", fmt.Sprint(g.between(1, 8)),
		"{去年}", fmt.Sprint(g.now.Year()-1), "{前年}", fmt.Sprint(g.now.Year()-2),
	)
}

// commitmentText is a commitment in words with slots.
type commitmentText struct{ title, goal string }

// commitments: each visited unit's secretary promised one or two.
func (g *generator) commitments() {
	all := commitmentTexts()
	for _, u := range g.visited {
		texts := shuffled(g.dice, all[u.category])
		for n := range g.between(1, 2) {
			fill := g.slots()
			g.add("commitment", g.id(), edit.Cells{
				"unit_id": edit.ID(u.id), "number": edit.Int(int64(n + 1)),
				"title":    edit.Text(fill.Replace(texts[n].title)),
				"goal":     edit.Text(fill.Replace(texts[n].goal)),
				"due_at":   edit.Int(g.due(g.between(20, 200))),
				"progress": edit.Text(pick(g.dice, commitmentProgress())),
			})
		}
	}
}
