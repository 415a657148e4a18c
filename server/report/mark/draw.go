package mark

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // pictures of screens
	"io"
	"math"

	"sansuiji/server/report/font"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// Pen draws marks. It keeps the fonts that it opened; it is not for use by several
// goroutines at once.
type Pen struct{ fonts map[font.Name]*font.Font }

// Sizes, in thousandths of a picture's width, as on the phone.
const (
	lineWide   = 7
	edgeWide   = 13 // of the white below a line
	headLong   = 34
	headHalf   = 16
	letterHigh = 46
	letterEdge = 4
)

// Draw draws marks over a picture.
func (p *Pen) Draw(m *image.RGBA, marks []Mark) {
	c := &canvas{m: m, unit: float64(m.Bounds().Dx()) / 1000}
	for i := range marks {
		one := marks[i]
		from, to := c.place(one.From), c.place(one.To)
		switch one.Kind {
		case "box":
			c.box(from, to, edgeWide, white())
			c.box(from, to, lineWide, red())
		case "arrow":
			c.arrow(from, to, edgeWide, headHalf+4, white())
			c.arrow(from, to, lineWide, headHalf, red())
		case "text":
			p.write(c, from, one.Text)
		}
	}
}

const (
	// pixelsMax bounds what is decoded.
	pixelsMax = 50_000_000
	// copyMost is the longer side of a copy with marks: enough for half a page.
	copyMost = 1600
	copyLook = 85 // quality of the JPEG
)

// ErrTooLarge says that a picture has more pixels than are drawn on.
var ErrTooLarge = errors.New("the picture is too large to draw on")

// Copy makes a JPEG of a picture with marks on it, no larger than it takes.
func (p *Pen) Copy(picture io.ReadSeeker, marks []Mark) ([]byte, error) {
	config, _, err := image.DecodeConfig(picture)
	if err != nil {
		return nil, err
	}
	if config.Width < 1 || config.Height < 1 || config.Width > pixelsMax/config.Height {
		return nil, ErrTooLarge
	}
	if _, err := picture.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	whole, _, err := image.Decode(picture)
	if err != nil {
		return nil, err
	}
	longer := max(config.Width, config.Height)
	width, height := config.Width, config.Height
	if longer > copyMost {
		width, height = max(width*copyMost/longer, 1), max(height*copyMost/longer, 1)
	}
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	xdraw.ApproxBiLinear.Scale(m, m.Bounds(), whole, whole.Bounds(), xdraw.Over, nil)
	p.Draw(m, marks)
	var b bytes.Buffer
	err = jpeg.Encode(&b, m, &jpeg.Options{Quality: copyLook})
	return b.Bytes(), err
}

func red() color.Color { return color.RGBA{0xE0, 0x20, 0x20, 0xFF} }

func white() color.Color { return color.White }

// canvas is a picture that is drawn on; unit is a thousandth of its width.
type canvas struct {
	m    *image.RGBA
	unit float64
}

// place is a point in pixels.
func (c *canvas) place(p Point) Point {
	b := c.m.Bounds()
	return Point{p.X * float64(b.Dx()), p.Y * float64(b.Dy())}
}

// shape is an outline in pixels: strokes of one to three points each, the first with none
// before it.
type shape struct {
	strokes  []stroke
	from, to Point // of the box around it
}

type stroke struct {
	op     sfnt.SegmentOp
	points [3]Point
}

func (s *shape) add(op sfnt.SegmentOp, points ...Point) {
	if len(s.strokes) == 0 {
		s.from, s.to = points[0], points[0]
	}
	var one stroke
	one.op = op
	for i, p := range points {
		one.points[i] = p
		s.from = Point{min(s.from.X, p.X), min(s.from.Y, p.Y)}
		s.to = Point{max(s.to.X, p.X), max(s.to.Y, p.Y)}
	}
	s.strokes = append(s.strokes, one)
}

func (s *shape) polygon(points ...Point) {
	s.add(sfnt.SegmentOpMoveTo, points[0])
	for _, p := range points[1:] {
		s.add(sfnt.SegmentOpLineTo, p)
	}
}

