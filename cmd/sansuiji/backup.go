package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"sansuiji/schema"
	"sansuiji/server/backup"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/sqlite"
)

// databaseFile is the name of the database in a data folder.
const databaseFile = "sansuiji.db"

// runBackup copies the database of a folder, also while a server works on it, and
// tells the devices what is safe.
func runBackup(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sansuiji backup", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "data", "`folder` of the database")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(stderr, "usage: sansuiji backup [--data FOLDER] FILE")
		return 2
	}
	contents, err := makeBackup(context.Background(), *data, flags.Arg(0))
	for _, c := range contents {
		fmt.Fprintf(stdout, "campaign %s: %d entries in %s\n", c.Campaign, c.Position, flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji backup:", err)
		return 1
	}
	return 0
}

func makeBackup(ctx context.Context, data, file string) (contents []backup.Contents, err error) {
	path := filepath.Join(data, databaseFile)
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("find the database: %w", err)
	}
	db, service, err := openService(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return backup.Make(ctx, service, db, file)
}

// openService opens a database with the service that writes as headquarters.
func openService(
	ctx context.Context, path string,
) (*sqlite.Store, *ingest.Service, error) {
	db, err := sqlite.Open(ctx, path, schema.NewCatalogue())
	if err != nil {
		return nil, nil, err
	}
	service, err := serviceOn(ctx, db)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, service, nil
}

// serviceOn is the service that writes as headquarters into a database.
func serviceOn(ctx context.Context, db store.Store) (*ingest.Service, error) {
	key, err := identity.ServerKey(ctx, db, time.Now())
	if err != nil {
		return nil, err
	}
	device, err := identity.ServerDevice(key)
	if err != nil {
		return nil, err
	}
	return &ingest.Service{
		Store: db, Catalogue: schema.NewCatalogue(), Now: time.Now, Key: key, Device: device,
	}, nil
}

// runRestore puts a copy in the place of a folder's database.
func runRestore(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sansuiji restore", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "data", "`folder` of the database")
	database := flags.String("database", "", databaseUsage)
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() == 0 && *database != "" {
		return runRestored(*database, stdout, stderr)
	}
	if flags.NArg() != 1 || *database != "" {
		fmt.Fprintln(stderr, "usage: sansuiji restore [--data FOLDER] FILE\n"+
			"       sansuiji restore --database URL   after PostgreSQL's own restore")
		return 2
	}
	done, err := restore(context.Background(), *data, flags.Arg(0))
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji restore:", err)
		return 1
	}
	if done.Kept != "" {
		fmt.Fprintln(stdout, "what was there is kept in", done.Kept)
	}
	tellRestored(stdout, done.Campaigns)
	return 0
}

func tellRestored(stdout io.Writer, campaigns []backup.Contents) {
	for _, c := range campaigns {
		fmt.Fprintf(stdout, "campaign %s: %d entries, new epoch %s\n", c.Campaign, c.Position, c.Epoch)
	}
	fmt.Fprintln(stdout, "start the server: devices send again what the backup lacks")
}

// runRestored lets the campaigns of a PostgreSQL database that was restored by its
// own means begin new epochs.
func runRestored(url string, stdout, stderr io.Writer) int {
	campaigns, err := beginEpochs(context.Background(), url)
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji restore:", err)
		return 1
	}
	tellRestored(stdout, campaigns)
	return 0
}

func beginEpochs(ctx context.Context, url string) (list []backup.Contents, err error) {
	db, err := postgres.Open(ctx, url, schema.NewCatalogue())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	service, err := serviceOn(ctx, db)
	if err != nil {
		return nil, err
	}
	return backup.BeginEpochs(ctx, service, "")
}

func restore(ctx context.Context, data, file string) (backup.Restoration, error) {
	options, err := storeOptions()
	if err != nil {
		return backup.Restoration{}, err
	}
	if err := sqlite.MakeFolder(data); err != nil {
		return backup.Restoration{}, err
	}
	unlock, err := lockFolder(data)
	if err != nil {
		return backup.Restoration{}, err
	}
	defer unlock()
	open := func(ctx context.Context, path string) (*sqlite.Store, *ingest.Service, error) {
		return openService(ctx, path)
	}
	r := backup.Restorer{Open: open, Now: time.Now(), Points: options.Points}
	return r.Restore(ctx, file, filepath.Join(data, databaseFile))
}
