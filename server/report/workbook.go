package report

import (
	"context"
	"fmt"
	"io"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report/official"
	"sansuiji/server/review"
	"sansuiji/server/store"
)

// workbook makes a workbook of lists. All sheets show one state of the campaign. Rows are
// streamed, through temporary files where they are many; w gets bytes only when the
// workbook is whole. Progress counts rows.
func (p *Printer) workbook(
	ctx context.Context, campaign schema.CampaignID, order *Order, w io.Writer, progress Progress,
) (f File, err error) {
	b := &book{
		printer: p, campaign: campaign, order: order, english: order.Language == "en", progress: progress,
		pictures: picturesMax,
	}
	defer func() { b.close() }()
	if err := p.Store.Read(ctx, campaign, func(v store.View) error {
		return b.fill(ctx, v)
	}); err != nil {
		return f, err
	}
	f = File{Name: b.stand.FileName(b.name()), Position: b.stand.Position}
	return f, b.write(ctx, w)
}

// fill reads one state into the sheets.
func (b *book) fill(ctx context.Context, v store.View) (err error) {
	if b.stand, err = official.StandOf(ctx, v); err != nil {
		return err
	}
	if b.filter, err = b.order.narrowed(ctx, v); err != nil {
		return err
	}
	if err := b.open(time.UnixMilli(b.stand.At)); err != nil {
		return err
	}
	lists, err := b.listings(ctx, v)
	if err != nil {
		return err
	}
	for i := range lists {
		if err := lists[i].survey(ctx, v, b); err != nil {
			return fmt.Errorf("count %s: %w", lists[i].title.En, err)
		}
		b.rows += lists[i].count
	}
	// In this order, though the cover is written last and long texts turn up between.
	for i := range lists {
		if err := b.addSheets(lists[i].sheetNames(b)...); err != nil {
			return err
		}
	}
	if err := b.addSheets(b.say(coverTitle())); err != nil {
		return err
	}
	for i := range lists {
		if err := lists[i].write(ctx, v, b); err != nil {
			return fmt.Errorf("list %s: %w", lists[i].title.En, err)
		}
	}
	if err := b.cover(ctx, v, lists); err != nil {
		return fmt.Errorf("write cover: %w", err)
	}
	return b.finish()
}

// name is what the workbook is, and of what.
func (b *book) name() string {
	name := b.choice(Kinds(), b.order.Kind)
	for _, part := range []string{b.order.County, b.order.Category, b.order.Unit} {
		if part != "" {
			name += "-" + b.choice(schema.Categories(), part)
		}
	}
	return name
}

const unitIDQuery = `SELECT id FROM unit WHERE campaign_no = $1 AND code = $2`

// narrowed is what an order narrows lists by: its filter, with the place that every order
// may have. A unit that is not there is schema.FaultNotFound.
func (o *Order) narrowed(ctx context.Context, v store.View) (f review.FindingFilter, err error) {
	f = o.Filter
	if o.County != "" {
		f.County = o.County
	}
	if o.Category != "" {
		f.Category = o.Category
	}
	if o.Unit == "" {
		return f, nil
	}
	f.Unit = o.Unit
	if _, err := schema.ParseID[schema.RowID](o.Unit); err == nil {
		return f, nil
	}
	list, err := store.List(ctx, v, func(row store.Scanner) (id []byte, err error) {
		return id, row.Scan(&id)
	}, unitIDQuery, v.CampaignNo, o.Unit)
	if err == nil && len(list) == 0 {
		err = schema.NewFault(schema.FaultNotFound, "unit "+o.Unit)
	}
	if err == nil {
		f.Unit = schema.RowID(list[0]).String()
	}
	return f, err
}
