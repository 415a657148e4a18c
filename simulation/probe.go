package simulation

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"sansuiji/syncengine/changeset"

	"github.com/mattn/go-sqlite3"
)

// probe looks into headquarters' file by a connection of its own: it sees what is
// committed, and nothing of the program's mind.
type probe struct {
	raw        *sqlite3.SQLiteConn
	statements map[string]driver.Stmt
}

func newProbe(path string) (*probe, error) {
	raw, err := (&sqlite3.SQLiteDriver{}).Open("file:" + path + "?_mutex=no&_busy_timeout=1000")
	if err != nil {
		return nil, err
	}
	return &probe{raw.(*sqlite3.SQLiteConn), map[string]driver.Stmt{}}, nil
}

func (p *probe) close() error {
	var errs []error
	for _, s := range p.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, p.raw.Close())...)
}

// each reads all rows of a query. The values are the callee's.
func (p *probe) each(query string, read func(row []changeset.Value), args ...driver.Value) error {
	s, ok := p.statements[query]
	if !ok {
		var err error
		if s, err = p.raw.Prepare(query); err != nil {
			return fmt.Errorf("prepare %.60q: %w", query, err)
		}
		p.statements[query] = s
	}
	rows, err := s.Query(args) //nolint:staticcheck // the form without context is the cheap one
	if err != nil {
		return fmt.Errorf("run %.60q: %w", query, err)
	}
	dest := make([]driver.Value, len(rows.Columns()))
	for err == nil {
		if err = rows.Next(dest); err == nil {
			values := make([]changeset.Value, len(dest))
			for i := range dest {
				values[i] = changeset.ValueOf(dest[i])
			}
			read(values)
		}
	}
	if closed := rows.Close(); errors.Is(err, io.EOF) {
		err = closed
	}
	return err
}

// rows lists all rows of a query.
func (p *probe) rows(query string, args ...driver.Value) (list [][]changeset.Value, err error) {
	err = p.each(query, func(row []changeset.Value) { list = append(list, row) }, args...)
	return list, err
}

// columns lists a table's columns.
func (p *probe) columns(table string) (names []string, err error) {
	err = p.each("SELECT name FROM pragma_table_info(?) ORDER BY cid", func(row []changeset.Value) {
		names = append(names, string(row[0].Bytes))
	}, table)
	return names, err
}
