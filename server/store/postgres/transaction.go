package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sansuiji/server/store"

	"github.com/jackc/pgx/v5/pgconn"
)

// transaction is a transaction for writing. Statements are sent ahead, and what
// comes of them is read when an answer is needed.
type transaction struct {
	*conn
	pooled   *sql.Conn // goes back when the transaction is over
	pipeline *pgconn.Pipeline
	ctx      context.Context //nolint:containedctx // the pipeline's
	cancel   context.CancelFunc
	sent     []*statement // not answered yet
	unsent   int          // bytes
	failed   error        // of the part; nothing more is sent in it
}

const (
	// answerMax is how long the server may take from the first statement that is
	// sent ahead to the answer.
	answerMax = 2 * time.Minute
	// sendFrom is from how many bytes on statements are not kept for company: the
	// server can work on them meanwhile.
	sendFrom = 64 << 10
)

// send sends a statement ahead.
func (t *transaction) send(text string, args [][]byte) error {
	if t.failed != nil {
		return t.failed
	}
	if t.pipeline == nil {
		t.ctx, t.cancel = context.WithTimeout(context.Background(), answerMax)
		t.pipeline = t.raw.StartPipeline(t.ctx)
	}
	s := t.statement(text)
	if !s.sent && s.description == nil {
		s.sent = true
		t.pipeline.SendPrepare(s.name, s.text, nil)
	}
	if s.description == nil {
		t.pipeline.SendQueryPrepared(s.name, args, formats(), formats())
	} else {
		t.pipeline.SendQueryStatement(s.description, args, formats(), formats())
	}
	t.sent = append(t.sent, s)
	for i := range args {
		t.unsent += len(args[i])
	}
	if t.unsent >= sendFrom {
		t.unsent = 0
		t.fail(t.pipeline.Flush())
	}
	return t.failed
}

func (t *transaction) fail(err error) {
	if err != nil && t.failed == nil {
		t.failed = lost(t.ctx, err)
	}
}

// answer waits for what comes of all that was sent; last reads the rows of the
// last statement.
func (t *transaction) answer(last func(*pgconn.ResultReader) error) error {
	if t.pipeline == nil {
		return t.failed
	}
	p := t.pipeline
	defer t.cancel()
	t.fail(p.Sync())
	for i, synced := 0, false; !synced && !t.raw.IsClosed(); {
		results, err := p.GetResults()
		switch r := results.(type) {
		case nil:
			synced = err == nil
		case *pgconn.StatementDescription:
			r.Name, r.SQL = t.sent[i].name, t.sent[i].text
			t.sent[i].description = r
		case *pgconn.ResultReader:
			i++
			if i == len(t.sent) && last != nil {
				t.fail(last(r))
			}
			_, err = r.Close()
		case *pgconn.PipelineSync:
			synced = true
		}
		if err != nil {
			t.fail(fmt.Errorf("run %.60q: %w", t.sent[min(i, len(t.sent)-1)].text, err))
		}
	}
	t.fail(p.Close())
	t.pipeline, t.sent, t.unsent = nil, t.sent[:0], 0
	if t.failed != nil {
		t.doubt()
	}
	return t.failed
}

// Statements are those that the connection runs.
func (t *transaction) Statements() *store.Statements { return t.shapes }

// Check waits until all that was sent has been answered.
func (t *transaction) Check() error { return t.answer(nil) }

// Save begins a part.
func (t *transaction) Save() error { return t.send("SAVEPOINT merge", nil) }

// Keep ends a part, when all that was sent has been answered.
func (t *transaction) Keep() error {
	if err := t.answer(nil); err != nil {
		return err
	}
	return t.send("RELEASE SAVEPOINT merge", nil)
}

// Undo ends a part without a trace.
func (t *transaction) Undo() error {
	if err := t.answer(nil); err != nil && t.raw.IsClosed() {
		return err
	}
	t.failed = nil
	if err := t.send("ROLLBACK TO SAVEPOINT merge", nil); err != nil {
		return err
	}
	if err := t.send("RELEASE SAVEPOINT merge", nil); err != nil {
		return err
	}
	return t.answer(nil)
}

// errUndone says that the server undid a transaction that was to be committed.
var errUndone = errors.New("the server undid the transaction")

// End commits, or undoes all, and gives the connection back.
func (t *transaction) End(broken error) error {
	err := broken
	if err == nil {
		err = t.commit()
	} else {
		_ = t.answer(nil)
	}
	err = errors.Join(err, t.undo(context.Background()))
	return errors.Join(fault(err), t.pooled.Close())
}

func (t *transaction) commit() error {
	if err := t.send("COMMIT", nil); err != nil {
		return err
	}
	return t.answer(func(r *pgconn.ResultReader) error {
		tag, err := r.Close()
		if err == nil && tag.String() != "COMMIT" {
			err = errUndone
		}
		return err
	})
}
