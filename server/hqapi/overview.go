package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

// Dashboards shows how far a campaign is.
type Dashboards interface {
	Dashboard(ctx context.Context, campaign schema.CampaignID) (review.Dashboard, error)
	UnitMap(ctx context.Context, campaign schema.CampaignID) ([]review.UnitSpot, error)
	UnitLists(ctx context.Context, campaign schema.CampaignID, unit schema.RowID) (review.UnitLists, error)
}

type dashboardOutput struct {
	Body review.Dashboard
}

type unitMapOutput struct {
	Body []review.UnitSpot
}

// UnitPath is the unit in an operation's path.
type UnitPath struct {
	CampaignPath
	Unit string `path:"unit" format:"uuid"`
}

type unitListsOutput struct {
	Body review.UnitLists
}

func registerDashboards(api huma.API, dashboards Dashboards) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/dashboard", "dashboard",
		"How far a campaign is, by team, day and kind of problem"),
		func(ctx context.Context, in *CampaignPath) (*dashboardOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			d, err := dashboards.Dashboard(ctx, id)
			return &dashboardOutput{d}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/map", "unit-map", "All units, for a map"),
		func(ctx context.Context, in *CampaignPath) (*unitMapOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := dashboards.UnitMap(ctx, id)
			return &unitMapOutput{list}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/units/{unit}/lists", "unit-lists",
		"A unit's problem list, ledger and commitments"),
		func(ctx context.Context, in *UnitPath) (*unitListsOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			unit, err := parse[schema.RowID](in.Unit)
			if err != nil {
				return nil, err
			}
			lists, err := dashboards.UnitLists(ctx, campaign, unit)
			return &unitListsOutput{lists}, err
		})
}
