// Package storetest is what every engine of the store must do: one suite that
// runs on a real database of each. It is test support; nothing in the server
// imports it.
package storetest

import (
	"context"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/failpoint"
	"sansuiji/syncengine/merge"

	"github.com/google/go-cmp/cmp"
)

// Open opens an empty database until the test ends.
type Open func(t testing.TB, points failpoint.Points) store.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, Open){
		"values of every kind come back":          valuesComeBack,
		"rows of any width change in any columns": anyShape,
		"large rows come back":                    largeRows,
		"pages hold what is in scope":             packs,
		"rows are counted by what they share":     tallies,
		"a row moves with its children":           moves,
		"a contest comes back":                    contests,
		"the history comes back":                  historyComesBack,
		"the log grows with the history":          logGrows,
		"what is held waits for its row":          held,
		"what is kept aside is bounded":           asides,
		"texts that no text cell can hold":        oddDetails,
		"rights follow the rows":                  rights,
		"authors are numbered":                    authors,
		"a failing merge leaves no trace":         failures,
		"merges that wait share a commit":         sharedCommit,
		"merges at once are whole or absent":      concurrent,
		"a panic undoes its merge alone":          panics,
		"a reader keeps its state":                snapshots,
		"the office works one at a time":          office,
		"a campaign that is not there":            noCampaign,
		"only the campaign's own rows":            campaigns,
	} {
		t.Run(name, func(t *testing.T) { test(t, open) })
	}
}

// bed is a campaign in a database.
type bed struct {
	testing.TB
	store     store.Store
	catalogue *schema.Catalogue
	campaign  schema.CampaignID
}

func newBed(t testing.TB, open Open, points failpoint.Points) *bed {
	t.Helper()
	b := &bed{TB: t, store: open(t, points), catalogue: schema.NewCatalogue()}
	b.campaign = b.begin()
	return b
}

// begin adds a campaign.
func (b *bed) begin() schema.CampaignID {
	b.Helper()
	campaign := schema.CampaignID(schema.NewRowID())
	must(b, b.store.Begin(b.ctx(), campaign, schema.Epoch(schema.NewRowID())))
	return campaign
}

func (b *bed) ctx() context.Context { return context.Background() }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal(t testing.TB, what string, want, got any) {
	t.Helper()
	sameTable := cmp.Comparer(func(a, b *schema.Table) bool { return a == b })
	if diff := cmp.Diff(want, got, sameTable); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// merge runs a merge that succeeds.
func (b *bed) merge(do func(tx *store.Tx)) {
	b.Helper()
	must(b, b.store.Merge(b.ctx(), b.campaign, func(tx *store.Tx) error {
		do(tx)
		return nil
	}))
}

func (b *bed) read(do func(v store.View)) {
	b.Helper()
	must(b, b.store.Read(b.ctx(), b.campaign, func(v store.View) error {
		do(v)
		return nil
	}))
}

// count reads a number; the query's first argument is the campaign's number.
func (b *bed) count(query string, args ...any) (n int) {
	b.Helper()
	b.read(func(v store.View) {
		must(b, v.QueryRowContext(b.ctx(), query, append([]any{v.CampaignNo}, args...)...).Scan(&n))
	})
	return n
}

// cells are values by column.
type cells map[string]changeset.Value

func id(v schema.RowID) changeset.Value { return changeset.BlobValue(v[:]) }

// insertion is a new row; columns that must have a value and are not given one
// have any.
func (b *bed) insertion(table string, scope merge.Scope, c cells) merge.RowWrite {
	t := b.catalogue.MustTable(table)
	return insertionInto(t, scope, c)
}

func insertionInto(t *schema.Table, scope merge.Scope, c cells) merge.RowWrite {
	w := merge.RowWrite{
		RowRef: merge.RowRef{Table: t, ID: schema.NewRowID()}, Insert: true, Scope: scope,
		Stamps: make([]merge.Stamp, len(t.Columns)),
	}
	for i := range t.Columns {
		col := &t.Columns[i]
		v, given := c[col.Name]
		switch {
		case given:
		case !col.Required:
			v = changeset.NullValue()
		case col.Type == schema.Text:
			v = changeset.TextValue("甲")
		case col.Type == schema.Integer:
			v = changeset.Int(1)
		default:
			v = id(schema.NewRowID())
		}
		w.Columns, w.Values = append(w.Columns, i), append(w.Values, v)
	}
	return w
}

// update changes cells of a row that was written.
func update(w merge.RowWrite, c cells) merge.RowWrite {
	u := merge.RowWrite{RowRef: w.RowRef, Scope: w.Scope, Stamps: w.Stamps}
	for i := range w.Table.Columns {
		if v, ok := c[w.Table.Columns[i].Name]; ok {
			u.Columns, u.Values = append(u.Columns, i), append(u.Values, v)
		}
	}
	return u
}

// write applies writes, each with the next revision.
func (b *bed) write(tx *store.Tx, writes ...merge.RowWrite) {
	b.Helper()
	must(b, apply(tx, merge.Plan{Outcome: schema.Merged, Writes: writes}))
}

func apply(tx *store.Tx, plan merge.Plan) error {
	plan.Revision = tx.State().Revision
	for i := range plan.Writes {
		plan.Revision++
		plan.Writes[i].Revision = plan.Revision
	}
	_, err := tx.Apply(&plan, 77)
	return err
}

// cellsOf reads a row's cells in a merge of its own.
func (b *bed) cellsOf(ref merge.RowRef) (values []changeset.Value) {
	b.Helper()
	b.merge(func(tx *store.Tx) {
		found, err := tx.Cells(ref.Table, ref.ID)
		must(b, err)
		for _, v := range found {
			values = append(values, v.Clone())
		}
	})
	return values
}
