package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/oracle"
)

// merging measures whole pushes (signature, chain, history, rows, conflicts, one
// durable transaction each) into SQLite on disk, against the same changes
// applied by SQLite's own sqlite3changeset_apply to the phone's tables on disk.
func merging(ctx context.Context, rounds int, only string) (err error) {
	sqlite, err := oracle.Start(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sqlite.Close()) }()
	for _, shape := range []shape{
		{name: "merge bulk entries", entries: 40, changes: 1000, group: 1},
		{name: "merge bulk entries, every change in conflict", entries: 40, changes: 1000, group: 1, conflict: true},
		{name: "merge one-change entries", entries: 20000, changes: 1, group: 100},
	} {
		if !strings.Contains(shape.name, only) {
			continue
		}
		f, err := measure(ctx, sqlite, shape, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", shape.name, err)
		}
		f.print()
	}
	return nil
}

// shape is a stream of entries.
type shape struct {
	name    string
	entries int
	changes int // in an entry
	group   int // entries of a push, and of a transaction

	// conflict: each change is to a row that another phone has changed too, unseen.
	conflict bool
}

func measure(ctx context.Context, raw *oracle.Oracle, s shape, rounds int) (figure, error) {
	var ours, theirs []float64
	changes := float64(s.entries * s.changes)
	for range rounds {
		b, err := newBed(ctx)
		if err != nil {
			return figure{}, err
		}
		mine, his, err := b.round(ctx, raw, s)
		ours, theirs = append(ours, changes/mine.Seconds()), append(theirs, changes/his.Seconds())
		if err = errors.Join(err, b.close()); err != nil {
			return figure{}, err
		}
	}
	return figure{s.name, median(ours), "changes/s CPU", median(theirs)}, nil
}

// round measures a stream once: merged by us, and applied by SQLite.
func (b *bed) round(
	ctx context.Context, raw *oracle.Oracle, s shape,
) (mine, his time.Duration, err error) {
	var before [][]byte // what is not counted
	pushes, changesets := []chain.Push(nil), [][]byte(nil)
	if s.conflict {
		var first []chain.Push
		first, before, pushes, changesets = b.conflicts(s)
		if _, err := b.push(ctx, first); err != nil {
			return 0, 0, err
		}
		if err := b.reopen(ctx); err != nil { // the other side begins with an empty log too
			return 0, 0, err
		}
	} else {
		pushes, changesets = b.stream(s)
	}
	if mine, err = b.push(ctx, pushes); err != nil {
		return 0, 0, err
	}
	if len(before) > 0 {
		if _, err = b.apply(raw, before, s.group, true); err != nil {
			return 0, 0, err
		}
	}
	his, err = b.apply(raw, changesets, s.group, len(before) == 0)
	return mine, his, err
}

// conflicts makes two streams: one phone inserts rows and changes them, and then the
// other changes each of them too, without having seen that.
func (b *bed) conflicts(s shape) (first []chain.Push, before [][]byte, then []chain.Push, changesets [][]byte) {
	a, other := b.phones[0], b.phones[1]
	var rows []schema.RowID
	write := func(p *phone, each func(e *edit.Builder, i int)) (chain.Push, []byte) {
		e := edit.New(b.service.Catalogue)
		for i := range s.changes {
			each(e, i)
		}
		bytes, err := e.Bytes()
		if err != nil {
			panic(err)
		}
		p.seal(b.campaign(), bytes)
		return p.push(b.campaign()), bytes
	}
	for range s.entries {
		insert, one := write(a, func(e *edit.Builder, i int) {
			b.rows++
			id := schema.NewRowID()
			rows = append(rows, id)
			b.insert(e, a, id)
		})
		at := len(rows) - s.changes
		change, two := write(a, func(e *edit.Builder, i int) { update(e, rows[at+i], i) })
		first, before = append(first, insert, change), append(before, one, two)
	}
	for n := range s.entries {
		push, bytes := write(other, func(e *edit.Builder, i int) { update(e, rows[n*s.changes+i], i+1) })
		then, changesets = append(then, push), append(changesets, bytes)
	}
	return first, before, then, changesets
}

// bed is an empty campaign with two phones of one team.
type bed struct {
	dir     string
	store   store.Store
	service *ingest.Service
	phones  [2]*phone
	visit   schema.RowID
	rows    int
}

// phone makes entries.
type phone struct {
	id        schema.DeviceID
	inspector schema.RowID
	key       ed25519.PrivateKey
	head      chain.Head
	clock     clock.Time
	seen      chain.Seen
	ids       []schema.RowID // rows it inserted
	waiting   [][]byte
}

