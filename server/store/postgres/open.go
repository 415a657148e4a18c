// Package postgres keeps campaigns in a PostgreSQL database, which any number of
// servers may share: what one of them knows, it knows from there. Merges of one
// campaign go one after another, by a lock on its row; campaigns do not wait for
// one another, and readers wait for nobody.
package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/failpoint"

	"github.com/jackc/pgx/v5/pgconn"
)

// Store is a PostgreSQL database. It implements store.Store.
type Store struct {
	catalogue *schema.Catalogue
	points    failpoint.Points
	wait      time.Duration
	writers   *sql.DB
	readers   *sql.DB

	mu    sync.Mutex
	lines map[schema.CampaignID]*line
}

// Options are what tests choose.
type Options struct {
	Points failpoint.Points
	// Connections is how many connections write, and how many read, at most; 0: 8.
	Connections int
	// Wait is how long somebody waits for a connection that another has; 0: 10 s.
	Wait time.Duration
	// Opening is what may be done to the database.
	Opening store.Opening
}

const (
	connectionsMax = 8
	connectTimeout = 10 * time.Second
	// waitMax is how long somebody waits for a connection that another has.
	waitMax = 10 * time.Second
	// idleMax is after how long an idle connection is closed.
	idleMax = 5 * time.Minute
)

// writing are the settings of connections that merge. They find rows by their
// keys alone, so the plans need no statistics; and a server that hangs must not
// keep a campaign from the others.
func writing() map[string]string {
	return map[string]string{
		"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
		"enable_bitmapscan": "off", "plan_cache_mode": "force_generic_plan",
		"lock_timeout": "60s", "idle_in_transaction_session_timeout": "120s",
	}
}

// settings are those of every connection. synchronous_commit is what keeps an
// acknowledged entry through a power cut.
func settings() map[string]string {
	return map[string]string{
		"application_name": "sansuiji", "client_encoding": "UTF8", "synchronous_commit": "on",
		"jit": "off", "standard_conforming_strings": "on",
	}
}

// Open opens the database at url (postgres://…, or key=value words) and brings it
// to this program's version. Who works on it for long takes a Guard first.
func Open(ctx context.Context, url string, catalogue *schema.Catalogue) (*Store, error) {
	return OpenWith(ctx, url, catalogue, Options{})
}

// OpenWith is Open with choices.
func OpenWith(
	ctx context.Context, url string, catalogue *schema.Catalogue, o Options,
) (*Store, error) {
	config, err := configure(url)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, config, catalogue.Version, o.Opening); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	most := cmp.Or(o.Connections, connectionsMax)
	reading := pool(config, most)
	config = config.Copy()
	add(config, writing())
	return &Store{
		catalogue: catalogue, points: o.Points, wait: cmp.Or(o.Wait, waitMax),
		readers: reading, writers: pool(config, most), lines: map[schema.CampaignID]*line{},
	}, nil
}

// configure reads where a database is.
func configure(url string) (*pgconn.Config, error) {
	config, err := pgconn.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err) // it leaves the password out
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	add(config, settings())
	return config, nil
}

func add(config *pgconn.Config, settings map[string]string) {
	for name, value := range settings {
		config.RuntimeParams[name] = value
	}
}

func pool(config *pgconn.Config, most int) *sql.DB {
	db := sql.OpenDB(connector{config})
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	db.SetConnMaxIdleTime(idleMax)
	return db
}

// Close closes the connections. Nothing may be under way.
func (s *Store) Close() error { return errors.Join(s.readers.Close(), s.writers.Close()) }

// take borrows a connection on which begin was run; Close gives it back. One that
// was lost since it was used last is no reason to give up: nothing is done yet.
func (s *Store) take(
	ctx context.Context, db *sql.DB, begin string,
) (pooled *sql.Conn, c *conn, err error) {
	waiting, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	for range db.Stats().MaxOpenConnections + 1 {
		if pooled, c, err = borrow(waiting, db); err != nil {
			break
		}
		if err = c.script(ctx, begin); err == nil {
			return pooled, c, nil
		}
		fresh := c.fresh
		err = errors.Join(err, c.undo(ctx), pooled.Close())
		if fresh || !errors.Is(err, store.ErrLost) {
			break
		}
	}
	if waiting.Err() != nil && ctx.Err() == nil && !errors.Is(err, store.ErrLost) {
		err = &schema.FaultError{Code: schema.FaultBusy, Detail: "connections to the database", Err: err}
	}
	return nil, nil, fmt.Errorf("take a connection: %w", err)
}

func borrow(ctx context.Context, db *sql.DB) (pooled *sql.Conn, c *conn, err error) {
	if pooled, err = db.Conn(ctx); err != nil {
		return nil, nil, err
	}
	err = pooled.Raw(func(lent any) error {
		c = lent.(*conn)
		return nil
	})
	return pooled, c, err
}

// line is a campaign's, for as long as somebody stands in it.
type line struct {
	*store.Line
	users int
}

// Merge runs do in the campaign's line.
func (s *Store) Merge(
	ctx context.Context, campaign schema.CampaignID, do func(*store.Tx) error,
) error {
	l := s.enter(campaign)
	defer s.leave(campaign, l)
	return fault(l.Merge(ctx, campaign, do))
}

func (s *Store) enter(campaign schema.CampaignID) *line {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lines[campaign]
	if l == nil {
		l = &line{Line: store.NewLine(s.catalogue, s.points, s.begin)}
		s.lines[campaign] = l
	}
	l.users++
	return l
}

func (s *Store) leave(campaign schema.CampaignID, l *line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(s.lines, campaign)
	}
}

// begin opens a transaction on a connection that merges.
func (s *Store) begin(ctx context.Context) (store.Transaction, error) {
	pooled, c, err := s.take(ctx, s.writers, "BEGIN")
	if err != nil {
		return nil, err
	}
	t := &transaction{conn: c, pooled: pooled}
	if err := c.trim(ctx); err != nil {
		return nil, t.End(err)
	}
	return t, nil
}
