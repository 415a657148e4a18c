package packing

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"

	"github.com/google/go-cmp/cmp"
)

func TestWhateverIsPackedComesOutTheSame(t *testing.T) {
	catalogue := schema.NewCatalogue()
	for seed := range uint64(300) {
		a := newAuthorAt(seed, 1+int(seed%schema.Version))
		a.write(1 + a.IntN(80))
		from := a.IntN(len(a.entries))
		to := from + 1 + a.IntN(len(a.entries)-from)
		entries, place := a.run(from, to, pick(a, 0, 5, BeforeMax, BeforeMax+9))
		want := slices.Clone(entries)
		body, err := Pack(entries, catalogue, place)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		kept := bytes.Clone(body)
		got, err := Unpack(body, catalogue, place)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
		if !bytes.Equal(kept, body) {
			t.Fatalf("seed %d: unpacking changed the body", seed)
		}
		start, err := ReadStart(body)
		first, _ := chain.Parse(entries[0])
		if err != nil || start.Seq != first.Seq || start.Count != len(entries) ||
			start.Before != 0 && start.Before > len(place.Before) {
			t.Fatalf("seed %d: start is %+v, %v", seed, start, err)
		}
	}
}

func TestEveryCutAndEveryBitIsToldOrHarmless(t *testing.T) {
	catalogue := schema.NewCatalogue()
	for seed := range uint64(3) {
		a := newAuthor(1000 + seed)
		a.write(24)
		entries, place := a.run(20, 24, BeforeMax)
		body, err := Pack(entries, catalogue, place)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range [][]byte{body, uncompressed(t, body)} {
			if _, err := Unpack(b, catalogue, place); err != nil {
				t.Fatal(err)
			}
			spoil(t, b, catalogue, place)
		}
	}
}

// spoil cuts a body short and turns its bits around.
func spoil(t *testing.T, body []byte, catalogue *schema.Catalogue, place Place) {
	t.Helper()
	const tries = 250
	for cut := 0; cut < len(body); cut += 1 + len(body)/tries {
		if _, err := Unpack(body[:cut], catalogue, place); !typed(err) {
			t.Fatalf("%d of %d bytes: %v", cut, len(body), err)
		}
	}
	for i := 0; i < len(body)*8; i += 1 + len(body)*8/tries {
		bad := bytes.Clone(body)
		bad[i/8] ^= 1 << (i % 8)
		got, err := Unpack(bad, catalogue, place)
		if err == nil {
			again(t, got, catalogue, place)
		} else if !typed(err) {
			t.Fatalf("bit %d: %v", i, err)
		}
	}
}

func typed(err error) bool {
	return errors.Is(err, ErrMalformed) || errors.Is(err, ErrVersion) || errors.Is(err, ErrPlace)
}

// again proves that what came out of foreign bytes is a run at the place.
func again(t *testing.T, entries [][]byte, catalogue *schema.Catalogue, place Place) {
	t.Helper()
	first, err := chain.Parse(entries[0])
	if err != nil {
		t.Fatalf("first entry: %v", err)
	}
	if count := beforeCount(first.Seq); count > 0 && len(place.Before) >= count {
		last, err := chain.Parse(place.Before[len(place.Before)-1])
		if err != nil || last.Seq+1 != first.Seq {
			place.Before = nil
		}
	}
	body, err := Pack(entries, catalogue, place)
	if err != nil {
		t.Fatalf("pack again: %v", err)
	}
	got, err := Unpack(body, catalogue, place)
	if err != nil {
		t.Fatalf("unpack again: %v", err)
	}
	if diff := cmp.Diff(entries, got); diff != "" {
		t.Fatal(diff)
	}
}
