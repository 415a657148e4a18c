package campaign

import (
	"math"
	"slices"
	"time"

	"sansuiji/server/mapfile"
)

// Zooms of the city's map, and from which on its smaller things are on it.
const (
	mapMinZoom     = 5
	mapMaxZoom     = 11
	townshipZoom   = 8
	smallRoadsZoom = 8
)

// Map is a map of the city, made of the same seed: counties with their borders, roads
// between their seats and to the townships, a river, and a lake where the grid of counties
// has none.
func (c *City) Map() *mapfile.Archive {
	g := &mapMaker{dice: newDice(c.seed, time.Time{}), city: c, edges: map[[4]int][]mapfile.Point{}}
	g.areas()
	g.river()
	g.roads()
	g.places()
	return &mapfile.Archive{
		Name: cityName, Attribution: cityName + "（虛構）", MinZoom: mapMinZoom, MaxZoom: mapMaxZoom, Features: g.features,
	}
}

// mapMaker draws the map, step by step.
type mapMaker struct {
	*dice
	city     *City
	edges    map[[4]int][]mapfile.Point // borders between corners of the grid
	features []mapfile.Feature
}

func (g *mapMaker) add(f mapfile.Feature) { g.features = append(g.features, f) }

// gridRows is how many rows of counties there are.
const gridRows = 3

// corner is a corner of the grid of counties, from the north-west.
func corner(column, row int) spot {
	east := (float64(column) - gridColumns/2.0) * columnKm
	north := (gridRows/2.0 - float64(row)) * rowKm
	return citySpot().move(east, north)
}

// areas are the counties, the lake, and the borders, each once.
func (g *mapMaker) areas() {
	for i := range gridColumns * gridRows {
		column, row := i%gridColumns, i/gridColumns
		ring := slices.Concat(
			g.edge(column, row, column+1, row), g.edge(column+1, row, column+1, row+1),
			g.edge(column+1, row+1, column, row+1), g.edge(column, row+1, column, row),
		)
		if i < len(g.city.counties) {
			g.add(mapfile.Feature{Layer: "land", Class: "county", Name: g.city.counties[i].name, Shape: mapfile.Area, Points: ring})
		} else {
			g.add(mapfile.Feature{Layer: "water", Class: "lake", Name: "雲汀湖", Shape: mapfile.Area, Points: ring})
		}
	}
	for column := range gridColumns + 1 {
		for row := range gridRows + 1 {
			for _, to := range [][2]int{{column + 1, row}, {column, row + 1}} {
				if line, ok := g.edges[[4]int{column, row, to[0], to[1]}]; ok {
					g.add(mapfile.Feature{Layer: "border", Shape: mapfile.Line, Points: line})
				}
			}
		}
	}
}

// edge is the border from a corner to the next, without its end; whichever of two
// neighbours asks gets the same one.
func (g *mapMaker) edge(column, row, toColumn, toRow int) []mapfile.Point {
	back := column > toColumn || row > toRow
	key := [4]int{column, row, toColumn, toRow}
	if back {
		key = [4]int{toColumn, toRow, column, row}
	}
	line, ok := g.edges[key]
	if !ok {
		line = g.wander(corner(key[0], key[1]), corner(key[2], key[3]), 5, 0.16)
		g.edges[key] = line
	}
	if back {
		line = slices.Clone(line)
		slices.Reverse(line)
	}
	return line[:len(line)-1]
}

// wander is a line from one place to another that bends as rivers and hills make it: each
// half is displaced at its middle, so many times, by up to a part of its length.
func (g *mapMaker) wander(from, to spot, times int, bend float64) []mapfile.Point {
	line := []spot{from, to}
	for range times {
		next := []spot{line[0]}
		for i := 1; i < len(line); i++ {
			next = append(next, g.middle(line[i-1], line[i], bend), line[i])
		}
		line = next
	}
	points := make([]mapfile.Point, len(line))
	for i, s := range line {
		points[i] = s.point()
	}
	return points
}

func (g *mapMaker) middle(a, b spot, bend float64) spot {
	off := (2*g.Float64() - 1) * bend
	across := math.Cos(float64(a.latitude) / 1e7 * math.Pi / 180) // a degree east is shorter than one north
	north, east := float64(b.latitude-a.latitude), float64(b.longitude-a.longitude)
	return spot{
		latitude:  (a.latitude+b.latitude)/2 + int64(off*east*across),
		longitude: (a.longitude+b.longitude)/2 - int64(off*north/across),
	}
}

func (s spot) point() mapfile.Point {
	return mapfile.Point{Longitude: float64(s.longitude) / 1e7, Latitude: float64(s.latitude) / 1e7}
}

// river runs from the north-west into the lake.
func (g *mapMaker) river() {
	mouth := corner(gridColumns-1, gridRows-1)
	middle := g.near(citySpot(), 12)
	source := corner(0, 0).move(8, -6)
	points := append(g.wander(source, middle, 6, 0.2), g.wander(middle, mouth.move(3, -3), 6, 0.2)...)
	g.add(mapfile.Feature{Layer: "water", Class: "river", Name: "雲汀河", Shape: mapfile.Line, Points: points})
}

// roads join the seats of neighbouring counties, and each seat with its townships.
func (g *mapMaker) roads() {
	counties := g.city.counties
	for i := range counties {
		if i%gridColumns+1 < gridColumns && i+1 < len(counties) {
			g.road(counties[i].spot, counties[i+1].spot, "main", 0)
		}
		if i+gridColumns < len(counties) {
			g.road(counties[i].spot, counties[i+gridColumns].spot, "main", 0)
		}
		for _, t := range counties[i].townships {
			g.road(counties[i].spot, t.spot, "small", smallRoadsZoom)
		}
	}
}

func (g *mapMaker) road(from, to spot, class string, zoom int) {
	points := g.wander(from, to, 4, 0.12)
	g.add(mapfile.Feature{Layer: "road", Class: class, Shape: mapfile.Line, MinZoom: zoom, Points: points})
}

func (g *mapMaker) places() {
	for _, c := range g.city.counties {
		g.place(c.name, "county", c.spot, 0)
		for _, t := range c.townships {
			g.place(t.name, "township", t.spot, townshipZoom)
		}
	}
}

func (g *mapMaker) place(name, class string, at spot, zoom int) {
	points := []mapfile.Point{at.point()}
	g.add(mapfile.Feature{Layer: "place", Class: class, Name: name, Shape: mapfile.Dot, MinZoom: zoom, Points: points})
}
