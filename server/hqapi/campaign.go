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
}

type addCampaignInput struct {
	Body campaign.NewCampaign
}

type addedCampaignOutput struct {
	Body struct {
		ID string `json:"id" format:"uuid"`
	}
}

type sealKeyInput struct {
	CampaignPath
	Body struct {
		SealTo string `json:"seal_to" maxLength:"60000" doc:"age recipients, one to a line"`
	}
}

func registerRounds(api huma.API, rounds Rounds) {
	huma.Register(api, operation(http.MethodPost, "/campaigns", "add-campaign", "Begin a campaign"),
		func(ctx context.Context, in *addCampaignInput) (*addedCampaignOutput, error) {
			id, err := rounds.Add(ctx, in.Body)
			out := &addedCampaignOutput{}
			out.Body.ID = id.String()
			return out, err
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
