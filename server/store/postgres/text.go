package postgres

import (
	"fmt"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"
)

// statementText is a statement over the rows in the arrays $2, $3, …, in the
// campaign $1.
func statementText(s *store.Statement) string {
	keys, fields := names(s.Keys), names(s.Fields)
	switch s.Verb {
	case store.Select:
		return selectText(s.Table, s.Keys, append(keys, fields...))
	case store.Update:
		return "UPDATE " + s.Table + " AS t SET " + pairs(fields, len(keys)) + " FROM " +
			keyedText(append(append([]store.Field{}, s.Keys...), s.Fields...), "") + " WHERE " + matching(keys)
	case store.Delete:
		return "DELETE FROM " + s.Table + " AS t USING " + keyedText(s.Keys, "") + " WHERE " +
			matching(keys)
	case store.Insert, store.Add, store.Put:
	}
	insert := "INSERT INTO " + s.Table + " (campaign_no, " +
		strings.Join(append(append([]string{}, keys...), fields...), ", ") + ") SELECT $1::bigint, r.* FROM " +
		rowsText(append(append([]store.Field{}, s.Keys...), s.Fields...), "")
	switch s.Verb {
	case store.Insert:
		return insert
	case store.Add:
		return insert + " ON CONFLICT DO NOTHING"
	case store.Put:
		return insert + " ON CONFLICT (campaign_no, " + strings.Join(keys, ", ") + ") DO UPDATE SET " +
			excluded(fields)
	case store.Select, store.Update, store.Delete:
	}
	panic(fmt.Sprintf("postgres: no verb %d", s.Verb))
}

// selectText reads columns of the rows that match keys, after each the place of
// its key in the arrays. Whoever reads puts them in that order: a sort here costs
// a copy of all rows, and mostly they come in order.
func selectText(table string, keys []store.Field, columns []string) string {
	return "SELECT t." + strings.Join(columns, ", t.") + ", r.place FROM " +
		keyedText(keys, " WITH ORDINALITY") + " JOIN " + table + " AS t ON " + matching(names(keys))
}

// keyedText is the arrays as rows r with the campaign. OFFSET keeps it apart from
// the query around it: else a table that looks small in the server's statistics,
// as every new one does, is read from one end to the other for each row.
func keyedText(fields []store.Field, ordinality string) string {
	return "(SELECT $1::bigint AS campaign_no, r.* FROM " + rowsText(fields, ordinality) +
		" OFFSET 0) AS r"
}

// rowsText is the arrays as rows r of columns c0, c1, …; with their place if asked.
func rowsText(fields []store.Field, ordinality string) string {
	arrays, columns := make([]string, len(fields)), make([]string, len(fields))
	for i := range fields {
		arrays[i] = fmt.Sprintf("$%d::%s[]", i+2, typeName(fields[i].Type))
		columns[i] = fmt.Sprintf("c%d", i)
	}
	if ordinality != "" {
		columns = append(columns, "place")
	}
	return "unnest(" + strings.Join(arrays, ", ") + ")" + ordinality + " AS r(" +
		strings.Join(columns, ", ") + ")"
}

func typeName(t schema.Type) string {
	switch t {
	case schema.ID:
		return "uuid"
	case schema.Text:
		return "text"
	case schema.Integer:
		return "bigint"
	case schema.Bytes:
		return "bytea"
	}
	panic("postgres: no type " + string(t))
}

func names(fields []store.Field) []string {
	list := make([]string, len(fields))
	for i := range fields {
		list[i] = fields[i].Name
	}
	return list
}

// matching finds rows by the campaign and their keys, the first columns of the
// arrays.
func matching(keys []string) string {
	var b strings.Builder
	b.WriteString("t.campaign_no = r.campaign_no")
	for i, name := range keys {
		fmt.Fprintf(&b, " AND t.%s = r.c%d", name, i)
	}
	return b.String()
}

// pairs sets fields to columns of the arrays, from one on.
func pairs(fields []string, from int) string {
	list := make([]string, len(fields))
	for i, name := range fields {
		list[i] = fmt.Sprintf("%s = r.c%d", name, from+i)
	}
	return strings.Join(list, ", ")
}

func excluded(fields []string) string {
	list := make([]string, len(fields))
	for i, name := range fields {
		list[i] = name + " = excluded." + name
	}
	return strings.Join(list, ", ")
}
