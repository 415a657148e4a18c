// Package report writes what headquarters hands on: a workbook (XLSX) of findings and
// verifications, and documents (DOCX, PDF) that offices send out. Each says which state of
// the campaign it shows.
//
// Package official writes a document from one state of a campaign, paper is the document,
// docx and pdf print it. A Job is a document that somebody asked for.
package report

import (
	"context"
	"fmt"
	"io"
	"time"

	"sansuiji/schema"
	"sansuiji/server/review"
	"sansuiji/server/store"
)

// Service writes reports of the campaigns in a store.
type Service struct {
	Store     store.Store
	Catalogue *schema.Catalogue
	Now       func() time.Time // of the cover's time of reading; nil: time.Now
}

// Workbook writes an XLSX workbook of the findings that f lets through, of the
// verifications at the same places, and a cover. language is "en" for English,
// anything else is Chinese. All sheets show one state of the campaign. Rows are
// streamed, through temporary files where they are many; w gets bytes only when
// the workbook is whole. A campaign that is not there is store.ErrNotFound, a
// filter that cannot be meant schema.FaultValue.
func (s *Service) Workbook(
	ctx context.Context, campaign schema.CampaignID, f review.FindingFilter,
	language string, w io.Writer,
) (err error) {
	b, err := newBook(language, s.now())
	if err != nil {
		return fmt.Errorf("report of campaign %s: %w", campaign, err)
	}
	defer func() { _ = b.file.Close() }() // removes the temporary files
	if err := s.Store.Read(ctx, campaign, func(v store.View) error {
		return s.fill(ctx, v, f, b)
	}); err != nil {
		return fmt.Errorf("report of campaign %s: %w", campaign, err)
	}
	if _, err := b.file.WriteTo(w); err != nil {
		return fmt.Errorf("write report of campaign %s: %w", campaign, err)
	}
	return nil
}

func (s *Service) fill(
	ctx context.Context, v store.View, f review.FindingFilter, b *book,
) error {
	lists := []listing{findings(s.Catalogue, f), verifications(s.Catalogue, f)}
	// In this order, though the cover is written last and long texts turn up between.
	if err := b.addSheets(lists[0].title, lists[1].title, coverTitle()); err != nil {
		return err
	}
	for _, l := range lists {
		if err := l.write(ctx, v, b); err != nil {
			return fmt.Errorf("list %s: %w", l.title.En, err)
		}
	}
	if err := s.cover(ctx, v, f, b); err != nil {
		return fmt.Errorf("write cover: %w", err)
	}
	return b.finish()
}

func (s *Service) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}
