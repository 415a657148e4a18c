package template

import (
	"slices"
	"strings"
)

// compiler makes of a part what Fill writes.
type compiler struct {
	part   partOf
	table  int // which, so far
	row    int // of the table that is looked at; 0: none
	hidden int // within a copy for old programs: nothing is told of it
	seq    int
	wrong  *Mistakes
	blocks bool // whether blocks may stand here
}

func (c *compiler) where() Where {
	w := Where{Part: c.part.part, Number: c.part.number}
	if c.row > 0 {
		w.Table, w.Row = c.table, c.row
	}
	return w
}

// tell notes a mistake.
func (c *compiler) tell(in *instruction, m Mistake) {
	if c.hidden > 0 {
		return
	}
	m.Where, m.Text, m.seq = in.at, in.raw, in.seq
	*c.wrong = append(*c.wrong, m)
}

// lift prepares what is in an element that has paragraphs: begins and ends that stand
// alone come to the level of paragraphs, blocks too.
func (c *compiler) lift(n *node) {
	if n.name == "mc:Fallback" {
		c.hidden++
		defer func() { c.hidden-- }()
	}
	var list []*node
	for _, child := range n.children {
		switch {
		case child.kind != element:
			list = append(list, child)
		case child.name == "w:p":
			list = append(list, c.paragraph(child)...)
		case child.name == "w:tbl":
			c.liftTable(child)
			list = append(list, child)
		default:
			c.lift(child)
			list = append(list, child)
		}
	}
	n.children = list
}

// paragraph is what becomes of a paragraph.
func (c *compiler) paragraph(p *node) []*node {
	c.split(p)
	c.boxes(p)
	marks := marksOf(p)
	loose := unpaired(marks)
	if len(marks) == 1 && marks[0].verb == insert {
		return c.blockOf(p, marks[0], alone(p))
	}
	for _, m := range marks {
		if m.verb == insert {
			c.notAlone(m)
		}
	}
	if len(loose) == 0 {
		return []*node{p}
	}
	if !alone(p) {
		for _, m := range loose {
			c.tell(m.instruction, wrong(NotAlone, "「%[1]s」跨多個段落，必須獨佔一段。請把它移到單獨的一段。",
				"“%[1]s” goes over several paragraphs and must stand alone. Put it in a paragraph of its own.", m.raw))
		}
		return c.liftOut(p, loose)
	}
	return c.liftAlone(p, marks)
}

// boxes prepares text boxes in a paragraph.
func (c *compiler) boxes(p *node) {
	for _, n := range p.children {
		if n.kind != element {
			continue
		}
		if n.name == "w:txbxContent" {
			was := c.blocks
			c.blocks = false
			c.lift(n)
			c.blocks = was
			continue
		}
		if n.name == "mc:Fallback" {
			c.hidden++
			c.boxes(n)
			c.hidden--
			continue
		}
		c.boxes(n)
	}
}

// marksOf lists the instructions of a paragraph, not those of text boxes in it.
func marksOf(p *node) (list []*node) {
	for _, n := range p.children {
		switch {
		case n.kind == marker:
			list = append(list, n)
		case n.kind == element && n.name != "w:txbxContent":
			list = append(list, marksOf(n)...)
		}
	}
	return list
}

func (in *instruction) begins() bool { return in.verb == each || in.verb == given || in.verb == unless }

func (in *instruction) governs() bool { return in.begins() || in.verb == otherwise || in.verb == over }

// unpaired are begins and ends whose other one is elsewhere, and the else of such.
func unpaired(marks []*node) (list []*node) {
	var open []*node
	paired := map[*node]bool{}
	var elses []*node
	for _, m := range marks {
		switch {
		case m.begins():
			open = append(open, m)
		case m.verb == over && len(open) > 0:
			paired[m], paired[open[len(open)-1]] = true, true
			open = open[:len(open)-1]
		case m.verb == otherwise && len(open) == 0:
			elses = append(elses, m)
		}
	}
	for _, m := range marks {
		if (m.begins() || m.verb == over) && !paired[m] || slices.Contains(elses, m) {
			list = append(list, m)
		}
	}
	return list
}

// alone says whether there is nothing in a paragraph that would be seen but instructions
// that govern, or one block.
func alone(p *node) bool {
	for _, n := range p.children {
		switch {
		case n.kind == marker:
			if !n.governs() && n.verb != insert {
				return false
			}
		case n.kind != element || slices.Contains(ignored, n.name):
		case n.name == "w:r":
			for _, c := range n.children {
				if c.kind == element && !slices.Contains(ignored, c.name) && (c.name != "w:t" || strings.TrimSpace(c.ownText()) != "") {
					return false
				}
			}
		case !alone(n):
			return false
		}
	}
	return true
}

// liftAlone leaves of a paragraph the instructions, and a section that ends with it.
func (c *compiler) liftAlone(p *node, marks []*node) []*node {
	list := slices.Clone(marks)
	if pPr := p.child("w:pPr"); pPr != nil && pPr.child("w:sectPr") != nil {
		list = append(list, p.filled([]*node{pPr}))
	}
	return list
}

// liftOut takes instructions out of a paragraph: begins before it, ends after it.
func (c *compiler) liftOut(p *node, loose []*node) []*node {
	drop(p, loose)
	before, after := []*node{}, []*node{}
	for _, m := range loose {
		if m.begins() {
			before = append(before, m)
		} else {
			after = append(after, m)
		}
	}
	return slices.Concat(before, []*node{p}, after)
}

// drop takes nodes out from below another.
func drop(n *node, gone []*node) {
	n.children = slices.DeleteFunc(n.children, func(c *node) bool { return slices.Contains(gone, c) })
	for _, c := range n.children {
		if c.kind == element {
			drop(c, gone)
		}
	}
}

