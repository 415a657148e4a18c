package packing

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"

	"github.com/google/go-cmp/cmp"
)

func TestARunThatStandsElsewhereIsTold(t *testing.T) {
	a := newAuthor(6)
	for _, b := range usualChangesets(t) {
		a.appendPlain(b)
	}
	entries, place := a.run(5, 8, BeforeMax)
	body, err := Pack(entries, a.catalogue, place)
	if err != nil {
		t.Fatal(err)
	}
	stranger, forked, poor := place, place, place
	stranger.Device[3]++
	forked.Previous[0]++
	poor.Before = place.Before[:3]
	for name, p := range map[string]Place{"stranger": stranger, "forked": forked, "poor": poor} {
		if _, err := Unpack(body, a.catalogue, p); !errors.Is(err, ErrPlace) {
			t.Errorf("unpack, %s: %v", name, err)
		}
	}
	if _, err := Pack(entries, a.catalogue, stranger); !errors.Is(err, ErrNoRun) {
		t.Errorf("pack for a stranger: %v", err)
	}
	poor.Before = nil
	plain, err := Pack(entries, a.catalogue, poor)
	if err != nil || len(plain) <= len(body) {
		t.Errorf("%d bytes with the entries before, %d without, %v", len(body), len(plain), err)
	}
}

func TestAnUnknownVersionAsksForThePlainForm(t *testing.T) {
	a := newAuthor(6)
	a.appendPlain(usualChangesets(t)[0])
	entries, place := a.run(0, 1, 0)
	body, err := Pack(entries, a.catalogue, place)
	if err != nil {
		t.Fatal(err)
	}
	later := bytes.Clone(body)
	later[0] = formatVersion + 1
	// The schema version stands behind the number of entries.
	newer := append([]byte{body[0], body[1] | flagSchema, body[2], body[3]}, schema.Version+1)
	newer = append(newer, body[4:]...)
	for _, b := range [][]byte{later, newer} {
		if _, err := Unpack(b, a.catalogue, place); !errors.Is(err, ErrVersion) {
			t.Error(err)
		}
	}
}

func TestEntriesThatDoNotFollowAreNoRun(t *testing.T) {
	a := newAuthor(6)
	a.write(9)
	entries, place := a.run(3, 9, BeforeMax)
	gap := append(append([][]byte{}, entries[:2]...), entries[3:]...)
	short := append(append([][]byte{}, entries[:2]...), entries[2][:50])
	for name, list := range map[string][][]byte{
		"none": nil, "gap": gap, "later": entries[1:], "short": short,
	} {
		if _, err := Pack(list, a.catalogue, place); !errors.Is(err, ErrNoRun) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A server takes a packed push as the package comment says.
func TestASignatureTellsWhetherTheRightEntriesCameOut(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := newAuthor(8)
	a.write(4)
	entries, place := a.run(0, 4, 0)
	packed, err := Pack(entries, a.catalogue, place)
	if err != nil {
		t.Fatal(err)
	}
	head := chain.Head{Seq: 4, Hash: chain.HashBytes(entries[3])}
	signature, err := chain.SignHead(rand.Reader, private, place.Campaign, place.Device, head)
	if err != nil {
		t.Fatal(err)
	}
	body := Body{Signature: signature, Packed: packed}
	sent, err := body.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := take(public, sent, place); err != nil {
		t.Error(err)
	}
	forked := place
	forked.Previous[0]++ // as if another key had been enrolled
	if err := take(public, sent, forked); schema.FaultCode(err) != schema.FaultSignature {
		t.Errorf("after a fork: %v", err)
	}
}

func take(key ed25519.PublicKey, sent []byte, place Place) error {
	body, err := ReadBody(sent)
	if err != nil {
		return err
	}
	entries, err := Unpack(body.Packed, schema.NewCatalogue(), place)
	if err != nil {
		return err
	}
	push := chain.Push{
		Campaign: place.Campaign, Device: place.Device, Entries: entries, Signature: body.Signature,
	}
	_, err = push.Check(key)
	return err
}

func TestABodyIsASignatureAndARun(t *testing.T) {
	want := Body{Signature: bytes.Repeat([]byte{7}, signatureSize), Packed: []byte{1, 2, 3}}
	b, err := want.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadBody(b)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := ReadBody(b[:signatureSize-1]); !errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
	if _, err := (&Body{Signature: b[:9]}).Bytes(); err == nil {
		t.Error("a body was made with a signature of 9 bytes")
	}
}
