package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/review"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"
)

// sealed is a push of entries, signed over the last whatever they are.
func (d *phone) sealed(entries ...[]byte) chain.Push {
	d.T.Helper()
	push := chain.Push{Campaign: d.Campaign, Device: d.ID, Entries: entries}
	head := chain.Head{Hash: chain.HashBytes(entries[len(entries)-1])}
	if e, err := chain.Parse(entries[len(entries)-1]); err == nil {
		head.Seq = e.Seq
	}
	push.Signature = d.Sign(head)
	return push
}

// changedEntry is an entry with something changed.
func changedEntry(t *testing.T, entry []byte, do func(*chain.Entry)) []byte {
	t.Helper()
	e, err := chain.Parse(entry)
	must(t, err)
	do(&e)
	return e.Append(nil)
}

func TestAPushThatIsNoContinuationOfItsChainIsRefused(t *testing.T) {
	p := start(t)
	d, other := p.enrolled(cborFormat()), p.enrolled(jsonFormat())
	d.saveFinding()
	d.push()
	fork := d.Device // a clone that goes another way
	d.saveFinding()
	d.push()
	fork.Save(func(b *edit.Builder) { fork.Finding(b, schema.NewRowID(), d.visits[0], "serious") })
	next := d.Device // what the phone would send next
	next.Save(func(b *edit.Builder) { next.Finding(b, schema.NewRowID(), d.visits[0], "minor") })
	next.Save(func(b *edit.Builder) { next.Finding(b, schema.NewRowID(), d.visits[0], "minor") })
	first, second := next.Waiting[0], next.Waiting[1]
	foreign := other.Device
	foreign.Save(func(b *edit.Builder) { foreign.Finding(b, schema.NewRowID(), d.visits[0], "minor") })
	elsewhere := d.sealed(first)
	elsewhere.Campaign = schema.CampaignID(schema.NewRowID())
	stranger := d.sealed(first)
	stranger.Device = schema.DeviceID(schema.NewRowID())
	unsigned := d.sealed(first)
	unsigned.Signature = nil
	forged := d.sealed(first)
	forged.Signature = other.Sign(d.Head)
	others := d.sealed(foreign.Waiting[0])
	as := func(code int) func(push chain.Push, fault string) refusal {
		return func(push chain.Push, fault string) refusal {
			return refusal{"", d.pushRequest(push), code, fault}
		}
	}
	bad, conflict, refused := as(http.StatusBadRequest), as(http.StatusConflict), as(http.StatusUnprocessableEntity)
	cases := map[string]refusal{
		"a gap":                             conflict(d.sealed(second), schema.FaultGap),
		"a fork":                            conflict(fork.Take(), schema.FaultFork),
		"an entry that was changed":         conflict(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Seq-- })), schema.FaultFork),
		"a chain that starts anew":          conflict(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Seq = 1 })), schema.FaultFork),
		"a previous entry that is none":     conflict(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Previous[3] ^= 1 })), schema.FaultFork),
		"another device's signature":        refused(forged, schema.FaultSignature),
		"no signature":                      refused(unsigned, schema.FaultSignature),
		"a signature over another entry":    refused(chain.Push{Campaign: d.Campaign, Device: d.ID, Entries: [][]byte{first}, Signature: d.Sign(d.Head)}, schema.FaultSignature),
		"another device's entry":            refused(others, schema.FaultNotYourChain),
		"another device's entry in between": refused(d.sealed(first, foreign.Waiting[0], second), schema.FaultNotYourChain),
		"entries out of order":              refused(d.sealed(second, first), schema.FaultChainBroken),
		"an entry twice":                    refused(d.sealed(first, first), schema.FaultChainBroken),
		"an entry of another campaign":      refused(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Campaign[0] ^= 1 })), schema.FaultWrongCampaign),
		"a push to another campaign":        refused(elsewhere, schema.FaultWrongCampaign),
		"an author nobody enrolled":         as(http.StatusForbidden)(stranger, schema.FaultForbidden),
		"garbage":                           bad(d.sealed([]byte("garbage")), schema.FaultBadRequest),
		"an empty entry":                    bad(d.sealed([]byte{}), schema.FaultBadRequest),
		"an entry that ends early":          bad(d.sealed(first[:len(first)-1]), schema.FaultBadRequest),
		"an entry with more behind it":      bad(d.sealed(append(slices.Clone(first), 0)), schema.FaultBadRequest),
		"schema version 0":                  bad(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Schema = 0 })), schema.FaultBadRequest),
		"a negative schema version":         bad(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Schema = -1 })), schema.FaultBadRequest),
		"seq 0":                             bad(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Seq = 0 })), schema.FaultBadRequest),
		"seq 2^64-1":                        bad(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Seq = 1<<64 - 1 })), schema.FaultBadRequest),
		"a clock of 2^64-1":                 bad(d.sealed(changedEntry(t, first, func(e *chain.Entry) { e.Clock = 1<<64 - 1 })), schema.FaultBadRequest),
		"an entry that is too large":        bad(d.sealed(make([]byte, chain.EntryMax+1)), schema.FaultBadRequest),
		"too many entries":                  refused(d.sealed(slices.Repeat([][]byte{{}}, mobileapi.EntriesMax+1)...), schema.FaultBadRequest),
	}
	for name, c := range cases {
		c.name = name
		p.refused(t, []refusal{c})
	}
	if o := ask[review.Overview](p, "/api/hq/campaigns/{campaign}"); o.Aside == 0 || o.Quarantined != 0 || o.Held != 0 {
		t.Errorf("aside %d, quarantined %d, held %d", o.Aside, o.Quarantined, o.Held)
	}
	for _, q := range ask[[]review.Quarantined](p, "/api/hq/campaigns/{campaign}/quarantine") {
		if q.Kind != "aside" || q.Title.Zh == "" || q.Size == 0 && q.Reason != schema.FaultBadRequest {
			t.Errorf("kept aside: %+v", q)
		}
	}
	d.works()
	other.works()
}