// fill fills a shape with one colour, and looks at no more of the picture than it covers.
func (c *canvas) fill(ink color.Color, s *shape) {
	area := image.Rect(int(math.Floor(s.from.X)), int(math.Floor(s.from.Y)), int(math.Ceil(s.to.X))+1, int(math.Ceil(s.to.Y))+1)
	if area = area.Intersect(c.m.Bounds()); area.Empty() || len(s.strokes) == 0 {
		return
	}
	z := vector.NewRasterizer(area.Dx(), area.Dy())
	for i := range s.strokes {
		var at [6]float32
		for k, p := range s.strokes[i].points {
			at[2*k], at[2*k+1] = float32(p.X-float64(area.Min.X)), float32(p.Y-float64(area.Min.Y))
		}
		switch s.strokes[i].op {
		case sfnt.SegmentOpMoveTo:
			z.ClosePath()
			z.MoveTo(at[0], at[1])
		case sfnt.SegmentOpLineTo:
			z.LineTo(at[0], at[1])
		case sfnt.SegmentOpQuadTo:
			z.QuadTo(at[0], at[1], at[2], at[3])
		case sfnt.SegmentOpCubeTo:
			z.CubeTo(at[0], at[1], at[2], at[3], at[4], at[5])
		}
	}
	z.ClosePath()
	z.DrawOp = draw.Over
	z.Draw(c.m, area, image.NewUniform(ink), image.Point{})
}

// line is as wide as it is, and half of that longer at both ends.
func (c *canvas) line(from, to Point, wide float64, ink color.Color) {
	half := wide * c.unit / 2
	d := math.Hypot(to.X-from.X, to.Y-from.Y)
	if d == 0 {
		return
	}
	dx, dy := (to.X-from.X)/d*half, (to.Y-from.Y)/d*half
	var s shape
	s.polygon(Point{from.X - dx - dy, from.Y - dy + dx}, Point{to.X + dx - dy, to.Y + dy + dx},
		Point{to.X + dx + dy, to.Y + dy - dx}, Point{from.X - dx + dy, from.Y - dy - dx})
	c.fill(ink, &s)
}

func (c *canvas) box(from, to Point, wide float64, ink color.Color) {
	corners := []Point{from, {to.X, from.Y}, to, {from.X, to.Y}}
	for i := range corners {
		c.line(corners[i], corners[(i+1)%len(corners)], wide, ink)
	}
}

func (c *canvas) arrow(from, to Point, wide, half float64, ink color.Color) {
	head, end := arrowHead(from, to, headLong*c.unit, half*c.unit)
	c.line(from, end, wide, ink)
	var s shape
	s.polygon(head[:]...)
	c.fill(ink, &s)
}

// write writes words from a point to the right, on the line of the point, within the picture.
func (p *Pen) write(c *canvas, at Point, text string) {
	high := max(letterHigh*c.unit, 10)
	type letter struct {
		font *font.Font
		r    rune
	}
	var letters []letter
	wide := 0.0
	for _, r := range text {
		if f := p.of(r); f != nil {
			letters, wide = append(letters, letter{f, r}), wide+float64(f.Advance(r))*high/1000
		}
	}
	b := c.m.Bounds()
	x := max(min(at.X, float64(b.Dx())-wide), 0)
	y := min(max(at.Y, high), float64(b.Dy())-high/4)
	edge := max(letterEdge*c.unit, 1)
	for _, pass := range []struct {
		ink  color.Color
		edge float64
	}{{white(), edge}, {red(), 0}} {
		left := x
		for _, l := range letters {
			c.letter(l.font, l.r, Point{left, y}, high, pass.edge, pass.ink)
			left += float64(l.font.Advance(l.r)) * high / 1000
		}
	}
}

// letter fills a character, thickened by an edge all around.
func (c *canvas) letter(f *font.Font, r rune, at Point, high, edge float64, ink color.Color) {
	segments := f.Outline(r, high)
	around := []Point{{}}
	if edge > 0 {
		const directions = 8
		for i := range directions {
			turn := 2 * math.Pi * float64(i) / directions
			around = append(around, Point{edge * math.Cos(turn), edge * math.Sin(turn)})
		}
	}
	for _, o := range around {
		c.fill(ink, outline(segments, Point{at.X + o.X, at.Y + o.Y}))
	}
}

// outline is a character's shape at a place.
func outline(segments sfnt.Segments, at Point) *shape {
	var s shape
	const sixtyFour = 64
	for _, one := range segments {
		n := map[sfnt.SegmentOp]int{sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}[one.Op]
		var points [3]Point
		for i := range one.Args {
			points[i] = Point{at.X + float64(one.Args[i].X)/sixtyFour, at.Y + float64(one.Args[i].Y)/sixtyFour}
		}
		s.add(one.Op, points[:max(n, 1)]...)
	}
	return &s
}

// of is the first font that has a character.
func (p *Pen) of(r rune) *font.Font {
	if p.fonts == nil {
		p.fonts = map[font.Name]*font.Font{}
	}
	for _, name := range []font.Name{font.Hei, font.Song, font.Rare, font.Emoji} {
		f, known := p.fonts[name]
		if !known {
			f, _ = font.Open(name) // they are in the program
			p.fonts[name] = f
		}
		if f != nil && f.Has(r) {
			return f
		}
	}
	return nil
}
