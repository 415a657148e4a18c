package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
)

const restName = "database at rest"

// resting measures what headquarters' bookkeeping costs on disk: rows with their
// scopes, revisions, stamps and lists of changes; the same with the indexes of the
// console's lists; and then the whole database with its history. Each against the same
// rows in the phone's tables.
func resting(ctx context.Context) (list []figure, err error) {
	b, err := newBed(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	pushes, _ := b.stream(shape{entries: 100_000, changes: 1, group: 100})
	if _, err := b.push(ctx, pushes); err != nil {
		return nil, err
	}
	db, ok := b.store.(*sqlite.Store)
	if !ok {
		return nil, nil
	}
	whole := filepath.Join(b.dir, "whole.db")
	if err := db.Backup(ctx, whole); err != nil {
		return nil, err
	}
	all, err := fileSize(whole)
	if err != nil {
		return nil, err
	}
	listed, err := onlyRows(ctx, whole)
	if err != nil {
		return nil, err
	}
	rows, err := packed(ctx, whole, "DROP INDEX finding_listed; VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
	if err != nil {
		return nil, err
	}
	plain, err := plainRows(ctx, whole, filepath.Join(b.dir, "plain.db"))
	return []figure{
		{restName + ", rows with bookkeeping", rows / 1e6, "MB", plain / 1e6},
		{restName + ", the same with the console's indexes", listed / 1e6, "MB", plain / 1e6},
		{restName + ", all with history", all / 1e6, "MB", plain / 1e6},
	}, err
}

// onlyRows drops from a copy every table that holds neither rows of the campaign nor
// what is known about them.
func onlyRows(ctx context.Context, file string) (size float64, err error) {
	keep := []string{"campaign_state", "scope", "change"}
	for _, t := range schema.NewCatalogue().Tables {
		keep = append(keep, t.Name)
	}
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		return 0, err
	}
	all, err := store.List(ctx, db, func(row store.Scanner) (name string, err error) {
		return name, row.Scan(&name)
	}, `SELECT name FROM sqlite_schema WHERE type = 'table'
		AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_word_%'`) // shadows of search_word
	if err := errors.Join(err, db.Close()); err != nil {
		return 0, err
	}
	script := ""
	for _, name := range all {
		if !slices.Contains(keep, name) {
			script += "DROP TABLE " + name + ";"
		}
	}
	return packed(ctx, file, script+"VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
}

// plainRows copies the rows into the phone's tables.
func plainRows(ctx context.Context, from, file string) (float64, error) {
	steps, err := schema.Migrations(schema.OnDevice)
	if err != nil {
		return 0, err
	}
	script := ""
	for _, step := range steps {
		script += step.SQL
	}
	script += "ATTACH '" + from + "' AS hq;"
	for _, t := range schema.NewCatalogue().OnDevices() {
		names := []string{"id"}
		for i := range t.Columns {
			names = append(names, t.Columns[i].Name)
		}
		columns := strings.Join(names, ", ")
		script += fmt.Sprintf("INSERT INTO main.%s (%s) SELECT %s FROM hq.%s;", t.Name, columns, columns, t.Name)
	}
	return packed(ctx, file, script+"DETACH hq; VACUUM;")
}

// packed runs a script on a database and returns the size of its file.
func packed(ctx context.Context, file, script string) (size float64, err error) {
	db, err := sql.Open("sqlite3", file)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, script); err != nil {
		return 0, fmt.Errorf("pack %s: %w", filepath.Base(file), err)
	}
	return fileSize(file)
}

func fileSize(file string) (float64, error) {
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return float64(info.Size()), nil
}
