package main

import (
	"context"
	"os"
	"path/filepath"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/sqlite"
)

// databaseUsage says what a flag for the database takes.
const databaseUsage = "`url` of a PostgreSQL database, postgres://…; without one, a file in the folder"

// openDatabase opens the PostgreSQL database at a URL or, without one, the file in
// a folder, which other servers are kept off until unlock is called.
func openDatabase(
	ctx context.Context, catalogue *schema.Catalogue, url, data string,
) (db store.Store, unlock func(), err error) {
	if url != "" {
		db, err := postgres.Open(ctx, url, catalogue)
		if err != nil {
			return nil, nil, err
		}
		return db, func() {}, nil
	}
	if unlock, err = lockFolder(data); err != nil {
		return nil, nil, err
	}
	file, err := sqlite.Open(ctx, filepath.Join(data, databaseFile), catalogue)
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
	file := filepath.Join(data, databaseFile)
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, file, catalogue)
}
