package translog_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/translog"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
)

func id[T schema.ID16](fill byte) T {
	var out T
	for i := range out {
		out[i] = fill + byte(i)
	}
	return out
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// testKey is a key that is the same in every run.
func testKey(n byte) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte{n})
	return ed25519.NewKeyFromSeed(seed[:])
}

// leafAt is the made-up leaf at a position of log number n.
func leafAt(n, position uint64) *translog.Leaf {
	b := binary.BigEndian.AppendUint64(nil, n)
	return &translog.Leaf{
		Position: position, Epoch: id[schema.Epoch](0x80), ReceivedAt: 1_790_000_000_000 + int64(position),
		Clock: clock.FromMillis(1_790_000_000_000) + clock.Time(position),
		Entry: chain.HashBytes(binary.BigEndian.AppendUint64(b, position)),
	}
}

// leavesOf are the leaf hashes of log number n.
func leavesOf(n, size uint64) []tlog.Hash {
	out := make([]tlog.Hash, size)
	for i := range out {
		out[i] = leafAt(n, uint64(i)+1).Hash()
	}
	return out
}

// hashesOf serves a log of leaves; tiles may be nil.
func hashesOf(leaves []tlog.Hash, tiles []translog.Tile) *translog.Hashes {
	return &translog.Hashes{
		Size:   uint64(len(leaves)),
		Leaves: func(first, last uint64) ([]tlog.Hash, error) { return leaves[first-1 : last], nil },
		Tile: func(level int, number uint64) ([]tlog.Hash, error) {
			for _, tile := range tiles {
				if tile.Level == level && tile.Number == number {
					return tile.Hashes, nil
				}
			}
			return nil, nil
		},
	}
}

func treeOf(leaves []tlog.Hash) translog.Tree {
	var e translog.Edge
	for _, l := range leaves {
		e.Add(l)
	}
	return translog.Tree{Size: e.Size(), Root: e.Root()}
}

// stored is a log as package tlog keeps it.
func stored(t *testing.T, leaves []tlog.Hash) tlog.HashReader {
	t.Helper()
	var all []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			out[i] = all[at]
		}
		return out, nil
	})
	for i, l := range leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(i), l, read)
		must(t, err)
		all = append(all, more...)
	}
	return read
}

func TestALeafHashesAsARecordOfTheLog(t *testing.T) {
	for position := range uint64(4) {
		l := leafAt(1, position)
		if l.Hash() != tlog.RecordHash(l.Append(nil)) {
			t.Errorf("leaf %d: %s, want %s", position, l.Hash(), tlog.RecordHash(l.Append(nil)))
		}
	}
}

func TestTheEdgeHasTheRootOfTheWholeTree(t *testing.T) {
	leaves := leavesOf(1, 300)
	reader := stored(t, leaves)
	var e translog.Edge
	for n := range len(leaves) + 1 {
		want, err := tlog.TreeHash(int64(n), reader)
		must(t, err)
		if e.Root() != want || e.Size() != uint64(n) {
			t.Fatalf("size %d: root %s at %d, want %s", n, e.Root(), e.Size(), want)
		}
		again, err := translog.ParseEdge(uint64(n), e.Marshal())
		must(t, err)
		if again != e && again.Root() != want {
			t.Fatalf("size %d: an edge read back has another root", n)
		}
		if e = again; n < len(leaves) {
			e.Add(leaves[n])
		}
	}
	if _, err := translog.ParseEdge(3, make([]byte, 32)); !errors.Is(err, translog.ErrMalformed) {
		t.Errorf("an edge of one root for three leaves: %v", err)
	}
}

