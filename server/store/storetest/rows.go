package storetest

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
)

func oddTexts() []string {
	return []string{
		"", " ", "帳目不清", "𠮷\U0001f6e0", `'"\%_$1`, "a\nb\r\n\tc", "\u202e\ufeff\ufffe",
		"{1,NULL,\"x\"}", strings.Repeat("長", 40_000),
	}
}

func oddBytes() [][]byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return [][]byte{{}, {0}, all, bytes.Repeat([]byte{7}, 127), bytes.Repeat(all, 1024)}
}

func valuesComeBack(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	var rows []merge.RowWrite
	for _, text := range oddTexts() {
		rows = append(rows, b.insertion("finding", 2, cells{"title": changeset.TextValue(text)}))
	}
	for _, n := range []int64{0, -1, 1, math.MinInt64, math.MaxInt64, 1 << 53} {
		rows = append(rows, b.insertion("finding", 2, cells{"recorded_at": changeset.Int(n)}))
	}
	for _, v := range oddBytes() {
		rows = append(rows, b.insertion("device", 1, cells{"public_key": changeset.BlobValue(v)}))
	}
	b.merge(func(tx *store.Tx) { b.write(tx, rows...) })
	for i := range rows {
		equal(t, rows[i].Table.Name, rows[i].Values, b.cellsOf(rows[i].RowRef))
	}
	b.queriesSeeThem(rows)
	for i := range rows { // each value into a row that has others
		other := rows[(i+1)%len(rows)]
		for k := range other.Table.Columns {
			if other.Table != rows[i].Table || other.Values[k].Equal(rows[i].Values[k]) {
				continue
			}
			b.merge(func(tx *store.Tx) {
				b.write(tx, update(other, cells{other.Table.Columns[k].Name: rows[i].Values[k]}))
			})
			equal(t, "updated", rows[i].Values[k], b.cellsOf(other.RowRef)[k])
			b.merge(func(tx *store.Tx) {
				b.write(tx, update(other, cells{other.Table.Columns[k].Name: other.Values[k]}))
			})
		}
	}
}

// queriesSeeThem reads rows by the SQL that both engines run.
func (b *bed) queriesSeeThem(rows []merge.RowWrite) {
	b.Helper()
	b.read(func(v store.View) {
		for i := range rows {
			t := rows[i].Table
			for k := range t.Columns {
				var got any
				must(b, v.QueryRowContext(b.ctx(), "SELECT "+t.Columns[k].Name+" FROM "+t.Name+
					" WHERE campaign_no = $1 AND id = $2", v.CampaignNo, rows[i].ID[:]).Scan(&got))
				equal(b, t.Columns[k].Name, rows[i].Values[k], changeset.ValueOf(got))
			}
		}
	})
}

// wideTable is as wide as a table may be.
func wideTable() (*schema.Table, string) {
	const width = 64
	t := &schema.Table{Name: "wide", Scope: schema.ScopeRule{Kind: schema.ByCampaign}}
	made := `CREATE TABLE wide (campaign_no bigint NOT NULL, id uuid NOT NULL, _scope bigint NOT NULL,
		_revision bigint NOT NULL, _clocks bytea NOT NULL`
	for i := range width {
		c := schema.Column{Name: fmt.Sprint("c", i), Type: schema.Text}
		if i%2 == 1 {
			c.Type = schema.Integer
		}
		t.Columns = append(t.Columns, c)
		made += ", " + c.Name + " " + map[schema.Type]string{schema.Text: "text", schema.Integer: "bigint"}[c.Type]
	}
	return t, made + ", PRIMARY KEY (campaign_no, id))"
}

// anyShape updates more different sets of columns than an engine keeps
// statements for.
func anyShape(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	table, made := wideTable()
	must(t, b.store.Office(b.ctx(), func(q store.Queryer) error {
		for _, statement := range []string{"DROP TABLE IF EXISTS wide", made} {
			if _, err := q.ExecContext(b.ctx(), statement); err != nil {
				return err
			}
		}
		return nil
	}))
	row := insertionInto(table, 1, cells{})
	want := append([]changeset.Value{}, row.Values...)
	b.merge(func(tx *store.Tx) { b.write(tx, row) })
	for round := range 3 {
		for shape := range 150 {
			n := round*150 + shape + 1
			c := cells{}
			for i := range table.Columns {
				if n>>(i%9)&1 == 0 && i != n%64 {
					continue
				}
				v := changeset.Int(int64(n))
				if table.Columns[i].Type == schema.Text {
					v = changeset.TextValue(fmt.Sprint(n))
				}
				c[table.Columns[i].Name], want[i] = v, v
			}
			b.merge(func(tx *store.Tx) { b.write(tx, update(row, c)) })
		}
		equal(t, "wide row", want, b.cellsOf(row.RowRef))
	}
	must(t, b.store.Office(b.ctx(), func(q store.Queryer) error {
		_, err := q.ExecContext(b.ctx(), "DROP TABLE wide")
		return err
	}))
}

