package review

import (
	"context"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// SavedFilter is a selection of a page's rows that a person keeps.
type SavedFilter struct {
	ID    string `json:"id" format:"uuid"`
	Page  string `json:"page"`
	Name  string `json:"name"`
	Query string `json:"query" doc:"As in the page's address"`
}

// savedMax is how many a person may keep.
const savedMax = 100

// SavedFilters lists a person's for a page, by name.
func (s *Service) SavedFilters(
	ctx context.Context, campaign schema.CampaignID, account, page string,
) (list []SavedFilter, err error) {
	owner, err := schema.ParseID[schema.RowID](account)
	if err != nil {
		return nil, fmt.Errorf("list saved filters: %w", err)
	}
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, func(row store.Scanner) (f SavedFilter, err error) {
			var id []byte
			err = row.Scan(&id, &f.Page, &f.Name, &f.Query)
			f.ID = uuidText(id)
			return f, err
		}, `SELECT id, page, name, query FROM saved_filter
			WHERE account_id = $1 AND campaign_no = $2 AND page = $3 ORDER BY name, id`, owner[:], v.CampaignNo, page)
		return err
	})
	return list, err
}

// SaveFilter keeps one; it takes the place of the person's one of that name.
func (s *Service) SaveFilter(
	ctx context.Context, campaign schema.CampaignID, account string, f SavedFilter,
) error {
	owner, err := schema.ParseID[schema.RowID](account)
	if err != nil {
		return fmt.Errorf("save filter: %w", err)
	}
	return s.Store.Office(ctx, func(q store.Queryer) error {
		v, err := store.NewView(ctx, q, campaign)
		if err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, `DELETE FROM saved_filter
			WHERE account_id = $1 AND campaign_no = $2 AND page = $3 AND name = $4`,
			owner[:], v.CampaignNo, f.Page, f.Name); err != nil {
			return err
		}
		var have int
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM saved_filter WHERE account_id = $1", owner[:]).
			Scan(&have); err != nil {
			return err
		}
		if have >= savedMax {
			return schema.NewFault(schema.FaultValue, fmt.Sprintf("more than %d saved filters", savedMax))
		}
		id := schema.NewRowID()
		_, err = q.ExecContext(ctx, `INSERT INTO saved_filter (account_id, id, campaign_no, page, name, query, made_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`, owner[:], id[:], v.CampaignNo, f.Page, f.Name, f.Query,
			s.Ingest.Now().UnixMilli())
		return err
	})
}

// DropFilter lets go of a person's own.
func (s *Service) DropFilter(ctx context.Context, account string, id schema.RowID) error {
	owner, err := schema.ParseID[schema.RowID](account)
	if err != nil {
		return fmt.Errorf("drop filter: %w", err)
	}
	return s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, "DELETE FROM saved_filter WHERE account_id = $1 AND id = $2", owner[:], id[:])
		return err
	})
}
