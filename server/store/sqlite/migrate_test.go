package sqlite_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store/sqlite"
	"sansuiji/server/store/storetest"
)

func TestADatabaseOfTheFirstVersionKeepsWhatItHas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	makeFirstVersion(t, path)
	s, err := sqlite.Open(t.Context(), path, schema.NewCatalogue())
	must(t, err)
	defer func() { must(t, s.Close()) }()
	storetest.CheckFirstVersion(t, s)
}

func TestAnotherProgramsFileIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	_, err = db.ExecContext(t.Context(), "CREATE TABLE bookmark (url TEXT)")
	must(t, errors.Join(err, db.Close()))
	if s, err := sqlite.Open(t.Context(), path, schema.NewCatalogue()); err == nil {
		t.Error("opened", s.Close())
	} else if !strings.Contains(err.Error(), "another program") {
		t.Error(err)
	}
	db, err = sql.Open("sqlite3", path)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	var tables int
	must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM sqlite_schema").Scan(&tables))
	if tables != 1 {
		t.Errorf("%d tables", tables)
	}
}

func makeFirstVersion(t *testing.T, path string) {
	t.Helper()
	steps, err := schema.Migrations(schema.OnSQLite)
	must(t, err)
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	for _, script := range []string{
		steps[0].SQL, "PRAGMA user_version = 1", storetest.FirstVersion(schema.OnSQLite),
	} {
		if _, err := db.ExecContext(t.Context(), script); err != nil {
			t.Fatal(err)
		}
	}
	must(t, db.Close())
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