func largeRows(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	long := strings.Repeat("很長的正文。", 400_000) // 7 MB
	var rows []merge.RowWrite
	for range 4 {
		rows = append(rows, b.insertion("finding", 2, cells{"detail": changeset.TextValue(long)}))
	}
	b.merge(func(tx *store.Tx) { b.write(tx, rows...) })
	b.read(func(v store.View) {
		q := store.PackQuery{Table: "finding", Scopes: []merge.Scope{2}, Fields: []store.Field{
			{Name: "id", Type: schema.ID}, {Name: "detail", Type: schema.Text},
		}}
		for i := range rows {
			q.IDs = append(q.IDs, rows[i].ID)
		}
		packed, n, err := v.Pack(b.ctx(), &q)
		must(t, err)
		if n != len(rows) {
			t.Errorf("%d rows", n)
		}
		var got [2]changeset.Value
		for i := range rows {
			more, err := packed.Next(got[:])
			must(t, err)
			if !more || string(got[0].Bytes) != string(rows[i].ID[:]) || string(got[1].Bytes) != long {
				t.Fatalf("row %d is another", i)
			}
		}
	})
}

func tallies(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	b.merge(func(tx *store.Tx) {
		for i := range 30 {
			c := cells{"accuracy_m": changeset.Int(int64(i % 3))}
			if i%2 == 0 {
				c["topic"] = changeset.TextValue("帳目")
			}
			b.write(tx, b.insertion("finding", 2, c))
		}
	})
	b.read(func(v store.View) {
		packed, err := v.Tally(b.ctx(), "finding", "accuracy_m", "topic", "CASE WHEN accuracy_m = 2 THEN 1 ELSE 0 END")
		must(t, err)
		groups, c := 0, [4]changeset.Value{}
		for more, err := packed.Next(c[:]); more; more, err = packed.Next(c[:]) {
			must(t, err)
			groups++
			if two := c[0].Int64() == 2; c[3].Int64() != 5 || (c[2].Int64() == 1) != two ||
				c[1].Kind != changeset.Null && string(c[1].Bytes) != "帳目" {
				t.Errorf("%v", c)
			}
		}
		if groups != 6 {
			t.Errorf("%d groups", groups)
		}
	})
	none := newBed(t, open, nil)
	none.read(func(v store.View) {
		if packed, err := v.Tally(none.ctx(), "finding", "topic"); err != nil || len(packed) != 0 {
			t.Errorf("of nothing: %x %v", packed, err)
		}
	})
}

func packs(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	var ids []schema.RowID
	b.merge(func(tx *store.Tx) {
		for i := range 30 {
			w := b.insertion("finding", merge.Scope(i%3+1), cells{"accuracy_m": changeset.Int(int64(i))})
			ids = append([]schema.RowID{w.ID}, ids...)
			b.write(tx, w)
		}
	})
	ids = append(ids, schema.NewRowID())
	b.read(func(v store.View) {
		for _, not := range []bool{false, true} {
			q := store.PackQuery{
				Table: "finding", IDs: ids, Scopes: []merge.Scope{2, 3}, Not: not, Prefix: []byte{9, 9},
				Fields: []store.Field{{Name: "id", Type: schema.ID}, {Name: "accuracy_m", Type: schema.Integer}},
			}
			packed, n, err := v.Pack(b.ctx(), &q)
			must(t, err)
			var want store.Packed
			count := 0
			for i := range 30 { // in the order of the keys that went in
				number := 29 - i
				if (number%3 != 0) == not {
					continue
				}
				count++
				want = append(want, 9, 9)
				want = changeset.AppendValue(want, id(ids[i]))
				want = changeset.AppendValue(want, changeset.Int(int64(number)))
			}
			if !bytes.Equal(want, packed) || n != count {
				t.Errorf("not %v: %d rows, want %d; %d bytes, want %d", not, n, count, len(packed), len(want))
			}
		}
	})
}