func (c *compiler) notAlone(m *node) {
	c.tell(m.instruction, wrong(BlockPlace, "「%[1]s」必須獨佔一段，並且在正文中，不能在表格、文本框、頁眉或頁腳裡。",
		"“%[1]s” must stand alone in a paragraph of the body, not in a table, text box, header or footer.", m.raw))
}

// blockOf is a block in the place of its paragraph.
func (c *compiler) blockOf(p, m *node, alone bool) []*node {
	if !alone || !c.blocks {
		c.notAlone(m)
		drop(p, []*node{m})
		return []*node{p}
	}
	pPr := p.child("w:pPr")
	list := []*node{m}
	if pPr != nil {
		if section := pPr.child("w:sectPr"); section != nil {
			list = append(list, p.filled([]*node{pPr}))
			kept := slices.DeleteFunc(slices.Clone(pPr.children), func(n *node) bool { return n == section })
			pPr = pPr.filled(kept)
		}
	}
	m.pPr = pPr
	return list
}

// liftTable prepares a table. A loop that begins first in the first cell of a row and ends
// last in the last cell of a row is one of rows.
func (c *compiler) liftTable(t *node) {
	c.table++
	mine, outer, blocks := c.table, c.row, c.blocks
	c.blocks = false
	var found []*inCell
	for r, row := range elements(t, "w:tr") {
		cells := elements(row, "w:tc")
		for k, cell := range cells {
			c.row = r + 1
			last := c.table
			c.table = mine
			for _, p := range elements(cell, "w:p") {
				c.split(p)
			}
			found = append(found, controlsOf(row, cell, k == 0, k == len(cells)-1)...)
			c.table = last
		}
	}
	c.pairRows(t, found)
	for r, row := range elements(t, "w:tr") {
		for _, cell := range elements(row, "w:tc") {
			c.row = r + 1
			c.lift(cell)
		}
	}
	c.row, c.blocks = outer, blocks
}

func elements(n *node, name string) (list []*node) {
	for _, c := range n.children {
		if c.kind == element && c.name == name {
			list = append(list, c)
		}
	}
	return list
}

// inCell is an instruction that governs, and where in a table it is.
type inCell struct {
	mark, row, cell *node
	first, last     bool // content of the row
}

// controlsOf lists the instructions of a cell that govern.
func controlsOf(row, cell *node, firstCell, lastCell bool) (list []*inCell) {
	var all []*node // nil: content
	for _, n := range cell.children {
		switch {
		case n.kind == element && n.name == "w:p":
			all = append(all, contents(n)...)
		case n.kind == element && n.name != "w:tcPr":
			all = append(all, nil)
		}
	}
	for i, n := range all {
		if n == nil || !n.governs() {
			continue
		}
		isContent := func(n *node) bool { return n == nil || !n.governs() }
		list = append(list, &inCell{
			n, row, cell,
			firstCell && !slices.ContainsFunc(all[:i], isContent), lastCell && !slices.ContainsFunc(all[i:], isContent),
		})
	}
	return list
}

// contents are a paragraph's instructions and, as nil, what would be seen.
func contents(p *node) (list []*node) {
	for _, n := range p.children {
		switch {
		case n.kind == marker:
			list = append(list, n)
		case n.kind != element || slices.Contains(ignored, n.name):
		case n.name == "w:r":
			for _, c := range n.children {
				if c.kind == element && !slices.Contains(ignored, c.name) && (c.name != "w:t" || strings.TrimSpace(c.ownText()) != "") {
					list = append(list, nil)
				}
			}
		default:
			list = append(list, contents(n)...)
		}
	}
	return list
}

// pairRows finds the loops of rows and brings their begins and ends between rows.
func (c *compiler) pairRows(t *node, found []*inCell) {
	var open []*inCell
	before, after := map[*node][]*node{}, map[*node][]*node{}
	for _, f := range found {
		if f.mark.begins() {
			open = append(open, f)
		}
		if f.mark.verb != over || len(open) == 0 {
			continue
		}
		begin := open[len(open)-1]
		open = open[:len(open)-1]
		if begin.cell == f.cell {
			continue
		}
		if !begin.first || !f.last {
			c.tell(begin.mark.instruction, wrong(AcrossCells,
				"「%[1]s」與「%[2]s」不在同一個單元格。要逐行重複，請把開始放在一行第一格的最前面、結束放在最後一格的最後面；要在格內重複，請放在同一格。",
				"“%[1]s” and “%[2]s” are in different cells. To repeat rows, begin as the first thing in a row's first cell and end as the last in its last cell; to repeat within a cell, put both in it.",
				begin.mark.raw, f.mark.raw))
		}
		lower(begin)
		lower(f)
		before[begin.row] = append(before[begin.row], begin.mark)
		after[f.row] = append(after[f.row], f.mark)
	}
	var list []*node
	for _, n := range t.children {
		list = append(list, inOrder(before[n])...)
		list = append(list, n)
		list = append(list, inOrder(after[n])...)
	}
	t.children = list
}

func inOrder(marks []*node) []*node {
	slices.SortFunc(marks, func(a, b *node) int { return a.seq - b.seq })
	return marks
}

// lower takes an instruction out of its cell, and a paragraph that had nothing else, if
// another one is left.
func lower(f *inCell) {
	for _, p := range elements(f.cell, "w:p") {
		if !slices.Contains(marksOf(p), f.mark) {
			continue
		}
		drop(p, []*node{f.mark})
		if len(marksOf(p)) == 0 && alone(p) && len(elements(f.cell, "w:p")) > 1 {
			drop(f.cell, []*node{p})
		}
		return
	}
}
