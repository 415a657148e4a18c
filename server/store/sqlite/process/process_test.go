package process_test

import (
	"database/sql"
	"testing"

	"sansuiji/server/store/sqlite/process"

	_ "github.com/mattn/go-sqlite3"
)

func TestSQLiteDoesNotCountItsMemory(t *testing.T) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE t (a)"); err != nil {
		t.Fatal(err)
	}
	if n := process.MemoryCounted(); n != 0 {
		t.Errorf("SQLite counts %d bytes: each allocation takes a lock that all connections share", n)
	}
}
