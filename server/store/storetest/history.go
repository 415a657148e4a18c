package storetest

import (
	"bytes"
	"errors"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/translog"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
)

// record appends an entry of an author at the next position.
func (b *bed) record(tx *store.Tx, author uint32, seq uint64, outcome schema.Outcome) *store.Record {
	b.Helper()
	tx.State().Position++
	r := &store.Record{
		Position: tx.State().Position, Author: author, Seq: seq, Hash: chain.Hash{byte(author), byte(seq)},
		Clock: 1 << 40, ReceivedAt: 1_790_000_000_000, Outcome: outcome, Revision: 5,
		Entry: bytes.Repeat([]byte{0, byte(seq)}, 5000),
	}
	if outcome == schema.Quarantined {
		r.Reason, r.Detail = schema.ReasonMalformed, "為何"
	}
	must(b, tx.Append(r))
	return r
}

func historyComesBack(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	var kept []store.Record
	b.merge(func(tx *store.Tx) {
		for seq := range uint64(40) {
			outcome := schema.Merged
			if seq%5 == 0 {
				outcome = schema.Quarantined
			}
			kept = append(kept, *b.record(tx, 7, seq+1, outcome))
		}
		b.finds(tx, kept) // before they are written
		must(t, tx.Seal(7, 3, []byte{3}))
		must(t, tx.Seal(7, 3, []byte{3}))
	})
	b.merge(func(tx *store.Tx) {
		b.finds(tx, kept)
		must(t, tx.Seal(7, 3, []byte{4})) // it was sealed before
		must(t, tx.Seal(7, 4, []byte{4}))
		kept[1].Outcome, kept[1].Reason, kept[1].Detail, kept[1].Revision = schema.Merged, "", "", 99
		must(t, tx.Reconsider(&kept[1]))
		r := b.record(tx, 7, 41, schema.Held)
		r2 := *r
		r2.Outcome = schema.Merged
		must(t, tx.Reconsider(&r2)) // not written yet
		kept = append(kept, r2)
		_, err := tx.At(1000)
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%v at a position that is not there", err)
		}
	})
	b.merge(func(tx *store.Tx) { b.finds(tx, kept) })
	if n := b.count("SELECT count(*) FROM seal WHERE campaign_no = $1"); n != 2 {
		t.Errorf("%d seals", n)
	}
	var signature []byte
	b.read(func(v store.View) {
		must(t, v.QueryRowContext(b.ctx(), "SELECT signature FROM seal WHERE campaign_no = $1 AND seq = 3",
			v.CampaignNo).Scan(&signature))
	})
	equal(t, "first signature", []byte{3}, signature)
}

func logGrows(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	const merges, entries = 4, 150
	var want translog.Edge
	for range merges {
		b.merge(func(tx *store.Tx) {
			for range entries {
				r := b.record(tx, 7, tx.State().Position+1, schema.Merged)
				leaf := translog.Leaf{
					Position: r.Position, Epoch: tx.State().Epoch, ReceivedAt: r.ReceivedAt, Clock: r.Clock,
					Entry: r.Hash,
				}
				want.Add(leaf.Hash())
			}
		})
	}
	b.read(func(v store.View) {
		c, err := v.Checkpoint(b.ctx())
		must(t, err)
		if c.Size != merges*entries || c.Root != want.Root() {
			t.Errorf("checkpoint of %d entries, root %v; want %v", c.Size, c.Root, want.Root())
		}
		hashes := v.Hashes(b.ctx())
		leaves, err := hashes.Leaves(1, merges*entries)
		must(t, err)
		for number := range uint64(merges * entries / translog.TileWidth) {
			tile, err := hashes.Tile(0, number)
			must(t, err)
			equal(t, "tile", leaves[number*translog.TileWidth:(number+1)*translog.TileWidth], tile)
		}
	})
	complete := merges * entries / translog.TileWidth
	if n := b.count("SELECT count(*) FROM log_tile WHERE campaign_no = $1 AND level = 0"); n != complete {
		t.Errorf("%d tiles", n)
	}
	if n := b.count("SELECT length(hashes) FROM log_tile WHERE campaign_no = $1 AND level = 1"); n != complete*tlog.HashSize {
		t.Errorf("%d bytes of the tile above", n)
	}
}

// finds wants records by their positions and by their places in the chain.
func (b *bed) finds(tx *store.Tx, kept []store.Record) {
	b.Helper()
	for _, want := range kept {
		got, err := tx.At(want.Position)
		must(b, err)
		equal(b, "record", want, got)
		got, err = tx.EntryOf(want.Author, want.Seq)
		must(b, err)
		without := cmpopts.IgnoreFields(store.Record{}, "Clock", "ReceivedAt", "Entry")
		if diff := cmp.Diff(want, got, without); diff != "" {
			b.Errorf("entry (-want +got):\n%s", diff)
		}
	}
}

func held(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	ref := merge.RowRef{Table: b.catalogue.MustTable("finding"), ID: schema.NewRowID()}
	other := merge.RowRef{Table: ref.Table, ID: schema.NewRowID()}
	release := func(tx *store.Tx, ref merge.RowRef) []uint64 {
		positions, err := tx.Release(ref)
		must(t, err)
		return positions
	}
	b.merge(func(tx *store.Tx) {
		if got := release(tx, ref); len(got) != 0 {
			t.Errorf("released %v of nothing", got)
		}
		for _, position := range []uint64{30, 4, 17} {
			must(t, tx.Hold(ref, position))
		}
		must(t, tx.Hold(other, 5))
	})
	b.merge(func(tx *store.Tx) {
		must(t, tx.Hold(ref, 40))
		equal(t, "released", []uint64{4, 17, 30, 40}, release(tx, ref))
		if got := release(tx, ref); len(got) != 0 {
			t.Errorf("released %v again", got)
		}
		must(t, tx.Hold(ref, 41))
	})
	b.merge(func(tx *store.Tx) {
		equal(t, "released later", []uint64{41}, release(tx, ref))
		equal(t, "released of another", []uint64{5}, release(tx, other))
	})
}

