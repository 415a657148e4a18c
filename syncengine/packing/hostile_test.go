package packing

import (
	"bytes"
	"errors"
	"runtime"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

// Once an integer's control of 195 was read as a fourth kind of prediction.
func TestEveryValueOfEveryControlIsToldOrHarmless(t *testing.T) {
	catalogue := schema.NewCatalogue()
	for _, s := range samples(t)[:2] {
		body, err := Pack(s.entries, catalogue, s.place)
		if err != nil {
			t.Fatal(err)
		}
		for at := range body {
			bad := bytes.Clone(body)
			for value := range 256 {
				bad[at] = byte(value)
				got, err := Unpack(bad, catalogue, s.place)
				if err != nil && !typed(err) {
					t.Fatalf("%s, byte %d is %d: %v", s.name, at, value, err)
				}
				for _, b := range got {
					if _, err := chain.Parse(b); err != nil {
						t.Fatalf("%s, byte %d is %d: %v", s.name, at, value, err)
					}
				}
			}
		}
	}
}

func TestARunLargerThanAPushIsNotPacked(t *testing.T) {
	a := newAuthor(1)
	for range EntriesMax + 1 {
		a.appendPlain(nil)
	}
	entries, place := a.run(0, EntriesMax, 0)
	if _, err := Pack(entries, a.catalogue, place); err != nil {
		t.Error(err)
	}
	entries, place = a.run(0, EntriesMax+1, 0)
	if _, err := Pack(entries, a.catalogue, place); !errors.Is(err, ErrLimit) {
		t.Errorf("%d entries: %v", len(entries), err)
	}
	entries, place = largeNotes(t, 3).run(0, 3, 0)
	if _, err := Pack(entries, a.catalogue, place); !errors.Is(err, ErrLimit) {
		t.Errorf("3 entries of 14 MiB: %v", err)
	}
}

// largeNotes is a chain of entries that all write one note of 14 MiB, which need
// travel only once.
func largeNotes(t *testing.T, count int) *author {
	t.Helper()
	a := newAuthor(2)
	text := changeset.TextValue(strings.Repeat("公示欄", 14<<20/9))
	for range count {
		key := a.mint(0)
		a.appendPlain(written(t, "visit", changed(9, changeset.BlobValue(key[:]),
			8, changeset.NullValue(), text)))
	}
	return a
}

func TestNoBodyGrowsBeyondThePlainForm(t *testing.T) {
	a := largeNotes(t, 2)
	entries, place := a.run(0, 2, 0)
	body, err := Pack(entries, a.catalogue, place)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Unpack(body, a.catalogue, place); err != nil || !bytes.Equal(got[1], entries[1]) {
		t.Fatalf("28 MiB: %v", err)
	}
	p := newPacker(a.catalogue, 1, &place)
	hostile := largeNotes(t, 3)
	for _, b := range hostile.entries {
		e, err := chain.Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		p.entry(&e)
	}
	first := chain.Entry{Seq: 1}
	if body, err = p.body(&first, 3, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := Unpack(body, a.catalogue, place); !errors.Is(err, ErrMalformed) {
		t.Errorf("42 MiB from %d bytes: %v", len(body), err)
	}
}

func TestMemoryIsTakenAsBytesComeNotAsTheySay(t *testing.T) {
	body := []byte{
		formatVersion, flagControl | flagText | flagChanges, 1,
		0x88, 0x27, // entries
		0xff, 0xff, 0xff, 0x0f, // changes
		0x80, 0x80, 0x80, 0x10, 4, // controls
		0x80, 0x80, 0x80, 0x10, 4, // texts
		3, 0, 3, 0, 3, 0, 3, 0,
	}
	var before, after runtime.MemStats
	catalogue := schema.NewCatalogue()
	runtime.ReadMemStats(&before)
	_, err := Unpack(body, catalogue, Place{})
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
	const most = 1 << 20
	if took := after.TotalAlloc - before.TotalAlloc; took > most {
		t.Errorf("took %d bytes for a body of %d", took, len(body))
	}
}
