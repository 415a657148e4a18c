package chain

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/clock"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the vectors shared with TypeScript")

const vectorsFile = "../../testdata/chain/vectors.json"

// vector is an entry in the readable form that Go and TypeScript share. Numbers
// of 64 bits are decimal text.
type vector struct {
	Campaign  string       `json:"campaign"`
	Device    string       `json:"device"`
	Seq       uint64       `json:"seq"`
	Previous  string       `json:"previous"`
	Clock     uint64       `json:"clock,string"`
	WallAt    int64        `json:"wall_at"`
	Schema    int          `json:"schema"`
	Epoch     string       `json:"epoch"`
	Revision  uint64       `json:"revision"`
	Heads     []vectorHead `json:"heads"`
	Changeset string       `json:"changeset"`

	Canonical string `json:"canonical"`
	Hash      string `json:"hash"`
	Genesis   string `json:"genesis_of_key_0102"`
	Signed    string `json:"signed_head_bytes"`
}

type vectorHead struct {
	Device string `json:"device"`
	Seq    uint64 `json:"seq"`
}

func id[T schema.ID16](fill byte) T {
	var out T
	for i := range out {
		out[i] = fill + byte(i)
	}
	return out
}

func sampleEntries() []Entry {
	plain := Entry{
		Campaign: id[schema.CampaignID](1), Device: id[schema.DeviceID](0x40), Seq: 1,
		Clock: clock.FromMillis(1_790_000_000_123) + 7, WallAt: 1_790_000_000_123, Schema: 1,
	}
	full := plain
	full.Seq, full.Previous = 2, HashBytes(plain.Append(nil))
	full.WallAt = -1
	full.Seen = Seen{id[schema.Epoch](0x80), 4242, []DeviceHead{
		{Device: id[schema.DeviceID](0x50), Seq: 3}, {Device: id[schema.DeviceID](0x60), Seq: 1 << 40},
	}}
	full.Changeset = []byte{'T', 1, 1, 'x', 0, 18, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9}
	return []Entry{plain, full}
}

func toVector(e Entry) vector {
	canonical := e.Append(nil)
	hash := HashBytes(canonical)
	genesis := Genesis(e.Campaign, e.Device, []byte{1, 2})
	v := vector{
		Campaign: e.Campaign.String(), Device: e.Device.String(), Seq: e.Seq,
		Previous: hex.EncodeToString(e.Previous[:]), Clock: uint64(e.Clock), WallAt: e.WallAt,
		Schema: e.Schema, Epoch: e.Seen.Epoch.String(), Revision: e.Seen.Revision,
		Heads: []vectorHead{}, Changeset: hex.EncodeToString(e.Changeset),
		Canonical: hex.EncodeToString(canonical), Hash: hex.EncodeToString(hash[:]),
		Genesis: hex.EncodeToString(genesis[:]),
		Signed:  hex.EncodeToString(headBytes(e.Campaign, e.Device, Head{e.Seq, hash})),
	}
	for _, h := range e.Seen.Heads {
		v.Heads = append(v.Heads, vectorHead{h.Device.String(), h.Seq})
	}
	return v
}

func TestCanonicalBytesMatchTheSharedVectors(t *testing.T) {
	var got []vector
	for _, e := range sampleEntries() {
		got = append(got, toVector(e))
	}
	if *update {
		text, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(vectorsFile, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var want []vector
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseReadsWhatAppendWrites(t *testing.T) {
	for _, e := range sampleEntries() {
		got, err := Parse(e.Append(nil))
		if err != nil {
			t.Fatal(err)
		}
		if got.Changeset = append([]byte(nil), got.Changeset...); len(got.Changeset) == 0 {
			got.Changeset = nil
		}
		if diff := cmp.Diff(e, got); diff != "" {
			t.Error(diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, e := range sampleEntries() {
		f.Add(e.Append(nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Parse(b)
		if err == nil && string(e.Append(nil)) != string(b) {
			t.Fatalf("accepted %x, which is not canonical", b)
		}
	})
}

// signedPush makes a device's chain of n entries and signs its head.
func signedPush(t *testing.T, n int) (Push, any, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := Push{Campaign: id[schema.CampaignID](1), Device: id[schema.DeviceID](9)}
	head := Head{0, Genesis(p.Campaign, p.Device, nil)}
	for i := range n {
		e := Entry{
			Campaign: p.Campaign, Device: p.Device, Seq: head.Seq + 1, Previous: head.Hash,
			Clock: clock.Time(i + 1), Schema: 1,
		}
		b := e.Append(nil)
		p.Entries, head = append(p.Entries, b), Head{e.Seq, HashBytes(b)}
	}
	if p.Signature, err = SignHead(rand.Reader, private, p.Campaign, p.Device, head); err != nil {
		t.Fatal(err)
	}
	return p, public, private
}

func TestPushIsRefusedWhenAnythingInItWasChanged(t *testing.T) {
	cases := []struct {
		name   string
		change func(p *Push)
		code   string
	}{
		{"nothing", func(*Push) {}, ""},
		{"a byte of the first entry", func(p *Push) { p.Entries[0][70] ^= 1 }, schema.FaultChainBroken},
		{"a byte of the last entry", func(p *Push) { p.Entries[2][60] ^= 1 }, schema.FaultChainBroken},
		{"the last one's changeset", func(p *Push) { p.Entries[2] = append(p.Entries[2], 1) }, schema.FaultBadRequest},
		{"one left out", func(p *Push) { p.Entries = append(p.Entries[:1], p.Entries[2]) }, schema.FaultChainBroken},
		{"the tail cut", func(p *Push) { p.Entries = p.Entries[:2] }, schema.FaultSignature},
		{"the signature", func(p *Push) { p.Signature[5] ^= 1 }, schema.FaultSignature},
		{"no signature", func(p *Push) { p.Signature = nil }, schema.FaultSignature},
		{"another campaign", func(p *Push) { p.Campaign[0] ^= 1 }, schema.FaultWrongCampaign},
		{"another device", func(p *Push) { p.Device[0] ^= 1 }, schema.FaultNotYourChain},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, key, _ := signedPush(t, 3)
			c.change(&p)
			_, err := p.Check(key)
			if got := schema.FaultCode(err); got != c.code {
				t.Errorf("fault %q (%v), want %q", got, err, c.code)
			}
		})
	}
}

func TestHeadsSignedWithEitherKindOfKeyVerify(t *testing.T) {
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	head := Head{7, Hash{1}}
	campaign, device := id[schema.CampaignID](3), id[schema.DeviceID](4)
	for _, k := range []crypto.Signer{edwards, curve} {
		sig, err := SignHead(rand.Reader, k, campaign, device, head)
		if err != nil {
			t.Fatal(err)
		}
		spki, err := x509.MarshalPKIXPublicKey(k.Public())
		if err != nil {
			t.Fatal(err)
		}
		key, err := ParseKey(spki)
		if err != nil {
			t.Fatal(err)
		}
		if err := VerifyHead(key, campaign, device, head, sig); err != nil {
			t.Error(err)
		}
		if err := VerifyHead(key, campaign, device, Head{8, Hash{1}}, sig); err == nil {
			t.Error("a signature over another head verified")
		}
	}
	if _, err := ParseKey([]byte(strings.Repeat("x", 50))); err == nil {
		t.Error("rubbish was taken for a key")
	}
}
