package hqapi

import (
	"context"
	"encoding/hex"
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

type reopenInput struct {
	CampaignPath
	Conflict string `path:"conflict" pattern:"^[0-9a-f]{32}$"`
	Body     struct {
		Note   string `json:"note,omitempty" maxLength:"2000"`
		ReadAt uint64 `json:"read_at"`
	}
}

type keepLatestInput struct {
	CampaignPath
	Body struct {
		Conflicts []string `json:"conflicts" minItems:"1" maxItems:"200"`
		Note      string   `json:"note,omitempty" maxLength:"2000"`
		ReadAt    uint64   `json:"read_at"`
	}
}

type settledOutput struct {
	Body review.Settled
}

type quarantineInput struct {
	CampaignPath
	Left bool `query:"left" doc:"Those too that people decided to leave as they are"`
}

type releaseInput struct {
	CampaignPath
	Position uint64 `path:"position" doc:"Of the entry in the history"`
}

type setAsideInput struct {
	CampaignPath
	Hash string `path:"hash" pattern:"^[0-9a-f]{64}$"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
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
		func(ctx context.Context, in *quarantineInput) (*quarantineOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := disputes.Quarantine(ctx, id, in.Left)
			return &quarantineOutput{list}, err
		})
	registerSecondThoughts(api, disputes)
	registerUnmerged(api, disputes)
}

func registerSecondThoughts(api huma.API, disputes Disputes) {
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/conflicts/{conflict}/reopening",
		"reopen-conflict", "Take back what was said should stand"),
		func(ctx context.Context, in *reopenInput) (*emptyOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, disputes.Reopen(ctx, id, in.Conflict, review.Resolution{
				Note: in.Body.Note, ReadAt: in.Body.ReadAt, Reviewer: accountOf(ctx).Name,
			})
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/conflicts/latest", "keep-latest",
		"Let in several conflicts stand what was written last"),
		func(ctx context.Context, in *keepLatestInput) (*settledOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			done, err := disputes.KeepLatest(ctx, id, in.Body.Conflicts, review.Resolution{
				Note: in.Body.Note, ReadAt: in.Body.ReadAt, Reviewer: accountOf(ctx).Name,
			})
			return &settledOutput{done}, err
		})
}

func registerUnmerged(api huma.API, disputes Disputes) {
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/quarantine/{position}/release",
		"release-entry", "Merge an entry anew, after what was in its way is mended"),
		func(ctx context.Context, in *releaseInput) (*emptyOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, disputes.Release(ctx, id, in.Position, accountOf(ctx).Name)
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/unmerged/{hash}/aside",
		"set-entry-aside", "Leave an entry unmerged, with a reason"),
		func(ctx context.Context, in *setAsideInput) (*emptyOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			hash, err := hex.DecodeString(in.Hash)
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, disputes.SetAside(ctx, id, hash, in.Body.Reason, accountOf(ctx).Name)
		})
}
