package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/sealed"

	"github.com/danielgtaylor/huma/v2"
)

// Sealed lets two people open what is sealed.
type Sealed interface {
	Interviews(ctx context.Context, campaign schema.CampaignID) ([]sealed.Interview, error)
	Ask(ctx context.Context, campaign schema.CampaignID, interview schema.RowID, r sealed.Request) (schema.RowID, error)
	Decide(ctx context.Context, campaign schema.CampaignID, id schema.RowID, d sealed.Decision) error
	Content(ctx context.Context, campaign schema.CampaignID, id schema.RowID, by sealed.Person) ([]byte, error)
}

// SealedPath is a request to open an interview in an operation's path.
type SealedPath struct {
	CampaignPath
	Unsealing string `path:"unsealing" format:"uuid"`
}

type sealedListOutput struct {
	Body []sealed.Interview
}

type askInput struct {
	CampaignPath
	Body struct {
		Interview string `json:"interview" format:"uuid"`
		Part      string `json:"part" enum:"talk,identity"`
		Reason    string `json:"reason" minLength:"2" maxLength:"1000"`
	}
}

type askOutput struct {
	Body struct {
		ID string `json:"id" format:"uuid"`
	}
}

type decideInput struct {
	SealedPath
	Body struct {
		Refused bool `json:"refused"`
	}
}

func registerSealed(api huma.API, desk Sealed) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/sealed", "sealed", "Interviews, and who asked to open them"),
		func(ctx context.Context, in *CampaignPath) (*sealedListOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := desk.Interviews(ctx, campaign)
			return &sealedListOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/sealed", "ask-unsealing", "Ask to open an interview"),
		func(ctx context.Context, in *askInput) (*askOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			interview, err := parse[schema.RowID](in.Body.Interview)
			if err != nil {
				return nil, err
			}
			id, err := desk.Ask(ctx, campaign, interview, sealed.Request{Part: in.Body.Part, Reason: in.Body.Reason, By: personOf(ctx)})
			out := &askOutput{}
			out.Body.ID = id.String()
			return out, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/sealed/{unsealing}/decision", "decide-unsealing",
		"Agree that an interview is opened, or refuse"),
		func(ctx context.Context, in *decideInput) (*struct{}, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return nil, desk.Decide(ctx, campaign, id, sealed.Decision{Refused: in.Body.Refused, By: personOf(ctx)})
		})
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/sealed/{unsealing}/content", "sealed-interview",
		"The sealed bytes (an age file), once somebody else has agreed"),
		func(ctx context.Context, in *SealedPath) (*fileOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			body, err := desk.Content(ctx, campaign, id, personOf(ctx))
			return &fileOutput{"application/age", `attachment; filename="interview.age"`, body}, err
		})
}

func (in *SealedPath) ids() (campaign schema.CampaignID, id schema.RowID, err error) {
	if campaign, err = in.id(); err == nil {
		id, err = parse[schema.RowID](in.Unsealing)
	}
	return campaign, id, err
}

// personOf is who asks. Names are not unique, logins are.
func personOf(ctx context.Context) sealed.Person {
	a := accountOf(ctx)
	return sealed.Person{Login: a.Login, Name: a.Name}
}
