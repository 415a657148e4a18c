// Package pdf prints a document for reading: pages in the figures of GB/T 9704-2012 with
// free fonts inside. It is written from front to back, so that pictures go from where they
// are kept into the file one by one.
//
// Every character can be read back from it exactly: libraries that were tried lose
// characters at line breaks, or the codes of those beyond U+FFFF.
package pdf

import (
	"context"
	"fmt"
	"io"
	"strings"

	"sansuiji/server/report/font"
	"sansuiji/server/report/paper"
)

// MediaType is a document's.
const MediaType = "application/pdf"

// printer prints one document.
type printer struct {
	doc      *paper.Document
	look     paper.Look
	printing paper.Printing
	ctx      context.Context // of one call of Write
	file     *file           // nil: only the pages are counted
	fonts    fonts

	tree, resources int // numbers of objects
	pages           []int
	pictures        map[string]*picture
	order           []*picture
	headings        []place
	contents        []int // pages of the headings, from the count before
	page            *page
	left, top       float64 // of the type area
	width, bottom   float64
	y               float64
	part            paper.Part
	steps           int
	err             error
}

// place is where a heading stands.
type place struct {
	paper.Heading
	page int
	y    float64 // from below
}

// Write prints a document.
func Write(ctx context.Context, w io.Writer, doc *paper.Document, printing paper.Printing) error {
	pr := newPrinter(ctx, doc, printing)
	if HasContents(doc) {
		pages, err := Pages(ctx, doc)
		if err != nil {
			return err
		}
		pr.contents = pages
	}
	pr.file = newFile(w)
	pr.tree, pr.resources = pr.file.reserve(), pr.file.reserve()
	pr.print()
	if pr.err != nil {
		return fmt.Errorf("print PDF: %w", pr.err)
	}
	return pr.end()
}

// Pages counts pages: on which one each heading of a table of contents stands, from 1.
func Pages(ctx context.Context, doc *paper.Document) ([]int, error) {
	pr := newPrinter(ctx, doc, paper.Printing{})
	pr.contents = make([]int, len(doc.Headings()))
	pr.print()
	if pr.err != nil {
		return nil, fmt.Errorf("count pages: %w", pr.err)
	}
	pages := make([]int, len(pr.headings))
	for i := range pr.headings {
		pages[i] = pr.headings[i].page
	}
	return pages, nil
}

func newPrinter(ctx context.Context, doc *paper.Document, printing paper.Printing) *printer {
	return &printer{
		doc: doc, look: doc.Look.Whole(), printing: printing, ctx: ctx,
		fonts: fonts{open: map[font.Name]*used{}}, pictures: map[string]*picture{},
	}
}

// HasContents says whether a document has a table of contents.
func HasContents(doc *paper.Document) bool {
	for i := range doc.Parts {
		for _, b := range doc.Parts[i].Blocks {
			if _, ok := b.(paper.Contents); ok {
				return true
			}
		}
	}
	return false
}

func (pr *printer) print() {
	for i := range pr.doc.Parts {
		pr.part = pr.doc.Parts[i]
		pr.newPage()
		for _, b := range pr.part.Blocks {
			pr.block(b)
			if pr.fail(pr.ctx.Err()) || pr.fail(pr.fonts.err) {
				return
			}
		}
	}
	pr.finishPage()
}

// fail keeps the first error.
func (pr *printer) fail(err error) bool {
	if pr.err == nil {
		pr.err = err
	}
	return pr.err != nil
}

// newPage ends the page and begins another.
func (pr *printer) newPage() {
	pr.finishPage()
	pr.page = &page{width: paper.PageWidth * mm, height: paper.PageHeight * mm}
	pr.left, pr.top = paper.MarginLeft*mm, paper.MarginTop*mm
	pr.width, pr.bottom = paper.AreaWidth*mm, pr.top+paper.AreaHeight*mm
	if pr.part.Landscape {
		pr.page.width, pr.page.height = pr.page.height, pr.page.width
		pr.left, pr.top = (paper.PageHeight-paper.MarginTop-paper.AreaHeight)*mm, paper.MarginLeft*mm
		pr.width, pr.bottom = paper.AreaHeight*mm, pr.top+paper.AreaWidth*mm
	}
	pr.y = pr.top
}

func (pr *printer) finishPage() {
	if pr.page == nil {
		return
	}
	pr.pages = append(pr.pages, 0)
	n := len(pr.pages)
	pr.folio(pr.page, n)
	if pr.file != nil {
		content, object := pr.file.reserve(), pr.file.reserve()
		pr.file.packed(content, "", pr.page.Bytes())
		pr.file.object(object, fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R>>",
			pr.tree, number(pr.page.width), number(pr.page.height), pr.resources, content))
		pr.pages[n-1] = object
	}
	pr.page = nil
}

// need begins a page if there is not so much room left on this one.
func (pr *printer) need(height float64) {
	if pr.y+height > pr.bottom+slack && pr.y > pr.top {
		pr.newPage()
	}
}

// end writes what the pages share.
func (pr *printer) end() error {
	f := pr.file
	var kids, resources strings.Builder
	for _, object := range pr.pages {
		fmt.Fprintf(&kids, "%d 0 R ", object)
	}
	f.object(pr.tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(pr.pages), kids.String()))
	resources.WriteString("<</Font<<")
	for _, name := range font.Names() {
		if u := pr.fonts.open[name]; u != nil && len(u.subset.Texts()) > 0 {
			object, err := f.font(u)
			if err != nil {
				return err
			}
			fmt.Fprintf(&resources, "/%s %d 0 R ", name, object)
		}
	}
	resources.WriteString(">>/XObject<<")
	for i, pic := range pr.order {
		fmt.Fprintf(&resources, "/P%d %d 0 R ", i+1, pic.object)
	}
	resources.WriteString(">>>>")
	f.object(pr.resources, resources.String())
	outlines := pr.outlines()
	root := f.reserve()
	f.object(root, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(zh)%s/ViewerPreferences<</DisplayDocTitle true>>>>", pr.tree, outlines))
	info := f.reserve()
	f.object(info, fmt.Sprintf("<</Title %s/Author %s/Producer(Sansuiji)/CreationDate %s>>",
		words(pr.doc.Title), words(pr.doc.Author), moment(pr.doc.Made)))
	return f.end(root, info)
}

// outlines are the headings beside the pages.
func (pr *printer) outlines() string {
	if len(pr.headings) == 0 {
		return ""
	}
	f := pr.file
	root, first := f.reserve(), len(f.places)+1
	for range pr.headings {
		f.reserve()
	}
	for i, h := range pr.headings {
		item := fmt.Sprintf("<</Title %s/Parent %d 0 R/Dest[%d 0 R/XYZ null %s null]", words(h.Text), root, pr.pages[h.page-1], number(h.y))
		if i > 0 {
			item += fmt.Sprintf("/Prev %d 0 R", first+i-1)
		}
		if i+1 < len(pr.headings) {
			item += fmt.Sprintf("/Next %d 0 R", first+i+1)
		}
		f.object(first+i, item+">>")
	}
	f.object(root, fmt.Sprintf("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", first, first+len(pr.headings)-1, len(pr.headings)))
	return fmt.Sprintf("/Outlines %d 0 R", root)
}
