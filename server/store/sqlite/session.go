package sqlite

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
)

// Run runs a statement for all rows in one call of SQLite.
func (c *conn) Run(campaign int64, s *store.Statement, rows *store.Rows) (store.Packed, error) {
	text, ok := c.texts[s]
	if !ok {
		text = statementText(s)
		c.texts[s] = text
	}
	if s.Verb != store.Select {
		return nil, c.exec(text, rows.Packed(), campaign)
	}
	var r [1]driver.Value
	if _, err := c.row(text, r[:], rows.Packed(), campaign); err != nil {
		return nil, err
	}
	packed, _ := r[0].([]byte)
	return packed, nil
}

// statementText is a statement over the rows packed in ?1, in the campaign ?2.
func statementText(s *store.Statement) string {
	keys, fields := names(s.Keys), names(s.Fields)
	all := append(append([]string{}, keys...), fields...)
	switch s.Verb {
	case store.Select:
		return "SELECT records_of(x'', t." + strings.Join(all, ", t.") +
			") FROM records(?1) r CROSS JOIN " + s.Table + " t ON t.campaign_no = ?2" + matching("t", keys)
	case store.Update:
		return "UPDATE OR FAIL " + s.Table + " SET " + pairs(fields, "r.c", len(keys)) +
			" FROM records(?1) r WHERE " + s.Table + ".campaign_no = ?2" + matching(s.Table, keys)
	case store.Delete:
		return "DELETE FROM " + s.Table + " WHERE campaign_no = ?2 AND (" + strings.Join(keys, ", ") +
			") IN (SELECT " + places(len(keys)) + " FROM records(?1))"
	case store.Insert, store.Add, store.Put:
	}
	insert := "INSERT OR FAIL INTO " + s.Table + " (campaign_no, " + strings.Join(all, ", ") + ") SELECT ?2, " +
		places(len(all)) + " FROM records(?1)"
	switch s.Verb {
	case store.Insert:
		return insert
	case store.Add:
		return insert + " WHERE true ON CONFLICT DO NOTHING"
	case store.Put:
		return insert + " WHERE true ON CONFLICT (campaign_no, " + strings.Join(keys, ", ") +
			") DO UPDATE SET " + pairsOf(fields)
	case store.Select, store.Update, store.Delete:
	}
	panic(fmt.Sprintf("sqlite: no verb %d", s.Verb))
}

func names(fields []store.Field) []string {
	list := make([]string, len(fields))
	for i := range fields {
		list[i] = fields[i].Name
	}
	return list
}

// matching finds a table's rows by their keys, the first columns of the records.
func matching(table string, keys []string) string {
	var b strings.Builder
	for i, name := range keys {
		fmt.Fprintf(&b, " AND %s.%s = r.c%d", table, name, i)
	}
	return b.String()
}

// pairs sets fields to columns of the records, from one on.
func pairs(fields []string, column string, from int) string {
	list := make([]string, len(fields))
	for i, name := range fields {
		list[i] = fmt.Sprintf("%s = %s%d", name, column, from+i)
	}
	return strings.Join(list, ", ")
}

func pairsOf(fields []string) string {
	list := make([]string, len(fields))
	for i, name := range fields {
		list[i] = name + " = excluded." + name
	}
	return strings.Join(list, ", ")
}

func places(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("c%d", i)
	}
	return strings.Join(list, ", ")
}

// Locking has nothing to add: only one connection writes.
func (c *conn) Locking() string { return "" }

// Ask runs a query that is seldom needed.
func (c *conn) Ask(query string, args ...changeset.Value) ([][]changeset.Value, error) {
	values := make([]driver.Value, len(args))
	for i := range args {
		values[i] = args[i].Any()
	}
	var list [][]changeset.Value
	s, err := c.prepare(query)
	if err != nil {
		return nil, err
	}
	err = c.each(s, query, func(row []driver.Value) {
		read := make([]changeset.Value, len(row))
		for i := range row {
			read[i] = changeset.ValueOf(row[i])
		}
		list = append(list, read)
	}, values...)
	return list, err
}
