package simulation

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/backup"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
	"sansuiji/syncengine/changeset"

	"github.com/jackc/pgx/v5"
)

// databases is the site of a PostgreSQL server's databases. A copy is made of a
// database that has no connections, so headquarters stops for its backup.
type databases struct {
	// address is the URL of a database.
	address func(name string) string
}

func (d databases) place(folder, name string) string {
	return strings.ToLower(filepath.Base(folder)) + "_" + name
}

// run runs a statement of the server's own.
func (d databases) run(statement string, args ...any) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.address("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement, args...)
	return errors.Join(err, conn.Close(ctx))
}

func (d databases) create(name string) error {
	return d.run("CREATE DATABASE " + name + " TEMPLATE template0")
}

func (d databases) copied(from, to string) error {
	if err := d.run("CREATE DATABASE " + to + " TEMPLATE " + from); err != nil {
		return fmt.Errorf("copy database %s: %w", from, err)
	}
	return nil
}

func (d databases) open(name string, catalogue *schema.Catalogue, o opening) (store.Store, error) {
	db, err := postgres.OpenWith(context.Background(), d.address(name), catalogue,
		postgres.Options{Points: o.points, Connections: 2})
	if err != nil {
		return nil, err
	}
	return db, nil
}

func (d databases) look(_ string, db store.Store) (probe, error) { return &databaseProbe{db}, nil }

// killed breaks the connections that the program had, as its end does. The server
// undoes what was not committed.
func (d databases) killed(name, _ string) (string, error) {
	return name, d.run(`DO $$ BEGIN
		PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '` + name + `';
		END $$`)
}

func (d databases) backup(h *headquarters, to string) (bool, error) {
	if err := h.close(); err != nil {
		return false, err
	}
	err := d.copied(h.path, to)
	return err == nil, errors.Join(err, h.open())
}

// restore is PostgreSQL's own and then `sansuiji restore`.
func (d databases) restore(h *headquarters, from string) error {
	next := h.nextPath()
	if err := d.copied(from, next); err != nil {
		return err
	}
	h.path = next
	db, in, _, err := h.w.services(next, h.version, h.clock.Now, opening{})
	if err != nil {
		return err
	}
	_, err = backup.BeginEpochs(context.Background(), in, "")
	return errors.Join(err, db.Close())
}

func (d databases) fills() bool { return false }

func (d databases) removed(folder string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, d.address("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	found, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)",
		d.place(folder, ""))
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	for _, name := range names {
		_, dropped := conn.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		err = errors.Join(err, dropped)
	}
	return err
}

// databaseProbe looks through a connection of the program's that only reads.
type databaseProbe struct{ db store.Store }

func (p *databaseProbe) close() error { return nil }

func (p *databaseProbe) each(
	query string, read func(row []changeset.Value), args ...any,
) error {
	ctx := context.Background()
	return p.db.Look(ctx, func(q store.Queryer) error {
		found, err := q.QueryContext(ctx, numbered(query), args...)
		if err != nil {
			return fmt.Errorf("run %.60q: %w", query, err)
		}
		defer found.Close()
		names, err := found.Columns()
		if err != nil {
			return err
		}
		cells, dest := make([]any, len(names)), make([]any, len(names))
		for i := range cells {
			dest[i] = &cells[i]
		}
		for found.Next() {
			if err := found.Scan(dest...); err != nil {
				return err
			}
			row := make([]changeset.Value, len(cells))
			for i, cell := range cells {
				if truth, ok := cell.(bool); ok {
					cell = map[bool]int64{true: 1}[truth]
				}
				row[i] = changeset.ValueOf(cell)
			}
			read(row)
		}
		return found.Err()
	})
}

// numbered puts $1, $2, … for the question marks of a query.
func numbered(query string) string {
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		if !found {
			return query
		}
		query = before + "$" + strconv.Itoa(n) + after
	}
}

func (p *databaseProbe) columns(table string) (names []string, err error) {
	err = p.each(`SELECT column_name::text FROM information_schema.columns
		WHERE table_name = ? ORDER BY ordinal_position`, func(row []changeset.Value) {
		names = append(names, string(row[0].Bytes))
	}, table)
	return names, err
}