// TestProofsAreThoseOfTheWholeTree asks for proofs from tiles, with and without
// stored ones, over the border of the second level.
func TestProofsAreThoseOfTheWholeTree(t *testing.T) {
	leaves := leavesOf(1, 66_000)
	reader := stored(t, leaves)
	tiles, err := translog.TilesOf(0, uint64(len(leaves)), hashesOf(leaves, nil))
	must(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	for _, h := range []*translog.Hashes{hashesOf(leaves, tiles), hashesOf(leaves, nil)} {
		for range 40 {
			to := 1 + random.Uint64N(h.Size)
			from := 1 + random.Uint64N(to)
			have, err := translog.ProveConsistency(from, to, h)
			must(t, err)
			want, err := tlog.ProveTree(int64(to), int64(from), reader)
			must(t, err)
			if !cmp.Equal([]tlog.Hash(want), have) && len(want)+len(have) > 0 {
				t.Fatalf("consistency of %d and %d: %v, want %v", from, to, have, want)
			}
			have, err = translog.ProveInclusion(from, to, h)
			must(t, err)
			wantIn, err := tlog.ProveRecord(int64(to), int64(from-1), reader)
			must(t, err)
			if !cmp.Equal([]tlog.Hash(wantIn), have) && len(wantIn)+len(have) > 0 {
				t.Fatalf("inclusion of %d in %d: %v, want %v", from, to, have, wantIn)
			}
		}
	}
}

// TestTilesAreTheSameHoweverALogGrows makes tiles step by step, of which each
// sees only what was stored before it, and leaf by leaf.
func TestTilesAreTheSameHoweverALogGrows(t *testing.T) {
	leaves := leavesOf(1, 67_000)
	want, err := translog.TilesOf(0, uint64(len(leaves)), hashesOf(leaves, nil))
	must(t, err)
	if len(want) != 67_000/256+2+1 { // of the second level one is complete and one begun, of the third one begun
		t.Fatalf("%d tiles", len(want))
	}
	random := rand.New(rand.NewPCG(3, 4))
	kept, size := map[[2]uint64][]tlog.Hash{}, uint64(0)
	for size < uint64(len(leaves)) {
		to := min(size+random.Uint64N(3000), uint64(len(leaves)))
		h := hashesOf(leaves[:to], nil)
		h.Tile = func(level int, number uint64) ([]tlog.Hash, error) {
			return kept[[2]uint64{uint64(level), number}], nil
		}
		tiles, err := translog.TilesOf(size, to, h)
		must(t, err)
		for _, tile := range tiles {
			kept[[2]uint64{uint64(tile.Level), tile.Number}] = tile.Hashes
		}
		size = to
	}
	var tiler translog.Tiler
	var streamed []translog.Tile
	for _, l := range leaves {
		streamed = append(streamed, tiler.Add(l)...)
	}
	streamed = append(streamed, tiler.Open()...)
	if len(kept) != len(want) || len(streamed) != len(want) {
		t.Fatalf("%d and %d tiles, want %d", len(kept), len(streamed), len(want))
	}
	for _, tile := range want {
		if !cmp.Equal(kept[[2]uint64{uint64(tile.Level), tile.Number}], tile.Hashes) {
			t.Errorf("tile %d of level %d differs", tile.Number, tile.Level)
		}
	}
	for _, tile := range streamed {
		if !cmp.Equal(kept[[2]uint64{uint64(tile.Level), tile.Number}], tile.Hashes) {
			t.Errorf("tile %d of level %d differs when made leaf by leaf", tile.Number, tile.Level)
		}
		hashes, err := translog.ParseTile(tile.Marshal())
		must(t, err)
		if !cmp.Equal(hashes, tile.Hashes) {
			t.Errorf("tile %d of level %d is not read as it was written", tile.Number, tile.Level)
		}
	}
}

func TestAProofProvesWhatItWasMadeFor(t *testing.T) {
	leaves := leavesOf(1, 40)
	h := hashesOf(leaves, nil)
	for to := range uint64(41) {
		for from := range to + 1 {
			proof, err := translog.ProveConsistency(from, to, h)
			must(t, err)
			must(t, translog.CheckConsistency(treeOf(leaves[:from]), treeOf(leaves[:to]), proof))
		}
		for position := uint64(1); position <= to; position++ {
			proof, err := translog.ProveInclusion(position, to, h)
			must(t, err)
			must(t, translog.CheckInclusion(treeOf(leaves[:to]), position, leaves[position-1], proof))
		}
	}
}

func TestHashesThatAreNotThereAreAnError(t *testing.T) {
	leaves := leavesOf(1, 700)
	broken := errors.New("disk")
	for name, change := range map[string]func(h *translog.Hashes){
		"leaves that cannot be read": func(h *translog.Hashes) {
			h.Leaves = func(uint64, uint64) ([]tlog.Hash, error) { return nil, broken }
		},
		"leaves that are missing": func(h *translog.Hashes) {
			h.Leaves = func(first, last uint64) ([]tlog.Hash, error) { return leaves[first:last], nil }
		},
		"a tile that cannot be read": func(h *translog.Hashes) {
			h.Tile = func(int, uint64) ([]tlog.Hash, error) { return nil, broken }
		},
		"a tile that is short": func(h *translog.Hashes) {
			h.Tile = func(int, uint64) ([]tlog.Hash, error) { return leaves[:9], nil }
		},
	} {
		h := hashesOf(leaves, nil)
		change(h)
		if _, err := translog.ProveConsistency(300, 700, h); err == nil {
			t.Errorf("%s: a proof was made", name)
		}
		if _, err := translog.TilesOf(0, 700, h); err == nil && strings.HasPrefix(name, "leaves") {
			t.Errorf("%s: tiles were made", name)
		}
	}
	h := hashesOf(leaves, nil)
	for _, sizes := range [][2]uint64{{5, 4}, {5, 701}} {
		if _, err := translog.ProveConsistency(sizes[0], sizes[1], h); err == nil {
			t.Errorf("a proof from %d to %d was made", sizes[0], sizes[1])
		}
		if _, err := translog.ProveInclusion(sizes[0], sizes[1], h); err == nil {
			t.Errorf("a proof of %d in %d was made", sizes[0], sizes[1])
		}
	}
}

// FuzzConsistency wants that no proof, true or made up, joins a log to one that
// does not continue it.
func FuzzConsistency(f *testing.F) {
	f.Add(uint8(5), uint8(9), uint8(3), []byte{})
	f.Add(uint8(8), uint8(200), uint8(8), make([]byte, 64))
	leaves := leavesOf(1, 256)
	f.Fuzz(func(t *testing.T, a, b, other uint8, noise []byte) {
		from, to := uint64(min(a, b)), uint64(max(a, b))
		if from == 0 {
			return
		}
		proof, err := translog.ProveConsistency(from, to, hashesOf(leaves, nil))
		must(t, err)
		fuzzed := append([]tlog.Hash(nil), proof...)
		for i := range fuzzed {
			for k := range fuzzed[i] {
				if at := i*tlog.HashSize + k; at < len(noise) {
					fuzzed[i][k] ^= noise[at]
				}
			}
		}
		for at := len(fuzzed) * tlog.HashSize; at+tlog.HashSize <= len(noise); at += tlog.HashSize {
			fuzzed = append(fuzzed, tlog.Hash(noise[at:at+tlog.HashSize]))
		}
		// The true logs: only the true proof holds.
		err = translog.CheckConsistency(treeOf(leaves[:from]), treeOf(leaves[:to]), fuzzed)
		if same := cmp.Equal(proof, fuzzed) || len(proof)+len(fuzzed) == 0; same != (err == nil) {
			t.Errorf("%d to %d: proof unchanged %v, yet %v", from, to, same, err)
		}
		// A log whose leaf inside the beginning is another: nothing holds.
		forked := append([]tlog.Hash(nil), leaves[:to]...)
		forked[uint64(other)%from][0] ^= 1
		for _, p := range [][]tlog.Hash{proof, fuzzed} {
			if translog.CheckConsistency(treeOf(leaves[:from]), treeOf(forked), p) == nil {
				t.Errorf("%d is taken for the beginning of another log of %d", from, to)
			}
		}
	})
}

func BenchmarkEdge(b *testing.B) {
	var e translog.Edge
	leaf := leafAt(1, 1)
	b.ReportAllocs()
	for b.Loop() {
		leaf.Position++
		e.Add(leaf.Hash())
	}
}

func BenchmarkProveConsistency(b *testing.B) {
	leaves := leavesOf(1, 100_000)
	tiles, err := translog.TilesOf(0, uint64(len(leaves)), hashesOf(leaves, nil))
	must(b, err)
	byID := map[[2]uint64][]tlog.Hash{}
	for _, tile := range tiles {
		byID[[2]uint64{uint64(tile.Level), tile.Number}] = tile.Hashes
	}
	b.ReportAllocs()
	for b.Loop() {
		h := hashesOf(leaves, nil)
		h.Tile = func(level int, number uint64) ([]tlog.Hash, error) {
			return byID[[2]uint64{uint64(level), number}], nil
		}
		_, err := translog.ProveConsistency(71_234, 99_999, h)
		must(b, err)
	}
}
