package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

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
