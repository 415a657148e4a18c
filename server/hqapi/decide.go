package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

type decideAllInput struct {
	CampaignPath
	Body struct {
		Items  []review.Item `json:"items" minItems:"1" maxItems:"200"`
		ReadAt uint64        `json:"read_at" doc:"Of the list the decisions were made on"`
	}
}

type decidedOutput struct {
	Body review.Decided
}

type commentInput struct {
	FindingPath
	Body struct {
		Text string `json:"text" minLength:"1" maxLength:"2000"`
	}
}

type withdrawCommentInput struct {
	FindingPath
	Comment string `path:"comment" format:"uuid"`
}

func registerDecisions(api huma.API, findings Findings) {
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/findings/review", "review-many",
		"Decide about findings of a list, in one entry; what changed since is left out and told"),
		func(ctx context.Context, in *decideAllInput) (*decidedOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			done, err := findings.DecideAll(ctx, id, in.Body.Items,
				review.Verdict{ReadAt: in.Body.ReadAt, Reviewer: accountOf(ctx).Name})
			return &decidedOutput{done}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/findings/{finding}/comments", "comment",
		"Write a remark that the team gets"),
		func(ctx context.Context, in *commentInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, findings.Comment(ctx, campaign, id, accountOf(ctx).Name, in.Body.Text)
		})
	huma.Register(api, operation(http.MethodDelete, "/campaigns/{campaign}/findings/{finding}/comments/{comment}",
		"withdraw-comment", "Take back one's own remark"),
		func(ctx context.Context, in *withdrawCommentInput) (*emptyOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			id, err := parse[schema.RowID](in.Comment)
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, findings.WithdrawComment(ctx, campaign, id, accountOf(ctx).Name)
		})
}
