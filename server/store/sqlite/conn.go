package sqlite

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"sansuiji/server/store"

	"github.com/mattn/go-sqlite3"
)

// conn is the writing connection with its prepared statements. It stands below
// database/sql, whose bookkeeping costs as much as a small statement does.
type conn struct {
	raw        *sqlite3.SQLiteConn
	statements map[string]driver.Stmt
	texts      map[*store.Statement]string
	shapes     *store.Statements
}

// statementsMax bounds the cache: which columns an UPDATE names is up to the
// devices.
const statementsMax = 1000

func newConn(raw driver.Conn) *conn {
	return &conn{
		raw.(*sqlite3.SQLiteConn),
		map[string]driver.Stmt{},
		map[*store.Statement]string{},
		store.NewStatements(),
	}
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
	s, err := c.prepare(query)
	if err != nil {
		return false, err
	}
	found := false
	return found, c.each(s, query, func(row []driver.Value) {
		if !found {
			found = true
			copy(dest, row)
		}
	}, args...)
}

// each calls do with every row of a query; do must not run the same query.
func (c *conn) each(
	s driver.Stmt, query string, do func(row []driver.Value), args ...driver.Value,
) error {
	rows, err := s.Query(args) //nolint:staticcheck // the form without context is the cheap one
	if err != nil {
		return fmt.Errorf("run %.60q: %w", query, err)
	}
	dest := make([]driver.Value, len(rows.Columns()))
	for err == nil {
		if err = rows.Next(dest); err == nil {
			do(dest)
		}
	}
	if closed := rows.Close(); errors.Is(err, io.EOF) {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("read %.60q: %w", query, err)
	}
	return nil
}
