package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"sansuiji/server/store"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// conn is a connection with its prepared statements. It stands on the protocol
// itself: numbers, texts, bytes and ids have the same form there as in
// changesets, so values are copied and never converted.
type conn struct {
	raw        *pgconn.PgConn
	statements map[string]*statement
	named      int // statements that the server has
	texts      map[*store.Statement]string
	shapes     *store.Statements
	fresh      bool     // not lent before
	columns    []column // room for a statement's arguments
}

// statement is a prepared statement.
type statement struct {
	text        string
	name        string
	sent        bool
	description *pgconn.StatementDescription // nil until the server has answered
}

// statementsMax bounds the statements that the server keeps for a connection:
// which columns an UPDATE names is up to the devices.
const statementsMax = 256

func newConn(raw *pgconn.PgConn) *conn {
	return &conn{
		raw: raw, statements: map[string]*statement{}, texts: map[*store.Statement]string{},
		shapes: store.NewStatements(), fresh: true,
	}
}

// statement is the one with a text, new if there is none.
func (c *conn) statement(text string) *statement {
	s, ok := c.statements[text]
	if !ok {
		c.named++
		s = &statement{text: text, name: "s" + strconv.Itoa(c.named)}
		c.statements[text] = s
	}
	return s
}

// doubt forgets statements of which it is not known whether the server has them.
func (c *conn) doubt() {
	for text, s := range c.statements {
		if s.description == nil {
			delete(c.statements, text)
		}
	}
}

// trim forgets all prepared statements when there are too many. Nothing may be
// under way.
func (c *conn) trim(ctx context.Context) error {
	if c.named < statementsMax {
		return nil
	}
	clear(c.statements)
	clear(c.texts)
	c.named = 0
	return c.script(ctx, "DEALLOCATE ALL")
}

// script runs statements without arguments.
func (c *conn) script(ctx context.Context, text string) error {
	return lost(ctx, c.raw.Exec(ctx, text).Close())
}

// prepare gets a statement ready for one query at a time.
func (c *conn) prepare(ctx context.Context, text string) (*statement, error) {
	if s, ok := c.statements[text]; ok && s.description != nil {
		return s, nil
	}
	if err := c.trim(ctx); err != nil {
		return nil, err
	}
	s := c.statement(text)
	description, err := c.raw.Prepare(ctx, s.name, text, nil)
	if err != nil {
		c.doubt()
		return nil, fmt.Errorf("prepare %.60q: %w", text, lost(ctx, err))
	}
	s.description = description
	return s, nil
}

// Formats of arguments and results: all binary.
func formats() []int16 { return []int16{1} }

// query runs a statement. The reader must be closed.
func (c *conn) query(
	ctx context.Context, text string, args [][]byte,
) (*pgconn.ResultReader, error) {
	s, err := c.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	if len(args) != len(s.description.ParamOIDs) {
		return nil, fmt.Errorf("run %.60q: %d arguments for %d places", text, len(args),
			len(s.description.ParamOIDs))
	}
	for i, oid := range s.description.ParamOIDs {
		if oid == pgtype.UUIDOID && len(args[i]) != 16 {
			args[i] = nil // no row has such an id, as none equals NULL
		}
	}
	return c.raw.ExecStatement(ctx, s.description, args, formats(), formats()), nil
}

// undo rolls back what is open, if anything is.
func (c *conn) undo(ctx context.Context) error {
	if c.raw.IsClosed() || c.raw.TxStatus() == 'I' {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerMax)
	defer cancel()
	return c.script(ctx, "ROLLBACK")
}

// usable says whether the connection can begin something new.
func (c *conn) usable() bool {
	return !c.raw.IsClosed() && !c.raw.IsBusy() && c.raw.TxStatus() == 'I'
}

// lost marks an error that is not the server's answer: the connection is gone, or
// ctx ended.
func lost(ctx context.Context, err error) error {
	var answer *pgconn.PgError
	switch {
	case err == nil, errors.As(err, &answer), errors.Is(err, store.ErrLost):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return fmt.Errorf("%w: %w", store.ErrLost, err)
}
