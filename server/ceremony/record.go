package ceremony

import (
	"context"
	"fmt"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// record is a ceremony as it is kept.
type record struct {
	id          schema.RowID
	state       string
	frame       []byte
	certificate draw.Certificate // as far as it goes
	sealed      bool
	stops       bool // a team learns of a stop when the one before is over
	by          string
	at          int64

	seen uint64 // revision of the state that it was read from
	// also are changes of other rows that a step makes.
	also func(b *edit.Builder)
}

func (r *record) over() bool { return r.state == schema.DrawDone || r.state == schema.DrawVoid }

// draw draws from the frame that was frozen.
func (r *record) draw() error {
	f, err := draw.ReadFrame(r.frame)
	if err != nil {
		return err
	}
	return r.certificate.Draw(f)
}

func (r *record) cells() edit.Cells {
	p := &r.certificate.Plan
	cells := edit.Cells{
		"seq": edit.Int(p.Seq), "purpose": edit.Text(p.Purpose), "scope": edit.Text(p.Scope), "state": edit.Text(r.state),
		"frame": edit.Bytes(r.frame), "ceremony": edit.Bytes(draw.Canonical(&r.certificate)),
		"sealed": edit.Int(0), "stops": edit.Int(0), "made_by": edit.Text(r.by), "made_at": edit.Int(r.at),
	}
	if r.sealed {
		cells["sealed"] = edit.Int(1)
	}
	if r.stops {
		cells["stops"] = edit.Int(1)
	}
	if r.over() {
		hash := r.certificate.Hash()
		cells["hash"] = edit.Bytes(hash[:])
	}
	return cells
}

// selectDraw reads ceremonies without their frames, which are large.
const (
	selectDraw  = `SELECT id, state, NULL, ` + drawColumns
	selectWhole = `SELECT id, state, frame, ` + drawColumns
	drawColumns = `ceremony, sealed, stops, made_by, made_at FROM draw WHERE campaign_no = $1`
)

func scanDraw(row store.Scanner) (r record, err error) {
	var id, text []byte
	var sealed, stops int64
	if err := row.Scan(&id, &r.state, &r.frame, &text, &sealed, &stops, &r.by, &r.at); err != nil {
		return r, err
	}
	r.sealed, r.stops = sealed != 0, stops != 0
	if r.id, err = schema.IDFromBytes[schema.RowID](id); err != nil {
		return r, err
	}
	if err := draw.Decode(text, &r.certificate); err != nil {
		return r, fmt.Errorf("read draw %s: %w", r.id, err)
	}
	return r, nil
}

// list reads all ceremonies without their frames, oldest first.
func (s *Service) list(ctx context.Context, campaign schema.CampaignID) ([]record, error) {
	return s.records(ctx, campaign, selectDraw+" ORDER BY seq")
}

func (s *Service) read(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (*record, error) {
	list, err := s.records(ctx, campaign, selectWhole+" AND id = $2", id[:])
	if err == nil && len(list) == 0 {
		err = schema.NewFault(schema.FaultNotFound, id.String())
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func (s *Service) records(
	ctx context.Context, campaign schema.CampaignID, query string, args ...any,
) (list []record, err error) {
	err = s.Ingest.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, scanDraw, query, append([]any{v.CampaignNo}, args...)...)
		for i := range list {
			list[i].seen = v.State.Revision
		}
		return err
	})
	return list, err
}

func (s *Service) insert(ctx context.Context, campaign schema.CampaignID, r *record) error {
	b := edit.New(s.Ingest.Catalogue)
	b.Insert("draw", r.id, r.cells())
	return s.Ingest.WriteRows(ctx, campaign, b)
}

// update writes what a step changed, if nobody changed the ceremony meanwhile.
func (s *Service) update(ctx context.Context, campaign schema.CampaignID, r *record, before edit.Cells) error {
	b := edit.New(s.Ingest.Catalogue)
	b.Update("draw", r.id, before, r.cells())
	if r.also != nil {
		r.also(b)
	}
	if b.Empty() {
		return nil
	}
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	ref := merge.RowRef{Table: s.Ingest.Catalogue.MustTable("draw"), ID: r.id}
	return s.Ingest.Write(ctx, ingest.Edit{
		Campaign: campaign, Seen: r.seen, Changeset: bytes, Guard: ingest.RowUnchanged(ref, r.seen),
	})
}
