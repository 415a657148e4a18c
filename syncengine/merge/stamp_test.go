package merge_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"

	"github.com/google/go-cmp/cmp"
)

// stampsMax is more columns than any table has.
const stampsMax = 64

func TestStampsComeBackAsTheyWerePacked(t *testing.T) {
	one := merge.Stamp{Author: 3, Seq: 9, Revision: 70, Clock: clock.FromMillis(1_790_000_000_000)}
	contested, emptied := one, one
	contested.Contested, emptied.Emptied = true, true
	extreme := merge.Stamp{
		Author: math.MaxUint32, Contested: true, Emptied: true, Seq: math.MaxUint64,
		Revision: math.MaxUint64, Clock: math.MaxUint64,
	}
	for name, c := range map[string]struct {
		stamps []merge.Stamp
		size   int // bytes
	}{
		"a table without columns":         {[]merge.Stamp{}, 0},
		"a row by one author":             {[]merge.Stamp{one, one, one, one}, 14},
		"one cell contested":              {[]merge.Stamp{one, contested, one}, 20},
		"a cell that is empty on purpose": {[]merge.Stamp{emptied}, 18},
		"never written":                   {[]merge.Stamp{{}, {}}, 14},
		"the highest numbers there are":   {[]merge.Stamp{extreme}, 1 + 1 + 5 + 10 + 10 + 8 + 1},
		"equal ones that do not touch":    {[]merge.Stamp{one, {}, one}, 28},
		"a column younger than the rest":  {[]merge.Stamp{one, one, {}}, 27},
	} {
		packed := merge.AppendStamps([]byte("before"), c.stamps)[len("before"):]
		if len(packed) != c.size {
			t.Errorf("%s: %d bytes, want %d", name, len(packed), c.size)
		}
		got := make([]merge.Stamp, len(c.stamps))
		if err := merge.ReadStamps(packed, got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.stamps, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestStampsOfTheFirstFormAreReadWithoutSeqs(t *testing.T) {
	first := []byte{2, 7, 70, 0, 0, 0, 0, 0, 0, 1, 0} // two of author 3, contested, at revision 70
	got := make([]merge.Stamp, 2)
	if err := merge.ReadStamps(first, got); err != nil {
		t.Fatal(err)
	}
	want := merge.Stamp{Author: 3, Contested: true, Revision: 70, Clock: 256}
	if diff := cmp.Diff([]merge.Stamp{want, want}, got); diff != "" {
		t.Error(diff)
	}
}

func TestColumnsYoungerThanTheRowKeepTheZeroStamp(t *testing.T) {
	old := merge.Stamp{Author: 2, Revision: 5, Clock: 9}
	got := make([]merge.Stamp, 3)
	if err := merge.ReadStamps(merge.AppendStamps(nil, []merge.Stamp{old, old}), got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]merge.Stamp{old, old, {}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDamagedStampsAreAnError(t *testing.T) {
	whole := merge.AppendStamps(nil, []merge.Stamp{{Author: 1, Revision: 300, Clock: 1}, {}})
	for end := range whole {
		err := merge.ReadStamps(whole[:end], make([]merge.Stamp, 2))
		// Without its last run it is that of a row which is one column narrower.
		if whole := end == 0 || end == len(whole)-1; whole == errors.Is(err, merge.ErrStamps) {
			t.Errorf("the first %d bytes: %v", end, err)
		}
	}
	for name, b := range map[string][]byte{
		"more stamps than columns": merge.AppendStamps(nil, make([]merge.Stamp, 3)),
		"endless number":           {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80},
		"trailing byte":            append(whole[:len(whole):len(whole)], 1),
	} {
		if err := merge.ReadStamps(b, make([]merge.Stamp, 2)); !errors.Is(err, merge.ErrStamps) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadStamps(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 1))
	for range 30 {
		stamps := make([]merge.Stamp, random.IntN(20))
		for i := range stamps {
			stamps[i] = merge.Stamp{
				Author: random.Uint32N(3), Contested: random.IntN(4) == 0,
				Revision: random.Uint64N(300), Clock: clock.Time(random.Uint64N(2)),
			}
		}
		f.Add(merge.AppendStamps(nil, stamps), uint8(len(stamps)))
	}
	f.Fuzz(func(t *testing.T, b []byte, columns uint8) {
		got := make([]merge.Stamp, columns%stampsMax)
		if err := merge.ReadStamps(b, got); err != nil {
			if !errors.Is(err, merge.ErrStamps) {
				t.Fatalf("error %v", err)
			}
			return
		}
		again := make([]merge.Stamp, len(got))
		if err := merge.ReadStamps(merge.AppendStamps(nil, got), again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Error(diff)
		}
	})
}
