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
	catalogue := schema.NewCatalogue()
	db, err := sqlite.Open(ctx, path, catalogue)
	if err != nil {
		return nil, nil, err
	}
	key, err := identity.ServerKey(ctx, db, time.Now())
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	device, err := identity.ServerDevice(key)
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return db, &ingest.Service{
		Store: db, Catalogue: catalogue, Now: time.Now, Key: key, Device: device,
	}, nil
}

// runRestore puts a copy in the place of a folder's database.
func runRestore(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("sansuiji restore", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "data", "`folder` of the database")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		fmt.Fprintln(stderr, "usage: sansuiji restore [--data FOLDER] FILE")
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
	for _, c := range done.Campaigns {
		fmt.Fprintf(stdout, "campaign %s: %d entries, new epoch %s\n", c.Campaign, c.Position, c.Epoch)
	}
	fmt.Fprintln(stdout, "start the server: devices send again what the backup lacks")
	return 0
}

func restore(ctx context.Context, data, file string) (backup.Restoration, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
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
	return backup.Restore(ctx, open, file, filepath.Join(data, databaseFile), time.Now())
}
