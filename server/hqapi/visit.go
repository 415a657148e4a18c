package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

// Visits reads visits with what teams recorded.
type Visits interface {
	Visits(ctx context.Context, campaign schema.CampaignID) ([]review.Visit, error)
	Visit(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (review.VisitDetail, error)
}

type visitsOutput struct {
	Body []review.Visit
}

type visitInput struct {
	CampaignPath
	Visit string `path:"visit" format:"uuid"`
}

type visitOutput struct {
	Body review.VisitDetail
}

func registerVisits(api huma.API, visits Visits) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/visits", "visits", "Visits, by team and in its order"),
		func(ctx context.Context, in *CampaignPath) (*visitsOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := visits.Visits(ctx, campaign)
			return &visitsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/visits/{visit}", "visit", "A visit with what its team recorded"),
		func(ctx context.Context, in *visitInput) (*visitOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			id, err := parse[schema.RowID](in.Visit)
			if err != nil {
				return nil, err
			}
			detail, err := visits.Visit(ctx, campaign, id)
			return &visitOutput{detail}, err
		})
}
