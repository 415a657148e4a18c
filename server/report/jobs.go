package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
)

// Jobs makes documents one after the other, beside what else the server does. What was
// under way when it stopped is made anew when it starts again.
type Jobs struct {
	Printer *Printer
	Ingest  *ingest.Service // notes each document in the history
	Folder  string          // of the files, by their hash
	Keep    time.Duration   // how long files are kept; 0: for good
	Log     *slog.Logger

	mutex   sync.Mutex
	current schema.RowID       // the job that is being made
	cancel  context.CancelFunc // ends it
	wake    chan struct{}
}

// NewJobs makes the folder of the files.
func NewJobs(printer *Printer, in *ingest.Service, folder string, log *slog.Logger) (*Jobs, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of reports: %w", err)
	}
	return &Jobs{Printer: printer, Ingest: in, Folder: folder, Log: log, wake: make(chan struct{}, 1)}, nil
}

// waitingMax is how many jobs of a campaign may wait at once.
const waitingMax = 20

// Start queues a document.
func (s *Jobs) Start(ctx context.Context, campaign schema.CampaignID, order Order, by string) (Job, error) {
	if err := order.check(); err != nil {
		return Job{}, err
	}
	var position uint64
	if err := s.Printer.Store.Read(ctx, campaign, func(v store.View) error {
		position = v.State.Position
		var waiting int
		err := v.QueryRowContext(ctx, `SELECT count(*) FROM report_job WHERE campaign_no = $1 AND state IN ('queued', 'running')`,
			v.CampaignNo).Scan(&waiting)
		if err == nil && waiting >= waitingMax {
			err = schema.NewFault(schema.FaultTooMany, "reports that wait")
		}
		if err == nil {
			err = order.settle(ctx, v, order.Kind)
		}
		return err
	}); err != nil {
		return Job{}, err
	}
	parameters, err := json.Marshal(order)
	if err != nil {
		return Job{}, err
	}
	id := schema.NewRowID()
	err = s.office(ctx, `INSERT INTO report_job (campaign_no, id, kind, parameters, position, state, made_by, made_at)
		SELECT no, $1, $2, $3, $4, 'queued', $5, $6 FROM campaign_state WHERE campaign_id = $7`,
		id[:], order.Kind, string(parameters), int64(position), by, s.Ingest.Now().UnixMilli(), campaign[:])
	if err != nil {
		return Job{}, fmt.Errorf("queue report: %w", err)
	}
	select {
	case s.wake <- struct{}{}:
	default: // it is awake
	}
	return s.Find(ctx, campaign, id)
}

// Cancel ends a job that waits or is being made.
func (s *Jobs) Cancel(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (Job, error) {
	err := s.office(ctx, `UPDATE report_job SET state = 'cancelled', finished_at = $1
		WHERE id = $2 AND state IN ('queued', 'running')
		AND campaign_no = (SELECT no FROM campaign_state WHERE campaign_id = $3)`,
		s.Ingest.Now().UnixMilli(), id[:], campaign[:])
	if err != nil {
		return Job{}, fmt.Errorf("cancel report: %w", err)
	}
	s.mutex.Lock()
	if s.current == id && s.cancel != nil {
		s.cancel()
	}
	s.mutex.Unlock()
	return s.Find(ctx, campaign, id)
}

// Open opens the file of a job that is done.
func (s *Jobs) Open(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (*os.File, Job, error) {
	j, err := s.Find(ctx, campaign, id)
	if err != nil {
		return nil, j, err
	}
	if j.State != Done {
		return nil, j, schema.NewFault(schema.FaultNotFound, "the report is "+j.State)
	}
	f, err := os.Open(s.path(j.Hash))
	if errors.Is(err, os.ErrNotExist) {
		err = schema.NewFault(schema.FaultNotFound, "the file of report "+j.ID)
	}
	return f, j, err
}

func (s *Jobs) path(hash string) string { return filepath.Join(s.Folder, hash) }

func (s *Jobs) office(ctx context.Context, query string, args ...any) error {
	return s.Printer.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, query, args...)
		return err
	})
}

// pause is how long it takes at most until a job that another server queued is seen, or
// one is tried again after the database was away.
const pause = 30 * time.Second

// Run makes documents until ctx ends.
func (s *Jobs) Run(ctx context.Context) {
	resumed, swept := false, time.Time{}
	for ctx.Err() == nil {
		if !resumed {
			err := s.office(ctx, `UPDATE report_job SET state = 'queued', done = 0 WHERE state = 'running'`)
			resumed = s.told(ctx, "resume reports", err)
		}
		if time.Since(swept) >= sweepEvery && s.told(ctx, "let old reports go", s.sweep(ctx)) {
			swept = time.Now()
		}
		again, err := s.next(ctx)
		if s.told(ctx, "make report", err) && again {
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-time.After(pause):
		}
	}
}

// told logs an error, and says whether there was none.
func (s *Jobs) told(ctx context.Context, what string, err error) bool {
	if err != nil && ctx.Err() == nil {
		s.Log.Error(what, "error", err)
	}
	return err == nil
}

