package template

import "sansuiji/schema"

// program is a template whose names were looked up.
type program struct {
	*Template
	parts []compiled
}

// compiled is a part with places.
type compiled struct {
	partOf
	tree *node
}

// Check says what is wrong with a template whose places are looked for in a scope. The
// template is used up: read it again to fill it.
func (t *Template) Check(scope *Scope) Mistakes {
	_, wrong := t.compile(scope)
	return wrong
}

func (t *Template) compile(scope *Scope) (*program, Mistakes) {
	p := &program{Template: t}
	var wrong Mistakes
	seq := 0
	for _, part := range t.filledParts() {
		c := &compiler{part: part, wrong: &wrong, seq: seq, blocks: part.part == InBody}
		tree := t.parts[part.name]
		c.lift(tree)
		tree.children = c.match(tree.children, &level{scope: scope})
		if part.part == InBody {
			measure(tree.root().child("w:body"))
		}
		p.parts = append(p.parts, compiled{part, tree})
		seq = c.seq
	}
	if missing := p.sources(scope); missing && len(wrong) == 0 {
		wrong = append(wrong, Mistake{Code: NoSources, Note: true, Where: Where{Part: InFile}, Said: schema.Label{
			Zh: "模板沒有「{{> 資料來源}}」：文中會有來源編號，但沒有說明編號的表。",
			En: "The template has no “{{> sources}}”: the text has numbers of sources and no table says what they stand for.",
		}})
	}
	return p, wrong.tidy()
}

// sources says whether the list of sources is missed: numbers are printed without it.
func (p *program) sources(scope *Scope) bool {
	offered, there, numbers := false, false, false
	for i := range scope.Blocks {
		offered = offered || scope.Blocks[i].Sources
	}
	var look func([]*node)
	look = func(list []*node) {
		for _, n := range list {
			switch n.kind {
			case block:
				there = there || n.block != nil && n.block.Sources
				numbers = numbers || n.block != nil && !n.block.Sources
			case loop:
				numbers = numbers || n.list != nil && n.list.Refs != nil
			case place:
				numbers = numbers || n.place != nil && n.place.Refs != nil
			case element, text, other, marker, choice: // print no numbers of their own
			}
			look(n.children)
			if n.kind == choice {
				look(n.rest)
			}
		}
	}
	for _, part := range p.parts {
		look(part.tree.children)
	}
	return offered && numbers && !there
}
