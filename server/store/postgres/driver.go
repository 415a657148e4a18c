package postgres

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// connector makes connections for database/sql, which keeps them and lends them
// out. The queries that both engines run see the same types from both: ids are
// bytes, numbers are int64.
type connector struct{ config *pgconn.Config }

// Connect opens a connection.
func (k connector) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := pgconn.ConnectConfig(ctx, k.config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", lost(ctx, err))
	}
	return newConn(raw), nil
}

var errBySQL = errors.New("postgres: not by this way")

// Driver has no connections by name.
func (k connector) Driver() driver.Driver { return k }

// Open is not how connections are made.
func (k connector) Open(string) (driver.Conn, error) { return nil, errBySQL }

// Prepare is not offered: statements are prepared as they are run.
func (c *conn) Prepare(string) (driver.Stmt, error) { return nil, errBySQL }

// Begin is not offered: the store begins transactions itself.
func (c *conn) Begin() (driver.Tx, error) { return nil, errBySQL }

// closeTimeout is how long the server is waited for when a connection closes.
const closeTimeout = 5 * time.Second

// Close closes the connection.
func (c *conn) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return c.raw.Close(ctx)
}

// IsValid says whether the connection can be lent again.
func (c *conn) IsValid() bool {
	c.fresh = false
	return c.usable()
}

// QueryContext runs a query.
func (c *conn) QueryContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Rows, error) {
	r, err := c.run(ctx, query, args)
	if err != nil {
		return nil, err
	}
	return &rows{ctx, query, r}, nil
}

// ExecContext runs a statement and tells how many rows it changed.
func (c *conn) ExecContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Result, error) {
	r, err := c.run(ctx, query, args)
	if err != nil {
		return nil, err
	}
	tag, err := r.Close()
	if err != nil {
		return nil, fmt.Errorf("run %.60q: %w", query, lost(ctx, err))
	}
	return driver.RowsAffected(tag.RowsAffected()), nil
}

func (c *conn) run(
	ctx context.Context, query string, args []driver.NamedValue,
) (*pgconn.ResultReader, error) {
	values := make([][]byte, len(args))
	for i := range args {
		switch v := args[i].Value.(type) {
		case nil:
		case int64:
			values[i] = binary.BigEndian.AppendUint64(nil, uint64(v))
		case float64:
			values[i] = binary.BigEndian.AppendUint64(nil, math.Float64bits(v))
		case string:
			values[i] = []byte(v)
		case []byte:
			values[i] = v
		default:
			return nil, fmt.Errorf("run %.60q: argument %d is a %T", query, i+1, v)
		}
	}
	return c.query(ctx, query, values)
}

// rows are a query's.
type rows struct {
	ctx    context.Context //nolint:containedctx // the query's
	query  string
	reader *pgconn.ResultReader
}

// Columns are the names of the columns.
func (r *rows) Columns() []string {
	fields := r.reader.FieldDescriptions()
	list := make([]string, len(fields))
	for i := range fields {
		list[i] = fields[i].Name
	}
	return list
}

// Next reads a row. Bytes are good until the next.
func (r *rows) Next(dest []driver.Value) error {
	if !r.reader.NextRow() {
		if err := r.Close(); err != nil {
			return err
		}
		return io.EOF
	}
	for i, cell := range r.reader.Values() {
		v, err := decode(r.reader.FieldDescriptions()[i].DataTypeOID, cell)
		if err != nil {
			return fmt.Errorf("read %.60q, column %d: %w", r.query, i, err)
		}
		dest[i] = v
	}
	return nil
}

// Close passes over the rows that are left.
func (r *rows) Close() error {
	if _, err := r.reader.Close(); err != nil {
		return fmt.Errorf("read %.60q: %w", r.query, lost(r.ctx, err))
	}
	return nil
}

var (
	_ driver.QueryerContext = (*conn)(nil)
	_ driver.ExecerContext  = (*conn)(nil)
	_ driver.Validator      = (*conn)(nil)
	_ driver.Rows           = (*rows)(nil)
)
