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
	backupUsage = `usage: sansuiji backup [--data FOLDER | --database URL] FILE

Also while the server runs. FILE must not be there yet; it is a SQLite file for either kind of
database. Photos are not in the copy: see docs/OPERATIONS.md.
`
	restoreUsage = `usage: sansuiji restore [--data FOLDER] FILE
       sansuiji restore --database URL FILE   into an empty PostgreSQL database
       sansuiji restore --database URL        after PostgreSQL's own restore

With all servers stopped. What was in a folder is kept in a folder of its own, in the same folder.
`
)

// runBackup copies a database, also while servers work on it, and tells the devices what
// is safe.
func runBackup(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sansuiji backup", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "data", "`folder` of the database")
	database := flags.String("database", "", databaseUsage)
	if code, ok := readArguments(flags, args, 1, backupUsage, stdout); !ok {
		return code
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	contents, err := makeBackup(ctx, *database, *data, flags.Arg(0))
	for _, c := range contents {
		fmt.Fprintf(stdout, "campaign %s: %d entries in %s\n", c.Campaign, c.Position, flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji backup:", err)
		return 1
	}
	return 0
}

func makeBackup(ctx context.Context, url, data, file string) (contents []backup.Contents, err error) {
	db, err := openKept(ctx, schema.NewCatalogue(), url, data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	service, err := serviceOn(ctx, db)
	if err != nil {
		return nil, err
	}
	source, same := db.(backup.Source)
	if !same {
		source = backup.Across{Store: db, Catalogue: service.Catalogue}
	}
	return backup.Make(ctx, service, source, file)
}

// openService opens a database that is being restored, with the service that writes as
// headquarters.
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
	if *database != "" && flags.NArg() <= 1 {
		return runRestored(*database, flags.Arg(0), stdout, stderr)
	}
	if flags.NArg() != 1 {
		fmt.Fprint(stderr, "sansuiji restore: a file must be named, or --database\n"+restoreUsage)
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

// runRestored puts a copy into a PostgreSQL database, or lets the campaigns of one that was
// restored by its own means begin new epochs.
func runRestored(url, file string, stdout, stderr io.Writer) int {
	campaigns, err := restoreInto(context.Background(), url, file)
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji restore:", err)
		return 1
	}
	tellRestored(stdout, campaigns)
	return 0
}

func restoreInto(ctx context.Context, url, file string) (list []backup.Contents, err error) {
	guard, err := postgres.Seize(ctx, url, holder("")+", restoring")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, guard.Close()) }()
	db, err := postgres.Open(ctx, url, schema.NewCatalogue())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if file != "" {
		return backup.Restorer{Open: openService}.RestoreInto(ctx, file, db)
	}
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
	r := backup.Restorer{Open: openService, Now: time.Now(), Points: options.Points}
	return r.Restore(ctx, file, filepath.Join(data, databaseFile))
}
