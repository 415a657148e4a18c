package ingest

import (
	"context"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/edit"

	"github.com/google/uuid"
)

// Begin starts a campaign: its state in a new epoch, and a first entry that
// names headquarters as a device with its key.
func (s *Service) Begin(ctx context.Context, campaign schema.CampaignID) error {
	epoch := schema.Epoch(uuid.Must(uuid.NewRandom()))
	if err := s.Store.Begin(ctx, campaign, epoch); err != nil {
		return fmt.Errorf("begin campaign %s: %w", campaign, err)
	}
	b := edit.New(s.Catalogue)
	b.Insert("device", schema.RowID(s.Device), edit.Cells{
		"name":        edit.Text("總部"),
		"public_key":  edit.Bytes(publicKeyBytes(s.Key)),
		"enrolled_at": edit.Int(s.nowMillis()),
	})
	return s.WriteRows(ctx, campaign, b)
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
