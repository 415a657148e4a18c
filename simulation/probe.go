package simulation

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"sansuiji/syncengine/changeset"

	"github.com/mattn/go-sqlite3"
)

// fileProbe looks into headquarters' file by a connection of its own.
type fileProbe struct {
	raw        *sqlite3.SQLiteConn
	statements map[string]driver.Stmt
}

func newFileProbe(path string) (*fileProbe, error) {
	raw, err := (&sqlite3.SQLiteDriver{}).Open("file:" + path + "?_mutex=no&_busy_timeout=1000")
	if err != nil {
		return nil, err
	}
	return &fileProbe{raw.(*sqlite3.SQLiteConn), map[string]driver.Stmt{}}, nil
}

func (p *fileProbe) close() error {
	var errs []error
	for _, s := range p.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, p.raw.Close())...)
}

func (p *fileProbe) each(query string, read func(row []changeset.Value), args ...any) error {
	s, ok := p.statements[query]
	if !ok {
		var err error
		if s, err = p.raw.Prepare(query); err != nil {
			return fmt.Errorf("prepare %.60q: %w", query, err)
		}
		p.statements[query] = s
	}
	values := make([]driver.Value, len(args))
	for i := range args {
		values[i] = args[i]
	}
	rows, err := s.Query(values) //nolint:staticcheck // the form without context is the cheap one
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

func (p *fileProbe) columns(table string) (names []string, err error) {
	err = p.each("SELECT name FROM pragma_table_info(?) ORDER BY cid", func(row []changeset.Value) {
		names = append(names, string(row[0].Bytes))
	}, table)
	return names, err
}
