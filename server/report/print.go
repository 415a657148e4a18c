package report

import (
	"context"
	"fmt"
	"io"
	"os"

	"sansuiji/schema"
	"sansuiji/server/photo"
	"sansuiji/server/report/docx"
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

// Printer prints documents. The same state, request and format are the same bytes,
// whoever asks.
type Printer struct {
	Store     store.Store
	Catalogue *schema.Catalogue
	Photos    Photos
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
	printing := paper.Printing{Pictures: pictures{p.Photos, campaign}, Progress: progress}
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
}

func (p pictures) Open(ctx context.Context, hash string, small bool) (io.ReadCloser, error) {
	blob, err := schema.ParseBlobHash(hash)
	if err != nil {
		return nil, err
	}
	if small {
		return p.photos.Thumbnail(ctx, p.campaign, blob)
	}
	f, _, err := p.photos.Open(ctx, p.campaign, blob)
	return f, err
}
