package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
)

// hold is what a process has of a database that it works on.
type hold struct {
	release func()
	// lost tells that the database is another's now; nil: that cannot be.
	lost <-chan error
}

// holdDatabase keeps those off a PostgreSQL database who need it alone.
func holdDatabase(
	ctx context.Context, catalogue *schema.Catalogue, s settings, opening store.Opening,
) (hold, error) {
	guard, err := postgres.Share(ctx, s.database, postgres.Sharing{
		Who: holder(s.addr), Catalogue: catalogue, Opening: opening,
	})
	if err != nil {
		return hold{}, err
	}
	return hold{func() { _ = guard.Close() }, guard.Lost()}, nil
}

// holder is what others read of who works on a database: where it runs, and which it is.
func holder(addr string) string {
	machine, err := os.Hostname()
	if err != nil {
		machine = "?"
	}
	if addr != "" {
		addr = " at " + addr
	}
	return fmt.Sprintf("sansuiji on %s, process %d%s", machine, os.Getpid(), addr)
}

// errLocked says that another process works on a data folder.
var errLocked = errors.New("another sansuiji works on this folder: stop it first")

// lockFolder keeps other servers off a data folder until unlock is called or the
// process ends, however it ends.
func lockFolder(data string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: run this as the user who owns the folder", err)
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", data, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errLocked
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", data, errors.Join(err, f.Close()))
	}
	return func() { _ = f.Close() }, nil
}
