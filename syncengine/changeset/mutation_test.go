package changeset_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"sansuiji/syncengine/changeset"
)

const (
	mutants      = 60_000
	mutantsShort = 5_000
)

// stricter are the reasons for which input is rejected that SQLite's iterator
// takes; the list in the package comment says why.
func stricter(reason string) bool {
	switch reason {
	case "unknown type of value", "real is not a number",
		"length is too large or not in its shortest form",
		"indirect flag is neither 0 nor 1", "table without a key column",
		"changeset and patchset in one input", "null in a key column", "value is missing",
		"old or new value of a changed column is missing":
		return true
	}
	return false
}

// Bytes near to those of SQLite are accepted only where SQLite's iterator accepts
// them, and then read alike; and rejected only where SQLite's iterator rejects
// them, or for a reason on the list.
func TestWhatIsAcceptedSQLiteAcceptsToo(t *testing.T) {
	o := startOracle(t)
	rnd := rand.New(rand.NewPCG(2, 2))
	total := mutants
	if testing.Short() {
		total = mutantsShort
	}
	var corpus [][]byte
	for seed := uint64(20_000); len(corpus) < 600; seed++ {
		set, patch := record(t, o, seed)
		if len(set) > 0 && len(set) < 20_000 {
			corpus = append(corpus, set, patch)
		}
	}
	accepted, rejected, only := 0, 0, map[string]int{}
	for n := range total {
		input := mutate(rnd, corpus)
		it, err := o.Iterate(input)
		if err != nil {
			t.Fatal(err)
		}
		reason := rejection(input)
		switch {
		case reason == "" && !it.Accepted:
			t.Fatalf("mutant %d: SQLite rejects with %d: %x", n, it.Code, input)
		case reason == "":
			accepted++
			if !bytes.Equal(transcript(t, input), it.Transcript) {
				t.Fatalf("mutant %d: read differently: %x", n, input)
			}
		case !it.Accepted:
			rejected++
		case stricter(reason):
			only[reason]++
		default:
			t.Fatalf("mutant %d: SQLite accepts, but %s: %x", n, reason, input)
		}
	}
	t.Logf("%d mutants: both accept %d, both reject %d, stricter %v",
		total, accepted, rejected, only)
}

// rejection is why the input is rejected, or nothing.
func rejection(input []byte) string {
	_, err := read(string(input), changeset.Limits{Columns: 65536})
	var e *changeset.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Reason
	default:
		return err.Error()
	}
}

// mutate changes an input of the corpus in one to three places.
func mutate(rnd *rand.Rand, corpus [][]byte) []byte {
	b := bytes.Clone(corpus[rnd.IntN(len(corpus))])
	for range 1 + rnd.IntN(3) {
		if len(b) == 0 {
			return b
		}
		i := rnd.IntN(len(b))
		if rnd.IntN(2) == 0 {
			i = rnd.IntN(min(len(b), 40)) // near the header and the first change
		}
		j := i + rnd.IntN(min(len(b)-i, 20)+1)
		switch rnd.IntN(8) {
		case 0:
			b[i] ^= 1 << rnd.IntN(8)
		case 1:
			b[i] = byte(rnd.Uint32())
		case 2:
			telling := []byte("TP\x12\x17\x09\x00\x01\x02\x03\x04\x05\x06\x7f\x80\xff")
			b[i] = telling[rnd.IntN(len(telling))]
		case 3:
			b = b[:i]
		case 4:
			b = append(b[:i:i], b[j:]...)
		case 5:
			b = append(b[:j:j], b[i:]...)
		case 6:
			b = append(b[:i:i], append([]byte{byte(rnd.Uint32())}, b[i:]...)...)
		default:
			other := corpus[rnd.IntN(len(corpus))]
			b = append(b[:i:i], other[rnd.IntN(len(other)):]...)
		}
	}
	return b
}
