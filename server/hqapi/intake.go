package hqapi

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"sansuiji/schema"
	"sansuiji/server/intake"

	"github.com/danielgtaylor/huma/v2"
)

// Intake imports tables.
type Intake interface {
	Preview(ctx context.Context, campaign schema.CampaignID, kind string, in intake.ImportFile) (intake.ImportPreview, error)
	Apply(ctx context.Context, campaign schema.CampaignID, kind string, in intake.ImportFile, by string) (intake.ImportResult, error)
	Progress(ticket string) intake.Progress
}

// ImportPath is the kind of import in an operation's path.
type ImportPath struct {
	CampaignPath
	Kind string `path:"kind" enum:"units,problems,ledger,commitments,questions,people"`
}

type importInput struct {
	ImportPath
	Body intake.ImportFile
}

type previewImportInput struct {
	CampaignPath
	Kind string `path:"kind" enum:"units,problems,ledger,commitments,questions,people,recusals,auto" doc:"auto: the kind that the table looks like, of those that are written; recusals: read for the plan of a draw"`
	Body intake.ImportFile
}

type progressInput struct {
	Ticket string `path:"ticket" minLength:"1" maxLength:"64"`
}

type progressOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         intake.Progress
}

type importPreviewOutput struct {
	Body intake.ImportPreview
}

type importOutput struct {
	Body intake.ImportResult
}

const (
	// importMax is the size of an import in bytes, as it travels.
	importMax = 48 << 20
	// importTime is how long it may travel.
	importTime = 4 * time.Minute
)

const importPath = "/campaigns/{campaign}/import/{kind}"

func importOperation(path, id, summary string) huma.Operation {
	op := operation(http.MethodPost, path, id, summary)
	op.MaxBodyBytes, op.BodyReadTimeout = importMax, importTime
	return op
}

func registerIntake(api huma.API, imports Intake) {
	huma.Register(api, importOperation(importPath+"/preview", "preview-import",
		"What a table would bring, and what is wrong with it; nothing is kept"),
		func(ctx context.Context, in *previewImportInput) (*importPreviewOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			preview, err := imports.Preview(ctx, campaign, in.Kind, in.Body)
			return &importPreviewOutput{preview}, err
		})
	huma.Register(api, importOperation(importPath, "import",
		"Import a table with which nothing is wrong: rows are added and changed, never deleted"),
		func(ctx context.Context, in *importInput) (*importOutput, error) {
			campaign, err := in.id()
			if err != nil {
				return nil, err
			}
			result, err := imports.Apply(ctx, campaign, in.Kind, in.Body, accountOf(ctx).Name)
			return &importOutput{result}, err
		})
	huma.Register(api, operation(http.MethodGet, "/import-progress/{ticket}", "import-progress", "How far a preview or an import is"),
		func(_ context.Context, in *progressInput) (*progressOutput, error) {
			return &progressOutput{"no-store", imports.Progress(in.Ticket)}, nil
		})
	registerTemplate(api)
}

func registerTemplate(api huma.API) {
	template := operation(http.MethodGet, importPath+"/template.csv", "import-template.csv", "A table to fill in, with an example row")
	const kind = "text/csv; charset=utf-8"
	template.Responses = map[string]*huma.Response{"200": {
		Description: "The file",
		Content:     map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
	huma.Register(api, template, func(_ context.Context, in *ImportPath) (*fileOutput, error) {
		b, err := intake.Template(in.Kind)
		if err != nil {
			return nil, err
		}
		k, err := intake.KindOf(in.Kind)
		if err != nil {
			return nil, err
		}
		name := url.PathEscape(k.Label.Zh + "模板.csv")
		return &fileOutput{kind, `attachment; filename="` + in.Kind + `.csv"; filename*=UTF-8''` + name, b}, nil
	})
}
