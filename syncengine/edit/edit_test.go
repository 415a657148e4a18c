package edit_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/oracle"

	"github.com/google/go-cmp/cmp"
)

// ids of the tests, in rising order.
var (
	visit   = schema.RowID{1}
	finding = schema.RowID{2}
	another = schema.RowID{3}
	person  = schema.RowID{4}
)

// built is what a builder makes of some changes.
func built(t *testing.T, do func(*edit.Builder)) []byte {
	t.Helper()
	b := edit.New(schema.NewCatalogue())
	do(b)
	bytes, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

// lines reads a changeset back: one line per change, with the columns' names.
func lines(t *testing.T, bytes []byte) []string {
	t.Helper()
	catalogue := schema.NewCatalogue()
	list := []string{}
	r := changeset.NewReader(bytes, changeset.Limits{})
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		table := catalogue.MustTable(c.Table.Name)
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s", c.Op, table.Name)
		for i := range c.Table.PK {
			name := "id"
			if i > 0 {
				name = table.Columns[i-1].Name
			}
			if was, is := show(c.Old, i), show(c.New, i); was+is != "" {
				fmt.Fprintf(&b, " %s:%s>%s", name, was, is)
			}
		}
		list = append(list, b.String())
	}
}

// show is a value in a record, if it has one.
func show(record []changeset.Value, i int) string {
	if record == nil {
		return ""
	}
	switch v := record[i]; v.Kind {
	case changeset.Absent:
		return ""
	case changeset.Text:
		return string(v.Bytes)
	case changeset.Blob:
		return fmt.Sprintf("x%x", v.Bytes[:1])
	case changeset.Integer:
		return fmt.Sprint(v.Int64())
	case changeset.Null, changeset.Real:
		return v.Kind.String()
	}
	return "?"
}

