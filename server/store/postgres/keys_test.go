package postgres_test

import (
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/postgres/postgrestest"
)

// TestRowsAreFoundByTheirKeysInATableThatIsNew explains the statements that look
// for rows: the server, which knows nothing of the tables yet, must use an index
// for all of the key and not read a campaign to its end.
func TestRowsAreFoundByTheirKeysInATableThatIsNew(t *testing.T) {
	key := func(names ...string) (fields []store.Field) {
		for _, name := range names {
			f := store.Field{Name: name, Type: schema.ID}
			switch name {
			case "no", "position", "author", "seq", "level", "number":
				f.Type = schema.Integer
			case "table_name", "column_name":
				f.Type = schema.Text
			}
			fields = append(fields, f)
		}
		return fields
	}
	looks := map[string][]store.Field{
		"author":   key("device_id"),
		"history":  key("author", "seq"),
		"held":     key("table_name", "row_id"),
		"conflict": key("table_name", "row_id", "column_name"),
		"log_tile": key("level", "number"),
	}
	var statements []*store.Statement
	add := func(table string, keys, fields []store.Field) {
		for _, verb := range []store.Verb{store.Select, store.Update, store.Delete} {
			statements = append(statements, &store.Statement{Verb: verb, Table: table, Keys: keys, Fields: fields})
		}
	}
	for table, keys := range looks {
		add(table, keys, keys[:1])
	}
	add("author", key("no"), key("seq"))
	add("history", key("position"), key("seq"))
	for _, table := range schema.NewCatalogue().Tables {
		bookkeeping := []store.Field{{Name: "_scope", Type: schema.Integer}}
		add(table.Name, key("id"), bookkeeping)
		if table.Scope.Kind == schema.ByParent {
			add(table.Name, key(table.Scope.Column), bookkeeping)
		}
	}
	plans, err := postgres.Explained(t.Context(), postgrestest.Migrated(t), statements)
	must(t, err)
	for text, plan := range plans {
		cond := ""
		for _, line := range strings.Split(plan, "\n") {
			if _, found, ok := strings.Cut(line, "Index Cond: "); ok {
				cond = found
			}
		}
		where := text[max(strings.LastIndex(text, " WHERE "), strings.LastIndex(text, " ON ")):]
		if strings.Count(cond, "=") != strings.Count(where, "=") || strings.Contains(plan, "Filter") {
			t.Errorf("%s\n%s", text, plan)
		}
	}
}
