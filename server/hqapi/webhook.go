package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/webhook"

	"github.com/danielgtaylor/huma/v2"
)

// Webhooks keeps who is told of what happens.
type Webhooks interface {
	Add(ctx context.Context, campaign schema.CampaignID, n webhook.New, by string) (string, error)
	Hooks(ctx context.Context, campaign schema.CampaignID) ([]webhook.Hook, error)
	Disable(ctx context.Context, campaign schema.CampaignID, id schema.RowID) error
}

type hooksOutput struct {
	Body []webhook.Hook
}

type newHookInput struct {
	CampaignPath
	Body webhook.New
}

type newHookOutput struct {
	Body struct {
		Secret string `json:"secret" doc:"Of the signatures (Standard Webhooks); told once"`
	}
}

type hookPath struct {
	CampaignPath
	Webhook string `path:"webhook" format:"uuid"`
}

func registerWebhooks(api huma.API, hooks Webhooks) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/webhooks", "webhooks", "Who is told of what happens"),
		func(ctx context.Context, in *CampaignPath) (*hooksOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := hooks.Hooks(ctx, id)
			return &hooksOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/webhooks", "add-webhook", "Let a program be told"),
		func(ctx context.Context, in *newHookInput) (*newHookOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			out := &newHookOutput{}
			out.Body.Secret, err = hooks.Add(ctx, id, in.Body, accountOf(ctx).Login)
			return out, err
		})
	huma.Register(api, operation(http.MethodDelete, "/campaigns/{campaign}/webhooks/{webhook}", "disable-webhook", "Tell a program no longer"),
		func(ctx context.Context, in *hookPath) (*struct{}, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			id, err := parse[schema.RowID](in.Webhook)
			if err != nil {
				return nil, err
			}
			return nil, hooks.Disable(ctx, campaign, id)
		})
}