// newBed is a bed on SQLite.
func newBed(ctx context.Context) (*bed, error) {
	dir, err := os.MkdirTemp("", "sansuiji-bench-")
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, filepath.Join(dir, "hq.db"), schema.NewCatalogue())
	if err != nil {
		return nil, err
	}
	return newBedOn(ctx, db, dir)
}

// reopen closes the database, whose log is then copied back, and opens it again.
func (b *bed) reopen(ctx context.Context) error {
	if err := b.store.Close(); err != nil {
		return err
	}
	db, err := sqlite.Open(ctx, filepath.Join(b.dir, "hq.db"), b.service.Catalogue)
	b.store, b.service.Store = db, db
	return err
}

// newBedOn is a bed on an empty database, with a folder that goes with it.
func newBedOn(ctx context.Context, db store.Store, dir string) (*bed, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	b := &bed{dir: dir, store: db, visit: schema.NewRowID(), service: &ingest.Service{
		Store: db, Catalogue: schema.NewCatalogue(), Now: time.Now, Key: key, Device: schema.DeviceID(schema.NewRowID()),
	}}
	return b, b.begin(ctx)
}

func (b *bed) close() error { return errors.Join(b.store.Close(), os.RemoveAll(b.dir)) }

func (b *bed) campaign() schema.CampaignID { return schema.CampaignID{1} }

// begin fills in the team, its inspector and phones, and the visit.
func (b *bed) begin(ctx context.Context) error {
	if err := b.service.Begin(ctx, b.campaign()); err != nil {
		return err
	}
	team, inspector, unit := schema.NewRowID(), schema.NewRowID(), schema.NewRowID()
	e := edit.New(b.service.Catalogue)
	e.Insert("team", team, edit.Cells{"number": edit.Int(1), "name": edit.Text("一組")})
	e.Insert("inspector", inspector, edit.Cells{"name": edit.Text("甲")})
	e.Insert("team_member", schema.NewRowID(),
		edit.Cells{"team_id": edit.ID(team), "inspector_id": edit.ID(inspector)})
	e.Insert("unit", unit, edit.Cells{
		"code": edit.Text("V"), "name": edit.Text("村"), "category": edit.Text("village"), "team_id": edit.ID(team),
	})
	e.Insert("visit", b.visit, edit.Cells{"team_id": edit.ID(team), "unit_id": edit.ID(unit)})
	for i := range b.phones {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return err
		}
		spki, err := x509.MarshalPKIXPublicKey(public)
		if err != nil {
			return err
		}
		p := &phone{id: schema.DeviceID(schema.NewRowID()), inspector: inspector, key: private}
		p.head.Hash = chain.Genesis(b.campaign(), p.id, spki)
		e.Insert("device", schema.RowID(p.id), edit.Cells{
			"inspector_id": edit.ID(inspector), "name": edit.Text("機"), "public_key": edit.Bytes(spki),
		})
		b.phones[i] = p
	}
	if err := b.service.WriteRows(ctx, b.campaign(), e); err != nil {
		return err
	}
	return b.see(ctx)
}

// see lets the phones know all of headquarters' present state.
func (b *bed) see(ctx context.Context) error {
	for _, p := range b.phones {
		page, err := b.service.Pull(ctx, ingest.Pull{
			Campaign: b.campaign(), Device: p.id, Schema: schema.Version, Limit: 1_000_000,
		})
		if err != nil {
			return err
		}
		p.seen = chain.Seen{Epoch: page.Epoch, Revision: page.Next}
		p.clock = clock.Time(page.Clock)
	}
	return nil
}

// stream makes entries in which of ten changes five insert, four update a row of
// the phone's own, and one updates a row that the other phone wrote, unseen.
func (b *bed) stream(s shape) (pushes []chain.Push, changesets [][]byte) {
	for i := range s.entries {
		p := b.phones[i/s.group%2]
		bytes := b.entry(p, b.phones[1-i/s.group%2], s.changes)
		changesets = append(changesets, bytes)
		p.seal(b.campaign(), bytes)
		if i%s.group == s.group-1 {
			pushes = append(pushes, p.push(b.campaign()))
		}
	}
	return pushes, changesets
}

func (b *bed) entry(p, other *phone, changes int) []byte {
	e := edit.New(b.service.Catalogue)
	own := len(p.ids) // a row is changed once in an entry
	for range changes {
		b.rows++
		switch kind := b.rows % 10; {
		case kind == 9 && len(other.ids) > 0:
			id := other.ids[0]
			other.ids = other.ids[1:]
			update(e, id, b.rows)
		case kind >= 5 && kind < 9 && own > 0:
			id := p.ids[0]
			p.ids = append(p.ids[1:], id)
			own--
			update(e, id, b.rows)
		default:
			id := schema.NewRowID()
			p.ids = append(p.ids, id)
			b.insert(e, p, id)
		}
	}
	bytes, err := e.Bytes()
	if err != nil {
		panic(err)
	}
	return bytes
}

