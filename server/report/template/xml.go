package template

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// kind is what a node is.
type kind int

const (
	element kind = iota
	text
	other // comments and instructions
	marker
	place
	loop
	choice
	block
)

// node is a piece of a part. Elements and texts write themselves as they were read; the
// kinds from marker on are what this package made of a template's places.
type node struct {
	kind      kind
	name      string // of an element, with its prefix
	attrs     []xml.Attr
	open, end string // an element's tags, or a text, as they were read
	said      string // a text's characters
	children  []*node

	*instruction // of the kinds from marker on
}

// Limits of a part.
const (
	partMax  = 8 << 20 // bytes
	depthMax = 200
)

var errDeep = errors.New("too many elements")

// parse reads a part of at most so many nodes, and counts them down. What it gives writes
// the same bytes.
func parse(part []byte, left *int) (*node, error) {
	all := string(bytes.TrimPrefix(part, []byte("\xef\xbb\xbf")))
	d := xml.NewDecoder(strings.NewReader(all))
	root := &node{kind: element}
	stack := []*node{root}
	for {
		from := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		written := all[from:d.InputOffset()]
		top := stack[len(stack)-1]
		if *left--; *left < 0 || len(stack) > depthMax {
			return nil, errDeep
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &node{kind: element, name: qualified(token.Name), attrs: token.Attr, open: written}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			if len(stack) == 1 || top.name != qualified(token.Name) {
				return nil, fmt.Errorf("an end of %s where there is none", qualified(token.Name))
			}
			top.end = written
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.children = append(top.children, &node{kind: text, open: written, said: string(token)})
		case xml.Directive: // entities come by this way
			return nil, errors.New("a document type")
		default:
			top.children = append(top.children, &node{kind: other, open: written})
		}
	}
	if len(stack) > 1 {
		return nil, errors.New("an element that does not end")
	}
	return root, nil
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// attr is an attribute's value, with its prefix in the name.
func (n *node) attr(name string) string {
	for _, a := range n.attrs {
		if qualified(a.Name) == name {
			return a.Value
		}
	}
	return ""
}

// child is the first child of a name, or nil.
func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.kind == element && c.name == name {
			return c
		}
	}
	return nil
}

// root is the one element of a part.
func (n *node) root() *node {
	for _, c := range n.children {
		if c.kind == element {
			return c
		}
	}
	return &node{kind: element}
}

// walk visits every element below, each before what is in it; false keeps it out.
func (n *node) walk(visit func(*node) bool) {
	for _, c := range n.children {
		if c.kind == element && visit(c) {
			c.walk(visit)
		}
	}
}

// xml is a node as it was read.
func (n *node) xml() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	b.WriteString(n.open)
	for _, c := range n.children {
		c.write(b)
	}
	b.WriteString(n.end)
}

// filled is a copy of an element with other children; an element that was closed at once
// gets an end.
func (n *node) filled(children []*node) *node {
	c := *n
	c.children = children
	if c.end == "" && len(children) > 0 {
		c.open = strings.TrimSuffix(strings.TrimSpace(c.open), "/>") + ">"
		c.end = "</" + c.name + ">"
	}
	return &c
}
