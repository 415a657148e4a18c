// Package sqlite keeps campaigns in one SQLite file. One connection writes; a
// pool of others reads, each transaction one consistent state (WAL).
package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite/records"
	"sansuiji/syncengine/failpoint"

	"github.com/mattn/go-sqlite3"
)

// Store is a SQLite file. It implements store.Store.
type Store struct {
	catalogue  *schema.Catalogue
	statements *store.Statements
	points     failpoint.Points
	writer     *conn
	turn       chan struct{} // held by whoever writes
	waiting    atomic.Int64  // merges that wait for the turn
	group      *group        // open; whoever has the turn may look
	readers    *sql.DB
}

// Options are what tests choose.
type Options struct {
	Points failpoint.Points
	// Synchronous is SQLite's setting; FULL, the default, is what keeps an
	// acknowledged entry through a power cut.
	Synchronous string
	// PagesMax bounds the file's size in pages, as a full disk does; 0: no bound.
	PagesMax int
}

// readerSettings give each reader 16 MiB of pages.
const readerSettings = "&_cache_size=-16384&_stmt_cache_size=200"

// readersMax is how many reads run at once.
const readersMax = 4

// writerSettings give the writer 64 MiB of pages and let the log grow to 64 MiB
// before it is copied back: a page that changes often is copied once.
const writerSettings = `PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384;`

// Open opens or makes the database file at path and brings it to this program's
// version.
func Open(ctx context.Context, path string, catalogue *schema.Catalogue) (*Store, error) {
	return OpenWith(ctx, path, catalogue, Options{})
}

// OpenWith is Open with choices.
func OpenWith(
	ctx context.Context, path string, catalogue *schema.Catalogue, o Options,
) (*Store, error) {
	if err := makeFile(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := records.Register(); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_journal_mode=WAL&_busy_timeout=10000&_txlock=immediate&_foreign_keys=off&_synchronous=" +
		cmp.Or(o.Synchronous, "FULL")
	raw, err := (&sqlite3.SQLiteDriver{}).Open(dsn + "&_mutex=no") // one goroutine at a time
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", filepath.Base(path), err)
	}
	s := &Store{
		catalogue: catalogue, statements: store.NewStatements(), points: o.Points,
		writer: newConn(raw), turn: make(chan struct{}, 1),
	}
	if err := errors.Join(s.writer.script(writerSettings), s.migrate(), s.bound(o.PagesMax)); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	if s.readers, err = sql.Open("sqlite3", dsn+readerSettings); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	s.readers.SetMaxOpenConns(readersMax)
	if err := s.readers.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("open database: %w", errors.Join(err, s.Close()))
	}
	return s, nil
}

func (s *Store) bound(pages int) error {
	if pages == 0 {
		return nil
	}
	return s.writer.script(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
}

// makeFile makes the file: SQLite would make it readable for everyone on the
// machine.
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// Close waits for the write under way and closes the file.
func (s *Store) Close() error {
	s.turn <- struct{}{}
	s.endGroup()
	defer func() { <-s.turn }()
	return errors.Join(s.readers.Close(), s.writer.close())
}

// migrate runs the migrations that the file lacks, each in its transaction.
func (s *Store) migrate() error {
	var version [1]driver.Value
	if _, err := s.writer.row("PRAGMA user_version", version[:]); err != nil {
		return fmt.Errorf("read database version: %w", err)
	}
	steps, err := schema.Migrations(schema.OnSQLite)
	if err != nil {
		return err
	}
	upTo, err := schema.MigrationsOf(schema.OnSQLite, s.catalogue.Version)
	if err != nil {
		return err
	}
	steps = steps[:upTo]
	have, _ := version[0].(int64)
	if have > int64(len(steps)) {
		return fmt.Errorf("database has version %d, this program knows %d: use a newer program",
			have, len(steps))
	}
	for _, step := range steps[have:] {
		script := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", step.SQL, step.Number)
		if err := s.writer.script(script); err != nil {
			return fmt.Errorf("migrate to %s: %w", step.Name, errors.Join(err, s.writer.script("ROLLBACK")))
		}
	}
	return nil
}

// Begin adds an empty campaign.
func (s *Store) Begin(ctx context.Context, campaign schema.CampaignID, epoch schema.Epoch) error {
	return s.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `INSERT INTO campaign_state
			(campaign_id, epoch, revision, position, clock, schema) VALUES ($1, $2, 0, 0, 0, 0)`,
			campaign[:], epoch[:])
		if err == nil {
			_, err = q.ExecContext(ctx, `INSERT INTO epoch (campaign_no, began, epoch, revision)
				SELECT no, 0, epoch, 0 FROM campaign_state WHERE campaign_id = $1`, campaign[:])
		}
		return err
	})
}

// Office runs do in a transaction of its own.
func (s *Store) Office(ctx context.Context, do func(store.Queryer) error) error {
	if err := s.takeTurn(ctx); err != nil {
		return err
	}
	defer func() { <-s.turn }()
	tx, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Look runs do on one snapshot.
func (s *Store) Look(ctx context.Context, do func(store.Queryer) error) error {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }()
	return do(conn)
}

// Read runs do on one snapshot of a campaign.
func (s *Store) Read(
	ctx context.Context, campaign schema.CampaignID, do func(store.View) error,
) error {
	return s.Look(ctx, func(q store.Queryer) error {
		view, err := viewOf(ctx, q, campaign)
		if err != nil {
			return err
		}
		return do(view)
	})
}

func viewOf(
	ctx context.Context, q store.Queryer, campaign schema.CampaignID,
) (store.View, error) {
	view := store.View{Queryer: q}
	view.Pack = func(ctx context.Context, p *store.PackQuery) (store.Packed, int, error) {
		return pack(ctx, q, view.CampaignNo, p)
	}
	view.State.Campaign = campaign
	var epoch []byte
	err := q.QueryRowContext(ctx, `SELECT no, epoch, revision, position, clock, backed_up, schema
		FROM campaign_state WHERE campaign_id = $1`, campaign[:]).Scan(
		&view.CampaignNo, &epoch, &view.State.Revision, &view.State.Position, &view.State.Clock,
		&view.State.BackedUp, &view.State.Schema)
	if errors.Is(err, sql.ErrNoRows) {
		return view, store.NoCampaign(campaign)
	}
	if err != nil {
		return view, fmt.Errorf("read campaign: %w", err)
	}
	view.State.Epoch, err = schema.IDFromBytes[schema.Epoch](epoch)
	return view, err
}

func (s *Store) takeTurn(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		s.endGroup()
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to write: %w", ctx.Err())
	}
}