func TestAnInsertedRowHasTheDefaultsOfWhatIsNotGiven(t *testing.T) {
	got := lines(t, built(t, func(b *edit.Builder) {
		b.Insert("comment", another, edit.Cells{"finding_id": edit.ID(finding), "body": edit.Text("屬實")})
		b.Insert("visit", visit, edit.Cells{
			"team_id": edit.ID(schema.TeamID{7}), "unit_id": edit.ID(schema.RowID{8}),
			"arrived_at": edit.Int(1_790_000_000_000), "note": edit.Text(""),
		})
	}))
	want := []string{
		"INSERT visit id:>x01 team_id:>x07 unit_id:>x08 sequence:>null planned_at:>null" +
			" status:>planned arrived_at:>1790000000000 left_at:>null note:>null" +
			" arrived_latitude_e7:>null arrived_longitude_e7:>null arrived_accuracy_m:>null",
		"INSERT comment id:>x03 finding_id:>x02 inspector_id:>null author:>null body:>屬實" +
			" written_at:>null withdrawn_at:>null",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnUpdateHoldsTheKeyAndTheCellsThatChanged(t *testing.T) {
	before := edit.Cells{
		"title": edit.Text("帳目不清"), "severity": edit.Text("minor"), "recorded_at": edit.Int(5),
	}
	after := edit.Cells{
		"title": edit.Text("帳目不清"), "severity": edit.Text("serious"), "recorded_at": changeset.NullValue(),
		"problem_id": edit.ID(person),
	}
	update := func(b *edit.Builder) { b.Update("finding", finding, before, after) }
	confirm := func(b *edit.Builder) { b.Confirm("finding", finding, before, after) }
	for _, c := range []struct {
		name string
		do   func(*edit.Builder)
		want []string
	}{
		{
			"update leaves out equal cells", update,
			[]string{"UPDATE finding id:x02> problem_id:null>x04 severity:minor>serious recorded_at:5>null"},
		},
		{"confirm keeps them", confirm, []string{
			"UPDATE finding id:x02> problem_id:null>x04 title:帳目不清>帳目不清" +
				" severity:minor>serious recorded_at:5>null",
		}},
		{
			"an update that changes nothing is none",
			func(b *edit.Builder) { b.Update("finding", finding, before, before) },
			[]string{},
		},
		{
			"nor is one that names nothing",
			func(b *edit.Builder) { b.Confirm("finding", finding, before, edit.Cells{}) },
			[]string{},
		},
		{"rows come in the order of their tables and keys", func(b *edit.Builder) {
			b.Update("finding", another, before, after)
			b.Update("visit", visit, edit.Cells{}, edit.Cells{"note": edit.Text("雨")})
			b.Update("finding", finding, before, edit.Cells{"title": edit.Text("帳")})
		}, []string{
			"UPDATE visit id:x01> note:null>雨",
			"UPDATE finding id:x02> title:帳目不清>帳",
			"UPDATE finding id:x03> problem_id:null>x04 severity:minor>serious recorded_at:5>null",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, lines(t, built(t, c.do))); diff != "" {
				t.Error(diff)
			}
			b := edit.New(schema.NewCatalogue())
			c.do(b)
			if b.Empty() != (len(c.want) == 0) {
				t.Errorf("empty %v", b.Empty())
			}
		})
	}
}

func TestACellThatCannotBeWrittenIsAnError(t *testing.T) {
	b := edit.New(schema.NewCatalogue())
	b.Insert("team", visit, edit.Cells{"number": changeset.Value{Kind: 9}})
	if _, err := b.Bytes(); !errors.Is(err, changeset.ErrShape) || !strings.Contains(err.Error(), "team") {
		t.Errorf("error %v", err)
	}
}

// The session extension gives rows in an order of its own, so transactions of
// one row are compared byte by byte, and larger ones change by change.
func TestABuilderMakesWhatSQLiteRecordsOfTheSameStatements(t *testing.T) {
	o, err := oracle.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	setup := deviceSchema(t) + `
		INSERT INTO finding (id, visit_id, title, severity) VALUES
			(` + blob(finding) + `, ` + blob(visit) + `, '帳目不清', 'minor'),
			(` + blob(another) + `, ` + blob(visit) + `, '無記錄', NULL);`
	insert := func(b *edit.Builder) {
		b.Insert("finding", person, edit.Cells{
			"visit_id": edit.ID(visit), "title": edit.Text("𠮷"), "recorded_at": edit.Int(-1),
		})
	}
	update := func(b *edit.Builder) {
		b.Update("finding", finding, edit.Cells{"severity": edit.Text("minor"), "title": edit.Text("帳目不清")},
			edit.Cells{"severity": changeset.NullValue(), "title": edit.Text("帳目不清")})
	}
	visits := func(b *edit.Builder) {
		b.Insert("visit", visit, edit.Cells{"team_id": edit.ID(person), "unit_id": edit.ID(another)})
	}
	insertSQL := `INSERT INTO finding (id, visit_id, title, recorded_at)
		VALUES (` + blob(person) + `, ` + blob(visit) + `, '𠮷', -1);`
	updateSQL := `UPDATE finding SET severity = NULL, title = '帳目不清' WHERE id = ` + blob(finding) + `;`
	visitsSQL := `INSERT INTO visit (id, team_id, unit_id)
		VALUES (` + blob(visit) + `, ` + blob(person) + `, ` + blob(another) + `);`
	for _, c := range []struct {
		name, sql string
		rows      int
		do        []func(*edit.Builder)
	}{
		{"an insert", insertSQL, 1, []func(*edit.Builder){insert}},
		{"an update", updateSQL, 1, []func(*edit.Builder){update}},
		{"nothing", `UPDATE finding SET title = title;`, 0, nil},
		{
			"several rows of two tables", insertSQL + updateSQL + visitsSQL, 3,
			[]func(*edit.Builder){visits, insert, update},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			recorded, _, err := o.Record(setup, c.sql)
			if err != nil {
				t.Fatal(err)
			}
			ours := built(t, func(b *edit.Builder) {
				for _, do := range c.do {
					do(b)
				}
			})
			if c.rows <= 1 && string(ours) != string(recorded) {
				t.Errorf("ours %x\nSQLite's %x", ours, recorded)
			}
			want, got := map[string]bool{}, map[string]bool{}
			for _, line := range lines(t, recorded) {
				want[line] = true
			}
			for _, line := range lines(t, ours) {
				got[line] = true
			}
			if diff := cmp.Diff(want, got); diff != "" || len(got) != c.rows {
				t.Errorf("%d rows:\n%s", len(got), diff)
			}
		})
	}
}

func deviceSchema(t *testing.T) string {
	t.Helper()
	migrations, err := schema.Migrations(schema.OnDevice)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, m := range migrations {
		b.WriteString(m.SQL)
	}
	return b.String()
}

// blob is an id as an SQL literal.
func blob(id schema.RowID) string { return fmt.Sprintf("x'%x'", id[:]) }
