package simulation

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/sim"

	"github.com/fxamacker/cbor/v2"
)

// outlaw is a device that is enrolled, for the first team, and does what it likes.
type outlaw struct {
	id   schema.DeviceID
	key  ed25519.PrivateKey
	head chain.Head
	last clock.Time
	made int
}

// outlawToken is what carriers and the outlaw show: who carries does not matter.
const outlawToken = "outlaw"

func (w *world) enrolOutlaw() (*outlaw, error) {
	x := &outlaw{id: schema.DeviceID(place("outlaw", 1))}
	seed := make([]byte, ed25519.SeedSize)
	seed[0] = 1
	x.key = ed25519.NewKeyFromSeed(seed)
	spki, err := x509.MarshalPKIXPublicKey(x.key.Public())
	if err != nil {
		return nil, err
	}
	x.head.Hash = chain.Genesis(w.campaign, x.id, spki)
	b := edit.New(w.hq.catalogue())
	b.Insert("device", schema.RowID(x.id), edit.Cells{
		"inspector_id": edit.ID(place("inspector", 0)), "name": edit.Text("無名"),
		"public_key": edit.Bytes(spki), "enrolled_at": edit.Int(w.time.Now().UnixMilli()),
	})
	return x, w.hq.ingest.WriteRows(context.Background(), w.campaign, b)
}

func (x *outlaw) act(w *world) error {
	if w.step.Verb == sim.Replay {
		if len(w.network.Seen) == 0 {
			return w.skip()
		}
		m := w.network.Seen[w.step.Dice%uint64(len(w.network.Seen))]
		m.Token = outlawToken
		_, err := w.hq.serve(m)
		return w.refusal(err)
	}
	dice := sim.NewDice(w.step.Dice, 4)
	x.made++
	kind := w.word(0)
	w.tally["  hostile "+kind]++
	e := chain.Entry{
		Campaign: w.campaign, Device: x.id, Seq: x.head.Seq + 1, Previous: x.head.Hash,
		Clock: clock.Next(x.last, w.time.Now().UnixMilli()), WallAt: w.time.Now().UnixMilli(),
		Schema: 1,
	}
	wrong, err := x.write(w, dice, kind, &e)
	if err != nil {
		return err
	}
	return x.push(w, kind, &e, wrong)
}

// write makes the entry that a kind means, and says which reason headquarters must
// have not to merge it.
func (x *outlaw) write(
	w *world, dice *rand.Rand, kind string, e *chain.Entry,
) (reason string, err error) {
	b := edit.New(w.catalogues[1])
	id := outlawFinding(w, x.made)
	finding := edit.Cells{
		"visit_id": edit.ID(place("visit", 0)), "title": edit.Text("乙"),
		"inspector_id": edit.ID(place("inspector", 0)),
	}
	rows, err := ask(w.hq.probe, "SELECT epoch, revision FROM campaign_state WHERE no = 1")
	if err != nil {
		return "", err
	}
	copy(e.Seen.Epoch[:], rows[0][0].Bytes)
	switch kind {
	case "malformed":
		e.Changeset = []byte{'T', 3, 1, 0, 0, 'f', 0, 18, 0, 9, 9, byte(dice.Uint32())}
		return schema.ReasonMalformed, nil
	case "foreign":
		finding["visit_id"] = edit.ID(place("visit", 2))
		reason = schema.ReasonOutOfScope
	case "hq-column":
		finding["review_state"] = edit.Text("accepted")
		reason = schema.ReasonHQColumn
	case "delete":
		return schema.ReasonDelete, x.deletion(w, e)
	case "seen":
		e.Seen.Revision = rows[0][1].Bits + dice.Uint64N(20)
	case "heads":
		for _, p := range w.phones {
			if p.id != (schema.DeviceID{}) {
				e.Seen.Heads = append(e.Seen.Heads, chain.DeviceHead{Device: p.id, Seq: dice.Uint64N(50)})
			}
		}
		e.Seen.Heads = ascending(e.Seen.Heads)
	case "orphan": // of a finding that comes with the next entry, or never
		b.Insert("comment", id, edit.Cells{
			"finding_id": edit.ID(outlawFinding(w, x.made+1)), "body": edit.Text("丙"),
			"inspector_id": edit.ID(place("inspector", 0)),
		})
		e.Changeset, err = b.Bytes()
		return "", err
	case "campaign":
		e.Campaign = schema.CampaignID(place("campaign", 9))
	}
	b.Insert("finding", id, finding)
	e.Changeset, err = b.Bytes()
	return reason, err
}

func outlawFinding(w *world, n int) schema.RowID {
	return schema.NaturalRowID("simulation/outlaw", schema.RowID{byte(n), byte(w.script.Seed)})
}

