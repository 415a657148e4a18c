package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
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

const (
	backupUsage = `usage: sansuiji backup [--data FOLDER] FILE

Also while the server runs. FILE must not be there yet. A PostgreSQL database is backed up by
PostgreSQL's own means. Photos are not in the copy: see docs/OPERATIONS.md.
`
	restoreUsage = `usage: sansuiji restore [--data FOLDER] FILE
       sansuiji restore --database URL   after PostgreSQL's own restore

With the server stopped. What was there is kept in a folder of its own, in the same folder.
`
)

// runBackup copies the database of a folder, also while a server works on it, and
// tells the devices what is safe.
func runBackup(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sansuiji backup", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "data", "`folder` of the database")
	if code, ok := readArguments(flags, args, 1, backupUsage, stdout); !ok {
		return code
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	contents, err := makeBackup(ctx, *data, flags.Arg(0))
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
	path, err := findDatabase(data)
	if err != nil {
		return nil, err
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
	if code, ok := readArguments(flags, args, anyFiles, restoreUsage, stdout); !ok {
		return code
	}
	if flags.NArg() == 0 && *database != "" {
		return runRestored(*database, stdout, stderr)
	}
	if flags.NArg() != 1 || *database != "" {
		fmt.Fprint(stderr, "sansuiji restore: either one file or --database must be named\n"+restoreUsage)
		return exitUsage
	}
	done, err := restore(context.Background(), *data, flags.Arg(0))
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji restore:", err)
		return 1
	}
	if done.Kept != "" {
		fmt.Fprintln(stdout, "what was there is kept in", done.Kept)
	}
	if _, err := os.Stat(filepath.Join(*data, photoFolder)); err != nil {
		fmt.Fprintln(stdout, "the folder has no photos: copy them back before the server starts")
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

func restore(ctx context.Context, data, file string) (done backup.Restoration, err error) {
	options, err := storeOptions()
	if err != nil {
		return done, err
	}
	if err := sqlite.MakeFolder(data); err != nil {
		return done, err
	}
	unlock, err := lockFolder(data)
	if err != nil {
		return done, err
	}
	defer unlock()
	defer func() { err = errors.Join(err, keepOwner(data)) }()
	open := func(ctx context.Context, path string) (*sqlite.Store, *ingest.Service, error) {
		return openService(ctx, path)
	}
	r := backup.Restorer{Open: open, Now: time.Now(), Points: options.Points}
	return r.Restore(ctx, file, filepath.Join(data, databaseFile))
}
