package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"sansuiji/schema"
	"sansuiji/server/backup"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/sqlite"
)

// databaseUsage says what a flag for the database takes.
const databaseUsage = "`url` of a PostgreSQL database, postgres://…; without one, a file in the folder"

// openDatabase opens the PostgreSQL database that an operator chose or the file in
// the folder, which other servers are kept off until unlock is called.
func openDatabase(
	ctx context.Context, catalogue *schema.Catalogue, s settings, o sqlite.Options,
) (db store.Store, unlock func(), err error) {
	if s.database != "" {
		db, err := postgres.OpenWith(ctx, s.database, catalogue, postgres.Options{Points: o.Points})
		if err != nil {
			return nil, nil, err
		}
		return db, func() {}, nil
	}
	if unlock, err = lockFolder(s.data); err != nil {
		return nil, nil, err
	}
	o.Points.Hit("serve.locked")
	path := filepath.Join(s.data, databaseFile)
	if backup.Interrupted(path) {
		unlock()
		return nil, nil, errHalfRestored
	}
	file, err := sqlite.OpenWith(ctx, path, catalogue, o)
	if err != nil {
		unlock()
		return nil, nil, err
	}
	return file, unlock, nil
}

// openKept opens a database that must be there, to look at it.
func openKept(
	ctx context.Context, catalogue *schema.Catalogue, url, data string,
) (store.Store, error) {
	if url != "" {
		return postgres.Open(ctx, url, catalogue)
	}
	file, err := findDatabase(data)
	if err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, file, catalogue)
}

// findDatabase is the file of a folder's database, which must be there.
func findDatabase(data string) (string, error) {
	file := filepath.Join(data, databaseFile)
	_, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("%w: name its folder with --data, or a PostgreSQL database with --database", err)
	case errors.Is(err, fs.ErrPermission):
		err = fmt.Errorf("%w: run this as the user who owns the folder", err)
	}
	if err != nil {
		return "", fmt.Errorf("find the database: %w", err)
	}
	return file, nil
}
