// Package records moves rows into and out of SQLite many at a time: a table of
// rows packed in one argument, and an aggregate that packs the rows of a query
// into one result. See records.c for both.
package records

// int sansuiji_register_records(void);
import "C"

import "fmt"

// Register makes records and records_of known to every SQLite connection that
// is opened after it. It may be called again.
func Register() error {
	if rc := C.sansuiji_register_records(); rc != 0 {
		return fmt.Errorf("register records: SQLite answers %d", int(rc))
	}
	return nil
}
