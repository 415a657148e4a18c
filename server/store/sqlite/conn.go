package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/mattn/go-sqlite3"
)

// conn is the writing connection with its prepared statements. It stands below
// database/sql, whose bookkeeping costs as much as a small statement does.
type conn struct {
	raw        *sqlite3.SQLiteConn
	statements map[string]driver.Stmt
	texts      map[shape]string // of row writes
}

// statementsMax bounds the cache: which columns an UPDATE names is up to the
// devices.
const statementsMax = 1000

func newConn(raw driver.Conn) *conn {
	return &conn{raw.(*sqlite3.SQLiteConn), map[string]driver.Stmt{}, map[shape]string{}}
}

func (c *conn) close() error { return errors.Join(c.forget(), c.raw.Close()) }

// forget closes all prepared statements.
func (c *conn) forget() error {
	var errs []error
	for _, s := range c.statements {
		errs = append(errs, s.Close())
	}
	clear(c.statements)
	clear(c.texts)
	return errors.Join(errs...)
}

// script runs statements without arguments.
func (c *conn) script(text string) error {
	_, err := c.raw.Exec(text, nil)
	return err
}

func (c *conn) prepare(query string) (driver.Stmt, error) {
	if s, ok := c.statements[query]; ok {
		return s, nil
	}
	if len(c.statements) >= statementsMax {
		if err := c.forget(); err != nil {
			return nil, err
		}
	}
	s, err := c.raw.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", query, err)
	}
	c.statements[query] = s
	return s, nil
}

func (c *conn) exec(query string, args ...driver.Value) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	if _, err := s.Exec(args); err != nil { //nolint:staticcheck // the form without context is the cheap one
		return fmt.Errorf("run %.60q: %w", query, err)
	}
	return nil
}

// row reads the first row of a query into dest; false says there is none.
func (c *conn) row(query string, dest []driver.Value, args ...driver.Value) (bool, error) {
	found := false
	err := c.each(query, dest, func() error { found = true; return io.EOF }, args...)
	return found, err
}

// each reads every row of a query into dest and calls do, which must not run the
// same query; io.EOF from it ends the reading.
func (c *conn) each(query string, dest []driver.Value, do func() error, args ...driver.Value) error {
	s, err := c.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.Query(args) //nolint:staticcheck // the form without context is the cheap one
	if err != nil {
		return fmt.Errorf("run %.60q: %w", query, err)
	}
	for err == nil {
		if err = rows.Next(dest); err == nil {
			err = do()
		}
	}
	if closed := rows.Close(); closed != nil && errors.Is(err, io.EOF) {
		err = closed
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("read %.60q: %w", query, err)
}

func integer(v driver.Value) int64 { i, _ := v.(int64); return i }

func blob(v driver.Value) []byte { b, _ := v.([]byte); return b }

func text(v driver.Value) string { s, _ := v.(string); return s }

// orNull is nil for an empty text.
func orNull(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}
