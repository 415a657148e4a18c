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

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite/records"
	"sansuiji/syncengine/failpoint"

	"github.com/mattn/go-sqlite3"
)

// Store is a SQLite file. It implements store.Store.
type Store struct {
	writer  *conn
	line    *store.Line // of those that use the writer
	readers *sql.DB
}

// Options are what tests choose.
type Options struct {
	Points failpoint.Points
	// Synchronous is SQLite's setting; FULL, the default, is what keeps an
	// acknowledged entry through a power cut.
	Synchronous string
}

// readerSettings give each reader 16 MiB of pages.
const readerSettings = "&_cache_size=-16384"

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
	s := &Store{writer: newConn(raw)}
	s.line = store.NewLine(catalogue, o.Points, s.begin)
	if err := errors.Join(s.writer.script(writerSettings), s.migrate(catalogue)); err != nil {
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
	err := s.line.Take(context.Background())
	defer s.line.Give()
	return errors.Join(err, s.readers.Close(), s.writer.close())
}

// migrate runs the migrations that the file lacks, each in its transaction.
func (s *Store) migrate(catalogue *schema.Catalogue) error {
	var version [1]driver.Value
	if _, err := s.writer.row("PRAGMA user_version", version[:]); err != nil {
		return fmt.Errorf("read database version: %w", err)
	}
	steps, err := schema.Migrations(schema.OnSQLite)
	if err != nil {
		return err
	}
	upTo, err := schema.MigrationsOf(schema.OnSQLite, catalogue.Version)
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
		return store.AddCampaign(ctx, q, campaign, epoch)
	})
}

// Office runs do in a transaction of its own.
func (s *Store) Office(ctx context.Context, do func(store.Queryer) error) error {
	if err := s.line.Take(ctx); err != nil {
		return err
	}
	defer s.line.Give()
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
		view, err := store.NewView(ctx, q, campaign)
		if err != nil {
			return err
		}
		view.Pack = func(ctx context.Context, p *store.PackQuery) (store.Packed, int, error) {
			return pack(ctx, q, view.CampaignNo, p)
		}
		return do(view)
	})
}
