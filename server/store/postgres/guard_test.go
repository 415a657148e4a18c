package postgres_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/postgres/postgrestest"

	"github.com/jackc/pgx/v5"
)

// share works on a database as a server of a version does.
func share(t testing.TB, url, who string, catalogue *schema.Catalogue) (*postgres.Guard, error) {
	return postgres.Share(t.Context(), url, postgres.Sharing{
		Who: who, Catalogue: catalogue, Wait: 10 * time.Millisecond,
	})
}

func mustShare(t testing.TB, url, who string) *postgres.Guard {
	t.Helper()
	g, err := share(t, url, who, schema.NewCatalogue())
	must(t, err)
	return g
}

func TestADatabaseIsHadAloneOnlyWhenNobodyServesIt(t *testing.T) {
	url := postgrestest.Migrated(t)
	first, second := mustShare(t, url, "server one"), mustShare(t, url, "server two")
	_, err := postgres.Seize(t.Context(), url, "a restore")
	if !errors.Is(err, postgres.ErrServed) || !strings.Contains(err.Error(), "server one (process") ||
		!strings.Contains(err.Error(), "server two (process") {
		t.Errorf("two servers: %v", err)
	}
	must(t, first.Close())
	if _, err := postgres.Seize(t.Context(), url, "a restore"); err == nil || strings.Contains(err.Error(), "server one") {
		t.Errorf("one server: %v", err)
	}
	must(t, second.Close())
	alone, err := postgres.Seize(t.Context(), url, "a restore")
	must(t, err)
	if _, err := share(t, url, "server one", schema.NewCatalogue()); !errors.Is(err, postgres.ErrTaken) ||
		!strings.Contains(err.Error(), "a restore") {
		t.Errorf("while it is restored: %v", err)
	}
	must(t, alone.Close())
	must(t, mustShare(t, url, "server one").Close())
}

// hangUp ends the connections of somebody.
func hangUp(t testing.TB, url, who string) {
	t.Helper()
	run(t, url, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = '"+who+"'")
}

// held is how many have the lock, or wait for it.
func held(t testing.TB, s *postgres.Store, granted string) int {
	t.Helper()
	return count(t, s, `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
		AND d.datname = current_database() WHERE l.locktype = 'advisory' AND l.objid = 1935764995 AND l.granted = `+granted)
}

func TestAGuardThatIsLostIsTakenAgain(t *testing.T) {
	url := postgrestest.Migrated(t)
	looking := open(t, url, postgres.Options{})
	g := mustShare(t, url, "server one")
	for range 3 {
		hangUp(t, url, "server one")
		for end := time.Now().Add(10 * time.Second); held(t, looking, "true") == 0; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("it was not taken again")
			}
		}
	}
	if _, err := postgres.Seize(t.Context(), url, "a restore"); !errors.Is(err, postgres.ErrServed) {
		t.Errorf("it guards nothing: %v", err)
	}
	must(t, g.Close())
	if n := held(t, looking, "true"); n != 0 {
		t.Errorf("%d have the lock after all have gone", n)
	}
}

func TestWhoLosesAGuardToAnotherIsToldToStop(t *testing.T) {
	url := postgrestest.Migrated(t)
	g := mustShare(t, url, "server one")
	waiting, err := pgx.Connect(t.Context(), url+"&application_name=waiting")
	must(t, err)
	defer func() { must(t, waiting.Close(t.Context())) }()
	locked := make(chan error, 1)
	go func() {
		_, err := waiting.Exec(t.Context(), "SELECT pg_advisory_lock(1935764995)") // 0x73616e03
		locked <- err
	}()
	for looking := open(t, url, postgres.Options{}); held(t, looking, "false") == 0; {
		time.Sleep(10 * time.Millisecond)
	}
	hangUp(t, url, "server one")
	must(t, <-locked)
	select {
	case err := <-g.Lost():
		if !errors.Is(err, postgres.ErrTaken) || !strings.Contains(err.Error(), "waiting") {
			t.Errorf("told %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it goes on")
	}
	must(t, g.Close())
}

func TestANewerProgramWaitsUntilTheOlderOnesHaveStopped(t *testing.T) {
	url := postgrestest.Empty(t)
	older, err := share(t, url, "an older server", schema.CatalogueAt(schema.Version-1))
	must(t, err)
	_, err = share(t, url, "a newer server", schema.NewCatalogue())
	if !errors.Is(err, postgres.ErrServed) || !strings.Contains(err.Error(), "an older server") {
		t.Errorf("beside an older server: %v", err)
	}
	must(t, older.Close())
	must(t, mustShare(t, url, "a newer server").Close())
	if _, err := share(t, url, "an older server", schema.CatalogueAt(schema.Version-1)); err == nil ||
		!strings.Contains(err.Error(), "newer version") {
		t.Errorf("after a newer one: %v", err)
	}
}

func TestADatabaseOfAnotherVersionStaysAsItIs(t *testing.T) {
	url := postgrestest.Empty(t)
	openAsIs := func() error {
		s, err := postgres.OpenWith(t.Context(), url, schema.NewCatalogue(), postgres.Options{Opening: store.AsIs})
		if err == nil {
			err = s.Close()
		}
		return err
	}
	tables := func() (n int) {
		conn, err := pgx.Connect(t.Context(), url)
		must(t, err)
		must(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&n))
		must(t, conn.Close(t.Context()))
		return n
	}
	if err := openAsIs(); err == nil || !strings.Contains(err.Error(), "no tables yet") || tables() != 0 {
		t.Errorf("an empty database: %v, %d tables", err, tables())
	}
	older, err := postgres.Open(t.Context(), url, schema.CatalogueAt(schema.Version-1))
	must(t, err)
	must(t, older.Close())
	had := tables()
	if err := openAsIs(); err == nil || !strings.Contains(err.Error(), "older version") || tables() != had {
		t.Errorf("an older database: %v, %d tables, there were %d", err, tables(), had)
	}
	must(t, open(t, url, postgres.Options{}).Close())
	must(t, openAsIs())
}

func TestServersThatStartAtOnceUpgradeOneAfterAnother(t *testing.T) {
	url := postgrestest.Empty(t)
	guards := make(chan *postgres.Guard)
	for range 4 {
		go func() {
			g, err := postgres.Share(t.Context(), url, postgres.Sharing{Who: "a server", Catalogue: schema.NewCatalogue()})
			if err != nil {
				t.Error(err)
			}
			guards <- g
		}()
	}
	for range 4 {
		if g := <-guards; g != nil {
			defer func() { must(t, g.Close()) }()
		}
	}
	must(t, open(t, url, postgres.Options{Opening: store.AsIs}).Close())
}
