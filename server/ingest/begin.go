package ingest

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"

	"github.com/google/uuid"
)

// ErrBegun says that a campaign has its first entry.
var ErrBegun = errors.New("the campaign has begun")

// Begin starts a campaign: its state in a new epoch, and a first entry that
// names headquarters as a device with its key. A beginning that was cut short
// between the two can be tried again.
func (s *Service) Begin(ctx context.Context, campaign schema.CampaignID) error {
	if err := s.beginState(ctx, campaign); err != nil {
		return fmt.Errorf("begin campaign %s: %w", campaign, err)
	}
	s.Points.Hit("campaign.state-begun")
	b := edit.New(s.Catalogue)
	b.Insert("device", schema.RowID(s.Device), edit.Cells{
		"name":        edit.Text("總部"),
		"public_key":  edit.Bytes(publicKeyBytes(s.Key)),
		"enrolled_at": edit.Int(s.nowMillis()),
	})
	return s.WriteRows(ctx, campaign, b)
}

func (s *Service) beginState(ctx context.Context, campaign schema.CampaignID) error {
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		if v.State.Position > 0 {
			return ErrBegun
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) {
		return s.Store.Begin(ctx, campaign, schema.Epoch(uuid.Must(uuid.NewRandom())))
	}
	return err
}

// WriteRows writes what a builder collected as one entry that knows all of
// headquarters' present state.
func (s *Service) WriteRows(ctx context.Context, campaign schema.CampaignID, b *edit.Builder) error {
	if b.Empty() {
		return nil
	}
	bytes, err := b.Bytes()
	if err != nil {
		return err
	}
	return s.Write(ctx, Edit{Campaign: campaign, Seen: SeenAll, Changeset: bytes})
}
