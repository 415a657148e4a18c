package report

import (
	"context"
	"fmt"
	"io"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/report/docx"
	"sansuiji/server/report/official"
	"sansuiji/server/report/pdf"
)

// Formats of files.
const (
	DOCX = "docx"
	PDF  = "pdf"
)

// Formats are those that a kind of file can be had in, the usual one first.
func Formats(kind string) []string {
	if slices.ContainsFunc(official.Kinds(), func(c schema.Choice) bool { return c.Code == kind }) {
		return []string{DOCX, PDF}
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
