package campaign

import (
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/edit"
)

// county is a county with its place on the map.
type county struct {
	number    int // from 1; 0 are the units that belong to the city itself
	name      string
	townships []township
	spot      spot // the middle
}

// township is a township (鄉, 鎮) or, for communities, a subdistrict (街道).
type township struct {
	number int
	name   string
	leader string // who answers for its villages or communities
	spot   spot
}

// unit is a unit before it becomes a row.
type unit struct {
	id        schema.RowID
	code      string
	name      string
	category  string
	county    string
	township  string
	members   int
	secretary string
	leader    string // who answers for it above its secretary
	spot      spot
	phone     string
	team      schema.TeamID // zero: not visited
}

func (u *unit) cells() edit.Cells {
	cells := edit.Cells{
		"code": edit.Text(u.code), "name": edit.Text(u.name), "category": edit.Text(u.category),
		"county": edit.Text(u.county), "township": edit.Text(u.township),
		"members": edit.Int(int64(u.members)), "secretary": edit.Text(u.secretary),
		"latitude_e7": edit.Int(u.spot.latitude), "longitude_e7": edit.Int(u.spot.longitude),
	}
	if u.phone != "" {
		cells["phone"] = edit.Text(u.phone)
	}
	if u.team != (schema.TeamID{}) {
		cells["team_id"] = edit.ID(u.team)
	}
	return cells
}

// The mission's scale.
const (
	villageCount   = 2194
	communityCount = 120
	// Of each county's.
	officesOfCounty = 4
	streetsOfCounty = 2
)

// cityItself stands in the county column of units of the city.
const cityItself = "市直"

// units makes the places, then all that may be inspected in them.
func (g *generator) units() {
	names := countyNames()
	villages := g.spread(villageCount, len(names))
	communities := g.spread(communityCount, len(names))
	for i, name := range names {
		c := g.county(i, name, villages[i])
		g.city.counties = append(g.city.counties, c)
		g.settlements(&c, villages[i], communities[i])
		g.institutions(&c)
	}
	g.cityUnits()
}

// spread shares out a number, unevenly.
func (g *generator) spread(total, shares int) []int {
	out := make([]int, shares)
	for i := range out {
		out[i] = total / shares
	}
	out[0] += total % shares
	for i := range out {
		moved := g.IntN(out[i]/3 + 1)
		out[i] -= moved
		out[(i+1)%shares] += moved
	}
	return out
}

func (g *generator) county(i int, name string, villages int) county {
	c := county{number: i + 1, name: name, spot: countySpot(i)}
	names := shuffled(g.dice, townshipNames())
	for n := range streetsOfCounty + max(villages/16, 3) {
		kind := "鎮"
		if n < streetsOfCounty {
			kind = "街道"
		} else if g.chance(35) {
			kind = "鄉"
		}
		c.townships = append(c.townships,
			township{n + 1, names[n] + kind, g.person(), g.near(c.spot, 15)})
	}
	return c
}

// settlements are the villages of the townships and the communities of the
// subdistricts; no two in a county have one name.
func (g *generator) settlements(c *county, villages, communities int) {
	names := shuffled(g.dice, villageNames())
	rural := c.townships[streetsOfCounty:]
	for n := range villages {
		t := rural[n%len(rural)]
		g.unit("village", c, t, names[n], n/len(rural)+1, g.between(18, 110))
	}
	names = shuffled(g.dice, communityNames())
	for n := range communities {
		t := c.townships[n%streetsOfCounty]
		g.unit("community", c, t, names[n], n/streetsOfCounty+1, g.between(60, 380))
	}
}

// institutions are what a county has but villages have not.
func (g *generator) institutions(c *county) {
	seat := township{spot: c.spot}
	for n, office := range shuffled(g.dice, countyOffices())[:officesOfCounty] {
		g.unit("department", c, seat, c.name+office, n+1, g.between(25, 120))
	}
	for n, hospital := range []string{"人民醫院", "中醫院"} {
		g.unit("hospital", c, seat, c.name+hospital, n+1, g.between(60, 300))
	}
	for n, school := range []string{"第一中學", "實驗小學", "職業中學"} {
		g.unit("school", c, seat, c.name+school, n+1, g.between(25, 140))
	}
	a, b := c.townships[streetsOfCounty], c.townships[streetsOfCounty+1]
	g.unit("school", c, a, a.name+"中心小學", 1, g.between(12, 40))
	g.unit("school", c, b, b.name+"初級中學", 1, g.between(12, 60))
}

// cityUnits are those of the city itself.
func (g *generator) cityUnits() {
	city := &county{name: cityItself, spot: citySpot()}
	seat := township{spot: city.spot}
	for n, office := range cityOffices() {
		g.unit("department", city, seat, cityName+office, n+1, g.between(30, 210))
	}
	for n, company := range companies() {
		g.unit("soe", city, seat, cityName+company+"有限公司", n+1, g.between(40, 900))
	}
	for n, hospital := range []string{"人民醫院", "中醫院"} {
		g.unit("hospital", city, seat, cityName+hospital, n+1, g.between(200, 700))
	}
	for n, school := range citySchools() {
		g.unit("school", city, seat, cityName+school, n+1, g.between(40, 180))
	}
}

func (g *generator) unit(category string, c *county, t township, name string, n, members int) {
	letters := map[string]string{
		"village": "V", "community": "C", "department": "D",
		"soe": "E", "hospital": "H", "school": "S",
	}
	leader := t.leader
	if category != "village" && category != "community" {
		leader = g.person()
	}
	g.list = append(g.list, &unit{
		id: g.id(), name: name, category: category, county: c.name, township: t.name,
		code:    fmt.Sprintf("%s%02d%02d%03d", letters[category], c.number, t.number, n),
		members: members, secretary: g.person(), leader: leader, spot: g.near(t.spot, 3),
		phone: phoneOf(len(g.list)),
	})
}

// unlistedEvery is of how many units one has no number on record.
const unlistedEvery = 9

// phoneOf is the number of the n-th unit. No area code is 0000 and no exchange begins with
// 0, so that nobody can be rung up by it.
func phoneOf(n int) string {
	if n%unlistedEvery == unlistedEvery-1 {
		return ""
	}
	return fmt.Sprintf("0000-%08d", 1000+n)
}

// office is what the unit's leader is.
func (u *unit) office() string {
	switch u.category {
	case "village":
		return u.township + "黨委副書記"
	case "community":
		return u.township + "黨工委副書記"
	case "department":
		return "黨組成員"
	case "school":
		return "黨支部副書記"
	default:
		return "黨委副書記"
	}
}
