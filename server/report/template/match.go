package template

import (
	"fmt"
	"slices"
	"strings"
)

// level is what can be named at a point of a template.
type level struct {
	scope   *Scope
	list    *List  // whose loop this is; nil: the top
	begin   *node  // the loop
	up      *level // outside
	unknown bool   // a loop over nobody knows what: nothing in it is told of
}

// frame is a begin whose end is looked for.
type frame struct {
	begin *node
	level *level // outside of it
	out   []*node
	first []*node // of a choice, what stands before else
	other bool    // else was there
}

// match pairs begins with ends in a list and everything below it, and looks names up.
func (c *compiler) match(list []*node, at *level) []*node {
	m := &matcher{c: c, level: at, since: len(*c.wrong)}
	for _, n := range list {
		m.take(n)
	}
	for len(m.open) > 0 {
		m.unclosed()
	}
	return m.out
}

type matcher struct {
	c     *compiler
	level *level
	out   []*node
	open  []*frame
	since int // how many mistakes there were when a loop ended last
}

func (m *matcher) add(n *node) { m.out = append(m.out, n) }

func (m *matcher) take(n *node) {
	switch {
	case n.kind == marker && n.begins():
		m.begin(n)
	case n.kind == marker && n.verb == otherwise:
		m.otherwise(n)
	case n.kind == marker && n.verb == over:
		m.end(n)
	case n.kind == marker:
		m.c.resolve(n, m.level)
		m.add(n)
	case n.kind == element:
		if n.name == "mc:Fallback" {
			m.c.hidden++
		}
		n.children = m.c.match(n.children, m.level)
		if n.name == "mc:Fallback" {
			m.c.hidden--
		}
		m.add(n)
	default:
		m.add(n)
	}
}

// begin opens a loop or a choice.
func (m *matcher) begin(n *node) {
	m.open = append(m.open, &frame{begin: n, level: m.level, out: m.out})
	m.out = nil
	if n.verb == each {
		m.level = m.c.enter(n, m.level)
		return
	}
	n.kind, n.not = choice, n.verb == unless
	m.c.condition(n, m.level)
}

func (m *matcher) otherwise(n *node) {
	if len(m.open) == 0 || m.open[len(m.open)-1].begin.verb == each || m.open[len(m.open)-1].other {
		m.c.tell(n.instruction, wrong(NoBegin, "「%[1]s」前面沒有對應的「{{#如有 …}}」。", "There is no “{{#if …}}” for “%[1]s”.", n.raw))
		return
	}
	f := m.open[len(m.open)-1]
	f.first, f.other, m.out = m.out, true, nil
}

// end closes what is open. An end of another kind closes what it fits, if there is that.
func (m *matcher) end(n *node) {
	fits := func(f *frame) bool {
		return n.ends == put || n.ends == f.begin.verb || (f.begin.verb == unless && n.ends == given)
	}
	deep := len(m.open) - 1
	for deep >= 0 && !fits(m.open[deep]) {
		deep--
	}
	if deep < 0 {
		if n.ends != given {
			m.forgive()
		}
		m.c.tell(n.instruction, wrong(NoBegin, "「%[1]s」前面沒有對應的開始（{{#逐條 …}} 或 {{#如有 …}}）。請補上開始，或刪去它。",
			"There is no begin ({{#each …}} or {{#if …}}) for “%[1]s”. Add it, or take this out.", n.raw))
		return
	}
	for len(m.open)-1 > deep {
		m.unclosed()
	}
	m.close()
}

// forgive takes back that places are outside of their loop: its begin is what is missing.
func (m *matcher) forgive() {
	kept := (*m.c.wrong)[:m.since:m.since]
	for _, w := range (*m.c.wrong)[m.since:] {
		if w.Code != OtherPlace {
			kept = append(kept, w)
		}
	}
	*m.c.wrong = kept
}

// unclosed closes what nothing ends.
func (m *matcher) unclosed() {
	n := m.open[len(m.open)-1].begin
	what := "{{/逐條}}"
	english := "{{/each}}"
	if n.verb != each {
		what, english = "{{/如有}}", "{{/if}}"
	}
	m.c.tell(n.instruction, wrong(NotClosed, "「%[1]s」沒有結束。請在要結束的地方加上「%[2]s」。開始和結束必須同在正文、同一個單元格或同一段。",
		"“%[1]s” does not end. Add “%[3]s” where it is to end. Begin and end must both be in the body, in one cell or in one paragraph.", n.raw, what, english))
	m.close()
}

