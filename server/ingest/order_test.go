package ingest_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"
)

// TestTheOrderInWhichPhonesArriveDoesNotMatter saves random edits on phones that
// do not see one another, delivers them in random orders, and wants the same
// rows and the same conflicts each time.
func TestTheOrderInWhichPhonesArriveDoesNotMatter(t *testing.T) {
	const worlds = 12
	for seed := range uint64(worlds) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { deliverInOrders(t, seed) })
	}
}

func deliverInOrders(t *testing.T, seed uint64) {
	t.Helper()
	const orders = 6
	random := rand.New(rand.NewPCG(seed, 1))
	w := ingesttest.New(t)
	a, b, id := w.Shared()
	c := w.Enrol(0)
	c.Pull()
	phones := []*ingesttest.Phone{a, b, c}
	for range 12 {
		w.Now = w.Now.Add(time.Duration(random.IntN(3)) * time.Millisecond)
		randomEdit(random, phones[random.IntN(3)], id)
	}
	pushes := map[*ingesttest.Phone]chain.Push{a: a.Take(), b: b.Take(), c: c.Take()}
	want := ""
	for order := range orders {
		got := deliver(t, w, pushes, random, phones)
		if want == "" {
			want = got
		}
		if got != want {
			t.Fatalf("order %d:\n%s\nwant\n%s", order, got, want)
		}
	}
}

func randomEdit(random *rand.Rand, p *ingesttest.Phone, id schema.RowID) {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	p.Save(func(e *edit.Builder) {
		column, before, value := "severity", "minor", pick("minor", "serious", "critical")
		switch random.IntN(4) {
		case 0:
			column, before, value = "title", "帳目不清", pick("甲", "乙")
		case 1:
			column, before, value = "status", "draft", pick("draft", "submitted")
		case 2:
			column, before, value = "recorded_at", "", ""
		}
		if column == "recorded_at" {
			e.Confirm("finding", id, edit.Cells{}, edit.Cells{column: edit.Int(int64(random.IntN(3)))})
			return
		}
		e.Confirm("finding", id, edit.Cells{column: edit.Text(before)}, edit.Cells{column: edit.Text(value)})
	})
}

// deliver sends each phone's entries, in random portions, to a copy of the
// world, and describes what comes of it.
func deliver(
	t *testing.T, w *ingesttest.World, pushes map[*ingesttest.Phone]chain.Push, random *rand.Rand, phones []*ingesttest.Phone,
) string {
	t.Helper()
	into := w.Open()
	_, err := ingest.Replay(t.Context(), w.Catalogue, w.Store, into, w.Campaign)
	must(t, err)
	service := *w.Service
	service.Store = into
	next, remaining := map[*ingesttest.Phone]int{}, 0
	for _, p := range phones {
		remaining += len(pushes[p].Entries)
	}
	for remaining > 0 {
		p := phones[random.IntN(len(phones))]
		push, from := pushes[p], next[p]
		if from == len(push.Entries) {
			continue
		}
		upTo := min(len(push.Entries), from+1+random.IntN(3))
		next[p], remaining = upTo, remaining-(upTo-from)
		head := chain.Head{Seq: parse(t, push.Entries[upTo-1]).Seq, Hash: chain.HashBytes(push.Entries[upTo-1])}
		sig, err := chain.SignHead(nil, p.Key, w.Campaign, p.ID, head)
		must(t, err)
		_, err = service.Push(t.Context(), chain.Push{
			Campaign: w.Campaign, Device: p.ID, Entries: push.Entries[from:upTo], Signature: sig,
		})
		must(t, err)
	}
	return describe(t, w, into)
}

// describe writes down rows and open conflicts, without what depends on order.
func describe(t *testing.T, w *ingesttest.World, s store.Store) string {
	t.Helper()
	var b strings.Builder
	must(t, s.Read(t.Context(), w.Campaign, func(v store.View) error {
		for _, query := range []string{
			"SELECT id, title, severity, status, recorded_at FROM finding ORDER BY id",
			`SELECT id, column_name, replace(state, 'settled', 'agreed') FROM conflict
				WHERE state IN ('open', 'agreed', 'settled') ORDER BY id`,
		} {
			if err := describeRows(t, &b, v, query); err != nil {
				return err
			}
		}
		describeCompeting(t, &b, v)
		return nil
	}))
	return b.String()
}

// describeRows writes down what a query reads.
func describeRows(t *testing.T, b *strings.Builder, v store.View, query string) error {
	t.Helper()
	rows, err := v.QueryContext(t.Context(), query)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, dest := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		fmt.Fprintln(b, values...)
	}
	return rows.Err()
}

// describeCompeting writes down what competes, by device.
func describeCompeting(t *testing.T, b *strings.Builder, v store.View) {
	t.Helper()
	devices := map[uint32]string{}
	_, err := store.List(t.Context(), v, func(row store.Scanner) (n uint32, err error) {
		var id []byte
		err = row.Scan(&n, &id)
		devices[n] = hex.EncodeToString(id)
		return n, err
	}, "SELECT no, device_id FROM author")
	must(t, err)
	lines, err := store.List(t.Context(), v, func(row store.Scanner) (line string, err error) {
		var id, packed []byte
		if err := row.Scan(&id, &packed); err != nil {
			return "", err
		}
		competing, _, err := store.ReadWrites(packed)
		var writes []string
		for _, w := range competing {
			writes = append(writes, fmt.Sprint(devices[w.Author], " ", w.Clock, " ", w.Value))
		}
		slices.Sort(writes)
		return hex.EncodeToString(id) + " " + strings.Join(writes, ", "), err
	}, "SELECT id, writes FROM conflict WHERE state IN ('open', 'agreed', 'settled') ORDER BY id")
	must(t, err)
	fmt.Fprintln(b, strings.Join(lines, "\n"))
}
