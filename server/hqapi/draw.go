package hqapi

import (
	"context"
	"net/http"

	"sansuiji/draw"
	"sansuiji/schema"
	"sansuiji/server/ceremony"

	"github.com/danielgtaylor/huma/v2"
)

// Draws does the steps of ceremonies.
type Draws interface {
	List(ctx context.Context, campaign schema.CampaignID) ([]ceremony.Summary, error)
	Detail(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (ceremony.Detail, error)
	Preview(ctx context.Context, campaign schema.CampaignID, s ceremony.Settings) (ceremony.Preview, error)
	Plan(ctx context.Context, campaign schema.CampaignID, s ceremony.Settings, by string) (schema.RowID, error)
	Commit(ctx context.Context, campaign schema.CampaignID, id schema.RowID, role string, commit draw.Hash) error
	Publish(ctx context.Context, campaign schema.CampaignID, id schema.RowID, places []ceremony.Place) error
	Throw(ctx context.Context, campaign schema.CampaignID, id schema.RowID, throws []draw.Throw) error
	Reveal(ctx context.Context, campaign schema.CampaignID, id schema.RowID, reveal draw.Reveal) error
	Draw(ctx context.Context, campaign schema.CampaignID, id schema.RowID) error
	Void(ctx context.Context, campaign schema.CampaignID, id schema.RowID, reason string, reveals []draw.Reveal) error
	Unseal(ctx context.Context, campaign schema.CampaignID, id schema.RowID) error
	Replace(ctx context.Context, campaign schema.CampaignID, id schema.RowID, asked ceremony.Replacement) error
	File(ctx context.Context, campaign schema.CampaignID, id schema.RowID, name string) ([]byte, error)
	Log(ctx context.Context, campaign schema.CampaignID) ([]byte, error)
	Chances(ctx context.Context, campaign schema.CampaignID, id schema.RowID) ([]ceremony.RouteChance, error)
}

// DrawPath is the ceremony in an operation's path.
type DrawPath struct {
	CampaignPath
	Draw string `path:"draw" format:"uuid"`
}

func (p DrawPath) ids() (schema.CampaignID, schema.RowID, error) {
	campaign, err := p.id()
	if err != nil {
		return campaign, schema.RowID{}, err
	}
	id, err := parse[schema.RowID](p.Draw)
	return campaign, id, err
}

type drawsOutput struct {
	Body []ceremony.Summary
}

type drawOutput struct {
	Body ceremony.Detail
}

type chancesOutput struct {
	Body []ceremony.RouteChance
}

type drawSettingsInput struct {
	CampaignPath
	Body ceremony.Settings
}

type previewOutput struct {
	Body ceremony.Preview
}

type plannedOutput struct {
	Body struct {
		ID string `json:"id" format:"uuid"`
	}
}

// OpenedSecret is a secret, or its hash, of whoever holds it.
type OpenedSecret struct {
	Role   string `json:"role" pattern:"^[A-Za-z0-9._:-]{1,64}$"`
	Secret string `json:"secret" pattern:"^[0-9a-f]{64}$"`
}

func (o OpenedSecret) reveal() (draw.Reveal, error) {
	r := draw.Reveal{Role: o.Role}
	return r, r.Secret.UnmarshalText([]byte(o.Secret))
}

type commitInput struct {
	DrawPath
	Body struct {
		Role   string `json:"role" pattern:"^[A-Za-z0-9._:-]{1,64}$"`
		Commit string `json:"commit" pattern:"^[0-9a-f]{64}$" doc:"Hash of the secret, which stays with its holder"`
	}
}

type publishInput struct {
	DrawPath
	Body struct {
		Places []ceremony.Place `json:"places" minItems:"1" maxItems:"20"`
	}
}

type throwInput struct {
	DrawPath
	Body struct {
		Throws []draw.Throw `json:"throws" minItems:"1" maxItems:"50"`
	}
}

type revealInput struct {
	DrawPath
	Body OpenedSecret
}

type voidInput struct {
	DrawPath
	Body struct {
		Reason  string         `json:"reason" minLength:"1" maxLength:"500"`
		Secrets []OpenedSecret `json:"secrets,omitempty" maxItems:"20" doc:"Those that are not open yet"`
	}
}

type replaceInput struct {
	DrawPath
	Body ceremony.Replacement
}

const drawPath = "/campaigns/{campaign}/draws/{draw}"

func registerDraws(api huma.API, draws Draws) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/draws", "draws", "Ceremonies, oldest first"),
		func(ctx context.Context, in *CampaignPath) (*drawsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := draws.List(ctx, id)
			return &drawsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodGet, drawPath, "draw", "A ceremony as far as it goes"),
		func(ctx context.Context, in *DrawPath) (*drawOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			detail, err := draws.Detail(ctx, campaign, id)
			return &drawOutput{detail}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/draws/preview", "preview-draw",
		"What settings would give; nothing is kept"),
		func(ctx context.Context, in *drawSettingsInput) (*previewOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			preview, err := draws.Preview(ctx, id, in.Body)
			return &previewOutput{preview}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/draws", "plan-draw", "Freeze a frame and begin a ceremony"),
		func(ctx context.Context, in *drawSettingsInput) (*plannedOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			id, err := draws.Plan(ctx, campaign, in.Body, accountOf(ctx).Name)
			out := &plannedOutput{}
			out.Body.ID = id.String()
			return out, err
		})
	registerCeremony(api, draws)
	registerOutcome(api, draws)
}

