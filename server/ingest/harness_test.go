package ingest_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"path/filepath"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
)

// world is a small campaign on a real database: two teams with an inspector
// each, and a unit with a visit for each team.
type world struct {
	t         *testing.T
	store     *sqlite.Store
	service   *ingest.Service
	catalogue *schema.Catalogue
	campaign  schema.CampaignID
	now       time.Time
	teams     [2]schema.RowID
	people    [2]schema.RowID
	units     [2]schema.RowID
	visits    [2]schema.RowID
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, catalogue: schema.NewCatalogue(), now: time.UnixMilli(1_790_000_000_000)}
	w.store = w.open("kept.db")
	key, err := identity.ServerKey(t.Context(), w.store, w.now)
	must(t, err)
	device, err := identity.ServerDevice(key)
	must(t, err)
	w.service = &ingest.Service{
		Store: w.store, Catalogue: w.catalogue, Key: key, Device: device,
		Now: func() time.Time { return w.now },
	}
	w.campaign = schema.CampaignID(schema.NewRowID())
	must(t, w.service.Begin(t.Context(), w.campaign))
	b := edit.New(w.catalogue)
	b.Insert("campaign", schema.RowID(w.campaign), edit.Cells{"code": edit.Text("T"), "name": edit.Text("試")})
	for i := range w.teams {
		w.teams[i], w.people[i] = schema.NewRowID(), schema.NewRowID()
		w.units[i], w.visits[i] = schema.NewRowID(), schema.NewRowID()
		b.Insert("team", w.teams[i], edit.Cells{"number": edit.Int(int64(i + 1)), "name": edit.Text("組")})
		b.Insert("inspector", w.people[i], edit.Cells{"name": edit.Text("甲")})
		b.Insert("team_member", schema.NewRowID(), edit.Cells{
			"team_id": edit.ID(w.teams[i]), "inspector_id": edit.ID(w.people[i]),
		})
		b.Insert("unit", w.units[i], edit.Cells{
			"code": edit.Text("V1"), "name": edit.Text("村"), "category": edit.Text("village"),
			"team_id": edit.ID(w.teams[i]),
		})
		b.Insert("visit", w.visits[i], edit.Cells{
			"team_id": edit.ID(w.teams[i]), "unit_id": edit.ID(w.units[i]),
		})
	}
	must(t, w.service.WriteRows(t.Context(), w.campaign, b))
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) open(name string) *sqlite.Store {
	w.t.Helper()
	s, err := sqlite.Open(w.t.Context(), filepath.Join(w.t.TempDir(), name), w.catalogue)
	must(w.t, err)
	w.t.Cleanup(func() { must(w.t, s.Close()) })
	return s
}

// phone is a device in a test: its chain, and what it has seen.
type phone struct {
	w         *world
	id        schema.DeviceID
	inspector schema.RowID
	key       ed25519.PrivateKey
	head      chain.Head
	clock     clock.Time
	seen      chain.Seen
	waiting   [][]byte
}

// enrol adds a device of a team's inspector.
func (w *world) enrol(team int) *phone {
	w.t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	must(w.t, err)
	spki, err := x509.MarshalPKIXPublicKey(public)
	must(w.t, err)
	p := &phone{w: w, id: schema.DeviceID(schema.NewRowID()), inspector: w.people[team], key: private}
	p.head.Hash = chain.Genesis(w.campaign, p.id, spki)
	b := edit.New(w.catalogue)
	b.Insert("device", schema.RowID(p.id), edit.Cells{
		"inspector_id": edit.ID(p.inspector), "name": edit.Text("手機"), "public_key": edit.Bytes(spki),
	})
	must(w.t, w.service.WriteRows(w.t.Context(), w.campaign, b))
	return p
}

// save seals what do wrote as the phone's next entry.
func (p *phone) save(do func(b *edit.Builder)) {
	p.w.t.Helper()
	b := edit.New(p.w.catalogue)
	do(b)
	bytes, err := b.Bytes()
	must(p.w.t, err)
	p.seal(bytes, schema.Version)
}

func (p *phone) seal(changeset []byte, version int) {
	p.clock = clock.Next(p.clock, p.w.now.UnixMilli())
	e := chain.Entry{
		Campaign: p.w.campaign, Device: p.id, Seq: p.head.Seq + 1, Previous: p.head.Hash,
		Clock: p.clock, WallAt: p.w.now.UnixMilli(), Schema: version, Seen: p.seen, Changeset: changeset,
	}
	b := e.Append(nil)
	p.head = chain.Head{Seq: e.Seq, Hash: chain.HashBytes(b)}
	p.waiting = append(p.waiting, b)
}

