package sqlite

import (
	"context"
	"fmt"

	"github.com/mattn/go-sqlite3"
)

// LimitPages makes the database full at a number of pages more than it has; a
// negative one takes the limit away.
func (s *Store) LimitPages(more int) error {
	if err := s.line.Take(context.Background()); err != nil {
		return err
	}
	defer s.line.Give()
	found, err := s.writer.Ask("PRAGMA page_count")
	if err != nil {
		return err
	}
	limit := found[0][0].Int64() + int64(more)
	if more < 0 {
		limit = 1 << 30
	}
	return s.writer.script(fmt.Sprintf("PRAGMA max_page_count = %d", limit))
}

// RefuseSavepoints makes every SAVEPOINT fail; whoever calls has the turn.
func (s *Store) RefuseSavepoints(refuse bool) {
	s.writer.raw.RegisterAuthorizer(func(action int, what, _, _ string) int {
		if refuse && action == sqlite3.SQLITE_SAVEPOINT && what == "BEGIN" {
			return sqlite3.SQLITE_DENY
		}
		return sqlite3.SQLITE_OK
	})
}

// Waiting is how many merges wait for the writer.
func (s *Store) Waiting() int { return s.line.Waiting() }
