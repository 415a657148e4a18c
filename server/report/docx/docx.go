// Package docx prints a document as Office Open XML (ECMA-376) in the figures of
// GB/T 9704-2012. Pictures go from where they are kept into the package one by one.
package docx

import (
	"archive/zip"
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"sansuiji/server/report/paper"
)

// MediaType is a document's.
const MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// printer prints one document.
type printer struct {
	doc      *paper.Document
	look     paper.Look
	printing paper.Printing
	zip      *zip.Writer
	out      // what is being written of the package

	rels      []relation // of the document
	pictures  map[string]*picture
	order     []*picture // as they come
	charts    []paper.Chart
	headings  int // printed so far, of those that are listed
	bookmarks int
	drawings  int
	charted   int  // charts printed so far
	anchored  bool // the document lists its sources
	part      paper.Part

	guest string  // begins names in a document that is another's; none: it is ours
	wide  float64 // of the text there, in millimetres
	// How texts of the body look there, as XML.
	bodyParagraph, bodyLetters, letters string
}

// Write prints a document. w gets a ZIP file as it is made.
func Write(ctx context.Context, w io.Writer, doc *paper.Document, printing paper.Printing) error {
	p := &printer{
		doc: doc, look: doc.Look.Whole(), printing: printing, zip: zip.NewWriter(w),
		pictures: map[string]*picture{},
	}
	if err := p.survey(ctx); err != nil {
		return fmt.Errorf("look through pictures: %w", err)
	}
	for _, part := range []struct {
		name  string
		write func()
	}{
		{"[Content_Types].xml", p.contentTypes},
		{"_rels/.rels", p.packageRels},
		{"docProps/core.xml", p.core},
		{"docProps/app.xml", p.app},
		{"word/styles.xml", p.styles},
		{"word/settings.xml", p.settings},
		{"word/fontTable.xml", p.fontTable},
		{"word/footer1.xml", func() { p.footer(false) }},
		{"word/footer2.xml", func() { p.footer(true) }},
		{"word/document.xml", p.document},
		{"word/_rels/document.xml.rels", p.documentRels},
	} {
		if err := p.file(part.name, part.write); err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	if err := p.chartFiles(); err != nil {
		return err
	}
	if err := p.media(ctx); err != nil {
		return err
	}
	return p.zip.Close()
}

func (p *printer) chartFiles() error {
	for i := range p.charts {
		name := "word/" + p.chartTarget(i+1)
		if err := p.file(name, func() { p.chart(&p.charts[i]) }); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// oldest is the earliest time that a ZIP file can hold.
func oldest() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

// create begins a file of the package. Its time is the document's.
func (p *printer) create(name string, method uint16) (io.Writer, error) {
	return p.zip.CreateHeader(p.header(name, method))
}

func (p *printer) header(name string, method uint16) *zip.FileHeader {
	at := p.doc.Made.UTC()
	if at.Before(oldest()) {
		at = oldest()
	}
	return &zip.FileHeader{Name: name, Method: method, Modified: at}
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// file writes a file of XML.
func (p *printer) file(name string, write func()) error {
	w, err := p.create(name, zip.Deflate)
	if err != nil {
		return err
	}
	p.out = out{bufio.NewWriter(w)}
	p.raw(xmlHead)
	write()
	return p.w.Flush() // and every error before it
}
