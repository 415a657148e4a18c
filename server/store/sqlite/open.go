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
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite/gather"
	_ "sansuiji/server/store/sqlite/process" // what holds for all connections
	"sansuiji/server/store/sqlite/records"
	"sansuiji/syncengine/failpoint"

	"github.com/mattn/go-sqlite3"
)

// Store is a SQLite file. It implements store.Store.
type Store struct {
	points  failpoint.Points
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
	// Checkpoint is from how many pages on the log is copied back; 0: as many as
	// is good for the disk.
	Checkpoint int
	// PagesMax bounds the file's size in pages, as a full disk does; 0: no bound.
	PagesMax int
	// Opening is what may be done to the file; unless it may be begun, it must be there.
	Opening store.Opening
}

// readerSettings give each reader 16 MiB of pages.
const readerSettings = "&_cache_size=-16384&_stmt_cache_size=200"

// readersMax is how many reads run at once.
const readersMax = 4

// writerSettings give the writer 64 MiB of pages and let the log grow to 64 MiB
// before it is copied back: a page that changes often is copied once.
const (
	writerSettings  = `PRAGMA journal_mode = WAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = %d;`
	checkpointPages = 16384
)

// Open opens or makes the database file at path and brings it to this program's
// version.
func Open(ctx context.Context, path string, catalogue *schema.Catalogue) (*Store, error) {
	return OpenWith(ctx, path, catalogue, Options{})
}

// OpenWith is Open with choices.
func OpenWith(
	ctx context.Context, path string, catalogue *schema.Catalogue, o Options,
) (*Store, error) {
	if o.Opening != store.AsIs {
		if err := makeFile(path); err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
	}
	o.Points.Hit("store.file-made")
	if err := errors.Join(records.Register(), gather.Register()); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	synchronous := cmp.Or(o.Synchronous, "FULL")
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?mode=rw&_busy_timeout=10000&_txlock=immediate&_foreign_keys=off&_synchronous=" + synchronous
	writing := "&_mutex=no" // one goroutine at a time
	if synchronous == "FULL" {
		writing += "&vfs=" + gather.VFS
	}
	raw, err := (&sqlite3.SQLiteDriver{}).Open(dsn + writing)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", filepath.Base(path), err)
	}
	s := &Store{points: o.Points, writer: newConn(raw)}
	s.line = store.NewLine(catalogue, o.Points, s.begin)
	o.Points.Hit("store.opened")
	if err := s.ready(catalogue, o); err != nil {
		return nil, errors.Join(err, s.writer.close())
	}
	if s.readers, err = sql.Open("sqlite3", dsn+readerSettings); err != nil {
		return nil, errors.Join(err, s.writer.close())
	}
	s.readers.SetMaxOpenConns(readersMax)
	if err := s.readers.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("open database: %w", errors.Join(err, s.Close()))
	}
	o.Points.Hit("store.ready")
	return s, nil
}

// MakeFolder makes a folder that is there after a power cut, too, if it is not
// there. For what is in it SQLite cares.
func MakeFolder(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	return Sync(filepath.Dir(filepath.Clean(path)))
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
	if err := MakeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// Close waits for the write under way, copies the log back and closes the file.
func (s *Store) Close() error {
	err := s.line.Take(context.Background())
	defer s.line.Give()
	s.points.Hit("store.closing")
	err = errors.Join(err, s.readers.Close(), s.writer.script("PRAGMA wal_checkpoint(PASSIVE)"))
	s.points.Hit("store.checkpointed")
	err = errors.Join(err, s.writer.close())
	s.points.Hit("store.closed")
	return err
}

// ready looks at the file before anything in it changes, and brings it to the program's
// version.
func (s *Store) ready(catalogue *schema.Catalogue, o Options) error {
	steps, err := s.lacking(catalogue, o.Opening)
	if err != nil {
		return err
	}
	if err := s.writer.script(fmt.Sprintf(writerSettings, cmp.Or(o.Checkpoint, checkpointPages))); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	for _, step := range steps {
		if err := s.step(step); err != nil {
			return fmt.Errorf("migrate to %s: %w", step.Name, errors.Join(err, s.writer.script("ROLLBACK")))
		}
	}
	return s.bound(o.PagesMax)
}

// lacking lists the migrations that the file lacks.
func (s *Store) lacking(catalogue *schema.Catalogue, opening store.Opening) ([]schema.Migration, error) {
	var version [1]driver.Value
	if _, err := s.writer.row("PRAGMA user_version", version[:]); err != nil {
		return nil, fmt.Errorf("read database version: %w", err)
	}
	steps, err := store.Migrations(schema.OnSQLite, catalogue.Version)
	if err != nil {
		return nil, err
	}
	number, _ := version[0].(int64)
	have := int(number)
	if have == 0 {
		if err := s.wantsEmpty(); err != nil {
			return nil, err
		}
	}
	if err := opening.Check(have, len(steps)); err != nil {
		return nil, err
	}
	return steps[have:], nil
}

// wantsEmpty refuses a file in which another program keeps its tables.
func (s *Store) wantsEmpty() error {
	var tables [1]driver.Value
	if _, err := s.writer.row("SELECT count(*) FROM sqlite_schema", tables[:]); err != nil {
		return fmt.Errorf("read database: %w", err)
	}
	if n, _ := tables[0].(int64); n > 0 {
		return errors.New("the file is a database of another program: use another folder")
	}
	return nil
}

// step runs a migration in its transaction, together with its number.
func (s *Store) step(m schema.Migration) error {
	for _, part := range []struct{ text, point string }{
		{"BEGIN IMMEDIATE", "migrate.begun"},
		{m.SQL, "migrate.run"},
		{fmt.Sprintf("PRAGMA user_version = %d", m.Number), "migrate.numbered"},
		{"COMMIT", "migrate.committed"},
	} {
		if err := s.writer.script(part.text); err != nil {
			return err
		}
		s.points.Hit(part.point)
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
	return explain(s.office(ctx, do))
}

func (s *Store) office(ctx context.Context, do func(store.Queryer) error) error {
	if err := s.line.Take(ctx); err != nil {
		return err
	}
	defer s.line.Give()
	tx, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	s.points.Hit("office.begun")
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	s.points.Hit("office.before-commit")
	err = tx.Commit()
	s.points.Hit("office.after-commit")
	return err
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
		view.Find = func(ctx context.Context, s *store.Statement, keys *store.Rows) (store.Packed, error) {
			return find(ctx, q, view.CampaignNo, s, keys)
		}
		view.Pack = func(ctx context.Context, p *store.PackQuery) (store.Packed, int, error) {
			return pack(ctx, q, view.CampaignNo, p)
		}
		view.Tally = func(ctx context.Context, table string, by ...string) (store.Packed, error) {
			return tally(ctx, q, view.CampaignNo, table, by)
		}
		return do(view)
	})
}
