package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

type findingsInput struct {
	CampaignPath
	review.FindingFilter
	Offset int `query:"offset" minimum:"0"`
	Limit  int `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

type findingsOutput struct {
	Body review.FindingPage
}

// FindingPath is the finding in an operation's path.
type FindingPath struct {
	CampaignPath
	Finding string `path:"finding" format:"uuid"`
}

type findingOutput struct {
	Body review.FindingDetail
}

type verdictInput struct {
	FindingPath
	Body struct {
		Decision string `json:"decision" enum:"accepted,returned"`
		Note     string `json:"note" maxLength:"2000" doc:"Needed when returned"`
		ReadAt   uint64 `json:"read_at" doc:"Of the detail the decision was made on"`
	}
}

func registerFindings(api huma.API, findings Findings) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/findings", "findings",
		"Findings, newest first"),
		func(ctx context.Context, in *findingsInput) (*findingsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			page, err := findings.List(ctx, id, in.FindingFilter, in.Offset, in.Limit)
			return &findingsOutput{page}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/findings/{finding}", "finding",
		"A finding with its history"),
		func(ctx context.Context, in *FindingPath) (*findingOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			detail, err := findings.Finding(ctx, campaign, id)
			return &findingOutput{detail}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/findings/{finding}/review",
		"review", "Accept a finding, or return it with a note"),
		func(ctx context.Context, in *verdictInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, findings.Decide(ctx, campaign, id, review.Verdict{
				Decision: in.Body.Decision, Note: in.Body.Note, ReadAt: in.Body.ReadAt,
				Reviewer: accountOf(ctx).Name,
			})
		})
}

func (p FindingPath) ids() (schema.CampaignID, schema.RowID, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.RowID{}, err
	}
	id, err := parse[schema.RowID](p.Finding)
	return campaign, id, err
}
