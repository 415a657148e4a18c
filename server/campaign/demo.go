// Package campaign makes campaigns; the one made here is fictional, to try the
// system with.
package campaign

import (
	"fmt"
	"slices"
	"time"

	"sansuiji/schema"
	"sansuiji/syncengine/edit"
)

// City is a made-up city with one campaign, at the size of a real one. Its
// places and people exist nowhere.
type City struct {
	CampaignID schema.CampaignID
	Code       string
	Name       string // of the campaign
	Teams      []Team

	rows     []row
	counties []county
	seed     uint64
}

// Team is one of the campaign's teams.
type Team struct {
	ID         schema.TeamID
	Name       string
	Inspectors []Inspector // the leader first
}

// Inspector is a member of a team.
type Inspector struct {
	ID   schema.RowID
	Name string
}

// Demo makes a city. The same seed and the same millisecond of now give the same
// city with the same ids; deadlines and plans lie around now.
func Demo(seed uint64, now time.Time) *City {
	d := newDice(seed, now)
	g := &generator{dice: d, now: now.In(schema.Zone()), city: &City{seed: seed}}
	g.campaign()
	g.teams()
	g.units()
	g.visits()
	g.problems()
	g.commitments()
	g.questions()
	g.ledger()
	g.criteria()
	return g.city
}

// Rows yields the rows of every table but device, parents before children: each
// as an insert for edit.Builder. Cells are not to be changed.
func (c *City) Rows(yield func(table string, id schema.RowID, cells edit.Cells) bool) {
	for _, table := range []string{
		"campaign", "team", "inspector", "team_member",
		"unit", "problem", "ledger_entry", "commitment", "visit", "question",
		"ledger_step", "ledger_act", "criterion",
	} {
		for i := range c.rows {
			if r := &c.rows[i]; r.table == table && !yield(r.table, r.id, r.cells) {
				return
			}
		}
	}
}

// SealTo makes interviews be sealed to an age recipient.
func (c *City) SealTo(recipient string) {
	for i := range c.rows {
		if c.rows[i].table == "campaign" {
			c.rows[i].cells["seal_to"] = edit.Text(recipient)
		}
	}
}

type row struct {
	table string
	id    schema.RowID
	cells edit.Cells
}

// generator fills a city, step by step.
type generator struct {
	*dice
	now     time.Time
	city    *City
	list    []*unit // all
	visited []*unit
}

// day is the start of a day, counted from today.
func (g *generator) day(n int) time.Time {
	y, m, d := g.now.Date()
	return time.Date(y, m, d+n, 0, 0, 0, 0, g.now.Location())
}

func (g *generator) add(table string, id schema.RowID, cells edit.Cells) {
	g.city.rows = append(g.city.rows, row{table, id, cells})
}

// cityName stands in no gazetteer.
const cityName = "雲汀市"

func (g *generator) campaign() {
	id := g.id()
	g.city.CampaignID = schema.CampaignID(id)
	g.city.Code = fmt.Sprintf("YT-%d-01", g.now.Year())
	g.city.Name = fmt.Sprintf("%s%d年「三隨機」實地核查", cityName, g.now.Year())
	g.add("campaign", id, edit.Cells{
		"code": edit.Text(g.city.Code), "name": edit.Text(g.city.Name), "city": edit.Text(cityName),
		"starts_at": edit.Int(g.day(0).UnixMilli()), "ends_at": edit.Int(g.day(14).UnixMilli()),
	})
}

const (
	teamCount   = 5
	teamMembers = 4
)

func (g *generator) teams() {
	offices := shuffled(g.dice, cityOffices())
	for n := range teamCount {
		id := g.id()
		team := Team{
			ID:   schema.TeamID(id),
			Name: "第" + string([]rune("一二三四五")[n]) + "核查組",
		}
		g.add("team", id, edit.Cells{
			"number": edit.Int(int64(n + 1)), "name": edit.Text(team.Name),
		})
		for m := range teamMembers {
			office := cityName + offices[n*teamMembers+m]
			team.Inspectors = append(team.Inspectors, g.inspector(id, m == 0, office))
		}
		g.city.Teams = append(g.city.Teams, team)
	}
}

func (g *generator) inspector(team schema.RowID, leads bool, office string) Inspector {
	i := Inspector{ID: g.id(), Name: g.person()}
	g.add("inspector", i.ID, edit.Cells{
		"name": edit.Text(i.Name), "organisation": edit.Text(office),
	})
	role := "member"
	if leads {
		role = "leader"
	}
	g.add("team_member", schema.NaturalRowID("team_member", team, i.ID), edit.Cells{
		"team_id": edit.ID(team), "inspector_id": edit.ID(i.ID), "role": edit.Text(role),
	})
	return i
}

// visits draws the units of each team, gives them to it and plans when it goes.
func (g *generator) visits() {
	left := shuffled(g.dice, slices.Clone(g.list))
	for _, team := range g.city.Teams {
		var route []*unit
		for _, share := range visitShares() {
			var drawn []*unit
			drawn, left = take(left, share.category, share.count)
			route = append(route, drawn...)
		}
		for i, u := range shuffled(g.dice, route) {
			u.team = team.ID
			g.visit(team.ID, u, i)
		}
		g.visited = append(g.visited, route...)
	}
	for _, u := range g.list {
		g.add("unit", u.id, u.cells())
	}
}

type share struct {
	category string
	count    int
}

// visitShares are how many units of each category a team visits: 40 in all.
func visitShares() []share {
	return []share{
		{"village", 28},
		{"community", 4},
		{"department", 3},
		{"soe", 1},
		{"hospital", 2},
		{"school", 2},
	}
}

// take splits the first count units of a category off a list.
func take(list []*unit, category string, count int) (taken, left []*unit) {
	for _, u := range list {
		if u.category == category && len(taken) < count {
			taken = append(taken, u)
		} else {
			left = append(left, u)
		}
	}
	return taken, left
}

// visit plans the n-th visit of a team, from tomorrow on, four a day.
func (g *generator) visit(team schema.TeamID, u *unit, n int) {
	hours := []time.Duration{
		9 * time.Hour, 10*time.Hour + 45*time.Minute, 14*time.Hour + 30*time.Minute,
		16*time.Hour + 15*time.Minute,
	}
	planned := g.day(1 + n/len(hours)).Add(hours[n%len(hours)])
	g.add("visit", g.id(), edit.Cells{
		"team_id": edit.ID(team), "unit_id": edit.ID(u.id), "sequence": edit.Int(int64(n + 1)),
		"planned_at": edit.Int(planned.UnixMilli()), "status": edit.Text("planned"),
	})
}
