package font

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// Subset is as much of a font as some texts need. Each text, which is a character with the
// marks that belong to it, has a glyph of its own, also where two look the same: so what a
// PDF shows can be read back exactly.
type Subset struct {
	font   *Font
	texts  []string // glyph i+1 is of text i; glyph 0 is that of what is missing
	number map[string]int
}

// NewSubset is a subset without glyphs.
func (f *Font) NewSubset() *Subset { return &Subset{font: f, number: map[string]int{}} }

// Glyph is the number of a text's glyph in the subset, which gets it if need be.
func (s *Subset) Glyph(text string) int {
	if n, have := s.number[text]; have {
		return n
	}
	s.texts = append(s.texts, text)
	s.number[text] = len(s.texts)
	return len(s.texts)
}

// Texts are the texts: glyph i+1 is of text i.
func (s *Subset) Texts() []string { return s.texts }

// First is the character that a text's glyph is of.
func First(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

// build collects glyphs.
type build struct {
	font  *Font
	order []int       // glyphs of the font, by their new number
	parts map[int]int // of composite glyphs, by their number in the font
}

// Bytes is the subset as a TrueType file with the tables that a PDF needs (ISO 32000-1,
// 9.9).
func (s *Subset) Bytes() ([]byte, error) {
	b := &build{font: s.font, order: []int{0}, parts: map[int]int{}}
	for _, text := range s.texts {
		b.order = append(b.order, s.font.glyph(First(text)).index)
	}
	var glyf, loca []byte
	for i := 0; i < len(b.order); i++ { // parts come at the end meanwhile
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		outline, err := b.outline(b.order[i])
		if err != nil {
			return nil, fmt.Errorf("cut font %s, glyph %d: %w", s.font.Name, b.order[i], err)
		}
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
	return b.file(glyf, loca)
}

// outline is a glyph's, with the numbers of its parts changed to those of the subset.
func (b *build) outline(index int) ([]byte, error) {
	from, to, err := b.font.location(index)
	if err != nil || from == to {
		return nil, err
	}
	outline := append([]byte(nil), b.font.tables["glyf"][from:to]...)
	if len(outline) < 10 || int16(binary.BigEndian.Uint16(outline)) >= 0 {
		return outline, nil
	}
	return outline, b.renumber(outline)
}

// Flags of the parts of a composite glyph (OpenType specification, glyf).
const (
	argsAreWords = 1 << 0
	oneScale     = 1 << 3
	moreParts    = 1 << 5
	twoScales    = 1 << 6
	fourScales   = 1 << 7
)

func (b *build) renumber(outline []byte) error {
	for at := 10; ; {
		if at+4 > len(outline) {
			return ErrMalformed
		}
		flags := binary.BigEndian.Uint16(outline[at:])
		part := int(binary.BigEndian.Uint16(outline[at+2:]))
		if _, have := b.parts[part]; !have {
			b.parts[part] = len(b.order)
			b.order = append(b.order, part)
		}
		binary.BigEndian.PutUint16(outline[at+2:], uint16(b.parts[part]))
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&fourScales != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return nil
		}
	}
}

// location is where a glyph's outline is in glyf.
func (f *Font) location(index int) (from, to int, err error) {
	loca, size := f.tables["loca"], 2
	if f.long {
		size = 4
	}
	if (index+2)*size > len(loca) {
		return 0, 0, ErrMalformed
	}
	if f.long {
		from, to = int(binary.BigEndian.Uint32(loca[index*4:])), int(binary.BigEndian.Uint32(loca[index*4+4:]))
	} else {
		from, to = 2*int(binary.BigEndian.Uint16(loca[index*2:])), 2*int(binary.BigEndian.Uint16(loca[index*2+2:]))
	}
	if from > to || to > len(f.tables["glyf"]) {
		return 0, 0, ErrMalformed
	}
	return from, to, nil
}

// file puts the tables together.
func (b *build) file(glyf, loca []byte) ([]byte, error) {
	f := b.font
	head, hhea, maxp := clone(f.tables["head"]), clone(f.tables["hhea"]), clone(f.tables["maxp"])
	binary.BigEndian.PutUint16(head[50:], 1) // loca has 32-bit offsets
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(b.order)))
	if len(maxp) < 6 || len(b.order) > 0xFFFF {
		return nil, ErrMalformed
	}
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(b.order)))
	var hmtx []byte
	for _, index := range b.order {
		hmtx = append(hmtx, f.metric(index)...)
	}
	tables := []struct {
		tag   string
		bytes []byte
	}{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}}
	const header, entry = 12, 16
	out := []byte{0, 1, 0, 0}
	for _, n := range []int{len(tables), 64, 2, len(tables)*entry - 64} { // for a binary search
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	offset := header + entry*len(tables)
	var body []byte
	for _, t := range tables {
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.bytes))
		out = binary.BigEndian.AppendUint32(out, uint32(offset+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.bytes)))
		body = append(body, t.bytes...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	return append(out, body...), nil
}

// metric is a glyph's advance and left bearing, as hmtx has them.
func (f *Font) metric(index int) []byte {
	hmtx := f.tables["hmtx"]
	full := int(binary.BigEndian.Uint16(f.tables["hhea"][34:]))
	advance, bearing := min(index, full-1)*4, index*4+2
	if index >= full {
		bearing = full*4 + (index-full)*2
	}
	if advance < 0 || advance+2 > len(hmtx) || bearing+2 > len(hmtx) {
		return make([]byte, 4)
	}
	return append(clone(hmtx[advance:advance+2]), hmtx[bearing:bearing+2]...)
}

func clone(b []byte) []byte { return append([]byte(nil), b...) }

func checksum(b []byte) (sum uint32) {
	for len(b) >= 4 {
		sum += binary.BigEndian.Uint32(b)
		b = b[4:]
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + binary.BigEndian.Uint32(rest[:])
}
