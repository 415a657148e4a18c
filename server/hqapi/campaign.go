package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/campaign"

	"github.com/danielgtaylor/huma/v2"
)

// Rounds begins campaigns.
type Rounds interface {
	Add(ctx context.Context, n campaign.NewCampaign) (schema.CampaignID, error)
	SealTo(ctx context.Context, id schema.CampaignID, recipients string) error
	Setup(ctx context.Context, id schema.CampaignID) (campaign.Setup, error)
	Change(ctx context.Context, id schema.CampaignID, d campaign.Details) error
	FindUnits(ctx context.Context, id schema.CampaignID, words string) ([]campaign.FoundUnit, error)
}

type addCampaignInput struct {
	Body campaign.NewCampaign
}

type addedOutput struct {
	Body struct {
		ID string `json:"id" format:"uuid"`
	}
}

func newAdded(id string) *addedOutput {
	out := &addedOutput{}
	out.Body.ID = id
	return out
}

type setupOutput struct {
	Body campaign.Setup
}

type changeCampaignInput struct {
	CampaignPath
	Body campaign.Details
}

type sealKeyInput struct {
	CampaignPath
	Body struct {
		SealTo string `json:"seal_to" maxLength:"60000" doc:"age recipients, one to a line"`
	}
}

type findUnitsInput struct {
	CampaignPath
	Words string `query:"q" maxLength:"100" doc:"What stands in a unit's code, name or county"`
}

type unitsOutput struct {
	Body []campaign.FoundUnit
}

func registerRounds(api huma.API, rounds Rounds) {
	huma.Register(api, operation(http.MethodPost, "/campaigns", "add-campaign", "Begin a campaign"),
		func(ctx context.Context, in *addCampaignInput) (*addedOutput, error) {
			id, err := rounds.Add(ctx, in.Body)
			return newAdded(id.String()), err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/setup", "setup", "How far its preparation is"),
		func(ctx context.Context, in *CampaignPath) (*setupOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			setup, err := rounds.Setup(ctx, id)
			return &setupOutput{setup}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/units", "find-units", "The first 20 units with some words"),
		func(ctx context.Context, in *findUnitsInput) (*unitsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := rounds.FindUnits(ctx, id, in.Words)
			return &unitsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPut, "/campaigns/{campaign}", "change-campaign", "Change its name, city and days"),
		func(ctx context.Context, in *changeCampaignInput) (*emptyOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, rounds.Change(ctx, id, in.Body)
		})
	huma.Register(api, operation(http.MethodPut, "/campaigns/{campaign}/seal-key", "set-seal-key",
		"Seal interviews to these keys from now on"),
		func(ctx context.Context, in *sealKeyInput) (*emptyOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, rounds.SealTo(ctx, id, in.Body.SealTo)
		})
}
