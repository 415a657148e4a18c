package store

import (
	"context"
	"fmt"

	"sansuiji/schema"
)

// Campaigns lists the campaigns that a store holds, newest first.
func Campaigns(ctx context.Context, s Store) ([]schema.CampaignID, error) {
	var ids []schema.CampaignID
	err := s.Office(ctx, func(q Queryer) error {
		rows, err := q.QueryContext(ctx, `SELECT campaign_id FROM campaign_state ORDER BY no DESC`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id []byte
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, schema.CampaignID(id))
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	return ids, nil
}
