// Package postgrestest starts a PostgreSQL of its own for tests, from the programs
// that are installed, and leaves nothing behind. It is test support; nothing in
// the server imports it.
package postgrestest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store/postgres"

	"github.com/jackc/pgx/v5"
)

// shared is the cluster of a test program, and its databases that no test has at
// present: to make one takes longer than most tests do.
var shared struct {
	sync.Mutex
	cluster *Cluster
	made    int
	free    []string // migrated and empty
}

// Main runs a program's tests and stops the cluster that they shared. Every
// TestMain of a package with tests on PostgreSQL is this.
func Main(m *testing.M) {
	code := m.Run()
	if shared.cluster != nil {
		if err := shared.cluster.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// Empty is the URL of a new database in the shared cluster. It goes when the test
// ends.
func Empty(t testing.TB) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	name := create(t)
	t.Cleanup(func() { run(t, "postgres", "DROP DATABASE "+name+" WITH (FORCE)") })
	return shared.cluster.Database(name)
}

// Migrated is the URL of a database with tables and no rows.
func Migrated(t testing.TB) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if len(shared.free) == 0 {
		name := create(t)
		s, err := postgres.Open(context.Background(), shared.cluster.Database(name), schema.NewCatalogue())
		must(t, err)
		must(t, s.Close())
		shared.free = append(shared.free, name)
	}
	name := shared.free[len(shared.free)-1]
	shared.free = shared.free[:len(shared.free)-1]
	t.Cleanup(func() {
		run(t, name, sweep)
		shared.Lock()
		defer shared.Unlock()
		shared.free = append(shared.free, name)
	})
	return shared.cluster.Database(name)
}

// sweep deletes all rows.
const sweep = `DO $$ DECLARE t name; BEGIN
	FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' LOOP
		EXECUTE format('DELETE FROM %I', t);
	END LOOP; END $$`

// Open is a store on a database with no rows, until the test ends.
func Open(t testing.TB) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(context.Background(), Migrated(t), schema.NewCatalogue())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// Databases gives the URLs of databases of the shared cluster by their names, for
// tests that make and remove their own.
func Databases(t testing.TB) func(name string) string {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	start(t)
	return shared.cluster.Database
}

// start starts the shared cluster if need be. The caller holds the lock.
func start(t testing.TB) {
	t.Helper()
	if shared.cluster == nil {
		var err error
		shared.cluster, err = Start(Fast)
		must(t, err)
	}
}

// create makes a database in the shared cluster. The caller holds the lock.
func create(t testing.TB) (name string) {
	t.Helper()
	start(t)
	shared.made++
	name = fmt.Sprintf("test%d", shared.made)
	run(t, "postgres", "CREATE DATABASE "+name+" TEMPLATE template0")
	return name
}

func run(t testing.TB, database, statement string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), shared.cluster.Database(database))
	must(t, err)
	defer func() { must(t, conn.Close(context.Background())) }()
	_, err = conn.Exec(context.Background(), statement)
	must(t, err)
}

// Database is the URL of one of the cluster's databases.
func (c *Cluster) Database(name string) string {
	return "postgres:///" + name + "?user=sansuiji&host=" + url.QueryEscape(c.folder)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
