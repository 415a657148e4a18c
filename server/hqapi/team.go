package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/campaign"

	"github.com/danielgtaylor/huma/v2"
)

// Teams says who works where.
type Teams interface {
	Teams(ctx context.Context, campaign schema.CampaignID) ([]campaign.TeamState, error)
	AddInspector(ctx context.Context, campaign schema.CampaignID, n campaign.NewInspector) (schema.RowID, error)
	PlaceInspector(ctx context.Context, campaign schema.CampaignID, inspector schema.RowID, p campaign.Placement) error
}

type teamsOutput struct {
	Body []campaign.TeamState
}

type addInspectorInput struct {
	CampaignPath
	Body campaign.NewInspector
}

type placeInspectorInput struct {
	CampaignPath
	Inspector string `path:"inspector" format:"uuid"`
	Body      campaign.Placement
}

func registerTeams(api huma.API, teams Teams) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/teams", "teams", "Teams by number"),
		func(ctx context.Context, in *CampaignPath) (*teamsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := teams.Teams(ctx, id)
			return &teamsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/inspectors", "add-inspector",
		"Add somebody to the campaign, in a team or in none yet"),
		func(ctx context.Context, in *addInspectorInput) (*addedOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			added, err := teams.AddInspector(ctx, id, in.Body)
			return newAdded(added.String()), err
		})
	huma.Register(api, operation(http.MethodPut, "/campaigns/{campaign}/inspectors/{inspector}/team", "place-inspector",
		"Move somebody to a team, or out of all; phones follow with their next pull"),
		func(ctx context.Context, in *placeInspectorInput) (*emptyOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			inspector, err := parse[schema.RowID](in.Inspector)
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, teams.PlaceInspector(ctx, id, inspector, in.Body)
		})
}
