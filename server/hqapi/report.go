package hqapi

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

type reportInput struct {
	CampaignPath
	review.FindingFilter
	Language string `query:"lang" default:"zh" enum:"zh,en"`
}

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func registerReport(api huma.API, reports Reports) {
	op := operation(http.MethodGet, "/campaigns/{campaign}/report.xlsx", "report",
		"Workbook of findings and verifications")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "XLSX workbook",
		Content: map[string]*huma.MediaType{
			workbookType: {Schema: &huma.Schema{Type: "string", Format: "binary"}},
		},
	}}
	huma.Register(api, op, func(ctx context.Context, in *reportInput) (*fileOutput, error) {
		id, err := in.id()
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := reports.Workbook(ctx, id, in.FindingFilter, in.Language, &b); err != nil {
			return nil, err
		}
		name := url.PathEscape("核查情況.xlsx")
		return &fileOutput{
			workbookType, `attachment; filename="report.xlsx"; filename*=UTF-8''` + name, b.Bytes(),
		}, nil
	})
}