// close ends the innermost that is open.
func (m *matcher) close() {
	f := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	n := f.begin
	n.children = m.out
	if f.other {
		n.children, n.rest = f.first, m.out
	}
	if n.verb == each {
		n.kind = loop
		once(n.children)
		n.noSource = contains(n.children, func(c *node) bool { return c.kind == place && c.builtin == itemSource && c.up == 0 })
		if n.list != nil && n.list.Refs != nil && !n.noSource {
			carry(n.children)
		}
	}
	m.out = append(f.out, n)
	m.level = f.level
	if n.verb == each {
		m.since = len(*m.c.wrong)
	}
}

// contains says whether there is such a node, outside of loops further in.
func contains(list []*node, is func(*node) bool) bool {
	for _, n := range list {
		if is(n) || n.kind != loop && (contains(n.children, is) || n.kind == choice && contains(n.rest, is)) {
			return true
		}
	}
	return false
}

// carry sees to it that the number of an item's source is printed: with a statement of
// the item, else with the last text of it, and in every branch if it has none elsewhere.
func carry(list []*node) {
	own := func(n *node) bool { return n.kind == place && n.up == 0 && n.builtin == offered }
	sure := func(n *node) bool { return own(n) && n.says }
	if containsSure(list, sure) {
		return
	}
	if last := lastSure(list, own); last != nil {
		last.says = true
		return
	}
	mark(list, own)
}

// containsSure is contains outside of choices.
func containsSure(list []*node, is func(*node) bool) bool {
	for _, n := range list {
		if is(n) || n.kind == element && containsSure(n.children, is) {
			return true
		}
	}
	return false
}

func lastSure(list []*node, is func(*node) bool) (last *node) {
	for _, n := range list {
		if is(n) {
			last = n
		}
		if n.kind == element {
			if below := lastSure(n.children, is); below != nil {
				last = below
			}
		}
	}
	return last
}

func mark(list []*node, is func(*node) bool) {
	for _, n := range list {
		if is(n) {
			n.says = true
		}
		if n.kind == element || n.kind == choice {
			mark(n.children, is)
		}
		if n.kind == choice {
			mark(n.rest, is)
		}
	}
}

// once takes out of a loop what may be in a document only once.
func once(list []*node) {
	for _, n := range list {
		if n.kind == choice {
			once(n.children)
			once(n.rest)
		}
		if n.kind != element {
			continue
		}
		kept := n.children[:0:0]
		for _, c := range n.children {
			if c.kind != element || (c.name != "w:bookmarkStart" && c.name != "w:bookmarkEnd") {
				kept = append(kept, c)
			}
		}
		n.children = kept
		if n.name == "w:p" || n.name == "w:tr" {
			n.open = withoutIDs(n.open)
		}
		once(n.children)
	}
}

// withoutIDs takes the ids of Word's own off a tag.
func withoutIDs(tag string) string {
	for _, name := range []string{" w14:paraId=", " w14:textId="} {
		at := strings.Index(tag, name)
		if at < 0 {
			continue
		}
		from := at + len(name)
		if end := strings.IndexByte(tag[min(from+1, len(tag)):], tag[from]); end >= 0 {
			tag = tag[:at] + tag[from+1+end+1:]
		}
	}
	return tag
}

// enter looks a list up and gives the level inside.
func (c *compiler) enter(n *node, at *level) *level {
	inside := &level{scope: &Scope{}, begin: n, up: at, unknown: true}
	up := 0
	for l := at; l != nil; l, up = l.up, up+1 {
		for i := range l.scope.Lists {
			if list := &l.scope.Lists[i]; list.Name.Is(n.called) {
				n.list, n.up = list, up
				inside.scope, inside.list, inside.unknown = list.Of, list, false
				return inside
			}
		}
		inside.unknown = inside.unknown || l.unknown
	}
	if !at.blind() {
		near := nearest(n.called, namesOf(at, func(s *Scope) []Name { return listNames(s) }))
		c.tell(n.instruction, wrong(UnknownLoop, "「%[1]s」：這種文件沒有名為「%[2]s」的列表。%[3]s",
			"“%[1]s”: there is no list “%[2]s” in this kind of document. %[4]s", n.raw, n.called, near.zh(), near.en()))
	}
	return inside
}

// blind says whether names may be those of a loop that nobody knows.
func (l *level) blind() bool {
	for ; l != nil; l = l.up {
		if l.unknown {
			return true
		}
	}
	return false
}

// resolve looks a place or a block up.
func (c *compiler) resolve(n *node, at *level) {
	if n.verb == insert {
		c.resolveBlock(n, at)
		return
	}
	n.kind = place
	if c.lookUp(n, at) || at.blind() {
		return
	}
	c.unknown(n, at)
}

