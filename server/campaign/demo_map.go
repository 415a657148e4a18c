package campaign

import "math"

// spot is a place in degrees times ten million (WGS 84).
type spot struct{ latitude, longitude int64 }

// citySpot is the middle of the city: open sea in the North Pacific, hundreds of
// kilometres from the nearest island, so that no real place ever lies under an
// invented problem.
func citySpot() spot { return spot{30_0000000, -170_0000000} }

// The city is 150 by 150 km, its counties a grid of four by three.
const (
	gridColumns = 4
	columnKm    = 150.0 / gridColumns
	rowKm       = 150.0 / 3
)

// countySpot is the middle of a county's cell of the grid.
func countySpot(i int) spot {
	east := (float64(i%gridColumns) - (gridColumns-1)/2.0) * columnKm
	north := (1 - float64(i/gridColumns)) * rowKm
	return citySpot().move(east, north)
}

// near is a place at most so many kilometres away, in each direction.
func (d *dice) near(s spot, km float64) spot {
	return s.move((2*d.Float64()-1)*km, (2*d.Float64()-1)*km)
}

// move goes kilometres east and north. One degree of latitude has 111.2 km, one
// of longitude that times the cosine of the latitude (a sphere is good enough).
func (s spot) move(east, north float64) spot {
	const kmPerDegree = 111.2
	degrees := float64(s.latitude) / 1e7
	return spot{
		latitude:  s.latitude + int64(north/kmPerDegree*1e7),
		longitude: s.longitude + int64(east/kmPerDegree/math.Cos(degrees*math.Pi/180)*1e7),
	}
}
