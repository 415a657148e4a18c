package oracle_test

import (
	"path/filepath"
	"testing"

	"sansuiji/syncengine/oracle"

	"github.com/google/go-cmp/cmp"
)

const schema = `CREATE TABLE span(id INTEGER PRIMARY KEY, name TEXT) STRICT;`

func start(t *testing.T) *oracle.Oracle {
	t.Helper()
	o, err := oracle.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

func TestARecordedChangeIsIteratedAndApplied(t *testing.T) {
	o := start(t)
	set, patch, err := o.Record(schema, `INSERT INTO span VALUES(7, '桁')`)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{set, patch} {
		got, err := o.Iterate(b)
		if err != nil || !got.Accepted || got.Changes != 1 {
			t.Fatalf("iterate: %+v, %v", got, err)
		}
	}
	file := filepath.Join(t.TempDir(), "a.db")
	applied, err := o.Apply(oracle.Application{
		File:       file,
		Setup:      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + schema,
		Group:      2,
		Changesets: [][]byte{set, patch, set},
	})
	if err != nil || applied.Count != 3 || applied.Conflicts != 2 || applied.CPU <= 0 {
		t.Fatalf("apply: %+v, %v", applied, err)
	}
	rows, err := o.Query(file, `SELECT id, name, NULL FROM span`)
	if err != nil {
		t.Fatal(err)
	}
	values := []byte("\x01\x00\x00\x00\x00\x00\x00\x00\x07\x03\x03桁\x05")
	if diff := cmp.Diff(oracle.Rows{Count: 1, Values: values}, rows); diff != "" {
		t.Error(diff)
	}
}

func TestBytesThatAreNoChangesetAreRejected(t *testing.T) {
	o := start(t)
	got, err := o.Iterate([]byte("not a changeset"))
	if err != nil || got.Accepted || got.Code == 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAnErrorInSQLNamesTheStep(t *testing.T) {
	o := start(t)
	_, _, err := o.Record(schema, `INSERT INTO pier VALUES(1)`)
	if err == nil || err.Error() != "record: run change: no such table: pier" {
		t.Errorf("got %v", err)
	}
	if _, _, err := o.Record(schema, ``); err != nil {
		t.Errorf("the next request: %v", err)
	}
}
