// Package font has the letters that reports in PDF are set in: free fonts, cut by
// scripts/fonts, read from the program itself.
package font

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed data
var data embed.FS

// Name is a font's.
type Name string

// The fonts: song 宋 for the body and titles, hei 黑 and kai 楷 for headings, and two for
// characters that these lack.
const (
	Song  Name = "song"
	Hei   Name = "hei"
	Kai   Name = "kai"
	Rare  Name = "rare"
	Emoji Name = "emoji"
)

// Names are all fonts.
func Names() []Name { return []Name{Song, Hei, Kai, Rare, Emoji} }

// Font is a TrueType font.
type Font struct {
	Name                     Name
	Ascent, Descent          int // in thousandths of the size; descent is negative
	Left, Bottom, Right, Top int // of the box around all glyphs, in thousandths

	parsed *sfnt.Font
	buffer sfnt.Buffer
	units  int
	tables map[string][]byte
	long   bool // loca has 32-bit offsets
	known  map[rune]glyph
}

type glyph struct{ index, advance int }

// ErrMalformed says that a font is not one that can be used here.
var ErrMalformed = errors.New("malformed font")

// Open reads a font. It is not for use by several goroutines at once.
func Open(name Name) (*Font, error) {
	f, err := open(name)
	if err != nil {
		return nil, fmt.Errorf("open font %s: %w", name, err)
	}
	return f, nil
}

func open(name Name) (*Font, error) {
	packed, err := data.ReadFile("data/" + string(name) + ".ttf.gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	whole, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	f := &Font{Name: name, known: map[rune]glyph{}}
	if f.parsed, err = sfnt.Parse(whole); err != nil {
		return nil, err
	}
	if err := f.readTables(whole); err != nil {
		return nil, err
	}
	return f, f.readMetrics()
}

// readTables finds the tables of a TrueType file.
func (f *Font) readTables(whole []byte) error {
	const header, entry = 12, 16
	if len(whole) < header {
		return ErrMalformed
	}
	f.tables = map[string][]byte{}
	n := int(binary.BigEndian.Uint16(whole[4:]))
	if len(whole) < header+n*entry {
		return ErrMalformed
	}
	for i := range n {
		e := whole[header+i*entry:]
		offset, length := int(binary.BigEndian.Uint32(e[8:])), int(binary.BigEndian.Uint32(e[12:]))
		if offset+length > len(whole) {
			return ErrMalformed
		}
		f.tables[string(e[:4])] = whole[offset : offset+length]
	}
	for _, table := range []string{"glyf", "loca", "head", "hhea", "hmtx", "maxp"} {
		if f.tables[table] == nil {
			return fmt.Errorf("%w: no table %s", ErrMalformed, table)
		}
	}
	return nil
}

func (f *Font) readMetrics() error {
	head, hhea := f.tables["head"], f.tables["hhea"]
	if len(head) < 54 || len(hhea) < 36 {
		return ErrMalformed
	}
	f.units = int(f.parsed.UnitsPerEm())
	f.long = binary.BigEndian.Uint16(head[50:]) == 1
	number := func(b []byte, at int) int { return int(int16(binary.BigEndian.Uint16(b[at:]))) * 1000 / f.units }
	f.Left, f.Bottom, f.Right, f.Top = number(head, 36), number(head, 38), number(head, 40), number(head, 42)
	f.Ascent, f.Descent = number(hhea, 4), number(hhea, 6)
	return nil
}

// Has says whether the font has a character.
func (f *Font) Has(r rune) bool { return f.glyph(r).index > 0 }

// Advance is how wide a character is, in thousandths of the size.
func (f *Font) Advance(r rune) int { return f.glyph(r).advance }

func (f *Font) glyph(r rune) glyph {
	if g, known := f.known[r]; known {
		return g
	}
	var g glyph
	if index, err := f.parsed.GlyphIndex(&f.buffer, r); err == nil {
		g.index = int(index)
	}
	advance, err := f.parsed.GlyphAdvance(&f.buffer, sfnt.GlyphIndex(g.index), fixed.I(f.units), 0)
	if err == nil {
		g.advance = advance.Round() * 1000 / f.units
	}
	f.known[r] = g
	return g
}

// Outline is a character's shape at a size in pixels, downwards from its line; nothing for
// what the font lacks.
func (f *Font) Outline(r rune, size float64) sfnt.Segments {
	const sixtyFour = 64
	segments, err := f.parsed.LoadGlyph(&f.buffer, sfnt.GlyphIndex(f.glyph(r).index), fixed.Int26_6(size*sixtyFour), nil)
	if err != nil {
		return nil
	}
	return segments
}
