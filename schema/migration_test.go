package schema_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sansuiji/schema"

	"github.com/google/go-cmp/cmp"
	_ "github.com/mattn/go-sqlite3"
)

// column is one column of a table as a database describes it.
type column struct {
	Name    string
	Type    string
	NotNull bool
	Default string // as an SQL expression
	Key     int    // place in the primary key from 1; 0: not in it
}

// columnsOf is what a table of the catalogue must look like: the columns before
// its id, the id, the catalogue's columns that it began with, those after, and
// the catalogue's later columns.
func columnsOf(t *schema.Table, types map[schema.Type]string, before, after []column) []column {
	want := append(slices.Clone(before),
		column{Name: "id", Type: types[schema.ID], NotNull: true, Key: len(before) + 1})
	for i, c := range t.Columns {
		if c.Since > t.Since && (i == 0 || t.Columns[i-1].Since == t.Since) {
			want, after = append(want, after...), nil // columns come to the end of a table
		}
		w := column{Name: c.Name, Type: types[c.Type], NotNull: c.Required}
		switch d := c.Default.(type) {
		case string:
			w.Default = "'" + d + "'"
		case int64:
			w.Default = fmt.Sprint(d)
		}
		want = append(want, w)
	}
	return append(want, after...)
}

// serverTables are headquarters' tables outside the catalogue.
func serverTables() []string {
	return []string{
		"account", "api_token", "aside", "audit", "author", "ballot", "ballot_ticket", "blob",
		"campaign_state", "change", "conflict", "device_contact", "enrolment", "epoch", "epoch_head",
		"finding_entry", "held", "history", "import_mapping", "log_tile", "recovery_code", "report_job",
		"report_template", "saved_filter", "scope", "seal", "search_doc", "search_state", "server_key",
		"session", "site_secret", "webhook", "webhook_delivery",
	}
}

func TestMigrationsMakeTheCataloguesTablesInSQLite(t *testing.T) {
	types := map[schema.Type]string{
		schema.ID: "BLOB", schema.Text: "TEXT", schema.Integer: "INTEGER", schema.Bytes: "BLOB",
	}
	number := func(name string) column { return column{Name: name, Type: "INTEGER", NotNull: true} }
	campaign := number("campaign_no")
	campaign.Key = 1
	for _, engine := range []struct {
		name          schema.Engine
		before, after []column
		others        []string
	}{
		{schema.OnDevice, nil, nil, []string{
			"carried", "carried_seal", "checkpoint", "device_state", "epoch_head", "outbox",
		}},
		{
			schema.OnSQLite, []column{campaign}, []column{
				number("_scope"), number("_revision"), {Name: "_clocks", Type: "BLOB", NotNull: true},
			}, serverTables(),
		},
	} {
		t.Run(string(engine.name), func(t *testing.T) {
			db := migrated(t, engine.name)
			want := slices.Clone(engine.others)
			for _, table := range schema.NewCatalogue().Tables {
				if engine.name == schema.OnDevice && table.Scope.Kind == schema.ByHQ {
					continue
				}
				want = append(want, table.Name)
				columns := columnsOf(table, types, engine.before, engine.after)
				if diff := cmp.Diff(columns, describeSQLite(t, db, table.Name)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", table.Name, diff)
				}
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, strictTables(t, db)); diff != "" {
				t.Errorf("strict tables (-want +got):\n%s", diff)
			}
		})
	}
}

// migrated is a new SQLite database after all migrations of an engine.
func migrated(t *testing.T, engine schema.Engine) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), string(engine)+".db"))
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	for _, m := range migrations(t, engine) {
		if _, err := db.ExecContext(t.Context(), m.SQL); err != nil {
			t.Fatalf("%s: %v", m.Name, err)
		}
	}
	return db
}

// migrations are an engine's, whose numbers and names must rise together.
func migrations(t *testing.T, engine schema.Engine) []schema.Migration {
	t.Helper()
	list, err := schema.Migrations(engine)
	must(t, err)
	for i, m := range list {
		if m.Number != i+1 || !strings.HasPrefix(m.Name, fmt.Sprintf("%04d_", i+1)) {
			t.Errorf("migration %d of %s is number %d, %s", i, engine, m.Number, m.Name)
		}
	}
	return list
}

func describeSQLite(t *testing.T, db *sql.DB, table string) []column {
	t.Helper()
	rows, err := db.QueryContext(t.Context(),
		`SELECT name, type, "notnull", coalesce(dflt_value, ''), pk FROM pragma_table_info($1)
		ORDER BY cid`, table)
	must(t, err)
	defer rows.Close()
	var list []column
	for rows.Next() {
		var c column
		must(t, rows.Scan(&c.Name, &c.Type, &c.NotNull, &c.Default, &c.Key))
		list = append(list, c)
	}
	must(t, rows.Err())
	return list
}

// strictTables lists the tables that hold only the types they declare.
func strictTables(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM pragma_table_list
		WHERE strict = 1 AND schema = 'main' AND type = 'table' ORDER BY name`)
	must(t, err)
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		names = append(names, name)
	}
	must(t, rows.Err())
	return names
}

func TestEveryTableSaysInItsSQLWhatItHolds(t *testing.T) {
	for _, engine := range []schema.Engine{schema.OnDevice, schema.OnSQLite, schema.OnPostgres} {
		tables, most := 0, schema.NewCatalogue().Tables
		if engine == schema.OnDevice {
			most = schema.NewCatalogue().OnDevices()
		}
		for _, m := range migrations(t, engine) {
			lines := strings.Split(m.SQL, "\n")
			for i, line := range lines {
				if !strings.HasPrefix(line, "CREATE TABLE ") {
					continue
				}
				tables++
				if i == 0 || !strings.HasPrefix(lines[i-1], "-- ") {
					t.Errorf("%s %s: no comment above %q", engine, m.Name, line)
				}
			}
		}
		if tables < len(most) {
			t.Errorf("%s: %d tables, the catalogue alone has %d", engine, tables, len(most))
		}
	}
}

func TestAnEngineWithoutMigrationsIsAnError(t *testing.T) {
	if _, err := schema.Migrations("oracle"); err == nil {
		t.Error("no error")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
