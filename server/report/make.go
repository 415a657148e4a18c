package report

import (
	"context"
	"fmt"
	"io"

	"sansuiji/schema"
	"sansuiji/server/report/docx"
	"sansuiji/server/report/official"
	"sansuiji/server/report/pdf"
)

// Formats of files.
const (
	DOCX = "docx"
	PDF  = "pdf"
	XLSX = "xlsx"
	ZIP  = "zip" // a document with all that it rests on
)

// Formats are those that a kind of file can be had in, the usual one first.
func Formats(kind string) []string {
	switch {
	case kind == official.Ranking:
		return []string{DOCX, PDF, XLSX, ZIP}
	case isKind(official.Kinds(), kind):
		return []string{DOCX, PDF, ZIP}
	case isKind(books(), kind):
		return []string{XLSX}
	}
	return nil
}

// format is how files of one format are made.
type format struct {
	mediaType string
	make      func(*Printer, context.Context, schema.CampaignID, *Order, io.Writer, Progress) (File, error)
}

func formats() map[string]format {
	return map[string]format{
		DOCX: {docx.MediaType, (*Printer).document},
		PDF:  {pdf.MediaType, (*Printer).document},
		XLSX: {xlsxType, (*Printer).workbook},
		ZIP:  {zipType, (*Printer).evidence},
	}
}

// File is a file that was made.
type File struct {
	Name      string // with its ending
	MediaType string
	Position  int64 // of the history that it shows
}

// Stage is how far a file is.
type Stage struct {
	Done, Total int
	Position    int64 // of the history that it shows; 0: not known yet
}

// Progress is told how far a file is, and may end its making.
type Progress func(Stage) error

// Make makes the file that somebody asks for, from one state of a campaign. progress may be
// nil. After an error w has part of a file.
func (p *Printer) Make(
	ctx context.Context, campaign schema.CampaignID, order *Order, w io.Writer, progress Progress,
) (File, error) {
	if err := order.check(); err != nil {
		return File{}, err
	}
	if progress == nil {
		progress = func(Stage) error { return nil }
	}
	how := formats()[order.Format]
	f, err := how.make(p, ctx, campaign, order, w, progress)
	if err != nil {
		return f, fmt.Errorf("make %s %s: %w", order.Kind, order.Format, err)
	}
	f.Name, f.MediaType = f.Name+"."+order.Format, how.mediaType
	return f, nil
}
