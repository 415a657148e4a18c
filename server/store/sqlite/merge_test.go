package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/failpoint"
)

// book is a store with one campaign, into which merges set things aside.
type book struct {
	*sqlite.Store
	t        *testing.T
	path     string
	campaign schema.CampaignID
}

func newBook(t *testing.T, points failpoint.Points) *book {
	t.Helper()
	b := &book{t: t, path: filepath.Join(t.TempDir(), "a.db"), campaign: schema.CampaignID(schema.NewRowID())}
	b.reopen(points)
	must(t, b.Begin(t.Context(), b.campaign, schema.Epoch(schema.NewRowID())))
	return b
}

func (b *book) reopen(points failpoint.Points) {
	b.t.Helper()
	var err error
	b.Store, err = sqlite.OpenWith(b.t.Context(), b.path, schema.NewCatalogue(), sqlite.Options{Points: points})
	must(b.t, err)
}

// put sets bytes aside under a number, in a merge of its own.
func (b *book) put(n byte, size int) error {
	return b.Merge(context.Background(), b.campaign, func(tx *store.Tx) error {
		return tx.KeepAside(&store.Aside{
			Device: schema.DeviceID{n}, Hash: [32]byte{n}, Reason: "test", Body: make([]byte, size),
		})
	})
}

// kept are the numbers that a merge put and that are there.
func (b *book) kept() map[byte]bool {
	b.t.Helper()
	kept := map[byte]bool{}
	must(b.t, b.Look(b.t.Context(), func(q store.Queryer) error {
		_, err := store.List(b.t.Context(), q, func(row store.Scanner) (n int, err error) {
			var id []byte
			err = row.Scan(&id)
			kept[id[0]] = true
			return 0, err
		}, "SELECT device_id FROM aside")
		return err
	}))
	return kept
}

// gate lets the first merge of a group wait until others wait behind it.
type gate struct {
	once sync.Once
	open chan struct{}
	in   chan struct{}
}

func newGate() *gate { return &gate{open: make(chan struct{}), in: make(chan struct{})} }

func (g *gate) hit(name string) {
	if name == "store.before-flush" {
		g.once.Do(func() {
			close(g.in)
			<-g.open
		})
	}
}

// group runs merges that share a transaction: the first is held up until all
// others wait.
func group(t *testing.T, b *book, g *gate, merges []func() error) []error {
	t.Helper()
	errs := make([]error, len(merges))
	var all sync.WaitGroup
	for i, merge := range merges {
		all.Go(func() { errs[i] = merge() })
		if i == 0 {
			<-g.in
		}
	}
	waitFor(t, func() bool { return b.Waiting() == len(merges)-1 })
	close(g.open)
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Fatal("somebody waits for a commit that nobody makes")
	}
	return errs
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for range 500 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it does not come to that")
}

func TestAFullDiskIsSaidAndNobodyInTheGroupIsToldWrong(t *testing.T) {
	for big := range byte(6) {
		t.Run(fmt.Sprintf("the %d. is too big", big+1), func(t *testing.T) {
			g := newGate()
			var points failpoint.Points
			b := newBook(t, func(name string) { points.Hit(name) })
			must(t, b.put(100, 10))
			must(t, b.LimitPages(20))
			points = g.hit
			var merges []func() error
			for n := range byte(6) {
				size := 100
				if n == big {
					size = 1 << 20
				}
				merges = append(merges, func() error { return b.put(n, size) })
			}
			errs := group(t, b, g, merges)
			if code := schema.FaultCode(errs[big]); code != schema.FaultDiskFull {
				t.Errorf("the big one: %v", errs[big])
			}
			must(t, b.LimitPages(-1))
			must(t, b.put(101, 1<<20))
			must(t, b.Close())
			b.reopen(nil)
			kept := b.kept()
			for n, err := range errs {
				if (err == nil) != kept[byte(n)] {
					t.Errorf("merge %d was told %v and is there: %v", n, err, kept[byte(n)])
				}
			}
			if !kept[100] || !kept[101] {
				t.Errorf("what came before and after is there: %v, %v", kept[100], kept[101])
			}
			must(t, b.Close())
		})
	}
}

func TestAMergeThatCannotJoinLeavesNobodyWaiting(t *testing.T) {
	g := newGate()
	var b *book
	b = newBook(t, func(name string) {
		if b == nil || b.Store == nil {
			return
		}
		g.hit(name)
		if name == "store.after-flush" {
			b.RefuseSavepoints(true)
		}
		if name == "store.before-commit" {
			b.RefuseSavepoints(false)
		}
	})
	errs := group(t, b, g, []func() error{
		func() error { return b.put(1, 10) },
		func() error { return b.put(2, 10) },
	})
	if errs[0] != nil || errs[1] == nil || !strings.Contains(errs[1].Error(), "SAVEPOINT") {
		t.Errorf("the first: %v, the second: %v", errs[0], errs[1])
	}
	if kept := b.kept(); !kept[1] || kept[2] {
		t.Errorf("there: %v", kept)
	}
	must(t, b.put(3, 10))
	must(t, b.Close())
}

// TestTheOfficeWaitsForNoGroup lets merges and the office take turns as fast as
// they can: an office that found a group open would wait ten seconds for it.
func TestTheOfficeWaitsForNoGroup(t *testing.T) {
	b := newBook(t, nil)
	var all sync.WaitGroup
	for n := range byte(4) {
		all.Go(func() {
			for range 100 {
				if err := b.put(n, 10); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		all.Go(func() {
			for range 100 {
				began := time.Now()
				err := b.Office(t.Context(), func(store.Queryer) error { return nil })
				if took := time.Since(began); err != nil || took > 5*time.Second {
					t.Error(errors.Join(err, fmt.Errorf("the office waited %v", took)))
					return
				}
			}
		})
	}
	all.Wait()
	must(t, b.Close())
}