// task is a job that is being made.
type task struct {
	campaign schema.CampaignID
	number   int64 // of the campaign
	id       schema.RowID
	order    Order
	by       string
}

// next makes the job that waits longest, and says whether there was one.
func (s *Jobs) next(ctx context.Context) (bool, error) {
	t, err := s.claim(ctx)
	if err != nil || t == nil {
		return false, err
	}
	working, cancel := context.WithCancel(ctx)
	defer cancel()
	s.mutex.Lock()
	s.current, s.cancel = t.id, cancel
	s.mutex.Unlock()
	err = s.do(working, t)
	s.mutex.Lock()
	s.current, s.cancel = schema.RowID{}, nil
	s.mutex.Unlock()
	switch {
	case err == nil, ctx.Err() != nil: // a server that stops goes on later
		return true, nil
	case working.Err() != nil, errors.Is(err, errCancelled):
		return true, nil
	}
	s.Log.Error("make report", "job", t.id, "error", err)
	code := schema.FaultCode(err)
	if code == "" {
		code = schema.FaultInternal
	}
	return true, s.office(ctx, `UPDATE report_job SET state = 'failed', problem = $1, finished_at = $2
		WHERE campaign_no = $3 AND id = $4 AND state = 'running'`, code, s.Ingest.Now().UnixMilli(), t.number, t.id[:])
}

// claim takes the job that waits longest.
func (s *Jobs) claim(ctx context.Context) (t *task, err error) {
	err = s.Printer.Store.Office(ctx, func(q store.Queryer) error {
		list, err := store.List(ctx, q, func(row store.Scanner) (t task, err error) {
			var id, campaign []byte
			var parameters string
			if err = row.Scan(&t.number, &campaign, &id, &parameters, &t.by); err != nil {
				return t, err
			}
			t.campaign, t.id = schema.CampaignID(campaign), schema.RowID(id)
			return t, json.Unmarshal([]byte(parameters), &t.order)
		}, `SELECT j.campaign_no, c.campaign_id, j.id, j.parameters, j.made_by FROM report_job j
			JOIN campaign_state c ON c.no = j.campaign_no WHERE j.state = 'queued' ORDER BY j.made_at, j.id LIMIT 1`)
		if err != nil || len(list) == 0 {
			return err
		}
		result, err := q.ExecContext(ctx, `UPDATE report_job SET state = 'running', done = 0
			WHERE campaign_no = $1 AND id = $2 AND state = 'queued'`, list[0].number, list[0].id[:])
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 { // another server was faster
			return err
		}
		t = &list[0]
		return nil
	})
	return t, err
}

// errCancelled says that somebody ended a job.
var errCancelled = errors.New("the report was cancelled")

// do makes a file and keeps it.
func (s *Jobs) do(ctx context.Context, t *task) error {
	kept, err := s.make(ctx, t)
	if err != nil {
		return err
	}
	if err := s.Ingest.Record(ctx, t.campaign, ingest.Event{
		Kind: schema.EventExported, Actor: t.by, Position: uint64(kept.Position),
		Detail: fmt.Sprintf("%s %s %x", t.order.Kind, kept.Name, kept.hash),
	}); err != nil {
		return err
	}
	return s.office(ctx, `UPDATE report_job SET state = 'done', done = total, finished_at = $1, hash = $2, size = $3,
			media_type = $4, file_name = $5
		WHERE campaign_no = $6 AND id = $7 AND state = 'running'`,
		s.Ingest.Now().UnixMilli(), kept.hash, kept.size, kept.MediaType, kept.Name, t.number, t.id[:])
}

// tell writes down how far a job is, and finds out whether it is still wanted.
func (s *Jobs) tell(ctx context.Context, t *task, at Stage) error {
	return s.Printer.Store.Office(ctx, func(q store.Queryer) error {
		result, err := q.ExecContext(ctx, `UPDATE report_job SET done = $1, total = $2, position = $3
			WHERE campaign_no = $4 AND id = $5 AND state = 'running'`, at.Done, at.Total, at.Position, t.number, t.id[:])
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return errCancelled
	})
}

// tellEvery is how much time passes at least between two looks.
const tellEvery = 500 * time.Millisecond

// kept is a file in the folder, named by its hash.
type kept struct {
	File
	hash []byte
	size int64
}

// make makes a file, whose name is its hash when it is whole.
func (s *Jobs) make(ctx context.Context, t *task) (k kept, err error) {
	f, err := os.CreateTemp(s.Folder, incoming+"*")
	if err != nil {
		return k, err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone when all went well
	sum := sha256.New()
	var told time.Time
	k.File, err = s.Printer.Make(ctx, t.campaign, &t.order, io.MultiWriter(f, sum), func(at Stage) error {
		if time.Since(told) < tellEvery {
			return ctx.Err()
		}
		told = time.Now()
		return s.tell(ctx, t, at)
	})
	if err != nil {
		return k, errors.Join(err, f.Close())
	}
	k.size, err = f.Seek(0, io.SeekCurrent)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return k, err
	}
	k.hash = sum.Sum(nil)
	return k, os.Rename(f.Name(), s.path(hex.EncodeToString(k.hash)))
}