func TestWhatOneDeviceSavedAnotherMayCarry(t *testing.T) {
	p := start(t)
	author, carrier := p.enrolled(cborFormat()), p.enrolled(cborFormat())
	author.saveFinding()
	push := author.Take()
	r := carrier.signedIn(author.pushRequest(push))
	author.acknowledged(push, p.send(r))
}

func TestAHostileChangesetIsKeptAndHarmsNobody(t *testing.T) {
	p := start(t)
	victim, d := p.enrolled(cborFormat()), p.enrolled(cborFormat())
	id := victim.saveFinding()
	victim.push()
	d.pull()
	random := rand.New(rand.NewPCG(1, 9))
	valid := built(t, func(b *edit.Builder) {
		d.Finding(b, schema.NewRowID(), d.visits[0], "minor")
		b.Update("finding", id, edit.Cells{"title": edit.Text("帳目不清")}, edit.Cells{"title": edit.Text("無")})
	})
	const mutants = 400
	for range mutants {
		d.Seal(mutated(random, valid), schema.Version)
	}
	d.Seal(valid, schema.Version+1)
	d.Seal(bytes.Repeat([]byte("T\x01\x01finding\x00"), 10_000), schema.Version)
	d.Seal([]byte{}, schema.Version)
	outcomes := map[string]int{}
	for _, e := range d.push().Entries {
		outcomes[string(e.Outcome)+" "+e.Reason]++
		if e.Outcome == schema.Quarantined && e.Detail == "" {
			t.Errorf("entry %d is quarantined as %s without a word", e.Seq, e.Reason)
		}
	}
	for _, want := range []string{
		"quarantined " + schema.ReasonMalformed, "quarantined " + schema.ReasonUnknownTable,
		"quarantined " + schema.ReasonVersion, "merged ",
	} {
		if outcomes[want] == 0 {
			t.Errorf("none was %s: %v", want, outcomes)
		}
	}
	for _, q := range ask[[]review.Quarantined](p, "/api/hq/campaigns/{campaign}/quarantine") {
		if q.Title.Zh == "" || q.Title.En == "" || q.Hash == "" {
			t.Errorf("quarantine shows %+v", q)
		}
	}
	victim.works()
	d.works()
}

// built is the changeset of some changes.
func built(t testing.TB, do func(*edit.Builder)) []byte {
	t.Helper()
	b := edit.New(schema.NewCatalogue())
	do(b)
	bytes, err := b.Bytes()
	must(t, err)
	return bytes
}

