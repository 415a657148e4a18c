package sqlite

import (
	"errors"
	"slices"
	"syscall"

	"sansuiji/schema"

	"github.com/mattn/go-sqlite3"
)

// explain makes a full disk a fault: people can do something about that.
func explain(err error) error {
	var failed sqlite3.Error
	if errors.As(err, &failed) && isFull(failed) {
		return &schema.FaultError{Code: schema.FaultDiskFull, Err: err}
	}
	return err
}

func isFull(err sqlite3.Error) bool {
	return err.Code == sqlite3.ErrFull || err.ExtendedCode == sqlite3.ErrIoErrSHMSize ||
		slices.Contains([]syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}, err.SystemErrno)
}
