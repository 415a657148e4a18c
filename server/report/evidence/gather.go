package evidence

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/report/official"
	"sansuiji/server/store"
	"sansuiji/syncengine/translog"
)

// Content is what goes into a file, but for the printed report and the bytes of photos.
type Content struct {
	manifest   Manifest
	checkpoint translog.Checkpoint
	english    bool
	files      []file
	photos     []photo
}

// PhotoCount is how many photos' bytes go into the file.
func (c *Content) PhotoCount() int { return len(c.hashes()) }

// gathering is the work of Gather.
type gathering struct {
	view      store.View
	catalogue *schema.Catalogue
	made      *official.Made
	rows      rows
	trail     trail
	content   *Content
	draws     map[schema.RowID]drawFiles
}

// Gather takes what a document rests on from the state of the campaign that it was written
// from. A campaign without a history is schema.FaultValue.
func Gather(
	ctx context.Context, v store.View, catalogue *schema.Catalogue,
	made *official.Made, request *official.Request,
) (*Content, error) {
	g := &gathering{
		view: v, catalogue: catalogue, made: made, rows: rows{by: map[ref]*row{}},
		content: &Content{english: request.Language == "en"}, draws: map[schema.RowID]drawFiles{},
	}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"state", func(ctx context.Context) error { return g.state(ctx, request) }},
		{"rows", g.takeRows},
		{"photos", g.takePhotos},
		{"reviews", g.takeReviews},
		{"history", g.takeTrail},
		{"draws", g.takeDraws},
		{"tables", g.writeTables},
		{"sources", g.writeSources},
	} {
		if err := step.do(ctx); err != nil {
			return nil, fmt.Errorf("gather %s: %w", step.what, err)
		}
	}
	return g.content, nil
}

// state finds which state of the log the document shows.
func (g *gathering) state(ctx context.Context, request *official.Request) error {
	stand, err := official.StandOf(ctx, g.view)
	if err != nil {
		return err
	}
	c, ok, err := stand.Checkpoint(ctx, g.view)
	if err == nil && !ok {
		err = schema.NewFault(schema.FaultValue, "nothing is in the history of this epoch")
	}
	if err != nil {
		return err
	}
	g.content.checkpoint = c
	asked, err := json.Marshal(request)
	if err != nil {
		return err
	}
	g.content.manifest = Manifest{
		Format: Format, Campaign: c.Campaign, Position: c.Size, At: stand.At, Epoch: c.Epoch, Root: c.Root.String(),
		Report: About{Title: g.made.Document.Title, Language: languageOf(request), Request: asked},
	}
	return nil
}

func languageOf(request *official.Request) string {
	if request.Language == "en" {
		return "en"
	}
	return "zh"
}

// takeRows takes the rows that the document names and counts, and the campaign's own.
func (g *gathering) takeRows(ctx context.Context) error {
	if err := g.take(ctx, "campaign", schema.RowID(g.view.State.Campaign)); err != nil {
		return err
	}
	for _, r := range g.rows.of("campaign") {
		g.content.manifest.Code = string(r.cell("code").Bytes)
		g.content.manifest.Name = string(r.cell("name").Bytes)
	}
	for _, t := range g.catalogue.Tables {
		for _, text := range g.made.Used.Rows[t.Name] {
			id, err := schema.ParseID[schema.RowID](text)
			if err != nil {
				return err
			}
			if err := g.take(ctx, t.Name, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeReviews takes headquarters' decisions about the rows.
func (g *gathering) takeReviews(ctx context.Context) error {
	for _, r := range slices.Clone(g.rows.list) {
		switch r.table.Name {
		case "finding", "verification", "answer", "attachment", "signoff", "visit":
		default:
			continue
		}
		ids, err := store.List(ctx, g.view, func(row store.Scanner) (b []byte, err error) {
			return b, row.Scan(&b)
		}, `SELECT id FROM review WHERE campaign_no = $1 AND subject_id = $2 ORDER BY id`, g.view.CampaignNo, r.id[:])
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := g.take(ctx, "review", schema.RowID(id)); err != nil {
				return err
			}
		}
	}
	return nil
}
