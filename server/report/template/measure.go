package template

import "strconv"

// measure says of each block how wide the text is where it stands: its section ends below
// it.
func measure(body *node) {
	var waiting []*node
	settle := func(section *node) {
		for _, b := range waiting {
			b.width = textWidth(section)
		}
		waiting = nil
	}
	var look func([]*node)
	look = func(list []*node) {
		for _, n := range list {
			switch {
			case n.kind == block:
				waiting = append(waiting, n)
			case n.kind == element && n.name == "w:sectPr":
				settle(n)
			case n.kind == element && n.name == "w:p":
				if pPr := n.child("w:pPr"); pPr != nil && pPr.child("w:sectPr") != nil {
					settle(pPr.child("w:sectPr"))
				}
			case n.kind == element && n.name == "w:tbl": // no section ends in it
			default:
				look(n.children)
				if n.kind == choice {
					look(n.rest)
				}
			}
		}
	}
	look(body.children)
	settle(&node{})
}

// textWidth is the width of a section's text in millimetres.
func textWidth(section *node) float64 {
	const standard, narrowest, widest = 156, 40, 500
	size, margins := section.child("w:pgSz"), section.child("w:pgMar")
	if size == nil || margins == nil {
		return standard
	}
	width := number(size.attr("w:w")) - number(margins.attr("w:left")) - number(margins.attr("w:right")) - number(margins.attr("w:gutter"))
	if cols := section.child("w:cols"); cols != nil {
		if n := number(cols.attr("w:num")); n > 1 {
			width = (width - (n-1)*number(cols.attr("w:space"))) / n
		}
	}
	const twip = 25.4 / 1440
	return min(max(width*twip, narrowest), widest)
}

func number(s string) float64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n != n || n < 0 || n > 1e6 {
		return 0
	}
	return n
}