// ascending sorts heads and keeps one of each device.
func ascending(heads []chain.DeviceHead) []chain.DeviceHead {
	var out []chain.DeviceHead
	for _, h := range heads {
		at := 0
		for at < len(out) && string(out[at].Device[:]) < string(h.Device[:]) {
			at++
		}
		if at < len(out) && out[at].Device == h.Device {
			continue
		}
		out = append(out[:at:at], append([]chain.DeviceHead{h}, out[at:]...)...)
	}
	return out
}

func (x *outlaw) deletion(w *world, e *chain.Entry) error {
	t := w.catalogues[1].MustTable("visit")
	flags, old := make([]byte, 1+len(t.Columns)), make([]changeset.Value, 1+len(t.Columns))
	flags[0] = 1
	for i := range old {
		old[i] = changeset.NullValue()
	}
	old[0] = edit.ID(place("visit", 0))
	writer := changeset.NewWriter(changeset.Changeset)
	writer.Table(t.Name, flags)
	err := writer.Delete(false, old)
	e.Changeset = writer.Bytes()
	return err
}

func (x *outlaw) push(w *world, kind string, e *chain.Entry, reason string) error {
	bytes := e.Append(nil)
	head := chain.Head{Seq: e.Seq, Hash: chain.HashBytes(bytes)}
	signature, err := chain.SignHead(nil, x.key, w.campaign, x.id, head)
	if err != nil {
		return err
	}
	r := mobileapi.PushRequest{
		CampaignID: w.campaign.String(), DeviceID: x.id.String(),
		Entries: []mobileapi.Octets{bytes}, Signature: signature,
	}
	if kind == "signature" {
		r.Signature[int(w.step.Dice)%len(signature)] ^= 1
	}
	if kind == "facts" {
		r.Facts = x.facts(w)
	}
	w.truth.seal(bytes, sealed{device: x.id, seq: e.Seq, forged: true})
	body, err := cbor.Marshal(r)
	if err != nil {
		return err
	}
	answer, err := w.hq.serve(sim.Message{Path: "push", Token: outlawToken, Body: body})
	if kind == "signature" || kind == "campaign" {
		return x.wantAside(w, head.Hash, err)
	}
	if err != nil {
		return w.refusal(err)
	}
	x.head, x.last = head, e.Clock
	return x.wantReason(w, kind, answer, reason)
}

// facts tells of an epoch that ended what is not so.
func (x *outlaw) facts(w *world) []mobileapi.Fact {
	rows, err := ask(w.hq.probe, `SELECT epoch FROM epoch
		WHERE campaign_no = 1 ORDER BY began LIMIT 1`)
	if err != nil || len(rows) == 0 {
		return nil
	}
	fact := mobileapi.Fact{Epoch: schema.Epoch(rows[0][0].Bytes).String(), Revision: 1}
	for _, p := range w.phones {
		if p.id != (schema.DeviceID{}) {
			fact.Heads = append(fact.Heads, mobileapi.DeviceHead{DeviceID: p.id.String(), Seq: 9})
		}
	}
	w.truth.lied = true
	return []mobileapi.Fact{fact}
}

// wantAside wants what was no valid entry to be kept whole.
func (x *outlaw) wantAside(w *world, sum hash, err error) error {
	if schema.FaultCode(err) == "" && !errors.Is(err, sim.ErrNoAnswer) {
		w.fail("hostile entries are refused", "%s: %v", w.step, err)
	}
	if schema.FaultCode(err) == "" || schema.FaultCode(err) == schema.FaultInternal {
		return w.refusal(err)
	}
	rows, err := ask(w.hq.probe, "SELECT 1 FROM aside WHERE campaign_no = 1 AND hash = ?", sum[:])
	if err == nil && len(rows) == 0 {
		w.fail("what is no valid entry is kept aside", "%s", w.step)
	}
	return err
}

func (x *outlaw) wantReason(w *world, kind string, answer []byte, reason string) error {
	var a mobileapi.PushAnswer
	if err := cbor.Unmarshal(answer, &a); err != nil {
		return err
	}
	if len(a.Entries) != 1 {
		return fmt.Errorf("%s: %d receipts", w.step, len(a.Entries))
	}
	r := a.Entries[0]
	if reason != "" && (r.Outcome != schema.Quarantined || r.Reason != reason) && !w.moved() {
		w.fail("hostile entries are refused", "%s is %s %s, want %s", kind, r.Outcome, r.Reason, reason)
	}
	return nil
}

// refusal passes over what headquarters may refuse.
func (w *world) refusal(err error) error {
	var r *device.Refusal
	if errors.As(err, &r) && r.Code != schema.FaultInternal ||
		errors.Is(err, sim.ErrNoAnswer) || w.hq.full {
		return nil
	}
	return err
}
