package device

import (
	"database/sql/driver"
	"fmt"

	"sansuiji/schema"
)

// scan reads a row's values into places: *int64, *uint64, *bool, *string, *[]byte.
// NULL leaves a place as it is.
func scan(places ...any) func([]driver.Value) error {
	return func(row []driver.Value) error {
		for i, place := range places {
			if row[i] == nil {
				continue
			}
			if !put(place, row[i]) {
				return fmt.Errorf("column %d is a %T, no %T", i, row[i], place)
			}
		}
		return nil
	}
}

func put(place any, v driver.Value) (ok bool) {
	var n int64
	switch p := place.(type) {
	case *int64:
		*p, ok = v.(int64)
	case *uint64:
		n, ok = v.(int64)
		*p = uint64(n)
	case *bool:
		n, ok = v.(int64)
		*p = n != 0
	case *string:
		*p, ok = v.(string)
	case *[]byte:
		*p, ok = v.([]byte)
	}
	return ok
}

// id is an id as the driver takes it.
func id[T schema.ID16](v T) driver.Value {
	b := [16]byte(v)
	return b[:]
}

// orNull is nil for an empty text.
func orNull(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}
