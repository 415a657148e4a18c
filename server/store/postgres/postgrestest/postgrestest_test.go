package postgrestest_test

import (
	"testing"

	"sansuiji/server/store/postgres/postgrestest"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestEachDatabaseOfAClusterIsEmptyAndItsOwn(t *testing.T) {
	for _, database := range []string{postgrestest.Empty(t), postgrestest.Empty(t)} {
		conn, err := pgx.Connect(t.Context(), database)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "CREATE TABLE span (id uuid PRIMARY KEY)"); err != nil {
			t.Error(err)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
