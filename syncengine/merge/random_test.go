package merge_test

import (
	"math/rand/v2"

	"sansuiji/schema"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/merge"
)

// generator makes entries that meet in few rows and few values, so that they
// get in one another's way.
type generator struct {
	*rand.Rand
	model *model
}

// pool is how many ids there are of each table.
const pool = 3

// id is one of a table's few ids. Teams are the ones that TeamScope numbers.
func (g *generator) id(table string) schema.RowID {
	if table == "team" {
		return schema.RowID{byte(g.IntN(2))}
	}
	return schema.NaturalRowID(table, schema.RowID{byte(g.IntN(pool))})
}

// entry makes the next entry of an author with a random changeset.
func (g *generator) entry(author uint32) *merge.Entry {
	e := &merge.Entry{
		Campaign: schema.CampaignID{1}, Schema: schema.Version, SchemaMax: schema.Version, Revision: g.model.revision,
		Clock: clock.Time(g.Uint64N(50)),
		Author: merge.Author{
			Number: author, Device: g.model.devices[author-1], HQ: author == 1,
			Inspector: schema.NaturalRowID("inspector", schema.RowID{byte(author % pool)}),
			Scopes:    []merge.Scope{2},
		},
	}
	if g.IntN(3) > 0 {
		e.Author.Scopes = append(e.Author.Scopes, 3)
	}
	e.Seen = g.Uint64N(g.model.revision + 1)
	if g.IntN(2) == 0 {
		e.Seen = g.model.revision
	}
	if g.IntN(4) == 0 {
		e.Heads = map[uint32]uint64{g.Uint32N(4) + 1: g.Uint64N(g.model.revision + 1)}
	}
	e.Changeset = g.changeset(author == 1)
	return e
}

// changeset is that of a few changes; mostly such as an app would make.
func (g *generator) changeset(hq bool) []byte {
	w := changeset.NewWriter(changeset.Changeset)
	tables := g.model.catalogue.Tables
	for range 1 + g.IntN(3) {
		t := tables[g.IntN(len(tables))]
		if n := g.IntN(12); n > 6 || (!hq && n > 0) {
			t = g.model.catalogue.MustTable([]string{"visit", "verification", "finding", "comment"}[g.IntN(4)])
		}
		flags := make([]byte, 1+len(t.Columns))
		flags[0] = 1
		w.Table(t.Name, flags)
		if err := g.change(w, t, hq); err != nil {
			panic(err)
		}
	}
	return w.Bytes()
}

// change mostly inserts rows that are not there and updates those that are.
func (g *generator) change(w *changeset.Writer, t *schema.Table, hq bool) error {
	id := g.id(t.Name)
	_, present, _ := g.model.Row(t, id)
	switch n := g.IntN(100); {
	case n == 0:
		return w.Delete(false, g.row(t, edit.ID(id), hq))
	case present == (n < 15):
		return w.Insert(false, g.row(t, edit.ID(id), hq))
	}
	old, now := g.update(t, edit.ID(id), hq)
	return w.Update(false, old, now)
}

// row is a whole row.
func (g *generator) row(t *schema.Table, key changeset.Value, hq bool) []changeset.Value {
	values := make([]changeset.Value, 1+len(t.Columns))
	values[0] = key
	for i := range t.Columns {
		values[1+i] = g.value(&t.Columns[i], !hq && t.Columns[i].Rule == schema.HQ)
	}
	return values
}

// update changes a few cells of a row.
func (g *generator) update(
	t *schema.Table, key changeset.Value, hq bool,
) (old, now []changeset.Value) {
	old, now = make([]changeset.Value, 1+len(t.Columns)), make([]changeset.Value, 1+len(t.Columns))
	old[0] = key
	for range 1 + g.IntN(3) {
		i := g.IntN(len(t.Columns))
		if col := &t.Columns[i]; hq || col.Rule != schema.HQ || g.IntN(20) == 0 {
			old[1+i], now[1+i] = g.value(col, false), g.value(col, false)
		}
	}
	return old, now
}

// value is one of few that a column can hold; seldom one that it cannot.
func (g *generator) value(col *schema.Column, plain bool) changeset.Value {
	switch {
	case g.IntN(400) == 0:
		return []changeset.Value{
			changeset.NullValue(), changeset.Int(-1), changeset.RealValue(0.5),
			changeset.TextValue("\xff"), changeset.BlobValue([]byte{1}),
		}[g.IntN(5)]
	case plain || (!col.Required && g.IntN(4) == 0):
		return edit.Default(col)
	}
	switch col.Type {
	case schema.ID:
		return edit.ID(g.id(col.Name[:len(col.Name)-len("_id")]))
	case schema.Integer:
		return changeset.Int(int64(g.IntN(3)))
	case schema.Bytes:
		return changeset.BlobValue([]byte{byte(g.IntN(2))})
	case schema.Text:
		if n := len(col.Choices); n > 0 {
			return changeset.TextValue(col.Choices[g.IntN(n)].Code)
		}
	}
	return changeset.TextValue([]string{"甲", "乙", "丙"}[g.IntN(3)])
}
