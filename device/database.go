package device

import (
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"

	"sansuiji/schema"

	"github.com/mattn/go-sqlite3"
)

// Errors of the device's storage.
var (
	// ErrFull says that the disk is full: nothing was saved.
	ErrFull = errors.New("the device's storage is full")
	// ErrNewer says that a newer program has written the file.
	ErrNewer = errors.New("the device's file is of a newer program")
)

// database is a SQLite connection with its prepared statements, used by whoever
// holds mu. It stands below database/sql, which would give each of thousands of
// devices goroutines of its own.
type database struct {
	mu         sync.Mutex
	raw        *sqlite3.SQLiteConn
	statements map[string]driver.Stmt
	writes     map[string]string // a row write's text by its table
}

// openFile opens a file such that what is committed survives a power cut.
func openFile(path string) (*database, error) {
	return connect("file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=10000&_mutex=no")
}

// pageSize is that of a database in memory. A small page makes a small device:
// most of its tables hold a few rows.
const pageSize = 1024

func openMemory(pageSize int) (*database, error) {
	db, err := connect(":memory:?_mutex=no")
	if err != nil {
		return nil, err
	}
	return db, db.script(fmt.Sprintf("PRAGMA page_size = %d", pageSize))
}

func connect(dsn string) (*database, error) {
	raw, err := (&sqlite3.SQLiteDriver{}).Open(dsn)
	if err != nil {
		return nil, fmt.Errorf("open device: %w", err)
	}
	return newDatabase(raw.(*sqlite3.SQLiteConn)), nil
}

func newDatabase(raw *sqlite3.SQLiteConn) *database {
	return &database{raw: raw, statements: map[string]driver.Stmt{}, writes: map[string]string{}}
}

func (b *database) close() error { return errors.Join(b.forget(), b.raw.Close()) }

// forget closes all prepared statements.
func (b *database) forget() error {
	var errs []error
	for _, s := range b.statements {
		errs = append(errs, s.Close())
	}
	clear(b.statements)
	return errors.Join(errs...)
}

func (b *database) image() (Image, error) {
	bytes, err := b.raw.Serialize("main")
	if err != nil {
		return nil, fmt.Errorf("copy device: %w", err)
	}
	// A file says of itself that it has a write-ahead log; its image has none.
	bytes[18], bytes[19] = 1, 1
	return bytes, nil
}

// openImage opens a copy of an image in memory. A deserialised database cannot
// grow, so it is only what the copy is made from.
func openImage(image Image) (*database, error) {
	const header = 100 // SQLite's, which has the size of a page at byte 16
	if len(image) < header {
		return nil, fmt.Errorf("load device: an image of %d bytes", len(image))
	}
	size := int(binary.BigEndian.Uint16(image[16:]))
	db, err := openMemory(size)
	if err != nil {
		return nil, err
	}
	if err := db.copyFrom(image); err != nil {
		return nil, fmt.Errorf("load device: %w", errors.Join(err, db.close()))
	}
	return db, nil
}

func (b *database) copyFrom(image Image) error {
	source, err := connect(":memory:?_mutex=no")
	if err != nil {
		return err
	}
	defer func() { _ = source.close() }() // nothing is written to it
	if err := source.raw.Deserialize(image, "main"); err != nil {
		return err
	}
	backup, err := b.raw.Backup("main", source.raw, "main")
	if err != nil {
		return err
	}
	_, err = backup.Step(-1)
	return errors.Join(err, backup.Finish())
}

// migrate runs the migrations that the database lacks, each in its transaction.
func (b *database) migrate(schemaVersion int) error {
	var version int64
	if _, err := b.row("PRAGMA user_version", scan(&version)); err != nil {
		return fmt.Errorf("read the device's version: %w", err)
	}
	steps, err := schema.Migrations(schema.OnDevice)
	if err != nil {
		return err
	}
	upTo, err := schema.MigrationsOf(schema.OnDevice, schemaVersion)
	if err != nil {
		return err
	}
	steps = steps[:upTo]
	if version > int64(len(steps)) {
		return fmt.Errorf("open device: %w: version %d, this program knows %d", ErrNewer, version, len(steps))
	}
	for _, step := range steps[version:] {
		err := b.transact(func() error {
			return b.script(fmt.Sprintf("%s\nPRAGMA user_version = %d;", step.SQL, step.Number))
		})
		if err != nil {
			return fmt.Errorf("migrate device to %s: %w", step.Name, err)
		}
	}
	return nil
}

// transact does all of work or, when it fails or panics, nothing.
func (b *database) transact(work func() error) error {
	if err := b.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer b.rollBack() // does nothing after the commit
	if err := work(); err != nil {
		return err
	}
	return b.exec("COMMIT")
}

// rollBack ends a transaction that is still open; a full disk has ended it already.
func (b *database) rollBack() {
	if !b.raw.AutoCommit() {
		_, _ = b.raw.Exec("ROLLBACK", nil) // it cannot fail where a transaction is open
	}
}

// pagesMost is SQLite's own bound.
const pagesMost = 4294967294

// bound bounds the database's size in pages; 0 is no bound.
func (b *database) bound(pages int) error {
	if pages == 0 {
		pages = pagesMost
	}
	return b.script(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
}

// script runs statements without arguments.
func (b *database) script(text string) error {
	_, err := b.raw.Exec(text, nil)
	return storage(err)
}

func (b *database) prepare(query string) (driver.Stmt, error) {
	if s, ok := b.statements[query]; ok {
		return s, nil
	}
	s, err := b.raw.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("prepare %.60q: %w", query, storage(err))
	}
	b.statements[query] = s
	return s, nil
}

func (b *database) exec(query string, args ...driver.Value) error {
	_, err := b.change(query, args...)
	return err
}

// change runs a statement and counts the rows it changed.
func (b *database) change(query string, args ...driver.Value) (int64, error) {
	s, err := b.prepare(query)
	if err != nil {
		return 0, err
	}
	result, err := s.Exec(args) //nolint:staticcheck // the form without context is the cheap one
	if err != nil {
		return 0, fmt.Errorf("run %.60q: %w", query, storage(err))
	}
	return result.RowsAffected()
}

// row reads the first row of a query; false says there is none.
func (b *database) row(
	query string, read func([]driver.Value) error, args ...driver.Value,
) (found bool, err error) {
	err = b.each(query, func(row []driver.Value) error {
		if found {
			return io.EOF
		}
		found = true
		return read(row)
	}, args...)
	return found, err
}

// each reads every row of a query. read may keep the values and must not run the
// same query; io.EOF from it ends the reading.
func (b *database) each(
	query string, read func([]driver.Value) error, args ...driver.Value,
) error {
	s, err := b.prepare(query)
	if err != nil {
		return err
	}
	rows, err := s.Query(args) //nolint:staticcheck // the form without context is the cheap one
	if err != nil {
		return fmt.Errorf("run %.60q: %w", query, storage(err))
	}
	defer func() { _ = rows.Close() }() // Next has told of any failure
	dest := make([]driver.Value, len(rows.Columns()))
	for err == nil {
		if err = rows.Next(dest); err == nil {
			err = read(dest)
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("read %.60q: %w", query, storage(err))
}

// storage marks the errors that a person can do something about.
func storage(err error) error {
	var e sqlite3.Error
	if errors.As(err, &e) && e.Code == sqlite3.ErrFull {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
