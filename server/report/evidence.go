package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sansuiji/schema"
	"sansuiji/server/report/evidence"
	"sansuiji/server/report/official"
	"sansuiji/server/store"
)

// zipType is the media type of evidence files.
const zipType = "application/zip"

// evidence makes the file of what a document rests on: the document in all its formats, and
// its sources, all from one state.
func (p *Printer) evidence(
	ctx context.Context, campaign schema.CampaignID, order *Order, w io.Writer, progress Progress,
) (f File, err error) {
	if p.Key == nil {
		return f, errors.New("sign evidence: there is no key of headquarters")
	}
	made, content, err := p.gather(ctx, campaign, &order.Request)
	if err != nil {
		return f, err
	}
	f = File{Name: made.Name, Position: made.Position}
	scratch, err := os.MkdirTemp("", "sansuiji-evidence-*")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	pictures := made.Document.PictureCount()
	step := func(before int) func(int) error {
		total := len(documents())*pictures + content.PhotoCount()
		return func(done int) error { return progress(Stage{before + done, total, made.Position}) }
	}
	pack := evidence.Pack{
		Content: content, Key: p.Key, Verifier: p.Verifier, Progress: step(len(documents()) * pictures),
		Open: func(ctx context.Context, hash schema.BlobHash) (io.ReadCloser, error) {
			file, _, err := p.Photos.Open(ctx, campaign, hash)
			return file, err
		},
	}
	for i, format := range documents() {
		name := filepath.Join(scratch, format)
		if err := p.printTo(ctx, campaign, made, format, name, step(i*pictures)); err != nil {
			return f, err
		}
		pack.Documents = append(pack.Documents, evidence.Document{
			Path: "report." + format, Open: func() (io.ReadCloser, error) { return os.Open(name) },
		})
	}
	return f, pack.Write(ctx, w)
}

// documents are the formats in which an evidence file has its document.
func documents() []string { return []string{DOCX, PDF} }

// gather reads one state of a campaign, and takes what a document of it rests on.
func (p *Printer) gather(
	ctx context.Context, campaign schema.CampaignID, request *official.Request,
) (made *official.Made, content *evidence.Content, err error) {
	err = p.Store.Read(ctx, campaign, func(v store.View) error {
		if made, err = official.Write(ctx, v, p.Catalogue, request); err != nil {
			return err
		}
		content, err = evidence.Gather(ctx, v, p.Catalogue, made, request)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("gather evidence of campaign %s: %w", campaign, err)
	}
	return made, content, nil
}

// printTo prints a document into a file.
func (p *Printer) printTo(
	ctx context.Context, campaign schema.CampaignID, made *official.Made, format, name string, step func(int) error,
) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(p.print(ctx, campaign, made.Document, format, f, step), f.Close())
}
