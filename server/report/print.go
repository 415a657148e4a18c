package report

import (
	"bytes"
	"context"
	"crypto"
	"fmt"
	"io"
	"os"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/photo"
	"sansuiji/server/report/docx"
	"sansuiji/server/report/mark"
	"sansuiji/server/report/official"
	"sansuiji/server/report/paper"
	"sansuiji/server/report/pdf"
	"sansuiji/server/store"
)

// Photos has the bytes of attachments.
type Photos interface {
	Open(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash) (*os.File, photo.Blob, error)
	Thumbnail(ctx context.Context, campaign schema.CampaignID, hash schema.BlobHash) (*os.File, error)
}

// Printer makes files. The same state, order and format are the same bytes, whoever asks.
type Printer struct {
	Store     store.Store
	Catalogue *schema.Catalogue
	Photos    Photos
	Key       crypto.Signer // headquarters', of checkpoints; nil: none are signed
	Verifier  []byte        // the page that checks evidence; nil: none goes along
	RowsMax   int           // of a sheet; 0: as many as Excel takes
}

// rowsMax leaves room for the header, and for a few rows that somebody adds.
func (p *Printer) rowsMax() int {
	if p.RowsMax > 0 {
		return p.RowsMax
	}
	return 1_048_000
}

// write reads one state of a campaign and writes the document that somebody asks for.
func (p *Printer) write(
	ctx context.Context, campaign schema.CampaignID, request *official.Request,
) (made *official.Made, err error) {
	err = p.Store.Read(ctx, campaign, func(v store.View) error {
		made, err = official.Write(ctx, v, p.Catalogue, request)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("write document of campaign %s: %w", campaign, err)
	}
	return made, nil
}

// document makes a document of the office's look.
func (p *Printer) document(
	ctx context.Context, campaign schema.CampaignID, order *Order, w io.Writer, progress Progress,
) (f File, err error) {
	if order.wanted() {
		return p.filled(ctx, campaign, order, w, progress)
	}
	made, err := p.write(ctx, campaign, &order.Request)
	if err != nil {
		return f, err
	}
	f = File{Name: made.Name, Position: made.Position}
	total := made.Document.PictureCount()
	step := func(done int) error { return progress(Stage{done, total, made.Position}) }
	if err := step(0); err != nil {
		return f, err
	}
	return f, p.print(ctx, campaign, made.Document, order.Format, w, step)
}

// print prints a document. progress is told how many pictures are done, and may end it.
func (p *Printer) print(
	ctx context.Context, campaign schema.CampaignID, doc *paper.Document, format string, w io.Writer,
	progress func(done int) error,
) error {
	printing := paper.Printing{Pictures: pictures{p.Photos, campaign, &mark.Pen{}}, Progress: progress}
	if format == PDF {
		return pdf.Write(ctx, w, doc, printing)
	}
	if pdf.HasContents(doc) { // Word has pages only when it shows them
		pages, err := pdf.Pages(ctx, doc)
		if err != nil {
			return err
		}
		printing.Pages = pages
	}
	return docx.Write(ctx, w, doc, printing)
}

// pictures are a campaign's attachments by their hash.
type pictures struct {
	photos   Photos
	campaign schema.CampaignID
	pen      *mark.Pen
}

func (p pictures) Open(ctx context.Context, name string, small bool) (io.ReadCloser, error) {
	hash, marks, marked := strings.Cut(name, "#")
	blob, err := schema.ParseBlobHash(hash)
	if err != nil {
		return nil, err
	}
	var f *os.File
	if small {
		f, err = p.photos.Thumbnail(ctx, p.campaign, blob)
	} else {
		f, _, err = p.photos.Open(ctx, p.campaign, blob)
	}
	list := mark.Read(marks)
	if err != nil || !marked || len(list) == 0 {
		return f, err
	}
	defer func() { _ = f.Close() }()
	copied, err := p.pen.Copy(f, list)
	return io.NopCloser(bytes.NewReader(copied)), err
}
