package template

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sansuiji/server/report/docx"
	"sansuiji/server/report/paper"
)

// Filling is what a template is filled with.
type Filling struct {
	Scope    *Scope
	Document *paper.Document // its title, author, time and look; its parts are not printed
	Printing paper.Printing
	// Surveyed is told how many pictures there will be.
	Surveyed func(pictures int)
}

// ErrTooLong says that loops within loops make a document that nobody wants.
var ErrTooLong = errors.New("the template's loops make too long a document")

// roundsMax is how often all loops together go round.
const roundsMax = 200_000

// Fill writes the document that a template and a state make. The template is used up. The
// error may be Mistakes. After an error w has part of a file.
func (t *Template) Fill(ctx context.Context, w io.Writer, filling *Filling) error {
	host := t.host(filling.Document)
	p, wrong := t.compile(filling.Scope)
	if fatal := wrong.Fatal(); len(fatal) > 0 {
		return fatal
	}
	f := &filler{ctx: ctx, filling: filling, program: p, guest: docx.NewGuest(filling.Document, host, filling.Printing), root: p.parts[0].tree.root()}
	// Once to learn what pictures there are and which number each source gets, once to write.
	f.survey = true
	for i := range p.parts {
		if err := f.run(&p.parts[i], io.Discard); err != nil {
			return err
		}
	}
	f.survey = false
	if filling.Surveyed != nil {
		filling.Surveyed(f.guest.Pictures())
	}
	return f.pack(w)
}

// filler writes one document.
type filler struct {
	ctx     context.Context
	filling *Filling
	program *program
	guest   *docx.Guest
	survey  bool

	out    *bufio.Writer
	err    error
	rounds int
	stack  []*round
	refs   []int // that the paragraph's end gets
	marked *node // how the letters of the place that they go with look
	last   string
	inP    int   // paragraphs that are open
	root   *node // of the document
}

// round is one item of a loop.
type round struct {
	of      *node
	item    any
	number  int
	printed bool // its source's number is
}

// run writes a part.
func (f *filler) run(part *compiled, w io.Writer) error {
	f.out, f.stack, f.refs, f.rounds = bufio.NewWriter(w), nil, nil, 0
	f.list(part.tree.children)
	return errors.Join(f.err, f.out.Flush())
}

func (f *filler) raw(xml string) { _, _ = f.out.WriteString(xml) } // the flush tells

func (f *filler) list(list []*node) {
	for _, n := range list {
		if f.err != nil {
			return
		}
		f.node(n)
	}
}

func (f *filler) node(n *node) {
	switch n.kind {
	case element:
		f.element(n)
	case text, other:
		f.raw(n.open)
	case place:
		f.place(n)
	case loop:
		f.loop(n)
	case choice:
		if f.holds(n) {
			f.list(n.children)
		} else {
			f.list(n.rest)
		}
	case block:
		f.block(n)
	case marker: // it was a mistake, and is told of
	}
}

// element writes an element with what must be in it.
func (f *filler) element(n *node) {
	switch n.name {
	case "w:p":
		f.paragraph(n)
	case "w:tbl":
		if f.hasRows(n.children) {
			f.tag(n)
			f.last = n.name
		}
	case "w:tc", "w:hdr", "w:ftr", "w:txbxContent", "w:body", "w:footnote", "w:endnote":
		f.container(n)
	case "wp:docPr":
		f.raw(numbered(n.open, f.guest.Drawing()))
		f.list(n.children)
		f.raw(n.end)
	default:
		if n == f.root {
			f.raw(withSpaces(n))
			f.list(n.children)
			f.raw(n.end)
			return
		}
		f.tag(n)
	}
}

// container writes what has paragraphs. A cell without one is no cell.
func (f *filler) container(n *node) {
	inP, refs := f.inP, f.refs
	f.inP, f.refs, f.last = 0, nil, ""
	f.raw(n.open)
	f.list(n.children)
	if f.last != "w:p" && n.name != "w:body" && n.end != "" {
		f.raw("<w:p/>")
	}
	f.raw(n.end)
	f.inP, f.refs = inP, refs
}

func (f *filler) tag(n *node) {
	f.raw(n.open)
	f.list(n.children)
	f.raw(n.end)
}

func (f *filler) paragraph(n *node) {
	outer, inP := f.refs, f.inP
	f.refs, f.inP = nil, 1
	f.raw(n.open)
	f.list(n.children)
	f.flush()
	f.raw(n.end)
	f.refs, f.inP, f.last = outer, inP, n.name
}

// flush writes the numbers of what was said.
func (f *filler) flush() {
	for _, n := range f.refs {
		f.raw(f.guest.Ref(n, letters(f.marked, true)))
	}
	f.refs = nil
}

// letters are a run's properties; bare: those that fit a raised number.
func letters(rPr *node, bare bool) string {
	if rPr == nil {
		return ""
	}
	if !bare {
		return rPr.xml()
	}
	var b strings.Builder
	for _, c := range rPr.children {
		if slices.Contains([]string{"w:rFonts", "w:b", "w:bCs", "w:i", "w:iCs", "w:color", "w:sz", "w:szCs"}, c.name) {
			c.write(&b)
		}
	}
	return b.String()
}

