package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sansuiji/schema"
)

// Campaigns lists the campaigns that a store holds, newest first.
func Campaigns(ctx context.Context, s Store) ([]schema.CampaignID, error) {
	var ids []schema.CampaignID
	err := s.Look(ctx, func(q Queryer) error {
		var err error
		ids, err = List(ctx, q, func(row Scanner) (schema.CampaignID, error) {
			var id []byte
			if err := row.Scan(&id); err != nil {
				return schema.CampaignID{}, err
			}
			return schema.IDFromBytes[schema.CampaignID](id)
		}, `SELECT campaign_id FROM campaign_state ORDER BY no DESC`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	return ids, nil
}

// AddCampaign adds an empty campaign.
func AddCampaign(
	ctx context.Context, q Queryer, campaign schema.CampaignID, epoch schema.Epoch,
) error {
	_, err := q.ExecContext(ctx, `INSERT INTO campaign_state
		(campaign_id, epoch, revision, position, clock, schema) VALUES ($1, $2, 0, 0, 0, 0)`,
		campaign[:], epoch[:])
	if err == nil {
		_, err = q.ExecContext(ctx, `INSERT INTO epoch (campaign_no, began, epoch, revision)
			SELECT no, 0, epoch, 0 FROM campaign_state WHERE campaign_id = $1`, campaign[:])
	}
	return err
}

// NewView reads a campaign's state. How to Find, Pack and Tally is the engine's to add.
func NewView(ctx context.Context, q Queryer, campaign schema.CampaignID) (View, error) {
	view := View{Queryer: q}
	view.State.Campaign = campaign
	var epoch []byte
	err := q.QueryRowContext(ctx, `SELECT no, epoch, revision, position, clock, backed_up, schema
		FROM campaign_state WHERE campaign_id = $1`, campaign[:]).Scan(
		&view.CampaignNo, &epoch, &view.State.Revision, &view.State.Position, &view.State.Clock,
		&view.State.BackedUp, &view.State.Schema)
	if errors.Is(err, sql.ErrNoRows) {
		return view, NoCampaign(campaign)
	}
	if err != nil {
		return view, fmt.Errorf("read campaign: %w", err)
	}
	view.State.Epoch, err = schema.IDFromBytes[schema.Epoch](epoch)
	return view, err
}
