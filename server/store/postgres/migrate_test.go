package postgres_test

import (
	"strings"
	"sync"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/server/store/storetest"

	"github.com/jackc/pgx/v5"
)

// run runs a script in a database.
func run(t testing.TB, url, script string) {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	must(t, err)
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol // several statements at once
	conn, err := pgx.ConnectConfig(t.Context(), config)
	must(t, err)
	defer func() { must(t, conn.Close(t.Context())) }()
	_, err = conn.Exec(t.Context(), script)
	must(t, err)
}

func TestADatabaseOfTheFirstVersionKeepsWhatItHas(t *testing.T) {
	url := postgrestest.Empty(t)
	steps, err := schema.Migrations(schema.OnPostgres)
	must(t, err)
	run(t, url, steps[0].SQL+`;
		CREATE TABLE migration (number bigint NOT NULL PRIMARY KEY); INSERT INTO migration VALUES (1);`+
		storetest.FirstVersion(schema.OnPostgres))
	storetest.CheckFirstVersion(t, open(t, url, postgres.Options{}))
}

func TestServersThatStartAtOnceMigrateOnce(t *testing.T) {
	url := postgrestest.Empty(t)
	var all sync.WaitGroup
	for range 5 {
		all.Add(1)
		go func() {
			defer all.Done()
			s, err := postgres.Open(t.Context(), url, schema.NewCatalogue())
			if err == nil {
				err = s.Close()
			}
			if err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	steps, err := schema.Migrations(schema.OnPostgres)
	must(t, err)
	s := open(t, url, postgres.Options{})
	if n := count(t, s, "SELECT count(*) FROM migration"); n != len(steps) {
		t.Errorf("%d migrations, want %d", n, len(steps))
	}
	run(t, url, "INSERT INTO migration VALUES (99)")
	_, err = postgres.Open(t.Context(), url, schema.NewCatalogue())
	if err == nil || !strings.Contains(err.Error(), "use a newer program") {
		t.Errorf("%v from a database of a newer program", err)
	}
}