func asides(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	device, another := schema.DeviceID(schema.NewRowID()), schema.DeviceID(schema.NewRowID())
	keep := func(device schema.DeviceID, hash byte, body []byte) {
		t.Helper()
		b.merge(func(tx *store.Tx) {
			must(t, tx.KeepAside(&store.Aside{
				Device: device, Seq: 3, Reason: schema.FaultFork, Detail: "前後不一", Hash: chain.Hash{hash},
				Body: body, ReceivedAt: 1,
			}))
		})
	}
	large := bytes.Repeat([]byte{0, 1, 2, 0xff}, 24<<20)
	keep(device, 1, large)
	keep(device, 2, large)
	keep(device, 3, large) // over the bound
	keep(device, 4, []byte{4})
	keep(device, 4, []byte{4}) // the same bytes
	keep(another, 5, []byte{5})
	b.read(func(v store.View) {
		sizes, err := store.List(b.ctx(), v, func(row store.Scanner) (n int, err error) {
			return n, row.Scan(&n)
		}, "SELECT length(body) FROM aside WHERE campaign_no = $1 ORDER BY no", v.CampaignNo)
		must(t, err)
		equal(t, "kept", []int{len(large), len(large), 1, 1}, sizes)
	})
}

// oddDetails come of quoting what a device sent.
func oddDetails(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	const odd, want = "table \x00 \xff\xfe 表", "table \ufffd \ufffd 表"
	b.merge(func(tx *store.Tx) {
		b.record(tx, 7, 1, schema.Quarantined).Detail = odd
		must(t, tx.KeepAside(&store.Aside{Reason: schema.FaultFork, Detail: odd, Body: []byte{1}}))
	})
	b.read(func(v store.View) {
		for _, table := range []string{"history", "aside"} {
			var got string
			must(t, v.QueryRowContext(b.ctx(), "SELECT detail FROM "+table+" WHERE campaign_no = $1",
				v.CampaignNo).Scan(&got))
			equal(t, table, want, got)
		}
	})
}

func rights(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	team, inspector := schema.NewRowID(), schema.NewRowID()
	device := b.insertion("device", 1, cells{
		"inspector_id": id(inspector), "public_key": changeset.BlobValue([]byte{1, 2}),
	})
	member := b.insertion("team_member", 1, cells{"team_id": id(team), "inspector_id": id(inspector)})
	want := store.Rights{Known: true, PublicKey: []byte{1, 2}, Inspector: inspector}
	got := func(tx *store.Tx) store.Rights {
		r, err := tx.Rights(schema.DeviceID(device.ID))
		must(t, err)
		return r
	}
	b.merge(func(tx *store.Tx) {
		equal(t, "before", store.Rights{}, got(tx))
		b.write(tx, device, member)
		scope, err := tx.TeamScope(schema.TeamID(team))
		must(t, err)
		want.Scopes = []merge.Scope{scope}
		equal(t, "in the same merge", want, got(tx))
	})
	b.merge(func(tx *store.Tx) {
		equal(t, "later", want, got(tx))
		b.write(tx, update(member, cells{"left_at": changeset.Int(5)}),
			update(device, cells{"revoked_at": changeset.Int(6)}))
		want.Revoked, want.Scopes = true, nil
		equal(t, "revoked", want, got(tx))
	})
	b.merge(func(tx *store.Tx) {
		equal(t, "revoked later", want, got(tx))
		first, err := tx.TeamScope(schema.TeamID(team))
		must(t, err)
		second, err := tx.TeamScope(schema.TeamID(schema.NewRowID()))
		must(t, err)
		if first == second || first <= merge.ScopeCampaign || second <= merge.ScopeCampaign {
			t.Errorf("scopes %d, %d", first, second)
		}
	})
}

func authors(t *testing.T, open Open) {
	b := newBed(t, open, nil)
	devices := make([]schema.DeviceID, 5)
	for i := range devices {
		devices[i] = schema.DeviceID(schema.NewRowID())
	}
	for range 2 {
		b.merge(func(tx *store.Tx) {
			for i, device := range devices {
				a, err := tx.Author(device)
				must(t, err)
				if a.Number != uint32(i+1) {
					t.Errorf("author %d has number %d", i, a.Number)
				}
				a.Head.Seq, a.Head.Hash, a.Clock = a.Head.Seq+1, chain.Hash{byte(i)}, 1<<50
				must(t, tx.SaveAuthor(a))
			}
		})
	}
	b.merge(func(tx *store.Tx) {
		for i, device := range devices {
			a, err := tx.Author(device)
			must(t, err)
			if a.Head.Seq != 2 || a.Head.Hash != (chain.Hash{byte(i)}) || a.Clock != 1<<50 {
				t.Errorf("author %d: %+v", i, a)
			}
			got, hq, err := tx.Device(a.Number)
			must(t, err)
			if got != device || hq != (i == 0) {
				t.Errorf("number %d is %s, headquarters %v", a.Number, got, hq)
			}
		}
	})
}
