package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
)

var errOurs = errors.New("the test wants it so")

func failures(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	row := b.insertion("finding", 2, cells{})
	b.merge(func(tx *store.Tx) { b.write(tx, row) })
	before := b.count("SELECT revision FROM campaign_state WHERE no = $1")
	for name, do := range map[string]func(*store.Tx) error{
		"its own error": func(tx *store.Tx) error {
			b.write(tx, b.insertion("finding", 2, cells{}), update(row, cells{"title": changeset.TextValue("乙")}))
			must(t, tx.Flush())
			return errOurs
		},
		"a key that is taken": func(tx *store.Tx) error {
			b.write(tx, b.insertion("finding", 2, cells{}), row)
			return nil
		},
		"a value that is missing": func(tx *store.Tx) error {
			b.write(tx, update(row, cells{"title": changeset.NullValue()}))
			return nil
		},
		"a value of another kind": func(tx *store.Tx) error {
			b.write(tx, b.insertion("finding", 2, cells{"title": changeset.BlobValue([]byte{1})}))
			return nil
		},
	} {
		err := b.store.Merge(b.ctx(), b.campaign, do)
		if err == nil || name == "its own error" && !errors.Is(err, errOurs) {
			t.Errorf("%s: %v", name, err)
		}
		if n := b.count("SELECT count(*) FROM finding WHERE campaign_no = $1"); n != 1 {
			t.Errorf("%s: %d rows", name, n)
		}
		if n := b.count("SELECT revision FROM campaign_state WHERE no = $1"); n != before {
			t.Errorf("%s: revision %d, want %d", name, n, before)
		}
		equal(t, name, row.Values, b.cellsOf(row.RowRef))
	}
}