// mutated changes a few places of some bytes.
func mutated(random *rand.Rand, b []byte) []byte {
	b = slices.Clone(b)
	for range 1 + random.IntN(3) {
		at := random.IntN(len(b))
		switch random.IntN(4) {
		case 0:
			b[at] ^= 1 << random.IntN(8)
		case 1:
			b[at] = byte(random.IntN(256))
		case 2:
			b = slices.Delete(b, at, min(len(b), at+1+random.IntN(20)))
		case 3:
			b = slices.Insert(b, at, b[at:min(len(b), at+1+random.IntN(20))]...)
		}
		if len(b) == 0 {
			return b
		}
	}
	return b
}

func TestWhatAPullAsksForIsChecked(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	d.saveFinding()
	d.push()
	epoch := "&epoch=" + d.Seen.Epoch.String()
	query := func(q string) request { return d.pullRequest(q) }
	const (
		invalid  = http.StatusUnprocessableEntity
		conflict = http.StatusConflict
	)
	p.refused(t, []refusal{
		{"a cursor ahead", query("after=99999999" + epoch), conflict, schema.FaultCursorAhead},
		{"a cursor of 2^64-1", query("after=18446744073709551615" + epoch), conflict, schema.FaultCursorAhead},
		{"a cursor of another life", query("after=1&epoch=" + schema.NewRowID().String()), conflict, schema.FaultCursorAhead},
		{"a cursor without its life", query("after=1"), conflict, schema.FaultCursorAhead},
		{"an epoch that is no id", query("after=1&epoch=now"), http.StatusBadRequest, schema.FaultBadRequest},
		{"a negative cursor", query("after=-1" + epoch), invalid, schema.FaultBadRequest},
		{"a cursor beyond numbers", query("after=99999999999999999999999" + epoch), invalid, schema.FaultBadRequest},
		{"a cursor that is a word", query("after=new" + epoch), invalid, schema.FaultBadRequest},
		{"no rows", query("limit=0"), invalid, schema.FaultBadRequest},
		{"negative rows", query("limit=-5"), invalid, schema.FaultBadRequest},
		{"too many rows", query("limit=20001"), invalid, schema.FaultBadRequest},
		{"rows beyond numbers", query("limit=99999999999999999999999"), invalid, schema.FaultBadRequest},
		{"schema version 0", query("schema=0"), invalid, schema.FaultBadRequest},
		{"a schema version nobody knows", query("schema=99"), invalid, schema.FaultVersionUnreadable},
		{"very many scopes", query("scope=" + string(bytes.Repeat([]byte("a,"), 70))), invalid, schema.FaultBadRequest},
	})
	for _, scope := range []string{
		"team:" + schema.NewRowID().String(), "hq", "campaign' OR 1=1 --", "組", "campaign,hq",
	} {
		p.refused(t, []refusal{{
			"the scope " + scope, query("scope=" + url.QueryEscape(scope)), http.StatusForbidden, schema.FaultScope,
		}})
	}
	d.works()
}

func TestAPhoneHoldsTheRowsOfItsTeamAndNoOthers(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	d.Seen.Revision = 0
	var page mobileapi.PullAnswer
	d.format.read(t, p.send(d.pullRequest("limit=20000")), &page)
	teams := map[string]int{}
	for _, c := range ingesttest.ChangesOf(t, page.Patchset)["visit"] {
		teams[fmt.Sprintf("team:%s", schema.TeamID(c.New[1].Bytes))]++
	}
	if len(page.Scopes) != 2 || len(teams) != 1 || teams[page.Scopes[1]] != 40 {
		t.Errorf("scopes %v, visits %v", page.Scopes, teams)
	}
}

func TestAPhoneOnASlowLineHasMinutesForItsBody(t *testing.T) {
	paths := newAPI(nil, nil).OpenAPI().Paths
	for _, path := range []string{"/api/v1/push", "/api/v1/enrol", "/api/v1/token"} {
		if limit := paths[path].Post.BodyReadTimeout; limit < time.Minute || limit > requestTimeout {
			t.Errorf("%s: %v", path, limit)
		}
	}
}

func TestAReceiptSaysWhereAnEntryIsInTheChain(t *testing.T) {
	p := start(t)
	d := p.enrolled(jsonFormat())
	for range 3 {
		d.saveFinding()
	}
	text, err := json.Marshal(d.push())
	must(t, err)
	for seq := range 3 {
		if want := fmt.Sprintf(`{"seq":%d,"outcome":"merged"}`, seq+1); !bytes.Contains(text, []byte(want)) {
			t.Errorf("receipt %s, want %s", text, want)
		}
	}
}
