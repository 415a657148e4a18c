package changeset_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// script makes SQL at random: a schema with rows, and changes to them. None of
// its statements can fail. One seed makes one script.
type script struct {
	*rand.Rand
	tables []*sqlTable
	big    bool // a value of a mebibyte is still to come
}

type sqlTable struct {
	name    string // quoted
	columns []string
	rowid   string // the INTEGER PRIMARY KEY, which takes nothing but integers
	notNull string // the key columns of a table without rowid, each after a space
}

func newScript(seed uint64) *script {
	return &script{Rand: rand.New(rand.NewPCG(seed, 1)), big: seed%500 == 7}
}

func pick[T any](s *script, from ...T) T { return from[s.IntN(len(from))] }

// setup is the schema and its first rows.
func (s *script) setup() string {
	var b strings.Builder
	names := []string{
		"span", `"点検"`, `"a b"`, `"q""uote"`, `"<&>\"`, `""`, "\"\x01\u2028\"", "\"x\xff\xc3\"",
	}
	for _, i := range s.Perm(len(names))[:1+s.IntN(3)] {
		b.WriteString(s.createTable(names[i]))
	}
	for range s.IntN(8) {
		b.WriteString(s.insert(pick(s, s.tables...)))
	}
	if s.IntN(3) == 0 {
		b.WriteString(s.trigger())
	}
	if s.IntN(20) == 0 {
		b.WriteString("ANALYZE;\n")
	}
	return b.String()
}

// createTable makes a table with its key in any column order.
func (s *script) createTable(name string) string {
	n := 1 + s.IntN(7)
	if s.IntN(100) == 0 {
		n = 126 + s.IntN(6)
	}
	t := &sqlTable{name: name}
	var columns []string
	for i := range n {
		t.columns = append(t.columns, fmt.Sprintf("c%d", i))
		kind := pick(s, "", "INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC", "TEXT COLLATE NOCASE")
		columns = append(columns, t.columns[i]+" "+kind)
	}
	s.tables = append(s.tables, t)
	key, suffix := "", pick(s, "", "WITHOUT ROWID")
	if s.IntN(4) == 0 {
		i := s.IntN(n)
		t.rowid = t.columns[i]
		columns[i], suffix = t.rowid+" INTEGER PRIMARY KEY", ""
	} else {
		var parts []string
		for _, i := range s.Perm(n)[:1+s.IntN(min(n, 4))] {
			parts = append(parts, t.columns[i])
		}
		key = ", PRIMARY KEY(" + strings.Join(parts, ", ") + ")"
		if i := slices.Index(columns, parts[0]+" INTEGER"); i >= 0 && len(parts) == 1 {
			t.rowid = parts[0]
		}
		if suffix != "" {
			t.notNull = " " + strings.Join(parts, " ") + " "
		}
	}
	list := strings.Join(columns, ", ")
	return fmt.Sprintf("CREATE TABLE %s(%s%s) %s;\n", name, list, key, suffix)
}

// trigger makes the changes of one table change another, indirectly.
func (s *script) trigger() string {
	from, to := pick(s, s.tables...), pick(s, s.tables...)
	body := pick(s, s.insert, s.update, s.remove)(to)
	return fmt.Sprintf("CREATE TRIGGER echo AFTER %s ON %s BEGIN %s END;\n",
		pick(s, "INSERT", "UPDATE", "DELETE"), from.name, body)
}

// change is a run of statements.
func (s *script) change() string {
	var b strings.Builder
	for range 1 + s.IntN(10) {
		t := pick(s, s.tables...)
		switch n := s.IntN(200); {
		case n < 100:
			b.WriteString(s.insert(t))
		case n < 175:
			b.WriteString(s.update(t))
		case n < 196:
			b.WriteString(s.remove(t))
		case n < 198:
			b.WriteString("ANALYZE;\n")
		default:
			b.WriteString(s.addColumn(t))
		}
	}
	return b.String()
}

func (s *script) insert(t *sqlTable) string {
	values := make([]string, len(t.columns))
	for i := range values {
		values[i] = s.valueFor(t, t.columns[i])
	}
	return fmt.Sprintf("INSERT OR %s INTO %s(%s) VALUES(%s);\n", pick(s, "IGNORE", "REPLACE"),
		t.name, strings.Join(t.columns, ", "), strings.Join(values, ", "))
}

func (s *script) update(t *sqlTable) string {
	c := pick(s, t.columns...)
	to := s.valueFor(t, c)
	if c != t.rowid && s.IntN(2) == 0 {
		to = pick(s, "upper", "lower") + "(" + c + ")"
	}
	return fmt.Sprintf("UPDATE OR IGNORE %s SET %s = %s%s;\n", t.name, c, to, s.where(t))
}

func (s *script) remove(t *sqlTable) string {
	return fmt.Sprintf("DELETE FROM %s%s;\n", t.name, s.where(t))
}

// addColumn makes rows of the session older than their last column.
func (s *script) addColumn(t *sqlTable) string {
	c := fmt.Sprintf("c%d", len(t.columns))
	t.columns = append(t.columns, c)
	return fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s DEFAULT 'new';\n", t.name, c)
}

func (s *script) where(t *sqlTable) string {
	if s.IntN(4) == 0 {
		return ""
	}
	return fmt.Sprintf(" WHERE length(hex(%s)) / 2 %% 3 = %d", pick(s, t.columns...), s.IntN(3))
}

func (s *script) valueFor(t *sqlTable, column string) string {
	if column == t.rowid {
		return fmt.Sprint(s.IntN(6))
	}
	for {
		v := s.value()
		if v != "NULL" || !strings.Contains(t.notNull, " "+column+" ") {
			return v
		}
	}
}

// value is an SQL literal of any type, often one at an edge.
func (s *script) value() string {
	switch s.IntN(10) {
	case 0:
		return "NULL"
	case 1, 2:
		return fmt.Sprint(s.IntN(6)) // small, so that keys meet
	case 3:
		return pick(s, "0", "-1", "9223372036854775807", "-9223372036854775808",
			"9007199254740993", "2147483648", fmt.Sprint(int64(s.Uint64())))
	case 4:
		return pick(s, "-0.0", "0.0", "9e999", "-9e999", "1.0", "4.9e-324",
			"1.7976931348623157e308", fmt.Sprint(s.NormFloat64()))
	case 5, 6:
		return pick(s, "''", "'a'", "'A'", "'文字'", "'it''s \\ \"q\"'", "'line\nbreak\t'", "'\u2028<&>'")
	case 7:
		return fmt.Sprintf("CAST(x'%x' AS TEXT)", s.bytes())
	default:
		return fmt.Sprintf("x'%x'", s.bytes())
	}
}

func (s *script) bytes() []byte {
	n := pick(s, 0, 1, 2, 16, 16, 20, 127, 128)
	if s.IntN(200) == 0 {
		n = pick(s, 16383, 16384)
	}
	if s.big {
		n, s.big = 1<<20, false
	}
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(s.Uint32())
	}
	return b
}
