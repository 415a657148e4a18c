// Package gather lets SQLite write a commit's part of its log in a few large calls
// instead of two for each page. See gather.c.
package gather

// #include <stdlib.h>
// int sansuiji_register_gathering(const char *name);
import "C"

import (
	"fmt"
	"sync"
)

// VFS is the name by which a connection chooses to gather. It must have
// synchronous=FULL then, and keep it.
const VFS = "gathering"

// Register makes the VFS known to SQLite. It may be called again.
func Register() error { return register() }

var register = sync.OnceValue(func() error {
	if rc := C.sansuiji_register_gathering(C.CString(VFS)); rc != 0 { // SQLite keeps the name
		return fmt.Errorf("register VFS: SQLite answers %d", int(rc))
	}
	return nil
})
