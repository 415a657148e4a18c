package mapfile

import (
	"encoding/binary"
	"math"
	"slices"
)

// Point is a place: WGS 84, degrees.
type Point struct{ Longitude, Latitude float64 }

// Geometry is what the points of a feature are, as the vector tiles have it.
type Geometry int

// The geometries.
const (
	Dot  Geometry = 1
	Line Geometry = 2
	Area Geometry = 3 // one ring, its first point not said again
)

// Feature is one thing on a map.
type Feature struct {
	Layer   string
	Name    string // may be ""
	Class   string // what kind of thing of its layer it is
	Shape   Geometry
	MinZoom int // at smaller zooms it is left out
	Points  []Point
}

// A tile's side in its own units, and how far beyond its edge things are drawn.
const (
	extent = 4096
	buffer = 128
)

// spot is a place in the plane of a zoom, in tile units.
type spot struct{ x, y float64 }

// tiles makes all tiles that hold anything, by their id.
func (a *Archive) tiles() map[uint64][]byte {
	out := map[uint64][]byte{}
	for zoom := a.MinZoom; zoom <= a.MaxZoom; zoom++ {
		held := map[[2]int]*tile{}
		for i := range a.Features {
			f := &a.Features[i]
			if zoom < f.MinZoom {
				continue
			}
			f.spread(zoom, func(x, y int, parts [][]spot) {
				if held[[2]int{x, y}] == nil {
					held[[2]int{x, y}] = &tile{}
				}
				held[[2]int{x, y}].add(f, parts)
			})
		}
		for at, t := range held {
			out[tileID(zoom, at[0], at[1])] = t.bytes()
		}
	}
	return out
}

// spread gives a feature to each tile that shows a part of it, cut to the tile.
func (f *Feature) spread(zoom int, give func(x, y int, parts [][]spot)) {
	line := make([]spot, len(f.Points))
	low, high := spot{math.Inf(1), math.Inf(1)}, spot{math.Inf(-1), math.Inf(-1)}
	for i, p := range f.Points {
		s := project(p, zoom)
		line[i] = s
		low, high = spot{min(low.x, s.x), min(low.y, s.y)}, spot{max(high.x, s.x), max(high.y, s.y)}
	}
	last := 1<<zoom - 1
	tileOf := func(v float64) int { return min(max(int(math.Floor(v/extent)), 0), last) }
	for x := tileOf(low.x - buffer); x <= tileOf(high.x+buffer); x++ {
		for y := tileOf(low.y - buffer); y <= tileOf(high.y+buffer); y++ {
			if parts := f.cut(line, x, y); len(parts) > 0 {
				give(x, y, parts)
			}
		}
	}
}

// project is the Mercator projection of the web, in units of a zoom's tiles.
func project(p Point, zoom int) spot {
	size := float64(extent) * math.Exp2(float64(zoom))
	sin := math.Sin(p.Latitude * math.Pi / 180)
	return spot{
		x: (p.Longitude/360 + 0.5) * size,
		y: (0.5 - math.Log((1+sin)/(1-sin))/(4*math.Pi)) * size,
	}
}

// tile is one that is being filled, layer by layer.
type tile struct{ layers []*layer }

type layer struct {
	name     string
	features []byte
	keys     []string
	values   []string
}

func (t *tile) add(f *Feature, parts [][]spot) {
	at := slices.IndexFunc(t.layers, func(l *layer) bool { return l.name == f.Layer })
	if at < 0 {
		at = len(t.layers)
		t.layers = append(t.layers, &layer{name: f.Layer})
	}
	t.layers[at].add(f, parts)
}

// add writes a feature; what is too small to be seen at a zoom is left out.
func (l *layer) add(f *Feature, parts [][]spot) {
	drawn := geometry(f.Shape, parts)
	if len(drawn) == 0 {
		return
	}
	var tags []uint64
	for _, tag := range [][2]string{{"name", f.Name}, {"class", f.Class}} {
		if tag[1] != "" {
			tags = append(tags, place(&l.keys, tag[0]), place(&l.values, tag[1]))
		}
	}
	var b []byte
	b = appendField(b, 2, packed(tags))
	b = binary.AppendUvarint(b, 3<<3)
	b = binary.AppendUvarint(b, uint64(f.Shape))
	b = appendField(b, 4, packed(drawn))
	l.features = appendField(l.features, 2, b)
}

// place is a text's place in a list, to which it is added.
func place(list *[]string, text string) uint64 {
	at := slices.Index(*list, text)
	if at < 0 {
		at = len(*list)
		*list = append(*list, text)
	}
	return uint64(at)
}

// bytes is the tile as Protocol Buffers (Mapbox vector tile specification 2.1).
func (t *tile) bytes() (b []byte) {
	for _, l := range t.layers {
		var in []byte
		in = binary.AppendUvarint(in, 15<<3)
		in = binary.AppendUvarint(in, 2) // the specification's version
		in = appendField(in, 1, []byte(l.name))
		in = append(in, l.features...)
		for _, key := range l.keys {
			in = appendField(in, 3, []byte(key))
		}
		for _, value := range l.values {
			in = appendField(in, 4, appendField(nil, 1, []byte(value)))
		}
		in = binary.AppendUvarint(in, 5<<3)
		in = binary.AppendUvarint(in, extent)
		b = appendField(b, 3, in)
	}
	return b
}

func appendField(b []byte, number int, content []byte) []byte {
	b = binary.AppendUvarint(b, uint64(number)<<3|2)
	b = binary.AppendUvarint(b, uint64(len(content)))
	return append(b, content...)
}

func packed(numbers []uint64) (b []byte) {
	for _, n := range numbers {
		b = binary.AppendUvarint(b, n)
	}
	return b
}

// Commands of a geometry, and how few points make a line and a ring.
const (
	moveTo, lineTo, closePath = 1, 2, 7
	lineMin, ringMin          = 2, 3
)

// geometry writes parts as commands with steps from one point to the next.
func geometry(shape Geometry, parts [][]spot) (out []uint64) {
	var atX, atY int64
	step := func(p [2]int64) {
		out = append(out, zigzag(p[0]-atX), zigzag(p[1]-atY))
		atX, atY = p[0], p[1]
	}
	for _, part := range parts {
		points := rounded(part)
		if shape == Line && len(points) < lineMin || shape == Area && len(points) < ringMin {
			continue
		}
		out = append(out, moveTo|1<<3)
		step(points[0])
		if shape == Dot {
			continue
		}
		out = append(out, uint64(lineTo|(len(points)-1)<<3))
		for _, p := range points[1:] {
			step(p)
		}
		if shape == Area {
			out = append(out, closePath|1<<3)
		}
	}
	return out
}

// rounded puts points on the tile's grid, each once.
func rounded(part []spot) (out [][2]int64) {
	for _, s := range part {
		p := [2]int64{int64(math.Round(s.x)), int64(math.Round(s.y))}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

func zigzag(n int64) uint64 { return uint64(n<<1) ^ uint64(n>>63) }
