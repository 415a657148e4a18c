package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/scoring"

	"github.com/danielgtaylor/huma/v2"
)

// Ballots is votes in halls as headquarters sees them.
type Ballots interface {
	Boxes(ctx context.Context, campaign schema.CampaignID) (scoring.Boxes, error)
	OpenBox(ctx context.Context, campaign schema.CampaignID, who scoring.Person, n scoring.NewBox) (scoring.OpenedBox, error)
	Reissue(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (scoring.OpenedBox, error)
	CloseBox(ctx context.Context, campaign schema.CampaignID, who scoring.Person, id schema.RowID) error
}

// Voting is what people in a hall may do, who have a ticket and nothing else.
type Voting interface {
	Paper(ctx context.Context, ticket string) (scoring.Paper, error)
	Vote(ctx context.Context, ticket string, marks map[string]int64) error
}

type boxesOutput struct {
	Body scoring.Boxes
}

type openBoxInput struct {
	CampaignPath
	Body scoring.NewBox
}

type openedBoxOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         scoring.OpenedBox
}

// BoxPath is a ballot box in an operation's path.
type BoxPath struct {
	CampaignPath
	Box string `path:"box" format:"uuid"`
}

func (p BoxPath) ids() (schema.CampaignID, schema.RowID, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.RowID{}, err
	}
	id, err := parse[schema.RowID](p.Box)
	return campaign, id, err
}

func registerBallots(api huma.API, b Ballots) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/boxes", "ballot-boxes", "Votes in halls"),
		func(ctx context.Context, in *CampaignPath) (*boxesOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			boxes, err := b.Boxes(ctx, campaign)
			return &boxesOutput{boxes}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/boxes", "open-ballot-box", "Open a vote about a unit; its tickets are shown once"),
		func(ctx context.Context, in *openBoxInput) (*openedBoxOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			opened, err := b.OpenBox(ctx, campaign, scorer(ctx), in.Body)
			return &openedBoxOutput{"no-store", opened}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/boxes/{box}/tickets", "reissue-tickets", "New tickets in place of all, before anybody voted"),
		func(ctx context.Context, in *BoxPath) (*openedBoxOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			opened, err := b.Reissue(ctx, campaign, id)
			return &openedBoxOutput{"no-store", opened}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/boxes/{box}/close", "close-ballot-box", "End a vote and put its result into the history"),
		func(ctx context.Context, in *BoxPath) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, b.CloseBox(ctx, campaign, scorer(ctx), id)
		})
}

type paperInput struct {
	Body struct {
		Ticket string `json:"ticket" maxLength:"64"`
	}
}

type paperOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         scoring.Paper
}

type voteInput struct {
	Body struct {
		Ticket string           `json:"ticket" maxLength:"64"`
		Marks  map[string]int64 `json:"marks" doc:"By criterion, hundredths of a point; a criterion that is left out is not voted about"`
	}
}

// voteOperation describes an operation of voters: no session, and nothing of the request is
// in its address.
func voteOperation(path, id, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodPost, Path: "/api/vote" + path, Summary: summary,
		Tags: []string{"votes"}, MaxBodyBytes: 16 << 10,
	}
}

func registerVotes(api huma.API, v Voting) {
	huma.Register(api, voteOperation("/paper", "ballot-paper", "What a ticket may vote about"),
		func(ctx context.Context, in *paperInput) (*paperOutput, error) {
			paper, err := v.Paper(ctx, in.Body.Ticket)
			return &paperOutput{"no-store", paper}, err
		})
	huma.Register(api, voteOperation("", "vote", "Cast a ballot; the ticket is used up"),
		func(ctx context.Context, in *voteInput) (*struct{}, error) {
			return nil, v.Vote(ctx, in.Body.Ticket, in.Body.Marks)
		})
}
