package hqapi

import (
	"context"
	"net/http"
	"os"

	"sansuiji/schema"
	"sansuiji/server/report"

	"github.com/danielgtaylor/huma/v2"
)

// Documents makes documents that offices send out.
type Documents interface {
	List(ctx context.Context, campaign schema.CampaignID) ([]report.Job, error)
	Start(ctx context.Context, campaign schema.CampaignID, order report.Order, by string) (report.Job, error)
	Cancel(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (report.Job, error)
	Open(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (*os.File, report.Job, error)
}

type jobsOutput struct {
	Body []report.Job
}

type jobOutput struct {
	Body report.Job
}

type orderInput struct {
	CampaignPath
	Body report.Order
}

type jobPath struct {
	CampaignPath
	Report string `path:"report" format:"uuid"`
}

func (p jobPath) ids() (campaign schema.CampaignID, id schema.RowID, err error) {
	if campaign, err = p.id(); err != nil {
		return campaign, id, err
	}
	id, err = parse[schema.RowID](p.Report)
	return campaign, id, err
}

func registerDocuments(api huma.API, documents Documents) {
	huma.Register(api, operation(http.MethodGet, "/campaigns/{campaign}/reports", "reports", "Documents that were asked for, newest first"),
		func(ctx context.Context, in *CampaignPath) (*jobsOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			list, err := documents.List(ctx, id)
			return &jobsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/reports", "start-report", "Ask for a document"),
		func(ctx context.Context, in *orderInput) (*jobOutput, error) {
			id, err := in.id()
			if err != nil {
				return nil, err
			}
			job, err := documents.Start(ctx, id, in.Body, accountOf(ctx).Name)
			return &jobOutput{job}, err
		})
	huma.Register(api, operation(http.MethodPost, "/campaigns/{campaign}/reports/{report}/cancel", "cancel-report", "A document is wanted no longer"),
		func(ctx context.Context, in *jobPath) (*jobOutput, error) {
			campaign, id, err := in.ids()
			if err != nil {
				return nil, err
			}
			job, err := documents.Cancel(ctx, campaign, id)
			return &jobOutput{job}, err
		})
	registerDocumentFile(api, documents)
}

func registerDocumentFile(api huma.API, documents Documents) {
	op := operation(http.MethodGet, "/campaigns/{campaign}/reports/{report}/file", "report-file", "A document that is done")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The file",
		Content:     map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
	huma.Register(api, op, func(ctx context.Context, in *jobPath) (*huma.StreamResponse, error) {
		campaign, id, err := in.ids()
		if err != nil {
			return nil, err
		}
		f, job, err := documents.Open(ctx, campaign, id)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer func() { _ = f.Close() }()
			sendFile(ctx, f, job.MediaType, job.Name, job.Order.Format, job.Size)
		}}, nil
	})
}
