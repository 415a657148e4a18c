package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

// Filters keeps selections of rows.
type Filters interface {
	SavedFilters(ctx context.Context, campaign schema.CampaignID, account, page string) ([]review.SavedFilter, error)
	SaveFilter(ctx context.Context, campaign schema.CampaignID, account string, f review.SavedFilter) error
	DropFilter(ctx context.Context, account string, id schema.RowID) error
}

type filtersInput struct {
	CampaignPath
	Page string `query:"page" required:"true" maxLength:"40"`
}

type filtersOutput struct {
	Body []review.SavedFilter
}

type saveFilterInput struct {
	CampaignPath
	Body struct {
		Page  string `json:"page" minLength:"1" maxLength:"40"`
		Name  string `json:"name" minLength:"1" maxLength:"60"`
		Query string `json:"query" maxLength:"2000"`
	}
}

type dropFilterInput struct {
	CampaignPath
	Filter string `path:"filter" format:"uuid"`
}

func registerFilters(api huma.API, filters Filters) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/filters", "filters",
		"The selections of a page that one keeps"),
		func(ctx context.Context, in *filtersInput) (*filtersOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := filters.SavedFilters(ctx, id, accountOf(ctx).ID, in.Page)
			return &filtersOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/filters", "save-filter",
		"Keep a selection; it takes the place of one of that name"),
		func(ctx context.Context, in *saveFilterInput) (*emptyOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, filters.SaveFilter(ctx, id, accountOf(ctx).ID,
				review.SavedFilter{Page: in.Body.Page, Name: in.Body.Name, Query: in.Body.Query})
		})
	huma.Register(api, operation(http.MethodDelete, "/campaigns/{campaign}/filters/{filter}", "drop-filter",
		"Keep a selection no longer"),
		func(ctx context.Context, in *dropFilterInput) (*emptyOutput, error) {
			id, err := parse[schema.RowID](in.Filter)
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, filters.DropFilter(ctx, accountOf(ctx).ID, id)
		})
}
