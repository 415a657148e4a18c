package hqapi

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"sansuiji/server/report"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

type reportInput struct {
	CampaignPath
	review.FindingFilter
	Language string `query:"lang" default:"zh" enum:"zh,en"`
}

// registerReport gives the workbook that a list's filter means while somebody waits: without
// pictures. With them, and of other kinds, it is a job.
func registerReport(api huma.API, reports Reports) {
	op := operation(http.MethodGet, "/campaigns/{campaign}/report.xlsx", "report",
		"Workbook of findings and verifications")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "XLSX workbook",
		Content:     map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
	huma.Register(api, op, func(ctx context.Context, in *reportInput) (*huma.StreamResponse, error) {
		id, err := in.id()
		if err != nil {
			return nil, err
		}
		order := report.Order{Format: report.XLSX, Filter: in.FindingFilter}
		order.Kind, order.Language, order.Plain = report.Findings, in.Language, true
		f, err := os.CreateTemp("", "report-*")
		if err != nil {
			return nil, err
		}
		drop := func() {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
		made, err := reports.Make(ctx, id, &order, f, nil)
		if err != nil {
			drop()
			return nil, err
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer drop()
			size, err := f.Seek(0, io.SeekEnd)
			if err == nil {
				_, err = f.Seek(0, io.SeekStart)
			}
			if err != nil {
				ctx.SetStatus(http.StatusInternalServerError)
				return
			}
			sendFile(ctx, f, made.MediaType, made.Name, report.XLSX, size)
		}}, nil
	})
}

// sendFile sends a file under its name; ending is that of the name for programs that know
// no other letters than English ones.
func sendFile(ctx huma.Context, f io.Reader, mediaType, name, ending string, size int64) {
	ctx.SetHeader("Content-Type", mediaType)
	ctx.SetHeader("Content-Length", strconv.FormatInt(size, 10))
	ctx.SetHeader("Content-Disposition",
		`attachment; filename="report.`+ending+`"; filename*=UTF-8''`+url.PathEscape(name))
	_, _ = io.Copy(ctx.BodyWriter(), f) // who is gone needs no bytes
}
