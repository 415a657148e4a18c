// Package paper is a document before it is printed: titles, paragraphs, tables, figures,
// photos. Writers (packages docx and pdf) print the same document, so that what is said
// does not depend on the format.
package paper

import (
	"context"
	"io"
	"strings"
	"time"
)

// Document is one document. Two documents that are equal are printed as equal bytes.
type Document struct {
	Title   string    // for the file's properties
	Author  string    // likewise
	Made    time.Time // of the state that it shows; never a wall clock
	English bool
	Look    Look
	Parts   []Part
}

// Part is a run of pages of one orientation. It begins on a page of its own.
type Part struct {
	Landscape bool
	Blocks    []Block
}

// Block is a piece of a part, from top to bottom.
type Block interface{ block() }

// Title heads a document or an annex, centred. Lines are split by meaning.
type Title struct {
	Lines []string
	Under string // smaller, below; none: empty
}

// Mark stands at the top left of an annex: 附件1.
type Mark struct {
	Text  string
	Title string // beside it in a table of contents
}

// Addressee is whom a letter is to, with its colon.
type Addressee struct{ Text string }

// Heading is a heading of level 1 一、 to 3 1. with its number in the text.
type Heading struct {
	Level int
	Text  string
}

// Paragraph is a paragraph of the body.
type Paragraph struct {
	Runs  []Run
	Flush bool // its first line is not indented
	Small bool // a note, in the letters of tables
}

// Run is text of one look.
type Run struct {
	Text   string
	Strong bool
	Ref    int // number of a source, printed small and raised; Text is empty then
}

// Annexes lists what is attached, before the signature.
type Annexes struct {
	Lead  string // 附件：
	Items []string
}

// Closing is who signs, and the date.
type Closing struct{ Who, When string }

// Contents is a table of contents of the headings that follow, down to level 2.
type Contents struct{ Title string }

// Table is a table whose header is repeated on each page and whose rows are not split.
type Table struct {
	Columns []Column
	Rows    [][]Cell
	Small   bool // smaller letters, for many columns
	Anchors bool // its first column has the numbers of sources
}

// Column is a column of a table; widths are in millimetres and scaled to the page.
type Column struct {
	Title  string
	Width  float64
	Centre bool
}

// Cell is what a cell says; a line break begins a new paragraph.
type Cell []Run

// Chart is a bar for each label, of one length for each series, stacked.
type Chart struct {
	Title  string
	Series []string
	Bars   []Bar
	Tones  []int // which of Inks each series has; none: in their order
}

// Bar is a bar of a chart.
type Bar struct {
	Label  string
	Values []int
}

// Photos are pictures side by side with their captions.
type Photos struct{ List []Picture }

// Picture is a photo, a signature or what stands for it.
type Picture struct {
	Hash          string // of the bytes, for Pictures; after a # marks to be drawn over it; empty: none
	MediaType     string
	Width, Height int    // pixels
	Caption       string // below it
	Missing       string // what is printed in its place; empty: the bytes are there
}

// Signature is a picture of a signature with words beside it.
type Signature struct {
	Picture Picture
	Words   []string
}

// Box is text in a frame: what somebody read and signed.
type Box struct {
	Title string
	Text  string
}

// Code is a QR code with words beside it.
type Code struct {
	Text  string // that the code holds
	Words []string
}

// Caption stands above a table or below a figure, centred.
type Caption struct{ Text string }

// Break begins a page.
type Break struct{}

func (Title) block()     {}
func (Mark) block()      {}
func (Addressee) block() {}
func (Heading) block()   {}
func (Paragraph) block() {}
func (Annexes) block()   {}
func (Closing) block()   {}
func (Contents) block()  {}
func (Table) block()     {}
func (Chart) block()     {}
func (Photos) block()    {}
func (Signature) block() {}
func (Box) block()       {}
func (Code) block()      {}
func (Caption) block()   {}
func (Break) block()     {}

// Pictures has the bytes of pictures.
type Pictures interface {
	// Open opens a picture's bytes as they are, or of a smaller JPEG of it; one with marks is
	// a copy with these.
	Open(ctx context.Context, hash string, small bool) (io.ReadCloser, error)
}

// Printing is how a document is printed.
type Printing struct {
	Pictures Pictures
	// Progress is told how many pictures are done, and may end the printing.
	Progress func(done int) error
	// Pages has the page of each heading, in their order, for the table of contents of
	// formats that have no pages of their own; nil: none are printed.
	Pages []int
}

// Step tells Progress.
func (p *Printing) Step(done int) error {
	if p.Progress == nil {
		return nil
	}
	return p.Progress(done)
}

// PictureCount is how many pictures a document has.
func (d *Document) PictureCount() (n int) {
	for i := range d.Parts {
		for _, b := range d.Parts[i].Blocks {
			switch b := b.(type) {
			case Photos:
				n += len(b.List)
			case Signature:
				n++
			}
		}
	}
	return n
}

// Headings are the headings that a table of contents lists.
func (d *Document) Headings() (list []Heading) {
	for i := range d.Parts {
		for _, b := range d.Parts[i].Blocks {
			if h, ok := Listed(b); ok {
				list = append(list, h)
			}
		}
	}
	return list
}

// Listed says whether, and as what, a table of contents lists a block: headings down to
// level 2, and annexes.
func Listed(b Block) (Heading, bool) {
	switch b := b.(type) {
	case Heading:
		return b, b.Level <= 2
	case Mark:
		return Heading{Level: 1, Text: strings.TrimSpace(b.Text + "　" + b.Title)}, true
	}
	return Heading{}, false
}