// take makes the push of all that waits.
func (p *phone) take() chain.Push {
	p.w.t.Helper()
	push := chain.Push{Campaign: p.w.campaign, Device: p.id, Entries: p.waiting}
	p.waiting = nil
	if len(push.Entries) > 0 {
		sig, err := chain.SignHead(rand.Reader, p.key, p.w.campaign, p.id, p.head)
		must(p.w.t, err)
		push.Signature = sig
	}
	return push
}

// push sends all that waits.
func (p *phone) push() schema.Receipt {
	p.w.t.Helper()
	receipt, err := p.w.service.Push(p.w.t.Context(), p.take())
	must(p.w.t, err)
	return receipt
}

// pull sees all of headquarters' state and returns the newest page's rows.
func (p *phone) pull() map[string][]changeset.Change {
	p.w.t.Helper()
	page, err := p.w.service.Pull(p.w.t.Context(), ingest.Pull{
		Campaign: p.w.campaign, Device: p.id, After: p.seen.Revision, Epoch: &p.seen.Epoch,
		Schema: schema.Version, Limit: 1_000_000,
	})
	must(p.w.t, err)
	p.seen.Epoch, p.seen.Revision = page.Epoch, page.Next
	p.clock = max(p.clock, clock.Time(page.Clock))
	return changesOf(p.w.t, page.Patchset)
}

// changesOf reads a changeset by table.
func changesOf(t *testing.T, b []byte) map[string][]changeset.Change {
	t.Helper()
	out := map[string][]changeset.Change{}
	r := changeset.NewReader(b, changeset.Limits{})
	for {
		c, err := r.Next()
		if err != nil {
			break
		}
		c.Old, c.New = append([]changeset.Value(nil), c.Old...), append([]changeset.Value(nil), c.New...)
		out[c.Table.Name] = append(out[c.Table.Name], c)
	}
	return out
}

// cell reads a cell as headquarters has it.
func (w *world) cell(table string, id schema.RowID, column string) string {
	w.t.Helper()
	var v any
	must(w.t, w.store.Read(w.t.Context(), w.campaign, func(s store.View) error {
		return s.QueryRowContext(w.t.Context(), "SELECT "+column+" FROM "+table+
			" WHERE campaign_no = $1 AND id = $2", s.CampaignNo, id[:]).Scan(&v)
	}))
	if text, ok := v.(string); ok {
		return text
	}
	return ""
}

// conflicts counts conflicts of a state.
func (w *world) conflicts(state string) (n int) {
	w.t.Helper()
	must(w.t, w.store.Read(w.t.Context(), w.campaign, func(s store.View) error {
		return s.QueryRowContext(w.t.Context(), "SELECT count(*) FROM conflict WHERE state = $1",
			state).Scan(&n)
	}))
	return n
}

// check replays the history and wants no difference.
func (w *world) check() {
	w.t.Helper()
	report, err := audit.Check(context.Background(), w.catalogue, w.store, w.open("replay.db"), w.campaign)
	must(w.t, err)
	for _, fault := range report.Faults {
		w.t.Error("fsck:", fault)
	}
	if report.Entries == 0 || report.Cells == 0 {
		w.t.Errorf("fsck compared nothing: %+v", report)
	}
}

// finding adds a finding to a builder.
func (p *phone) finding(b *edit.Builder, id schema.RowID, visit schema.RowID, severity string) {
	b.Insert("finding", id, edit.Cells{
		"visit_id": edit.ID(visit), "title": edit.Text("帳目不清"), "severity": edit.Text(severity),
		"inspector_id": edit.ID(p.inspector),
	})
}

// setCell writes one cell of a finding, as changed from before.
func setCell(id schema.RowID, column, before, after string) func(*edit.Builder) {
	return func(b *edit.Builder) {
		b.Update("finding", id, edit.Cells{column: edit.Text(before)}, edit.Cells{column: edit.Text(after)})
	}
}

// asides counts what was set aside.
func (w *world) asides() (n int) {
	w.t.Helper()
	must(w.t, w.store.Read(w.t.Context(), w.campaign, func(s store.View) error {
		return s.QueryRowContext(w.t.Context(), "SELECT count(*) FROM aside").Scan(&n)
	}))
	return n
}
