package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/campaign"

	"github.com/danielgtaylor/huma/v2"
)

// Questions are what is asked at units and in interviews.
type Questions interface {
	Questions(ctx context.Context, campaign schema.CampaignID) ([]campaign.Question, error)
	AddQuestion(ctx context.Context, campaign schema.CampaignID, a campaign.NewQuestion) (schema.RowID, error)
	ChangeQuestion(ctx context.Context, campaign schema.CampaignID, id schema.RowID, a campaign.NewQuestion, seen uint64) error
	WithdrawQuestion(ctx context.Context, campaign schema.CampaignID, id schema.RowID, withdrawn bool) error
	OrderQuestions(ctx context.Context, campaign schema.CampaignID, ids []schema.RowID) error
}

type questionsOutput struct {
	Body []campaign.Question
}

// QuestionPath is a question in an operation's path.
type QuestionPath struct {
	CampaignPath
	Question string `path:"question" format:"uuid"`
}

func (p QuestionPath) ids() (schema.CampaignID, schema.RowID, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.RowID{}, err
	}
	id, err := parse[schema.RowID](p.Question)
	return campaign, id, err
}

type addQuestionInput struct {
	CampaignPath
	Body campaign.NewQuestion
}

type changeQuestionInput struct {
	QuestionPath
	Body struct {
		campaign.NewQuestion
		Revision uint64 `json:"revision" doc:"Of the question that the change was made on"`
	}
}

type withdrawQuestionInput struct {
	QuestionPath
	Body struct {
		Withdrawn bool `json:"withdrawn" doc:"false: it is asked again"`
	}
}

type orderQuestionsInput struct {
	CampaignPath
	Body struct {
		Questions []string `json:"questions" maxItems:"1000" doc:"Ids of the questions of one usage and category, in order"`
	}
}

const questionsPath = "/campaigns/{campaign}/questions"

func registerQuestions(api huma.API, questions Questions) {
	huma.Register(api, operation(http.MethodGet, questionsPath, "questions", "What is asked, in order"),
		func(ctx context.Context, in *CampaignPath) (*questionsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := questions.Questions(ctx, id)
			return &questionsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, questionsPath, "add-question", "Add a question"),
		func(ctx context.Context, in *addQuestionInput) (*addedOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			id, err := questions.AddQuestion(ctx, campaign, in.Body)
			return newAdded(id.String()), err
		})
	huma.Register(api, operation(http.MethodPut, questionsPath+"/{question}", "change-question", "Change a question"),
		func(ctx context.Context, in *changeQuestionInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, questions.ChangeQuestion(ctx, campaign, id, in.Body.NewQuestion, in.Body.Revision)
		})
	registerQuestionOrder(api, questions)
}

func registerQuestionOrder(api huma.API, questions Questions) {
	huma.Register(api, operation(http.MethodPost, questionsPath+"/{question}/withdrawal", "withdraw-question",
		"Ask a question no longer, or again; answers stay"),
		func(ctx context.Context, in *withdrawQuestionInput) (*emptyOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, questions.WithdrawQuestion(ctx, campaign, id, in.Body.Withdrawn)
		})
	huma.Register(api, operation(http.MethodPut, "/campaigns/{campaign}/question-order", "order-questions", "Put questions into an order"),
		func(ctx context.Context, in *orderQuestionsInput) (*emptyOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			ids, err := parseAll(in.Body.Questions)
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, questions.OrderQuestions(ctx, campaign, ids)
		})
}

// parseAll reads ids of a body.
func parseAll(texts []string) ([]schema.RowID, error) {
	ids := make([]schema.RowID, len(texts))
	for i, text := range texts {
		id, err := parse[schema.RowID](text)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}
