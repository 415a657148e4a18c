package backup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
)

// Both engines keep the same tables with the same columns, and hand out the same values. So
// a copy of a PostgreSQL database is a SQLite file like any other copy, and goes back into
// either. What can be found out of the rest, the index of words, stays behind.

// Across makes copies of a database of the other engine.
type Across struct {
	Store     store.Store
	Catalogue *schema.Catalogue
}

// Backup writes one consistent state of the whole database into the file at path.
func (a Across) Backup(ctx context.Context, path string) (err error) {
	file, err := sqlite.Open(ctx, path, a.Catalogue)
	if err != nil {
		return fmt.Errorf("begin the copy: %w", err)
	}
	defer func() {
		err = errors.Join(err, file.Close())
		if err == nil {
			err = sqlite.Sync(path)
		}
	}()
	tables, err := tablesOf(ctx, file)
	if err != nil {
		return err
	}
	return a.Store.Look(ctx, func(from store.Queryer) error {
		for _, t := range tables { // a transaction each: nobody looks before all are there
			if err := file.Office(ctx, func(to store.Queryer) error { return t.copy(ctx, from, to) }); err != nil {
				return fmt.Errorf("copy %s: %w", t.name, err)
			}
		}
		return nil
	})
}

// ErrNotEmpty says that a database has campaigns already. What is there is not replaced.
var ErrNotEmpty = errors.New("there are campaigns in the database already: make an empty one, and name that")

// Fill puts all that a file has into an empty database of the other engine, or nothing.
func Fill(ctx context.Context, file *sqlite.Store, into store.Store) error {
	tables, err := tablesOf(ctx, file)
	if err != nil {
		return err
	}
	return file.Look(ctx, func(from store.Queryer) error {
		return into.Office(ctx, func(to store.Queryer) error {
			var campaigns int
			if err := to.QueryRowContext(ctx, "SELECT count(*) FROM campaign_state").Scan(&campaigns); err != nil {
				return err
			}
			if campaigns > 0 {
				return ErrNotEmpty
			}
			for _, t := range tables {
				if err := t.fill(ctx, from, to); err != nil {
					return fmt.Errorf("copy %s: %w", t.name, err)
				}
			}
			return nil
		})
	})
}

// table is one that is copied.
type table struct {
	name    string
	columns []string
	counted bool // numbers its rows itself
}

// tablesOf lists the tables to copy.
func tablesOf(ctx context.Context, file *sqlite.Store) (list []table, err error) {
	err = file.Look(ctx, func(q store.Queryer) error {
		names, err := store.List(ctx, q, scanText, `SELECT name FROM pragma_table_list
			WHERE schema = 'main' AND type = 'table' AND strict = 1 ORDER BY name`)
		if err != nil {
			return err
		}
		for _, name := range names {
			if slices.Contains([]string{"search_state", "search_doc", "finding_entry"}, name) {
				continue
			}
			t := table{name: name, counted: name == "campaign_state" || name == "aside"}
			if t.columns, err = store.List(ctx, q, scanText, "SELECT name FROM pragma_table_info($1) ORDER BY cid", name); err != nil {
				return err
			}
			list = append(list, t)
		}
		return nil
	})
	return list, err
}

func scanText(row store.Scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// rowsAtOnce is how many rows one statement writes.
const rowsAtOnce = 50

// copy writes all rows of the table.
func (t *table) copy(ctx context.Context, from, to store.Queryer) error {
	rows, err := from.QueryContext(ctx, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name)
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := []any{}, make([]any, len(t.columns))
	for rows.Next() {
		row := make([]any, len(t.columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if values = append(values, row...); len(values) == rowsAtOnce*len(row) {
			if err := t.insert(ctx, to, values); err != nil {
				return err
			}
			values = values[:0]
		}
	}
	return errors.Join(rows.Err(), t.insert(ctx, to, values))
}

// insert writes rows, whose values stand one after another.
func (t *table) insert(ctx context.Context, to store.Queryer, values []any) error {
	if len(values) == 0 {
		return nil
	}
	var places strings.Builder
	for i := range values {
		switch {
		case i == 0:
			places.WriteString("(")
		case i%len(t.columns) == 0:
			places.WriteString("), (")
		default:
			places.WriteString(", ")
		}
		fmt.Fprintf(&places, "$%d", i+1)
	}
	_, err := to.ExecContext(ctx, "INSERT INTO "+t.name+" ("+strings.Join(t.columns, ", ")+") VALUES "+places.String()+")",
		values...)
	return err
}

// fill writes all rows into PostgreSQL. The next number of a table that counts its own rows
// follows theirs.
func (t *table) fill(ctx context.Context, from, to store.Queryer) error {
	if _, err := to.ExecContext(ctx, "DELETE FROM "+t.name); err != nil { // what a server that began nothing left
		return err
	}
	if err := t.copy(ctx, from, to); err != nil || !t.counted {
		return err
	}
	var next int64
	return to.QueryRowContext(ctx, fmt.Sprintf(`SELECT setval(pg_get_serial_sequence('%[1]s', 'no'),
		coalesce((SELECT max(no) FROM %[1]s), 0) + 1, false)`, t.name)).Scan(&next)
}
