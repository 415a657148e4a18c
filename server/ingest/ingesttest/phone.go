package ingesttest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
)

// Device is the part of a phone that needs no headquarters: its chain, and what
// it has seen. A copy of one is a cloned phone.
type Device struct {
	T         testing.TB
	Campaign  schema.CampaignID
	ID        schema.DeviceID
	Inspector schema.RowID
	Key       crypto.Signer
	PublicKey []byte // SubjectPublicKeyInfo, DER
	Now       func() time.Time
	Catalogue *schema.Catalogue // of its program

	Head    chain.Head
	Clock   clock.Time
	Seen    chain.Seen
	Waiting [][]byte // sealed and not pushed
	All     [][]byte // ever sealed
}

// NewKey makes an Ed25519 key.
func NewKey(t testing.TB) crypto.Signer {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	return private
}

// NewDevice makes a device with a key that nobody has enrolled yet.
func NewDevice(
	t testing.TB, campaign schema.CampaignID, key crypto.Signer, now func() time.Time,
) Device {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	must(t, err)
	d := Device{
		T: t, Campaign: campaign, ID: schema.DeviceID(schema.NewRowID()),
		Key: key, PublicKey: spki, Now: now, Catalogue: schema.NewCatalogue(),
	}
	d.Head.Hash = chain.Genesis(campaign, d.ID, spki)
	return d
}

// Save seals what do wrote as the device's next entry.
func (d *Device) Save(do func(b *edit.Builder)) {
	d.T.Helper()
	b := edit.New(d.Catalogue)
	do(b)
	bytes, err := b.Bytes()
	must(d.T, err)
	d.Seal(bytes, d.Catalogue.Version)
}

// Seal makes any bytes the changeset of the device's next entry.
func (d *Device) Seal(changeset []byte, version int) {
	wall := d.Now().UnixMilli()
	d.Clock = clock.Next(d.Clock, wall)
	e := chain.Entry{
		Campaign: d.Campaign, Device: d.ID, Seq: d.Head.Seq + 1, Previous: d.Head.Hash,
		Clock: d.Clock, WallAt: wall, Schema: version, Seen: d.Seen, Changeset: changeset,
	}
	b := e.Append(nil)
	d.Head = chain.Head{Seq: e.Seq, Hash: chain.HashBytes(b)}
	d.Waiting, d.All = append(d.Waiting, b), append(d.All, b)
}

// Take makes the push of all that waits.
func (d *Device) Take() chain.Push {
	d.T.Helper()
	push := chain.Push{Campaign: d.Campaign, Device: d.ID, Entries: d.Waiting}
	d.Waiting = nil
	if len(push.Entries) > 0 {
		push.Signature = d.Sign(d.Head)
	}
	return push
}

// From makes the push of all entries from a seq on.
func (d *Device) From(seq uint64) chain.Push {
	d.T.Helper()
	d.Waiting = d.All[seq-1:]
	return d.Take()
}

// Sign signs a head with the device's key.
func (d *Device) Sign(head chain.Head) []byte {
	d.T.Helper()
	signature, err := chain.SignHead(rand.Reader, d.Key, d.Campaign, d.ID, head)
	must(d.T, err)
	return signature
}

// Finding adds a finding to a builder.
func (d *Device) Finding(b *edit.Builder, id, visit schema.RowID, severity string) {
	b.Insert("finding", id, edit.Cells{
		"visit_id": edit.ID(visit), "title": edit.Text("帳目不清"), "severity": edit.Text(severity),
		"inspector_id": edit.ID(d.Inspector),
	})
}

// SetCell writes one cell of a finding, as changed from before.
func SetCell(id schema.RowID, column, before, after string) func(*edit.Builder) {
	return func(b *edit.Builder) {
		b.Update("finding", id, edit.Cells{column: edit.Text(before)}, edit.Cells{column: edit.Text(after)})
	}
}

// Phone is a device that talks to a world's headquarters.
type Phone struct {
	Device
	Facts    []ingest.Fact // what it was told of headquarters' states
	Disputed []uint64      // own entries that the last pull named
	w        *World
}

// Enrol adds a device of a team's inspector.
func (w *World) Enrol(team int) *Phone {
	w.T.Helper()
	now := func() time.Time { return w.Now }
	p := &Phone{Device: NewDevice(w.T, w.Campaign, NewKey(w.T), now), w: w}
	p.Inspector, p.Catalogue = w.People[team], w.Catalogue
	w.Write(func(b *edit.Builder) {
		b.Insert("device", schema.RowID(p.ID), edit.Cells{
			"inspector_id": edit.ID(p.Inspector), "name": edit.Text("手機"),
			"public_key": edit.Bytes(p.PublicKey),
		})
	})
	return p
}

// Shared is a finding that two phones of the first team have both pulled.
func (w *World) Shared() (a, b *Phone, finding schema.RowID) {
	w.T.Helper()
	a, b, finding = w.Enrol(0), w.Enrol(0), schema.NewRowID()
	a.Pull()
	a.Save(func(e *edit.Builder) { a.Finding(e, finding, w.Visits[0], "minor") })
	a.Push()
	a.Pull()
	b.Pull()
	return a, b, finding
}

// Push sends all that waits.
func (p *Phone) Push() schema.Receipt {
	p.w.T.Helper()
	receipt, err := p.w.Service.Push(p.w.ctx(), p.Take())
	must(p.w.T, err)
	return receipt
}

// Pull sees all of headquarters' state and returns what changed, by table.
func (p *Phone) Pull() map[string][]changeset.Change {
	p.w.T.Helper()
	page, err := p.w.Service.Pull(p.w.ctx(), ingest.Pull{
		Campaign: p.w.Campaign, Device: p.ID, After: p.Seen.Revision, Epoch: &p.Seen.Epoch,
		Schema: p.Catalogue.Version, Limit: 1_000_000,
	})
	must(p.w.T, err)
	p.Seen.Epoch, p.Seen.Revision = page.Epoch, page.Next
	p.Facts = append(p.Facts, ingest.Fact{
		Epoch: page.Epoch, Revision: page.Next, Heads: page.Heads,
	})
	p.Clock = max(p.Clock, clock.Time(page.Clock))
	p.Disputed = page.Disputed
	return ChangesOf(p.w.T, page.Patchset)
}

// ChangesOf reads a changeset or patchset by table.
func ChangesOf(t testing.TB, b []byte) map[string][]changeset.Change {
	t.Helper()
	out := map[string][]changeset.Change{}
	r := changeset.NewReader(b, changeset.Limits{})
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		must(t, err)
		c.Old, c.New = slices.Clone(c.Old), slices.Clone(c.New)
		out[c.Table.Name] = append(out[c.Table.Name], c)
	}
}
