package template

import (
	"slices"
	"strings"
)

// splitter finds the places of a paragraph, which Word splits over runs as it likes.
type splitter struct {
	c    *compiler
	said strings.Builder // all letters, with gaps for what is no text
	runs []*piece
}

// piece is a run's share of a paragraph's letters.
type piece struct {
	run, text *node // text: its w:t
	from, to  int   // of said
	parts     []*node
}

// split makes a node of its own of every place in a paragraph.
func (c *compiler) split(p *node) {
	s := &splitter{c: c}
	s.gather(p)
	if len(spans(s.said.String())) == 0 {
		return
	}
	s = &splitter{c: c} // again, over runs of one content each
	s.loosen(p)
	s.gather(p)
	s.cut()
	s.replace(p)
}

// unwrapped are elements around runs that places may begin in and end out of: insertions
// that are tracked, and what Word thinks a text is.
var unwrapped = []string{"w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:sdt", "w:sdtContent"}

// loosen takes wrappings off and gives each run one content.
func (s *splitter) loosen(p *node) {
	var list []*node
	for _, n := range p.children {
		switch {
		case n.kind == element && slices.Contains(unwrapped, n.name):
			s.loosen(n)
			for _, c := range n.children {
				if c.kind == element && !isProperty(c) {
					list = append(list, c)
				}
			}
		case n.kind == element && n.name == "w:r":
			list = append(list, apart(n)...)
		case n.kind == element && n.name != "w:del":
			s.loosen(n)
			list = append(list, n)
		default:
			list = append(list, n)
		}
	}
	p.children = list
}

func isProperty(n *node) bool {
	return slices.Contains([]string{"w:sdtPr", "w:sdtEndPr", "w:smartTagPr", "w:customXmlPr"}, n.name)
}

// apart makes a run for each content of a run.
func apart(run *node) (list []*node) {
	properties := run.child("w:rPr")
	for _, c := range run.children {
		if c.kind != element || c == properties {
			continue
		}
		if c.name == "w:lastRenderedPageBreak" {
			continue
		}
		children := []*node{c}
		if properties != nil {
			children = []*node{properties, c}
		}
		list = append(list, run.filled(children))
	}
	return list
}

// ignored are elements that a place may run across.
var ignored = []string{
	"w:pPr", "w:proofErr", "w:bookmarkStart", "w:bookmarkEnd", "w:rPr", "w:lastRenderedPageBreak", "w:del", "w:moveFrom", "w:permStart",
	"w:permEnd", "w:commentRangeStart", "w:commentRangeEnd", "w:sdtPr", "w:sdtEndPr", "w:noBreakHyphen", "w:softHyphen",
}

// gather lists the texts of a paragraph. What is in a text box is another paragraph's.
func (s *splitter) gather(p *node) {
	for _, n := range p.children {
		switch {
		case n.kind != element || slices.Contains(ignored, n.name):
		case n.name == "w:r":
			s.gatherRun(n)
		case n.name == "w:p", n.name == "w:txbxContent":
			s.said.WriteByte(gapByte)
		default:
			s.gather(n)
		}
	}
}

func (s *splitter) gatherRun(run *node) {
	for _, n := range run.children {
		switch {
		case n.kind != element || slices.Contains(ignored, n.name):
		case n.name == "w:t":
			from := s.said.Len()
			s.said.WriteString(strings.ReplaceAll(n.ownText(), string(rune(gapByte)), " "))
			s.runs = append(s.runs, &piece{run: run, text: n, from: from, to: s.said.Len()})
		default:
			s.said.WriteByte(gapByte)
		}
	}
}

// cut divides the runs at places. A place is where it begins, and looks so.
func (s *splitter) cut() {
	all := s.said.String()
	list := spans(all)
	for _, r := range s.runs {
		at := r.from
		for i := range list {
			m := &list[i]
			if m.to <= at || m.from >= r.to {
				continue
			}
			if m.from >= r.from {
				r.keep(all[at:m.from])
				r.parts = append(r.parts, s.c.markerOf(all, *m, r.run.child("w:rPr")))
			}
			at = min(m.to, r.to)
		}
		r.keep(all[at:r.to])
	}
}

// keep leaves a run of a text.
func (r *piece) keep(said string) {
	if said == "" {
		return
	}
	if said == r.text.ownText() {
		r.parts = append(r.parts, r.run)
		return
	}
	var children []*node
	if properties := r.run.child("w:rPr"); properties != nil {
		children = append(children, properties)
	}
	children = append(children, &node{kind: element, name: "w:t", open: `<w:t xml:space="preserve">`, end: `</w:t>`, children: []*node{
		{kind: text, open: escape(said), said: said},
	}})
	r.parts = append(r.parts, r.run.filled(children))
}

// replace puts what became of the runs in their place.
func (s *splitter) replace(p *node) {
	became := map[*node][]*node{}
	for _, r := range s.runs {
		became[r.run] = r.parts
	}
	var in func(*node)
	in = func(p *node) {
		var list []*node
		for _, n := range p.children {
			if parts, have := became[n]; have {
				list = append(list, parts...)
				continue
			}
			if n.kind == element && n.name != "w:p" && n.name != "w:txbxContent" {
				in(n)
			}
			list = append(list, n)
		}
		p.children = list
	}
	in(p)
}

// markerOf is a place as a node.
func (c *compiler) markerOf(all string, m span, rPr *node) *node {
	raw := all[m.from:m.to]
	in := readInstruction(raw)
	in.at, in.rPr = c.where(), rPr
	in.at.Near = around(all, m.from, m.to)
	c.seq++
	in.seq = c.seq
	if m.open {
		c.tell(in, wrong(OpenBraces, "「%[1]s」只有開頭的「{{」，同一段內沒有「}}」。請補上「}}」。",
			"“%[1]s” begins with “{{” and no “}}” follows in the paragraph. Add “}}”.", raw))
		return &node{kind: other} // nothing more is said of it
	}
	return &node{kind: marker, instruction: in}
}
