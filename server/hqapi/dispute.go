package hqapi

import (
	"context"
	"net/http"

	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

type conflictsInput struct {
	CampaignPath
	State string `query:"state" default:"open" enum:"open,closed,all"`
}

type conflictsOutput struct {
	Body []review.Conflict
}

type resolveInput struct {
	CampaignPath
	Conflict string `path:"conflict" pattern:"^[0-9a-f]{32}$"`
	Body     struct {
		Value  *string `json:"value,omitempty" nullable:"true" doc:"What shall stand, in the form conflicts show values; none: empty the cell"`
		Note   string  `json:"note,omitempty" maxLength:"2000"`
		ReadAt uint64  `json:"read_at" doc:"Of the conflict the decision was made on"`
	}
}

type quarantineOutput struct {
	Body []review.Quarantined
}

func registerDisputes(api huma.API, disputes Disputes) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/conflicts", "conflicts",
		"Conflicts"),
		func(ctx context.Context, in *conflictsInput) (*conflictsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := disputes.Conflicts(ctx, id, in.State)
			return &conflictsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost,
		"/campaigns/{campaign}/conflicts/{conflict}/resolution", "resolve", "Say what shall stand"),
		func(ctx context.Context, in *resolveInput) (*emptyOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, disputes.Resolve(ctx, id, in.Conflict, review.Resolution{
				Value: in.Body.Value, Note: in.Body.Note, ReadAt: in.Body.ReadAt,
				Reviewer: accountOf(ctx).Name,
			})
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/quarantine", "quarantine",
		"Entries that could not be merged as they are"),
		func(ctx context.Context, in *CampaignPath) (*quarantineOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := disputes.Quarantine(ctx, id)
			return &quarantineOutput{list}, err
		})
}
