package postgres_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/server/store/storetest"
	"sansuiji/syncengine/failpoint"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a database once more, as another server would.
func open(t testing.TB, url string, o postgres.Options) *postgres.Store {
	t.Helper()
	s, err := postgres.OpenWith(t.Context(), url, schema.NewCatalogue(), o)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func TestPostgreSQLIsAStore(t *testing.T) {
	storetest.Run(t, func(t testing.TB, points failpoint.Points) store.Store {
		return open(t, postgrestest.Migrated(t), postgres.Options{Points: points})
	})
}