// crowd runs merges at once. The first waits until the others stand in line.
func (b *bed) crowd(n int, do func(tx *store.Tx, i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	first := make(chan struct{})
	for i := range n {
		all.Add(1)
		go func() {
			defer all.Done()
			errs[i] = b.store.Merge(b.ctx(), b.campaign, func(tx *store.Tx) error {
				if i == 0 {
					close(first)
					time.Sleep(50 * time.Millisecond)
				}
				return do(tx, i)
			})
		}()
		if i == 0 {
			<-first
		}
	}
	all.Wait()
	return errs
}

func sharedCommit(t *testing.T, open Open) {
	const merges, attempts = 20, 20
	var commits atomic.Int64
	b := newBed(t, open, func(name string) {
		if name == "store.before-commit" {
			commits.Add(1)
		}
	})
	for range attempts { // a busy machine may not bring them together at once
		commits.Store(0)
		for _, err := range b.crowd(merges, func(tx *store.Tx, _ int) error {
			return apply(tx, merge.Plan{Writes: []merge.RowWrite{b.insertion("finding", 2, cells{})}})
		}) {
			must(t, err)
		}
		if commits.Load() <= merges/2 {
			return
		}
	}
	t.Errorf("%d merges at once took %d commits", merges, commits.Load())
}

func concurrent(t *testing.T, open Open) {
	for first := range 3 { // the first one is kept, fails by itself, fails when it is written
		together(t, open, first)
	}
}

func together(t *testing.T, open Open, first int) {
	b := newBed(t, open, nil)
	const merges = 40
	rows := make([][]merge.RowWrite, merges)
	for i := range rows {
		rows[i] = []merge.RowWrite{b.insertion("finding", 2, cells{}), b.insertion("visit", 2, cells{})}
	}
	taken := b.insertion("finding", 2, cells{})
	b.merge(func(tx *store.Tx) { b.write(tx, taken) })
	numbers := make([]uint32, merges)
	errs := b.crowd(merges, func(tx *store.Tx, i int) error {
		a, err := tx.Author(schema.DeviceID(rows[i][0].ID))
		if err != nil {
			return err
		}
		numbers[i], a.Head = a.Number, chain.Head{Seq: 1}
		if err := errors.Join(tx.SaveAuthor(a), apply(tx, merge.Plan{Writes: rows[i]})); err != nil {
			return err
		}
		switch (i + first) % 4 {
		case 1:
			return errOurs
		case 2:
			return apply(tx, merge.Plan{Writes: []merge.RowWrite{taken}}) // fails when it is written
		}
		return nil
	})
	want, seen := 1, map[uint32]int{}
	for i, err := range errs {
		fails := (i+first)%4 == 1 || (i+first)%4 == 2
		if (err != nil) != fails {
			t.Errorf("merge %d: %v", i, err)
		}
		present := 0
		for _, w := range rows[i] {
			present += b.count("SELECT count(*) FROM "+w.Table.Name+" WHERE campaign_no = $1 AND id = $2", w.ID[:])
		}
		if fails && present != 0 || !fails && present != len(rows[i]) {
			t.Errorf("merge %d left %d rows", i, present)
		}
		if !fails {
			want++
			if other, ok := seen[numbers[i]]; ok {
				t.Errorf("merges %d and %d both have author %d", i, other, numbers[i])
			}
			seen[numbers[i]] = i
		}
	}
	if n := b.count("SELECT count(*) FROM finding WHERE campaign_no = $1"); n != want {
		t.Errorf("%d findings, want %d", n, want)
	}
	if n := b.count("SELECT max(no) FROM author WHERE campaign_no = $1"); n != len(seen) {
		t.Errorf("the last of %d authors is %d", len(seen), n)
	}
}

func panics(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	var caught atomic.Int64
	merged := func(fails bool) error {
		defer func() {
			if recover() != nil {
				caught.Add(1)
			}
		}()
		return b.store.Merge(b.ctx(), b.campaign, func(tx *store.Tx) error {
			b.write(tx, b.insertion("finding", 2, cells{}))
			must(t, tx.Flush())
			if fails {
				panic("the test wants it so")
			}
			return nil
		})
	}
	var all sync.WaitGroup
	for i := range 12 {
		all.Add(1)
		go func() {
			defer all.Done()
			if err := merged(i%2 == 0); err != nil {
				t.Error(err)
			}
		}()
	}
	all.Wait()
	b.merge(func(tx *store.Tx) { b.write(tx, b.insertion("visit", 2, cells{})) })
	if n := b.count("SELECT count(*) FROM finding WHERE campaign_no = $1"); n != 6 || caught.Load() != 6 {
		t.Errorf("%d rows, %d panics", n, caught.Load())
	}
}

func snapshots(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	row := b.insertion("finding", 2, cells{})
	b.read(func(v store.View) {
		count := func() (n int) {
			must(t, v.QueryRowContext(b.ctx(), "SELECT count(*) FROM finding WHERE campaign_no = $1",
				v.CampaignNo).Scan(&n))
			return n
		}
		for range 3 {
			b.merge(func(tx *store.Tx) { b.write(tx, row) })
			if n := count(); n != 0 {
				t.Errorf("a reader sees %d rows that came later", n)
			}
			row = b.insertion("finding", 2, cells{})
		}
		q := store.PackQuery{
			Table: "finding", IDs: []schema.RowID{row.ID}, Scopes: []merge.Scope{2},
			Fields: []store.Field{{Name: "id", Type: schema.ID}},
		}
		_, n, err := v.Pack(b.ctx(), &q)
		must(t, err)
		if n != 0 {
			t.Errorf("a reader packs %d rows that came later", n)
		}
	})
	if n := b.count("SELECT count(*) FROM finding WHERE campaign_no = $1"); n != 3 {
		t.Errorf("a later reader sees %d rows", n)
	}
}

func office(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	var all sync.WaitGroup
	const workers = 8
	errs := make([]error, workers)
	for i := range workers {
		all.Add(1)
		go func() {
			defer all.Done()
			errs[i] = b.store.Office(b.ctx(), func(q store.Queryer) error {
				var n int
				if err := q.QueryRowContext(b.ctx(), "SELECT count(*) FROM session").Scan(&n); err != nil {
					return err
				}
				key := schema.NewRowID()
				_, err := q.ExecContext(b.ctx(), `INSERT INTO session (token_hash, account_id, created_at, expires_at)
					VALUES ($1, $2, $3, $4)`, fmt.Append(nil, "number ", n), key[:], n, 0)
				return err
			})
		}()
	}
	all.Wait()
	for _, err := range errs {
		must(t, err)
	}
	err := b.store.Office(b.ctx(), func(q store.Queryer) error {
		r, err := q.ExecContext(b.ctx(), "DELETE FROM session WHERE created_at < $1", 5)
		must(t, err)
		if n, err := r.RowsAffected(); n != 5 || err != nil {
			t.Errorf("deleted %d, %v", n, err)
		}
		return errOurs
	})
	if !errors.Is(err, errOurs) {
		t.Error(err)
	}
	must(t, b.store.Look(b.ctx(), func(q store.Queryer) error {
		list, err := store.List(b.ctx(), q, func(row store.Scanner) (n int, err error) {
			return n, row.Scan(&n)
		}, "SELECT created_at FROM session ORDER BY created_at")
		equal(t, "sessions", []int{0, 1, 2, 3, 4, 5, 6, 7}, list)
		return err
	}))
	if err := b.store.Look(b.ctx(), func(store.Queryer) error { return errOurs }); !errors.Is(err, errOurs) {
		t.Error(err)
	}
}

func noCampaign(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	unknown := schema.CampaignID(schema.NewRowID())
	for what, err := range map[string]error{
		"merge": b.store.Merge(b.ctx(), unknown, func(*store.Tx) error { return nil }),
		"read":  b.store.Read(b.ctx(), unknown, func(store.View) error { return nil }),
	} {
		if !errors.Is(err, store.ErrNotFound) || schema.FaultCode(err) != schema.FaultNotFound {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := b.store.Begin(b.ctx(), b.campaign, schema.Epoch(schema.NewRowID())); err == nil {
		t.Error("a campaign began twice")
	}
	all, err := store.Campaigns(b.ctx(), b.store)
	must(t, err)
	equal(t, "campaigns", []schema.CampaignID{b.campaign}, all)
}

func campaigns(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	row := b.insertion("finding", 2, cells{"title": changeset.TextValue("一")})
	b.merge(func(tx *store.Tx) { b.write(tx, row) })
	first := b.campaign
	b.campaign = b.begin()
	same := row
	same.Values = append([]changeset.Value{}, row.Values...)
	same.Values[row.Table.ColumnIndex("title")] = changeset.TextValue("二")
	b.merge(func(tx *store.Tx) {
		_, present, err := tx.Row(row.Table, row.ID)
		must(t, err)
		if present {
			t.Error("a row of another campaign")
		}
		b.write(tx, same)
	})
	b.merge(func(tx *store.Tx) { b.write(tx, update(same, cells{"detail": changeset.TextValue("改")})) })
	b.campaign = first
	equal(t, "row of the first campaign", row.Values, b.cellsOf(row.RowRef))
}
