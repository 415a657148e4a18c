package store

import (
	"context"
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
