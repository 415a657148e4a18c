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
	"sansuiji/syncengine/failpoint"
	"sansuiji/syncengine/mutant"
)

// Contents is what a copy holds of a campaign.
type Contents struct {
	Campaign schema.CampaignID
	Position uint64 // of its newest entry
	Epoch    schema.Epoch
}

// Source is a database that can be copied into a file: *sqlite.Store, or Across.
type Source interface {
	// Backup writes one consistent state into the file at path, which is empty.
	Backup(ctx context.Context, path string) error
}

// Make writes a copy into a new file, checks it, and tells the devices by an entry
// of each campaign up to where the copy has the history.
func Make(
	ctx context.Context, s *ingest.Service, db Source, file string,
) ([]Contents, error) {
	contents, err := write(ctx, s.Catalogue, db, file)
	if err != nil {
		return nil, err
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

// partial ends the name of a copy that is not whole.
const partial = ".part"

// write makes a copy that is whole, or none: whatever takes copies elsewhere meanwhile
// finds no half of one under its name. Nobody else may read it at any moment.
func write(
	ctx context.Context, catalogue *schema.Catalogue, db Source, file string,
) (contents []Contents, err error) {
	if _, err := os.Lstat(file); err == nil {
		return nil, fmt.Errorf("%s already exists: choose another name", file)
	}
	part := file + partial
	if err := removeAll(part); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, removeAll(part)) }() // gone when all went well
	if err := os.WriteFile(part, nil, 0o600); err != nil {
		return nil, fmt.Errorf("begin the copy: %w", err)
	}
	if err := db.Backup(ctx, part); err != nil {
		return nil, err
	}
	if contents, err = look(ctx, catalogue, part); err != nil {
		return nil, fmt.Errorf("check the copy: %w", err)
	}
	if err := os.Rename(part, file); err != nil {
		return nil, fmt.Errorf("put the copy in place: %w", err)
	}
	return contents, sqlite.Sync(filepath.Dir(file))
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

// Restorer puts copies in the place of a database.
type Restorer struct {
	Open   Opener
	Now    time.Time
	Points failpoint.Points
}

// Restore puts a copy in the place of the database at path. Each campaign begins a
// new epoch with an entry that says so, before the copy is in place: nothing ever
// serves an older state as if nothing had happened. What was there is kept. One
// that was interrupted is done again as a whole; see Interrupted.
func (r Restorer) Restore(ctx context.Context, copied, path string) (done Restoration, err error) {
	next := path + ".restoring"
	if err := removeAll(next); err != nil {
		return done, err
	}
	if err := copyFile(copied, next); err != nil {
		return done, errors.Join(fmt.Errorf("nothing was changed: copy the backup: %w", err), removeAll(next))
	}
	r.Points.Hit("restore.copied")
	if done.Campaigns, err = begin(ctx, r.Open, next, filepath.Base(copied)); err != nil {
		return done, errors.Join(fmt.Errorf("nothing was changed: look into the copy of %s: %w", copied, err), removeAll(next))
	}
	r.Points.Hit("restore.epoch-begun")
	if done.Kept, err = r.setAside(path); err != nil {
		return done, err
	}
	r.Points.Hit("restore.set-aside")
	if err := os.Rename(next, path); err != nil {
		return done, fmt.Errorf("put the backup in place: %w", err)
	}
	r.Points.Hit("restore.placed")
	return done, sqlite.Sync(filepath.Dir(path))
}

// RestoreInto puts a copy into an empty database of the other engine. Each campaign begins a
// new epoch in a copy of the copy first, so that the database never has an older state as if
// nothing had happened. One that was interrupted has changed nothing.
func (r Restorer) RestoreInto(ctx context.Context, copied string, into store.Store) (list []Contents, err error) {
	folder, err := os.MkdirTemp("", "sansuiji-restore-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	next := filepath.Join(folder, "copy.db")
	if err := copyFile(copied, next); err != nil {
		return nil, fmt.Errorf("nothing was changed: copy the backup: %w", err)
	}
	if list, err = begin(ctx, r.Open, next, filepath.Base(copied)); err != nil {
		return nil, fmt.Errorf("nothing was changed: look into the copy of %s: %w", copied, err)
	}
	db, _, err := r.Open(ctx, next)
	if err != nil {
		return nil, fmt.Errorf("nothing was changed: look into the copy of %s: %w", copied, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := Fill(ctx, db, into); err != nil {
		return nil, fmt.Errorf("nothing was changed: %w", err)
	}
	return list, nil
}

// ErrNothing says that a copy has nothing in it to restore.
var ErrNothing = errors.New("there is no campaign in the copy")

// Interrupted says whether a restore set the database at path aside and was
// stopped before the copy was in its place. To serve then would be to begin with
// nothing.
func Interrupted(path string) bool {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return false
	}
	traces, _ := filepath.Glob(filepath.Join(filepath.Dir(path), keptPrefix+"*")) // the pattern is ours
	return len(traces) > 0
}

// keptPrefix is how the folders begin that keep what a copy replaced.
const keptPrefix = "replaced-"

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
	return BeginEpochs(ctx, service, from)
}

// BeginEpochs lets every campaign of a database that was restored begin a new
// epoch; from says from what.
func BeginEpochs(
	ctx context.Context, service *ingest.Service, from string,
) (list []Contents, err error) {
	campaigns, err := store.Campaigns(ctx, service.Store)
	if err != nil {
		return nil, err
	}
	if len(campaigns) == 0 { // SQLite takes an empty file for an empty database
		return nil, ErrNothing
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
	for _, p := range append(parts(path), path+"-journal") {
		if err := os.Remove(p); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// setAside moves what a copy replaces into a folder beside it: first the database,
// then its log, which must never stand beside another database, nor the database
// be served without it.
func (r Restorer) setAside(path string) (string, error) {
	folder, err := r.keeping(path)
	if err != nil || folder == "" {
		return "", err
	}
	for _, p := range parts(path) {
		err := os.Rename(p, filepath.Join(folder, filepath.Base(p)))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return folder, fmt.Errorf("keep what is replaced: %w", err)
		}
		if err := errors.Join(sqlite.Sync(folder), sqlite.Sync(filepath.Dir(path))); err != nil {
			return folder, err
		}
		r.Points.Hit("restore.part-moved")
	}
	return folder, nil
}

// keeping is the folder to set aside into: that of a restore that was interrupted,
// or a new one; "" if there is nothing.
func (r Restorer) keeping(path string) (string, error) {
	folder := filepath.Dir(path)
	if Interrupted(path) {
		traces, err := filepath.Glob(filepath.Join(folder, keptPrefix+"*"))
		return traces[len(traces)-1], err // sorted by time
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	folder = filepath.Join(folder, keptPrefix+r.Now.UTC().Format("20060102T150405.000Z"))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", fmt.Errorf("keep what is replaced: %w", err)
	}
	return folder, nil
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
