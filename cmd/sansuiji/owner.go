package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives what root made in a data folder to the folder's owner: a server that
// runs as its own user could not open it else. Nothing outside the folder is reached,
// whatever that user puts into it meanwhile.
func keepOwner(data string) (err error) {
	if os.Geteuid() != 0 {
		return nil
	}
	root, err := os.OpenRoot(data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	owner, err := ownerOf(root, ".")
	if err != nil || owner.Uid == 0 {
		return err
	}
	return fs.WalkDir(root.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil {
			err = giveTo(owner, root, name)
		}
		if err != nil {
			return fmt.Errorf("give to the folder's owner: %w", err)
		}
		return nil
	})
}

// giveTo gives away what is root's. A file with a second name may be one of elsewhere.
func giveTo(owner *syscall.Stat_t, root *os.Root, name string) error {
	have, err := ownerOf(root, name)
	if err != nil || have.Uid != 0 || have.Mode&syscall.S_IFMT == syscall.S_IFREG && have.Nlink > 1 {
		return err
	}
	return root.Lchown(name, int(owner.Uid), int(owner.Gid))
}

func ownerOf(root *os.Root, name string) (*syscall.Stat_t, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	return info.Sys().(*syscall.Stat_t), nil //nolint:forcetypeassert // it is, on this system
}
