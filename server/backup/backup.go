// Package backup copies headquarters' database while it works, and puts a copy in
// its place again. A restored copy begins a new epoch: devices send again what it
// lacks, and start their rows over.
package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/mutant"
)

// Contents is what a copy holds of a campaign.
type Contents struct {
	Campaign schema.CampaignID
	Position uint64 // of its newest entry
	Epoch    schema.Epoch
}

// Make writes a copy into a new file, checks it, and tells the devices by an entry
// of each campaign up to where the copy has the history.
func Make(
	ctx context.Context, s *ingest.Service, db *sqlite.Store, file string,
) ([]Contents, error) {
	if err := db.Backup(ctx, file); err != nil {
		return nil, err
	}
	contents, err := look(ctx, s.Catalogue, file)
	if err != nil {
		return nil, fmt.Errorf("check the copy: %w", err)
	}
	for _, c := range contents {
		if err := s.Record(ctx, c.Campaign, ingest.Event{
			Kind: schema.EventBackedUp, Position: c.Position, Detail: filepath.Base(file),
		}); err != nil {
			return contents, err
		}
	}
	return contents, nil
}

// look opens a copy, which must be sound, and lists what is in it.
func look(ctx context.Context, catalogue *schema.Catalogue, file string) (list []Contents, err error) {
	db, err := sqlite.Open(ctx, file, catalogue)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Sound(ctx); err != nil {
		return nil, err
	}
	campaigns, err := store.Campaigns(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, id := range campaigns {
		if err := db.Read(ctx, id, func(v store.View) error {
			list = append(list, Contents{id, v.State.Position, v.State.Epoch})
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Restoration is what a restore did.
type Restoration struct {
	Campaigns []Contents // with their new epochs; Position is what the copy had
	Kept      string     // folder of the files that the copy replaced; "": there were none
}

// Restore puts a copy in the place of the database at path. Each campaign begins a
// new epoch with an entry that says so, before the copy is in place: nothing ever
// serves an older state as if nothing had happened. What was there is kept.
func Restore(
	ctx context.Context, open Opener, copied, path string, now time.Time,
) (done Restoration, err error) {
	next := path + ".restoring"
	if err := removeAll(next); err != nil {
		return done, err
	}
	if err := copyFile(copied, next); err != nil {
		return done, fmt.Errorf("copy the backup: %w", err)
	}
	if done.Campaigns, err = begin(ctx, open, next, filepath.Base(copied)); err != nil {
		return done, errors.Join(err, removeAll(next))
	}
	if done.Kept, err = setAside(path, now); err != nil {
		return done, err
	}
	if err := os.Rename(next, path); err != nil {
		return done, fmt.Errorf("put the backup in place: %w", err)
	}
	return done, sqlite.Sync(filepath.Dir(path))
}

// Opener opens a database with the service that writes as headquarters in it.
type Opener func(ctx context.Context, path string) (*sqlite.Store, *ingest.Service, error)

// begin lets every campaign of a copy begin a new epoch.
func begin(
	ctx context.Context, open Opener, path, from string,
) (list []Contents, err error) {
	db, service, err := open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Sound(ctx); err != nil {
		return nil, err
	}
	campaigns, err := store.Campaigns(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, id := range campaigns {
		if mutant.On(mutant.EpochNotBegun) {
			continue
		}
		began, err := service.BeginEpoch(ctx, id, from)
		if err != nil {
			return nil, err
		}
		list = append(list, Contents{id, began.Position, began.Epoch})
	}
	return list, nil
}

// parts are the files of a database.
func parts(path string) []string { return []string{path, path + "-wal", path + "-shm"} }

func removeAll(path string) error {
	for _, p := range parts(path) {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// setAside moves what a copy replaces into a folder beside it.
func setAside(path string, now time.Time) (string, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	folder := filepath.Join(filepath.Dir(path), "replaced-"+now.UTC().Format("20060102T150405.000Z"))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", fmt.Errorf("keep what is replaced: %w", err)
	}
	for _, p := range parts(path) {
		err := os.Rename(p, filepath.Join(folder, filepath.Base(p)))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return folder, fmt.Errorf("keep what is replaced: %w", err)
		}
	}
	return folder, sqlite.Sync(folder)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := out.ReadFrom(in); err != nil {
		return errors.Join(err, out.Close())
	}
	return errors.Join(out.Sync(), out.Close())
}
