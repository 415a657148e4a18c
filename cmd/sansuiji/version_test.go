package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/server/store/sqlite"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

// looking are the commands that must change no database of another version.
func looking(t *testing.T, where ...string) [][]string {
	t.Helper()
	table := filepath.Join(t.TempDir(), "units.csv")
	must(t, os.WriteFile(table, []byte("單位代碼,名稱,領域\n1,甲村,village\n"), 0o600))
	var list [][]string
	for _, command := range [][]string{
		{"fsck"},
		{"history", "export"},
		{"account", "list"},
		{"campaign", "list"},
		{"campaign", "add", "--code", "A", "--name", "甲"},
		{"backup", filepath.Join(t.TempDir(), "copy.db")},
		{"import", "--campaign", "A", "--kind", "units", table},
		{"account", "add", "--login", "sun", "--name", "孫", "--role", "admin"},
	} {
		list = append(list, append(command, where...))
	}
	return list
}

// leavesAlone runs a command that must refuse a database of another version.
func leavesAlone(t *testing.T, version string, args []string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, nil, &out, &errs); code == 0 || !strings.Contains(errs.String(), "this database "+version) ||
		!strings.Contains(errs.String(), "nothing was changed") {
		t.Errorf("%v: exit %d\n%s%s", args, code, &out, &errs)
	}
}

func TestOnlyTheServerUpgradesAFolder(t *testing.T) {
	data := t.TempDir()
	older, err := sqlite.Open(t.Context(), databaseOf(data), schema.CatalogueAt(schema.Version-1))
	must(t, err)
	must(t, older.Close())
	before := files(t, data)
	for _, args := range looking(t, "--data", data) {
		leavesAlone(t, "is of an older version", args)
		if diff := cmp.Diff(before, files(t, data)); diff != "" {
			t.Fatalf("%v changed the folder", args)
		}
	}
	startCity(t, data)
	for _, args := range looking(t, "--data", data)[:1] {
		command(t, args...)
	}
}

// startCity serves a folder or a database, makes a city in it, and stops.
func startCity(t *testing.T, data string) {
	t.Helper()
	s := testSettings(data)
	startWith(t, s).stop()
}

func TestOnlyTheServerUpgradesAPostgreSQLDatabase(t *testing.T) {
	s := testSettings(t.TempDir())
	s.database = postgrestest.Empty(t)
	for _, args := range looking(t, "--database", s.database) {
		if args[0] != "campaign" || args[1] != "add" { // which begins a new database
			leavesAlone(t, "has no tables yet", args)
		}
	}
	older, err := postgres.Open(t.Context(), s.database, schema.CatalogueAt(schema.Version-1))
	must(t, err)
	must(t, older.Close())
	before := migrations(t, s.database)
	for _, args := range looking(t, "--database", s.database) {
		leavesAlone(t, "is of an older version", args)
	}
	if after := migrations(t, s.database); after != before {
		t.Errorf("migration %d, it was at %d", after, before)
	}
	startWith(t, s).stop()
	if after := migrations(t, s.database); after <= before {
		t.Errorf("the server left it at %d", after)
	}
}

// migrations is the number of a database's newest.
func migrations(t *testing.T, url string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	must(t, conn.QueryRow(t.Context(), "SELECT max(number) FROM migration").Scan(&n))
	must(t, conn.Close(t.Context()))
	return n
}