// lookUp finds a place, from the innermost loop outwards.
func (c *compiler) lookUp(n *node, at *level) bool {
	up := 0
	for l := at; l != nil; l, up = l.up, up+1 {
		if l.list != nil && numberName().Is(n.called) {
			n.builtin, n.up = itemNumber, up
			return true
		}
		if l.list != nil && l.list.Refs != nil && sourceName().Is(n.called) {
			n.builtin, n.up = itemSource, up
			return true
		}
		for i := range l.scope.Places {
			if p := &l.scope.Places[i]; p.Name.Is(n.called) {
				n.place, n.up, n.says = p, up, p.Says
				return true
			}
		}
	}
	return false
}

// condition looks up what a choice asks: whether a text or a list is there.
func (c *compiler) condition(n *node, at *level) {
	if c.lookUp(n, at) {
		return
	}
	up := 0
	for l := at; l != nil; l, up = l.up, up+1 {
		for i := range l.scope.Lists {
			if list := &l.scope.Lists[i]; list.Name.Is(n.called) {
				n.list, n.up = list, up
				return
			}
		}
	}
	if !at.blind() {
		c.unknown(n, at)
	}
}

func (c *compiler) resolveBlock(n *node, at *level) {
	n.kind = block
	up := 0
	for l := at; l != nil; l, up = l.up, up+1 {
		for i := range l.scope.Blocks {
			if b := &l.scope.Blocks[i]; b.Name.Is(n.called) {
				n.block, n.up = b, up
				return
			}
		}
	}
	if at.blind() {
		return
	}
	near := nearest(n.called, namesOf(at, blockNames))
	c.tell(n.instruction, wrong(UnknownBlock, "「%[1]s」：這種文件沒有名為「%[2]s」的部分。%[3]s",
		"“%[1]s”: there is no block “%[2]s” in this kind of document. %[4]s", n.raw, n.called, near.zh(), near.en()))
}

// unknown says why a place is none: it belongs to a loop, or nobody knows it.
func (c *compiler) unknown(n *node, at *level) {
	top := at
	for top.up != nil {
		top = top.up
	}
	if lists := listsWith(top.scope, n.called); len(lists) > 0 {
		zh, en := "", ""
		for i, l := range lists {
			if i > 0 {
				zh, en = zh+"、", en+", "
			}
			zh, en = zh+"{{#逐條 "+l.Zh+"}}", en+"{{#each "+l.En+"}}"
		}
		c.tell(n.instruction, wrong(OtherPlace, "「%[1]s」只能用在這些循環之內：%[2]s。請把它移到循環裡。",
			"“%[1]s” can be used only within %[3]s. Move it into such a loop.", n.raw, zh, en))
		return
	}
	near := nearest(n.called, namesOf(at, placeNames))
	c.tell(n.instruction, wrong(UnknownPlace, "「%[1]s」：這種文件沒有名為「%[2]s」的位置。%[3]s",
		"“%[1]s”: there is no place “%[2]s” in this kind of document. %[4]s", n.raw, n.called, near.zh(), near.en()))
}

// listsWith are the lists in whose loops a place is known, at the top or further in.
func listsWith(s *Scope, name string) (found []Name) {
	for i := range s.Lists {
		l := &s.Lists[i]
		known := numberName().Is(name) || l.Refs != nil && sourceName().Is(name)
		for k := range l.Of.Places {
			known = known || l.Of.Places[k].Name.Is(name)
		}
		within := []Name{l.Name}
		if !known {
			within = listsWith(l.Of, name)
		}
		for _, n := range within {
			if !slices.Contains(found, n) {
				found = append(found, n)
			}
		}
	}
	const most = 4
	return found[:min(len(found), most)]
}

func namesOf(at *level, of func(*Scope) []Name) (names []Name) {
	for l := at; l != nil; l = l.up {
		names = append(names, of(l.scope)...)
	}
	return names
}

func placeNames(s *Scope) (names []Name) {
	for i := range s.Places {
		names = append(names, s.Places[i].Name)
	}
	return names
}

func listNames(s *Scope) (names []Name) {
	for i := range s.Lists {
		names = append(names, s.Lists[i].Name)
	}
	return names
}

func blockNames(s *Scope) (names []Name) {
	for i := range s.Blocks {
		names = append(names, s.Blocks[i].Name)
	}
	return names
}

// guess is the name that may have been meant; empty: nothing is like it.
type guess string

func (g guess) zh() string {
	if g == "" {
		return "請對照「可用位置表」改正。"
	}
	return fmt.Sprintf("是否為「%s」？", string(g))
}

func (g guess) en() string {
	if g == "" {
		return "See the list of places."
	}
	return fmt.Sprintf("Did you mean “%s”?", string(g))
}
