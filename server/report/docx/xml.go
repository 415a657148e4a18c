package docx

import (
	"bufio"
	"fmt"
	"strings"

	"sansuiji/server/report/paper"
)

// out writes XML. Its errors come with the flush.
type out struct{ w *bufio.Writer }

// raw writes XML as it is.
func (o out) raw(xml string) { _, _ = o.w.WriteString(xml) } // the flush tells

// f writes XML with numbers and names in it, never texts of people.
func (o out) f(format string, args ...any) { fmt.Fprintf(o.w, format, args...) }

// escape makes a text fit between tags and in attributes.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", " ").Replace(paper.Clean(s))
}

// say writes a text as the content of a run: its line breaks and tabs are elements.
func (o out) say(s string) {
	for i, line := range strings.Split(paper.Clean(s), "\n") {
		if i > 0 {
			o.raw("<w:br/>")
		}
		for k, piece := range strings.Split(line, "\t") {
			if k > 0 {
				o.raw("<w:tab/>")
			}
			if piece != "" {
				o.raw(`<w:t xml:space="preserve">` + escape(piece) + `</w:t>`)
			}
		}
	}
}

// twips are twentieths of a point.
func twips(millimetres float64) int { return int(millimetres*1440/25.4 + 0.5) }

// emu are the units of drawings.
func emu(millimetres float64) int { return int(millimetres*36000 + 0.5) }
