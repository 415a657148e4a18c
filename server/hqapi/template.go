package hqapi

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report"
	"sansuiji/server/report/docx"
	"sansuiji/server/report/template"

	"github.com/danielgtaylor/huma/v2"
)

// Templates keeps offices' own wordings of documents.
type Templates interface {
	List(ctx context.Context, campaign schema.CampaignID) ([]report.TemplateVersion, error)
	Put(ctx context.Context, campaign schema.CampaignID, in *report.TemplateUpload, by string) (report.TemplateTaken, error)
	Withdraw(ctx context.Context, campaign schema.CampaignID, id schema.RowID, version int64) error
	Open(ctx context.Context, campaign schema.CampaignID, id schema.RowID, version int64) (report.TemplateVersion, []byte, error)
}

type templatesOutput struct {
	Body []report.TemplateVersion
}

type templateInput struct {
	CampaignPath
	Body report.TemplateUpload
}

type templateTakenOutput struct {
	Body report.TemplateTaken
}

type templatePath struct {
	CampaignPath
	Template string `path:"template" format:"uuid"`
	Version  int64  `path:"version" minimum:"1"`
}

func (p templatePath) ids() (campaign schema.CampaignID, id schema.RowID, err error) {
	if campaign, err = p.id(); err != nil {
		return campaign, id, err
	}
	id, err = parse[schema.RowID](p.Template)
	return campaign, id, err
}

type templateKindPath struct {
	Kind     string `path:"kind" enum:"inspection,feedback,visit,progress,ranking"`
	Language string `query:"lang" default:"zh" enum:"zh,en"`
}

const (
	// templateBody is the size of an upload as it travels, in base64.
	templateBody = template.Max/3*4 + 1<<16
	// templateTime is how long it may travel.
	templateTime = 2 * time.Minute

	templatesPath = "/campaigns/{campaign}/templates"
)

func registerTemplates(api huma.API, templates Templates) {
	huma.Register(api, operation(http.MethodGet, templatesPath, "templates", "Templates of documents, every version, the newest first"),
		func(ctx context.Context, in *CampaignPath) (*templatesOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := templates.List(ctx, id)
			return &templatesOutput{list}, err
		})
	put := operation(http.MethodPost, templatesPath, "put-template", "Check a template and keep it, unless something is wrong with it")
	put.MaxBodyBytes, put.BodyReadTimeout = templateBody, templateTime
	huma.Register(api, put, func(ctx context.Context, in *templateInput) (*templateTakenOutput, error) {
		id, err := in.id()
		if err != nil {
			return nil, err
		}
		taken, err := templates.Put(ctx, id, &in.Body, accountOf(ctx).Name)
		return &templateTakenOutput{taken}, err
	})
	huma.Register(api, operation(http.MethodPost, templatesPath+"/{template}/{version}/withdraw", "withdraw-template", "A version is to be used no longer"),
		func(ctx context.Context, in *templatePath) (*struct{}, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			return nil, templates.Withdraw(ctx, campaign, id, in.Version)
		})
	huma.Register(api, docxOperation(templatesPath+"/{template}/{version}/file", "template-file", "A version as it was brought"),
		func(ctx context.Context, in *templatePath) (*fileOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			t, file, err := templates.Open(ctx, campaign, id, in.Version)
			if err != nil {
				return nil, err
			}
			return docxFile(t.Name+".docx", file), nil
		})
	registerTemplateHelp(api)
}

// registerTemplateHelp is what one begins a template with.
func registerTemplateHelp(api huma.API) {
	for _, one := range []struct {
		path, id, summary string
		make              func(ctx context.Context, kind string, english bool) (string, []byte, error)
	}{
		{"/template-kinds/{kind}/standard.docx", "standard-template", "The program's own template of a kind of document, to be edited", report.StandardTemplate},
		{"/template-kinds/{kind}/places.docx", "template-places", "All that a template of a kind can name", report.TemplatePlaces},
	} {
		huma.Register(api, docxOperation(one.path, one.id, one.summary), func(ctx context.Context, in *templateKindPath) (*fileOutput, error) {
			name, file, err := one.make(ctx, in.Kind, in.Language == "en")
			if err != nil {
				return nil, err
			}
			return docxFile(name, file), nil
		})
	}
}

func docxOperation(path, id, summary string) huma.Operation {
	op := operation(http.MethodGet, path, id, summary)
	op.Responses = map[string]*huma.Response{"200": {
		Description: "DOCX",
		Content:     map[string]*huma.MediaType{docx.MediaType: {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
	return op
}

func docxFile(name string, file []byte) *fileOutput {
	return &fileOutput{docx.MediaType, `attachment; filename="template.docx"; filename*=UTF-8''` + url.PathEscape(name), file}
}
