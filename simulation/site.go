package simulation

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"sansuiji/schema"
	"sansuiji/server/backup"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/changeset"
)

// site is where headquarters keeps its data: SQLite files, or databases of a
// PostgreSQL server. A name stands for one of them.
type site interface {
	// place is the name of a database of a life.
	place(folder, name string) string
	// create makes a new database without tables.
	create(name string) error
	// copied makes a database out of one that nobody has open.
	copied(from, to string) error
	open(name string, catalogue *schema.Catalogue, o opening) (store.Store, error)
	// look opens a view of what is committed.
	look(name string, db store.Store) (probe, error)
	// killed ends what a killed program left, and names what the next one begins with:
	// it may be a copy under the name next.
	killed(name, next string) (string, error)
	// backup copies the database into a new one of a name, as people do; false: there is no copy.
	backup(h *headquarters, to string) (bool, error)
	// restore puts a copy in the place of headquarters' database, as people do.
	restore(h *headquarters, from string) error
	// fills says whether its disk can be made full.
	fills() bool
	// removed removes a life's databases that are not in its folder.
	removed(folder string) error
}

// opening is how a database is opened.
type opening struct {
	points func(string)
	full   bool // it can grow no more
}

// probe looks at headquarters' database from aside: it sees what is committed, and
// nothing of the program's mind.
type probe interface {
	// each reads all rows of a query with a ? for each argument. The values are the
	// callee's.
	each(query string, read func(row []changeset.Value), args ...any) error
	// columns lists a table's columns.
	columns(table string) ([]string, error)
	close() error
}

// ask lists all rows of a query.
func ask(p probe, query string, args ...any) (list [][]changeset.Value, err error) {
	err = p.each(query, func(row []changeset.Value) { list = append(list, row) }, args...)
	return list, err
}

// files is the site of SQLite files.
type files struct{}

func (files) place(folder, name string) string { return filepath.Join(folder, name+".db") }

func (files) create(string) error { return nil } // opening does

// copied copies a file that nobody writes.
func (files) copied(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600)
}

func (files) open(name string, catalogue *schema.Catalogue, o opening) (store.Store, error) {
	options := sqlite.Options{Points: o.points, Synchronous: "OFF"} // programs are killed here, and the machine goes on
	if o.full {
		options.PagesMax = 1 // no more than there are
	}
	db, err := sqlite.OpenWith(context.Background(), name, catalogue, options)
	if err != nil {
		return nil, err
	}
	return db, nil
}

func (files) look(name string, _ store.Store) (probe, error) { return newFileProbe(name) }

// killed copies the file as it is: what a kill leaves is what the files are now,
// whatever is done to them later.
func (f files) killed(name, next string) (string, error) {
	err := f.copied(name, next)
	if err == nil {
		err = f.copied(name+"-wal", next+"-wal")
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // nothing was written yet
	}
	return next, err
}

func (f files) backup(h *headquarters, to string) (made bool, err error) {
	err = h.work(func(ctx context.Context) error {
		db, _ := h.db.(*sqlite.Store)
		contents, err := backup.Make(ctx, h.ingest, db, to)
		made = len(contents) > 0
		return err
	})
	return made || err == nil && f.exists(to), err
}

func (files) exists(file string) bool {
	p, err := newFileProbe(file)
	if err != nil {
		return false
	}
	found, err := ask(p, "SELECT 1 FROM campaign_state")
	return errors.Join(err, p.close()) == nil && len(found) == 1
}

func (files) restore(h *headquarters, from string) error {
	open := func(_ context.Context, path string) (*sqlite.Store, *ingest.Service, error) {
		db, in, _, err := h.w.services(path, h.version, h.clock.Now, opening{})
		if err != nil {
			return nil, nil, err
		}
		return db.(*sqlite.Store), in, nil
	}
	restorer := backup.Restorer{Open: open, Now: h.w.time.Now()}
	_, err := restorer.Restore(context.Background(), from, h.path)
	return err
}

func (files) fills() bool { return true }

func (files) removed(string) error { return nil }
