package pdf

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"sansuiji/server/report/font"
)

// font writes what is used of a font, and how to read it back, and gives its object's
// number (ISO 32000-1, 9.7).
func (f *file) font(u *used) (int, error) {
	program, err := u.subset.Bytes()
	if err != nil {
		return 0, err
	}
	object, descendant, descriptor, bytes, back := f.reserve(), f.reserve(), f.reserve(), f.reserve(), f.reserve()
	name := "AAAAAA+Sansuiji-" + string(u.Name)
	f.packed(bytes, fmt.Sprintf("/Length1 %d", len(program)), program)
	f.packed(back, "", toUnicode(u.subset.Texts()))
	const symbolic = 4
	f.object(descriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight 700/StemV 80/FontFile2 %d 0 R>>",
		name, symbolic, u.Left, u.Bottom, u.Right, u.Top, u.Ascent, u.Descent, bytes))
	var widths strings.Builder
	for _, text := range u.subset.Texts() {
		fmt.Fprintf(&widths, "%d ", u.Advance(font.First(text)))
	}
	f.object(descendant, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 1000/W[1[%s]]>>",
		name, descriptor, widths.String()))
	f.object(object, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
		name, descendant, back))
	return object, nil
}

// toUnicode says which text each glyph stands for (ISO 32000-1, 9.10.3).
func toUnicode(texts []string) []byte {
	var b strings.Builder
	b.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	const most = 100 // entries of a block
	for i := 0; i < len(texts); i += most {
		block := texts[i:min(i+most, len(texts))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for k, text := range block {
			fmt.Fprintf(&b, "<%04X><", i+k+1)
			for _, unit := range utf16.Encode([]rune(text)) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n")
	return []byte(b.String())
}
