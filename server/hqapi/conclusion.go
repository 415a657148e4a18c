package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

// Conclusions makes common problems of findings.
type Conclusions interface {
	Conclusions(ctx context.Context, campaign schema.CampaignID) ([]review.Conclusion, error)
	Conclude(ctx context.Context, campaign schema.CampaignID, text review.ConclusionText, findings []schema.RowID, author string) (schema.RowID, error)
	Gather(ctx context.Context, campaign schema.CampaignID, id schema.RowID, add, remove []schema.RowID, author string) error
	Reword(ctx context.Context, campaign schema.CampaignID, id schema.RowID, text *review.ConclusionText, readAt uint64, author string) error
}

type conclusionsOutput struct {
	Body []review.Conclusion
}

type concludeInput struct {
	CampaignPath
	Body struct {
		review.ConclusionText
		Findings []string `json:"findings" maxItems:"500" format:"uuid"`
	}
}

type concludedOutput struct {
	Body struct {
		ID string `json:"id" format:"uuid"`
	}
}

// ConclusionPath is the conclusion in an operation's path.
type ConclusionPath struct {
	CampaignPath
	Conclusion string `path:"conclusion" format:"uuid"`
}

func (p ConclusionPath) ids() (schema.CampaignID, schema.RowID, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.RowID{}, err
	}
	id, err := parse[schema.RowID](p.Conclusion)
	return campaign, id, err
}

type rewordInput struct {
	ConclusionPath
	Body struct {
		review.ConclusionText
		ReadAt uint64 `json:"read_at"`
	}
}

type withdrawConclusionInput struct {
	ConclusionPath
	ReadAt uint64 `query:"read_at" required:"true"`
}

type gatherInput struct {
	ConclusionPath
	Body struct {
		Add    []string `json:"add,omitempty" maxItems:"500" doc:"Finding ids"`
		Remove []string `json:"remove,omitempty" maxItems:"500" doc:"Finding ids"`
	}
}

func registerConclusions(api huma.API, conclusions Conclusions) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/conclusions", "conclusions",
		"What headquarters points out in the end"),
		func(ctx context.Context, in *CampaignPath) (*conclusionsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := conclusions.Conclusions(ctx, id)
			return &conclusionsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/conclusions", "conclude",
		"Make a common problem of findings, or name an individual one"),
		func(ctx context.Context, in *concludeInput) (*concludedOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			findings, err := parseAll(in.Body.Findings)
			if err != nil {
				return nil, err
			}
			id, err := conclusions.Conclude(ctx, campaign, in.Body.ConclusionText, findings, accountOf(ctx).Name)
			out := &concludedOutput{}
			out.Body.ID = id.String()
			return out, err
		})
	registerConclusion(api, conclusions)
}

func registerConclusion(api huma.API, conclusions Conclusions) {
	huma.Register(api, operation(http.MethodPut, "/campaigns/{campaign}/conclusions/{conclusion}", "reword-conclusion",
		"Change its text"),
		func(ctx context.Context, in *rewordInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, conclusions.Reword(ctx, campaign, id, &in.Body.ConclusionText, in.Body.ReadAt, accountOf(ctx).Name)
		})
	huma.Register(api, operation(http.MethodDelete, "/campaigns/{campaign}/conclusions/{conclusion}", "withdraw-conclusion",
		"Withdraw it; its findings are free again"),
		func(ctx context.Context, in *withdrawConclusionInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, conclusions.Reword(ctx, campaign, id, nil, in.ReadAt, accountOf(ctx).Name)
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/conclusions/{conclusion}/findings",
		"gather-findings", "Add findings to it, or take some out"),
		func(ctx context.Context, in *gatherInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			add, err := parseAll(in.Body.Add)
			if err != nil {
				return nil, err
			}
			remove, err := parseAll(in.Body.Remove)
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, conclusions.Gather(ctx, campaign, id, add, remove, accountOf(ctx).Name)
		})
}
