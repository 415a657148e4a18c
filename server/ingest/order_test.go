package ingest_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"
)

// TestTheOrderInWhichPhonesArriveDoesNotMatter saves random edits on phones that
// do not see one another, delivers them in random orders, and wants the same
// rows and the same conflicts each time.
func TestTheOrderInWhichPhonesArriveDoesNotMatter(t *testing.T) {
	const worlds, orders = 12, 6
	for seed := range uint64(worlds) {
		random := rand.New(rand.NewPCG(seed, 1))
		w := newWorld(t)
		a, b, id := shared(w)
		c := w.enrol(0)
		c.pull()
		phones := []*phone{a, b, c}
		for range 12 {
			w.now = w.now.Add(time.Duration(random.IntN(3)) * time.Millisecond)
			randomEdit(random, phones[random.IntN(3)], id)
		}
		pushes := map[*phone]chain.Push{a: a.take(), b: b.take(), c: c.take()}
		want := ""
		for order := range orders {
			got := deliver(t, w, pushes, random, phones)
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("seed %d, order %d:\n%s\nwant\n%s", seed, order, got, want)
			}
		}
	}
}

func randomEdit(random *rand.Rand, p *phone, id schema.RowID) {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	p.save(func(e *edit.Builder) {
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
	t *testing.T, w *world, pushes map[*phone]chain.Push, random *rand.Rand, phones []*phone,
) string {
	t.Helper()
	into := w.open(fmt.Sprintf("order-%d.db", random.Uint64()))
	_, err := ingest.Replay(t.Context(), w.catalogue, w.store, into, w.campaign)
	must(t, err)
	service := *w.service
	service.Store = into
	next, remaining := map[*phone]int{}, 0
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
		sig, err := chain.SignHead(nil, p.key, w.campaign, p.id, head)
		must(t, err)
		_, err = service.Push(t.Context(), chain.Push{
			Campaign: w.campaign, Device: p.id, Entries: push.Entries[from:upTo], Signature: sig,
		})
		must(t, err)
	}
	return describe(t, w, into)
}

// describe writes down rows and open conflicts, without what depends on order.
func describe(t *testing.T, w *world, s *sqlite.Store) string {
	t.Helper()
	var b strings.Builder
	must(t, s.Read(t.Context(), w.campaign, func(v store.View) error {
		for _, query := range []string{
			`SELECT hex(id) || ' ' || title || ' ' || severity || ' ' || status || ' ' ||
				coalesce(recorded_at, '-') FROM finding ORDER BY id`,
			`SELECT hex(c.id) || ' ' || c.column_name || ' ' || c.state || ' ' || hex(a.device_id) || ' ' ||
				w.clock || ' ' || hex(w.value)
				FROM conflict c JOIN conflict_write w ON w.conflict_id = c.id AND w.competing = 1
				JOIN author a ON a.no = w.author
				WHERE c.state IN ('open', 'agreed') ORDER BY c.id, a.device_id, w.clock`,
		} {
			rows, err := v.QueryContext(t.Context(), query)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					return err
				}
				fmt.Fprintln(&b, line)
			}
		}
		return nil
	}))
	return b.String()
}
