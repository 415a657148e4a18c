package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/scoring"

	"github.com/danielgtaylor/huma/v2"
)

// Scores is how units are scored.
type Scores interface {
	Criteria(ctx context.Context, campaign schema.CampaignID) (scoring.Criteria, error)
	PutCriterion(ctx context.Context, campaign schema.CampaignID, c scoring.Criterion, readAt uint64) (string, error)
	WithdrawCriterion(ctx context.Context, campaign schema.CampaignID, id string, readAt uint64) error
	Grid(ctx context.Context, campaign schema.CampaignID, who scoring.Person, category, givenBy string) (scoring.MarkGrid, error)
	Give(ctx context.Context, campaign schema.CampaignID, who scoring.Person, g scoring.MarksGiven) error
	Sheet(ctx context.Context, campaign schema.CampaignID, category string) (scoring.ScoreSheet, error)
	Unit(ctx context.Context, campaign schema.CampaignID, unit schema.RowID) (scoring.UnitSheet, error)
}

// scorer is who is signed in as scores know people: a leader gives marks in their own name,
// others enter those that came on paper.
func scorer(ctx context.Context) scoring.Person {
	a := accountOf(ctx)
	return scoring.Person{Name: a.Name + "（" + a.Login + "）", Own: a.Role == identity.Leader}
}

type criteriaOutput struct {
	Body scoring.Criteria
}

type criterionInput struct {
	CampaignPath
	Body struct {
		scoring.Criterion
		ReadAt uint64 `json:"read_at"`
	}
}

type idOutput struct {
	Body struct {
		ID string `json:"id" format:"uuid"`
	}
}

type withdrawCriterionInput struct {
	CampaignPath
	Criterion string `path:"criterion" format:"uuid"`
	ReadAt    uint64 `query:"read_at"`
}

type scoreInput struct {
	CampaignPath
	Category string `query:"category" required:"true" enum:"village,community,department,soe,hospital,school"`
}

type gridInput struct {
	CampaignPath
	Category string `query:"category" required:"true" enum:"village,community,department,soe,hospital,school"`
	GivenBy  string `query:"given_by" maxLength:"100"`
}

type gridOutput struct {
	Body scoring.MarkGrid
}

type giveInput struct {
	CampaignPath
	Body scoring.MarksGiven
}

type scoreOutput struct {
	Body scoring.ScoreSheet
}

type unitSheetInput struct {
	CampaignPath
	Unit string `path:"unit" format:"uuid"`
}

type unitSheetOutput struct {
	Body scoring.UnitSheet
}

func registerScores(api huma.API, s Scores) {
	registerCriteria(api, s)
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/marks", "marks", "Where one person's marks are entered"),
		func(ctx context.Context, in *gridInput) (*gridOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			grid, err := s.Grid(ctx, campaign, scorer(ctx), in.Category, in.GivenBy)
			return &gridOutput{grid}, err
		})
	huma.Register(api, operation(http.MethodPut, "/campaigns/{campaign}/marks", "give-marks", "Give marks, or take them back"),
		func(ctx context.Context, in *giveInput) (*emptyOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, s.Give(ctx, campaign, scorer(ctx), in.Body)
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/scores", "scores", "Ranking of a category"),
		func(ctx context.Context, in *scoreInput) (*scoreOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			sheet, err := s.Sheet(ctx, campaign, in.Category)
			return &scoreOutput{sheet}, err
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/scores/{unit}", "unit-scores", "How a unit's scores came about"),
		func(ctx context.Context, in *unitSheetInput) (*unitSheetOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			unit, err := parse[schema.RowID](in.Unit)
			if err != nil {
				return nil, err
			}
			sheet, err := s.Unit(ctx, campaign, unit)
			return &unitSheetOutput{sheet}, err
		})
}

func registerCriteria(api huma.API, s Scores) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/criteria", "criteria", "What units are scored by"),
		func(ctx context.Context, in *CampaignPath) (*criteriaOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			criteria, err := s.Criteria(ctx, campaign)
			return &criteriaOutput{criteria}, err
		})
	huma.Register(api, operation(http.MethodPut, "/campaigns/{campaign}/criteria", "put-criterion", "Add a criterion, or change one"),
		func(ctx context.Context, in *criterionInput) (*idOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			out := &idOutput{}
			out.Body.ID, err = s.PutCriterion(ctx, campaign, in.Body.Criterion, in.Body.ReadAt)
			return out, err
		})
	huma.Register(api, operation(http.MethodDelete, "/campaigns/{campaign}/criteria/{criterion}", "withdraw-criterion", "Take a criterion out of use; its marks stay"),
		func(ctx context.Context, in *withdrawCriterionInput) (*emptyOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, s.WithdrawCriterion(ctx, campaign, in.Criterion, in.ReadAt)
		})
}
