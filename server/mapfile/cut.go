package mapfile

// cut gives what a tile shows of a feature, in the tile's own units.
func (f *Feature) cut(line []spot, x, y int) [][]spot {
	own := make([]spot, len(line))
	for i, s := range line {
		own[i] = spot{s.x - float64(x)*extent, s.y - float64(y)*extent}
	}
	switch f.Shape {
	case Dot:
		if inside(own[0]) {
			return [][]spot{own[:1]}
		}
		return nil
	case Line:
		return cutLine(own)
	case Area:
		if ring := cutRing(own); len(ring) >= ringMin {
			return [][]spot{ring}
		}
	}
	return nil
}

// The square that a tile draws: it, and a little around it.
const (
	lowest  = -buffer
	highest = extent + buffer
)

func inside(s spot) bool {
	return s.x >= lowest && s.x <= highest && s.y >= lowest && s.y <= highest
}

// cutLine gives the parts of a line that are in the square.
func cutLine(line []spot) (parts [][]spot) {
	var part []spot
	for i := 1; i < len(line); i++ {
		from, to, ok := cutSegment(line[i-1], line[i])
		if !ok {
			continue
		}
		if len(part) == 0 || part[len(part)-1] != from {
			if len(part) > 0 {
				parts = append(parts, part)
			}
			part = []spot{from}
		}
		part = append(part, to)
	}
	if len(part) > 0 {
		parts = append(parts, part)
	}
	return parts
}

// cutSegment is the part of a segment in the square (Liang and Barsky, 1984).
func cutSegment(a, b spot) (from, to spot, ok bool) {
	first, last := 0.0, 1.0
	dx, dy := b.x-a.x, b.y-a.y
	for _, edge := range [4][2]float64{
		{-dx, a.x - lowest}, {dx, highest - a.x}, {-dy, a.y - lowest}, {dy, highest - a.y},
	} {
		p, q := edge[0], edge[1]
		switch {
		case p == 0 && q < 0:
			return from, to, false
		case p < 0:
			first = max(first, q/p)
		case p > 0:
			last = min(last, q/p)
		}
	}
	if first > last {
		return from, to, false
	}
	at := func(t float64) spot {
		switch t {
		case 0:
			return a
		case 1:
			return b
		}
		return spot{a.x + t*dx, a.y + t*dy}
	}
	return at(first), at(last), true
}

// cutRing is the part of an area in the square (Sutherland and Hodgman, 1974).
func cutRing(ring []spot) []spot {
	for _, edge := range []func(spot) float64{
		func(s spot) float64 { return s.x - lowest },
		func(s spot) float64 { return highest - s.x },
		func(s spot) float64 { return s.y - lowest },
		func(s spot) float64 { return highest - s.y },
	} {
		var kept []spot
		for i, b := range ring {
			a := ring[(i+len(ring)-1)%len(ring)]
			from, to := edge(a), edge(b)
			if (from < 0) != (to < 0) {
				t := from / (from - to)
				kept = append(kept, spot{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)})
			}
			if to >= 0 {
				kept = append(kept, b)
			}
		}
		ring = kept
	}
	return ring
}
