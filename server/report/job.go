package report

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/report/official"
	"sansuiji/server/review"
	"sansuiji/server/store"
)

// States of a job.
const (
	Queued    = "queued"
	Running   = "running"
	Done      = "done"
	Failed    = "failed"
	Cancelled = "cancelled"
	Expired   = "expired" // its file was let go
)

// Order is a file that somebody wants in a format.
type Order struct {
	official.Request
	Format string               `json:"format" enum:"docx,pdf,xlsx,zip"`
	Filter review.FindingFilter `json:"filter,omitzero" doc:"Of a workbook: which findings, beside where"`
	Wording
}

// Job is a file that is made, or was.
type Job struct {
	ID         string `json:"id" format:"uuid"`
	Order      Order  `json:"order"`
	State      string `json:"state" enum:"queued,running,done,failed,cancelled,expired"`
	Position   int64  `json:"position" doc:"Of the history that it shows"`
	Done       int64  `json:"done" doc:"Pictures, or rows, so far"`
	Total      int64  `json:"total"`
	Problem    string `json:"problem,omitempty" doc:"Code of the fault that ended it"`
	MadeBy     string `json:"made_by"`
	MadeAt     int64  `json:"made_at" doc:"Unix milliseconds"`
	FinishedAt *int64 `json:"finished_at,omitempty"`
	Hash       string `json:"hash,omitempty" doc:"SHA-256 of the file"`
	Size       int64  `json:"size,omitempty"`
	MediaType  string `json:"media_type,omitempty"`
	Name       string `json:"name,omitempty" doc:"Of the file"`
}

// jobsMax is how many jobs are listed, the newest first.
const jobsMax = 200

const selectJobs = `SELECT id, parameters, position, state, done, total, coalesce(problem, ''), made_by, made_at,
		finished_at, hash, coalesce(size, 0), coalesce(media_type, ''), coalesce(file_name, '')
	FROM report_job WHERE campaign_no = $1`

func scanJob(row store.Scanner) (j Job, err error) {
	var id, hash []byte
	var parameters string
	var finished sql.NullInt64
	if err := row.Scan(&id, &parameters, &j.Position, &j.State, &j.Done, &j.Total, &j.Problem, &j.MadeBy, &j.MadeAt,
		&finished, &hash, &j.Size, &j.MediaType, &j.Name); err != nil {
		return j, err
	}
	row16, err := schema.IDFromBytes[schema.RowID](id)
	if err != nil {
		return j, err
	}
	j.ID, j.Hash = row16.String(), hex.EncodeToString(hash)
	if finished.Valid {
		j.FinishedAt = &finished.Int64
	}
	if err := json.Unmarshal([]byte(parameters), &j.Order); err != nil {
		return j, fmt.Errorf("read order of job %s: %w", j.ID, err)
	}
	return j, nil
}

// check refuses an order that makes no file.
func (o *Order) check() error {
	if !slices.Contains(Formats(o.Kind), o.Format) {
		return schema.NewFault(schema.FaultValue, o.Kind+" as "+o.Format)
	}
	if err := o.Wording.check(o.Kind, o.Format); err != nil {
		return err
	}
	if isKind(books(), o.Kind) {
		_, _, err := o.Filter.Where(nil)
		return errors.Join(err, o.CheckScope())
	}
	return o.Check()
}

// List lists a campaign's jobs, the newest first.
func (s *Jobs) List(ctx context.Context, campaign schema.CampaignID) (list []Job, err error) {
	err = s.Printer.Store.Read(ctx, campaign, func(v store.View) error {
		list, err = store.List(ctx, v, scanJob, selectJobs+fmt.Sprintf(" ORDER BY made_at DESC, id DESC LIMIT %d", jobsMax), v.CampaignNo)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	return list, nil
}

// Find reads one job.
func (s *Jobs) Find(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (j Job, err error) {
	err = s.Printer.Store.Read(ctx, campaign, func(v store.View) error {
		list, err := store.List(ctx, v, scanJob, selectJobs+" AND id = $2", v.CampaignNo, id[:])
		if err == nil && len(list) == 0 {
			err = schema.NewFault(schema.FaultNotFound, id.String())
		}
		if err == nil {
			j = list[0]
		}
		return err
	})
	if err != nil {
		return j, fmt.Errorf("find report %s: %w", id, err)
	}
	return j, nil
}