// at is the round that is some loops outside of the innermost; nil: the top.
func (f *filler) at(up int) *round {
	if i := len(f.stack) - 1 - up; i >= 0 {
		return f.stack[i]
	}
	return nil
}

func (f *filler) item(up int) any {
	if r := f.at(up); r != nil {
		return r.item
	}
	return nil
}

func (f *filler) place(n *node) {
	f.marked = n.rPr
	switch r := f.at(n.up); {
	case n.builtin == itemNumber && r != nil:
		f.say(n.rPr, strconv.Itoa(r.number))
	case n.builtin == itemSource && r != nil:
		f.refs = append(f.refs, r.of.list.Refs(r.item)...)
		f.flush()
	case n.place != nil:
		said := n.place.Value(f.item(n.up))
		f.say(n.rPr, said)
		if said != "" {
			f.cite(n, r)
		}
	}
}

// cite notes what a text rests on: its numbers stand at the end of the paragraph.
func (f *filler) cite(n *node, r *round) {
	var refs []int
	switch {
	case r == nil && n.place.Refs != nil:
		refs = n.place.Refs(nil)
	case r != nil && n.says && !r.printed && !r.of.noSource && r.of.list != nil && r.of.list.Refs != nil:
		refs, r.printed = r.of.list.Refs(r.item), true
	}
	for _, ref := range refs {
		if !slices.Contains(f.refs, ref) {
			f.refs = append(f.refs, ref)
		}
	}
}

// say writes a text as a run.
func (f *filler) say(rPr *node, s string) {
	if s == "" {
		return
	}
	f.raw("<w:r>" + letters(rPr, false))
	for i, line := range strings.Split(paper.Clean(s), "\n") {
		if i > 0 {
			f.raw("<w:br/>")
		}
		for k, piece := range strings.Split(line, "\t") {
			if k > 0 {
				f.raw("<w:tab/>")
			}
			if piece != "" {
				f.raw(`<w:t xml:space="preserve">` + escape(piece) + `</w:t>`)
			}
		}
	}
	f.raw("</w:r>")
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(paper.Clean(s))
}

func (f *filler) loop(n *node) {
	if n.list == nil {
		return
	}
	for i, item := range n.list.Items(f.item(n.up)) {
		if f.rounds++; f.rounds > roundsMax {
			f.err = ErrTooLong
		}
		if f.err == nil {
			f.err = f.ctx.Err()
		}
		if f.err != nil {
			return
		}
		f.stack = append(f.stack, &round{of: n, item: item, number: i + 1})
		f.list(n.children)
		f.stack = f.stack[:len(f.stack)-1]
		if f.inP > 0 { // of a loop within a paragraph each item has its own
			f.flush()
		}
	}
}

// holds says whether a choice's text or list is there.
func (f *filler) holds(n *node) bool {
	there := n.builtin != offered
	switch {
	case n.place != nil:
		said := strings.TrimSpace(n.place.Value(f.item(n.up)))
		there = said != "" && said != "0"
	case n.list != nil:
		there = len(n.list.Items(f.item(n.up))) > 0
	}
	return there != n.not
}

// hasRows says whether a table would have any: one without is none for Word.
func (f *filler) hasRows(list []*node) bool {
	for _, n := range list {
		switch {
		case n.kind == element && n.name == "w:tr",
			n.kind == element && n.name == "w:sdt",
			n.kind == loop && n.list != nil && len(n.list.Items(f.item(n.up))) > 0 && hasRow(n.children),
			n.kind == choice && f.holds(n) && f.hasRows(n.children),
			n.kind == choice && !f.holds(n) && f.hasRows(n.rest):
			return true
		}
	}
	return false
}

func hasRow(list []*node) bool {
	return slices.ContainsFunc(list, func(n *node) bool { return n.kind == element && n.name == "w:tr" })
}

func (f *filler) block(n *node) {
	if n.block == nil {
		return
	}
	blocks := n.block.Make(f.item(n.up))
	frame := docx.Frame{Width: n.width, Paragraph: n.pPr.xml(), Letters: letters(n.rPr, false)}
	if f.survey {
		if err := f.guest.Survey(f.ctx, blocks, frame); err != nil && f.err == nil {
			f.err = fmt.Errorf("look through %s: %w", n.raw, err)
		}
		return
	}
	if f.last == "w:tbl" { // or two tables become one
		f.raw(`<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>`)
	}
	f.raw(f.guest.Print(blocks, frame))
	f.last = "w:p"
}

// numbered is a drawing's tag with another number.
func numbered(tag string, n int) string {
	from := strings.Index(tag, ` id="`)
	if from < 0 {
		return tag
	}
	from += len(` id="`)
	end := strings.IndexByte(tag[from:], '"')
	if end < 0 {
		return tag
	}
	return tag[:from] + strconv.Itoa(n) + tag[from+end:]
}

// withSpaces is the document's tag with the prefixes that blocks are written with.
func withSpaces(n *node) string {
	tag := strings.TrimSuffix(n.open, ">")
	all := spaces()
	for _, prefix := range []string{"w", "r", "wp", "a", "pic", "c"} {
		if n.attr("xmlns:"+prefix) == "" {
			tag += ` xmlns:` + prefix + `="` + all[prefix] + `"`
		}
	}
	return tag + ">"
}