func moves(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	visit := b.insertion("visit", 2, cells{})
	finding := b.insertion("finding", 2, cells{"visit_id": id(visit.ID)})
	other := b.insertion("finding", 2, cells{})
	comment := b.insertion("comment", 2, cells{"finding_id": id(finding.ID)})
	b.merge(func(tx *store.Tx) { b.write(tx, visit, finding, other, comment) })
	var before uint64
	b.read(func(v store.View) { before = v.State.Revision })
	b.merge(func(tx *store.Tx) {
		w := update(visit, cells{"note": changeset.TextValue("移")})
		w.Moved, w.From, w.Scope = true, 2, 3
		b.write(tx, w)
	})
	for table, w := range map[string]merge.RowWrite{"visit": visit, "finding": finding, "comment": comment} {
		if n := b.count("SELECT _scope FROM "+table+" WHERE campaign_no = $1 AND id = $2", w.ID[:]); n != 3 {
			t.Errorf("%s is in scope %d", table, n)
		}
	}
	if n := b.count("SELECT _scope FROM finding WHERE campaign_no = $1 AND id = $2", other.ID[:]); n != 2 {
		t.Errorf("the finding of another visit is in scope %d", n)
	}
	want := []store.Changed{
		{Revision: before + 1, Table: visit.Table.Number, ID: visit.ID},
		{Revision: before + 2, Table: finding.Table.Number, ID: finding.ID},
		{Revision: before + 3, Table: comment.Table.Number, ID: comment.ID},
	}
	for _, scope := range []int64{2, 3} {
		equal(t, fmt.Sprint("changes of scope ", scope), want, b.changes(scope, before))
	}
}

// changes lists what changed in a scope after a revision.
func (b *bed) changes(scope int64, after uint64) (list []store.Changed) {
	b.Helper()
	b.read(func(v store.View) {
		_, err := store.List(b.ctx(), v, func(row store.Scanner) (first uint64, err error) {
			var packed []byte
			if err = row.Scan(&first, &packed); err == nil {
				list, err = store.ReadChanges(list, first, packed)
			}
			return first, err
		}, `SELECT first, rows FROM change WHERE campaign_no = $1 AND scope = $2 AND revision > $3
			ORDER BY revision`, v.CampaignNo, scope, int64(after))
		must(b, err)
	})
	return list
}

func contests(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	row := b.insertion("finding", 2, cells{})
	severity := row.Table.ColumnIndex("severity")
	device := schema.DeviceID(schema.NewRowID())
	write := merge.Write{
		Author: 1, Device: device, HQ: true, Seq: 3, Revision: 9, Clock: 77,
		Value: changeset.TextValue("serious"), Base: changeset.TextValue("minor"),
	}
	unseen := write
	unseen.Seq, unseen.Value, unseen.Base = 4, changeset.NullValue(), changeset.Value{}
	contest := merge.Contest{
		ID: [16]byte{7}, Table: row.Table, Row: row.ID, Column: severity, State: merge.Open,
		Base: changeset.TextValue("minor"), Writes: []merge.Write{write, unseen},
	}
	b.merge(func(tx *store.Tx) {
		must(t, tx.SaveAuthor(&store.Author{Number: 1, Device: device}))
		must(t, apply(tx, merge.Plan{Writes: []merge.RowWrite{row}, Contests: []merge.Contest{contest}}))
	})
	b.merge(func(tx *store.Tx) {
		got, err := tx.Contest(row.Table, row.ID, severity)
		must(t, err)
		equal(t, "contest", contest, got)
		closed := contest
		closed.State, closed.Writes, closed.Gone = merge.Resolved, contest.Writes[:1], contest.Writes[1:]
		again := contest // it may begin anew at once, under its name
		again.Writes = contest.Writes[1:]
		must(t, apply(tx, merge.Plan{Contests: []merge.Contest{closed}}))
		must(t, apply(tx, merge.Plan{Contests: []merge.Contest{again}}))
	})
	b.read(func(v store.View) {
		var key, packed []byte
		var state string
		must(t, v.QueryRowContext(b.ctx(), `SELECT id, state, writes FROM conflict
			WHERE campaign_no = $1 AND row_id = $2`, v.CampaignNo, row.ID[:]).Scan(&key, &state, &packed))
		competing, _, err := store.ReadWrites(packed)
		must(t, err)
		unseen.Device, unseen.HQ = schema.DeviceID{}, false // not looked up
		equal(t, "writes", []merge.Write{unseen}, competing)
		if state != string(merge.Open) || string(key) != string(contest.ID[:]) {
			t.Errorf("contest %x is %s", key, state)
		}
	})
}