func (b *bed) insert(e *edit.Builder, p *phone, id schema.RowID) {
	e.Insert("finding", id, edit.Cells{
		"visit_id": edit.ID(b.visit), "title": edit.Text(fmt.Sprintf("第%d項帳目公開不及時", b.rows)),
		"detail":   edit.Text("公示欄內容停留在上半年,村民反映看不到最近三個月的收支明細。"),
		"severity": edit.Text("moderate"), "inspector_id": edit.ID(p.inspector),
		"recorded_at": edit.Int(time.Now().UnixMilli()), "latitude_e7": edit.Int(300000000),
		"longitude_e7": edit.Int(-1700000000), "accuracy_m": edit.Int(12),
	})
}

// update changes two cells, one of them under review.
func update(e *edit.Builder, id schema.RowID, n int) {
	severity := schema.Severities()[n%4].Code
	e.Confirm("finding", id,
		edit.Cells{"title": edit.Text("舊"), "severity": edit.Text("moderate")},
		edit.Cells{"title": edit.Text(fmt.Sprintf("改%d", n)), "severity": edit.Text(severity)})
}

func (p *phone) seal(campaign schema.CampaignID, changeset []byte) {
	p.clock = clock.Next(p.clock, time.Now().UnixMilli())
	e := chain.Entry{
		Campaign: campaign, Device: p.id, Seq: p.head.Seq + 1, Previous: p.head.Hash, Clock: p.clock,
		WallAt: time.Now().UnixMilli(), Schema: schema.Version, Seen: p.seen, Changeset: changeset,
	}
	b := e.Append(nil)
	p.head = chain.Head{Seq: e.Seq, Hash: chain.HashBytes(b)}
	p.waiting = append(p.waiting, b)
}

func (p *phone) push(campaign schema.CampaignID) chain.Push {
	signature, err := chain.SignHead(rand.Reader, p.key, campaign, p.id, p.head)
	if err != nil {
		panic(err)
	}
	push := chain.Push{Campaign: campaign, Device: p.id, Entries: p.waiting, Signature: signature}
	p.waiting = nil
	return push
}

// push sends the pushes and returns the CPU time that took.
func (b *bed) push(ctx context.Context, pushes []chain.Push) (time.Duration, error) {
	runtime.GC()
	before := cpuTime()
	for i := range pushes {
		receipt, err := b.service.Push(ctx, pushes[i])
		if err != nil {
			return 0, err
		}
		for _, e := range receipt.Entries {
			if e.Outcome != schema.Merged {
				return 0, fmt.Errorf("entry %d: %s %s %s", e.Seq, e.Outcome, e.Reason, e.Detail)
			}
		}
	}
	return cpuTime() - before, nil
}

// apply gives the same changesets to SQLite's own apply.
func (b *bed) apply(
	raw *oracle.Oracle, changesets [][]byte, group int, fresh bool,
) (time.Duration, error) {
	setup := "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
	if fresh {
		migrations, err := schema.Migrations(schema.OnDevice)
		if err != nil {
			return 0, err
		}
		for _, m := range migrations {
			setup += m.SQL
		}
	}
	done, err := raw.Apply(oracle.Application{
		File: filepath.Join(b.dir, "raw.db"), Setup: setup,
		Group: group, Changesets: changesets,
	})
	return done.CPU, err
}

// cpuTime is what this process has used, user and system.
func cpuTime() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

const decodeName = "decode changeset"

// decoding measures the changeset reader, in changes per second of CPU.
func decoding(rounds int) (figure, error) {
	w := changeset.NewWriter(changeset.Changeset)
	w.Table("finding", []byte{1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	const changes = 200_000
	for i := range changes {
		old, now := make([]changeset.Value, 10), make([]changeset.Value, 10)
		id := schema.NewRowID()
		old[0] = changeset.BlobValue(id[:])
		old[3], now[3] = changeset.Int(int64(i)), changeset.Int(int64(i+1))
		old[5], now[5] = changeset.TextValue("待審核"), changeset.TextValue("已採納")
		if err := w.Update(false, old, now); err != nil {
			return figure{}, err
		}
	}
	var speeds []float64
	for range rounds {
		before := cpuTime()
		r := changeset.NewReader(w.Bytes(), changeset.Limits{})
		n := 0
		for _, err := r.Next(); err == nil; _, err = r.Next() {
			n++
		}
		if n != changes {
			return figure{}, fmt.Errorf("decoded %d of %d changes", n, changes)
		}
		speeds = append(speeds, changes/(cpuTime()-before).Seconds())
	}
	return figure{name: decodeName, value: median(speeds), unit: "changes/s CPU"}, nil
}
