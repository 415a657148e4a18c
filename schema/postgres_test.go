package schema_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store/postgres/postgrestest"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestMigrationsMakeTheCataloguesTablesInPostgreSQL(t *testing.T) {
	conn := connect(t, postgrestest.Empty(t))
	for _, m := range migrations(t, schema.OnPostgres) {
		if _, err := conn.Exec(t.Context(), m.SQL); err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
	}
	types := map[schema.Type]string{
		schema.ID: "uuid", schema.Text: "text", schema.Integer: "bigint", schema.Bytes: "bytea",
	}
	number := func(name string) column { return column{Name: name, Type: "bigint", NotNull: true} }
	campaign := number("campaign_no")
	campaign.Key = 1
	after := []column{
		number("_scope"), number("_revision"), {Name: "_clocks", Type: "bytea", NotNull: true},
	}
	tables := serverTables()
	for _, table := range schema.NewCatalogue().Tables {
		tables = append(tables, table.Name)
		want := columnsOf(table, types, []column{campaign}, after)
		if diff := cmp.Diff(want, describePostgres(t, conn, table.Name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", table.Name, diff)
		}
	}
	slices.Sort(tables)
	have, err := queryAll[string](t, conn, `SELECT tablename::text FROM pg_tables
		WHERE schemaname = 'public' ORDER BY tablename COLLATE "C"`)
	must(t, err)
	if diff := cmp.Diff(tables, have); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	for haystack, want := range map[string]int{"\x01\x02\x03": 2, "\x01\x03": 0, "": 0} {
		var at int
		must(t, conn.QueryRow(t.Context(), "SELECT instr($1::bytea, $2::bytea)",
			[]byte(haystack), []byte("\x02")).Scan(&at))
		if at != want {
			t.Errorf("instr of %q: %d, want %d", haystack, at, want)
		}
	}
}

func connect(t *testing.T, connString string) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig(connString)
	must(t, err)
	// Migrations are several statements at once, which only this protocol takes.
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	conn, err := pgx.ConnectConfig(t.Context(), config)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func queryAll[T any](t *testing.T, conn *pgx.Conn, query string, args ...any) ([]T, error) {
	t.Helper()
	rows, err := conn.Query(t.Context(), query, args...)
	must(t, err)
	return pgx.CollectRows(rows, pgx.RowTo[T])
}

func describePostgres(t *testing.T, conn *pgx.Conn, table string) []column {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT a.attname::text, format_type(a.atttypid, a.atttypmod),
		a.attnotnull, coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
		coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1
		FROM pg_attribute a
		LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
		WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY a.attnum`, table)
	must(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	must(t, err)
	for i := range list {
		list[i].Default = strings.TrimSuffix(list[i].Default, "::text")
	}
	return list
}