// step registers a step of a ceremony that answers with nothing.
func step[I any](
	api huma.API, name, summary string, path func(*I) DrawPath,
	do func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, in *I) error,
) {
	huma.Register(api, operation(http.MethodPost, drawPath+"/"+name, name+"-draw", summary),
		func(ctx context.Context, in *I) (*emptyOutput, error) {
			campaign, id, err := path(in).ids()
			if err != nil {
				return nil, err
			}
			return &emptyOutput{}, do(ctx, campaign, id, in)
		})
}

func registerCeremony(api huma.API, draws Draws) {
	step(api, "commit", "Commit to a secret", func(in *commitInput) DrawPath { return in.DrawPath },
		func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, in *commitInput) error {
			var commit draw.Hash
			if err := commit.UnmarshalText([]byte(in.Body.Commit)); err != nil {
				return err
			}
			return draws.Commit(ctx, campaign, id, in.Body.Role, commit)
		})
	step(api, "publish", "The plan's hash was published", func(in *publishInput) DrawPath { return in.DrawPath },
		func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, in *publishInput) error {
			return draws.Publish(ctx, campaign, id, in.Body.Places)
		})
	step(api, "throw", "What everybody's dice show", func(in *throwInput) DrawPath { return in.DrawPath },
		func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, in *throwInput) error {
			return draws.Throw(ctx, campaign, id, in.Body.Throws)
		})
	step(api, "reveal", "Open a secret", func(in *revealInput) DrawPath { return in.DrawPath },
		func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, in *revealInput) error {
			reveal, err := in.Body.reveal()
			if err != nil {
				return err
			}
			return draws.Reveal(ctx, campaign, id, reveal)
		})
	step(api, "run", "Draw", func(in *DrawPath) DrawPath { return *in },
		func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, _ *DrawPath) error {
			return draws.Draw(ctx, campaign, id)
		})
	step(api, "void", "Void a ceremony, opened all the same", func(in *voidInput) DrawPath { return in.DrawPath },
		func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, in *voidInput) error {
			var reveals []draw.Reveal
			for _, secret := range in.Body.Secrets {
				reveal, err := secret.reveal()
				if err != nil {
					return err
				}
				reveals = append(reveals, reveal)
			}
			return draws.Void(ctx, campaign, id, in.Body.Reason, reveals)
		})
}

func registerOutcome(api huma.API, draws Draws) {
	step(api, "unseal", "Open a sealed outcome at departure", func(in *DrawPath) DrawPath { return *in },
		func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, _ *DrawPath) error {
			return draws.Unseal(ctx, campaign, id)
		})
	step(api, "replace", "The next in reserve in a unit's place", func(in *replaceInput) DrawPath { return in.DrawPath },
		func(ctx context.Context, campaign schema.CampaignID, id schema.RowID, in *replaceInput) error {
			return draws.Replace(ctx, campaign, id, in.Body)
		})
	huma.Register(api, operation(http.MethodGet, drawPath+"/chances", "draw-chances", "How much chance is in each team's route"),
		func(ctx context.Context, in *DrawPath) (*chancesOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			list, err := draws.Chances(ctx, campaign, id)
			return &chancesOutput{list}, err
		})
	for name, kind := range map[string]string{
		ceremony.CertificateFile: "application/json", ceremony.FrameFile: "text/csv; charset=utf-8",
		ceremony.WeightsFile: "text/csv; charset=utf-8",
	} {
		download(api, drawPath+"/"+name, "draw-"+name, kind, func(ctx context.Context, in *DrawPath) ([]byte, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return draws.File(ctx, campaign, id, name)
		})
	}
	download(api, "/campaigns/{campaign}/ceremonies.jsonl", "draw-log", "application/jsonl",
		func(ctx context.Context, in *CampaignPath) ([]byte, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			return draws.Log(ctx, campaign)
		})
}

type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

// download registers a file.
func download[I any](api huma.API, path, id, kind string, read func(context.Context, *I) ([]byte, error)) {
	op := operation(http.MethodGet, path, id, "File: "+id)
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The file",
		Content:     map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
	huma.Register(api, op, func(ctx context.Context, in *I) (*fileOutput, error) {
		b, err := read(ctx, in)
		return &fileOutput{kind, "attachment", b}, err
	})
}
