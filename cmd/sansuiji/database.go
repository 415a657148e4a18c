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
// the folder, to work on it until the hold is released: others who would be in the way
// are kept off.
func openDatabase(
	ctx context.Context, catalogue *schema.Catalogue, s settings, o sqlite.Options,
) (db store.Store, held hold, err error) {
	if s.database != "" {
		if held, err = holdDatabase(ctx, catalogue, s, o.Opening); err != nil {
			return nil, held, err
		}
		db, err = postgres.OpenWith(ctx, s.database, catalogue, postgres.Options{Points: o.Points, Opening: o.Opening})
	} else {
		if held.release, err = lockFolder(s.data); err != nil {
			return nil, held, err
		}
		o.Points.Hit("serve.locked")
		db, err = openFolder(ctx, catalogue, s.data, o)
	}
	if err != nil {
		held.release()
		return nil, hold{}, err
	}
	return db, held, nil
}

// openFolder opens the file in a folder that nobody else works on.
func openFolder(
	ctx context.Context, catalogue *schema.Catalogue, data string, o sqlite.Options,
) (store.Store, error) {
	path := filepath.Join(data, databaseFile)
	if backup.Interrupted(path) {
		return nil, errHalfRestored
	}
	return sqlite.OpenWith(ctx, path, catalogue, o)
}

// openKept opens a database that must be there and of this program's version, beside a
// server that may work on it.
func openKept(
	ctx context.Context, catalogue *schema.Catalogue, url, data string,
) (store.Store, error) {
	if url != "" {
		return postgres.OpenWith(ctx, url, catalogue, postgres.Options{Opening: store.AsIs})
	}
	file, err := findDatabase(data)
	if err != nil {
		return nil, err
	}
	return sqlite.OpenWith(ctx, file, catalogue, sqlite.Options{Opening: store.AsIs})
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
