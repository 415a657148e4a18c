package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

type campaignsOutput struct {
	Body []review.Overview
}

type overviewOutput struct {
	Body review.Overview
}

type inspectorsOutput struct {
	Body []identity.Inspector
}

type enrolmentInput struct {
	CampaignPath
	Body struct {
		InspectorID string `json:"inspector_id" format:"uuid"`
	}
}

type enrolmentOutput struct {
	Body identity.Code
}

func registerOffice(api huma.API, office Office) {
	huma.Register(api, operation(http.MethodGet, "/campaigns", "campaigns", "All campaigns"),
		func(ctx context.Context, _ *struct{}) (*campaignsOutput, error) {
			list, err := office.Campaigns(ctx)
			return &campaignsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}", "overview",
		"How far a campaign is"),
		func(ctx context.Context, in *CampaignPath) (*overviewOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			overview, err := office.Overview(ctx, id)
			return &overviewOutput{overview}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/inspectors", "inspectors",
		"Inspectors with their teams and devices"),
		func(ctx context.Context, in *CampaignPath) (*inspectorsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := office.Inspectors(ctx, id)
			return &inspectorsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/enrolments", "newEnrolment",
		"Make a one-time code with which an inspector enrols a device"),
		func(ctx context.Context, in *enrolmentInput) (*enrolmentOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			inspector, err := parse[schema.RowID](in.Body.InspectorID)
			if err != nil {
				return nil, err
			}
			code, err := office.NewEnrolment(ctx, id, inspector)
			return &enrolmentOutput{code}, err
		})
}
