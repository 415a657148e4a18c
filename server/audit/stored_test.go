package audit

import (
	"errors"
	"iter"
	"testing"

	"sansuiji/syncengine/history"
	"sansuiji/syncengine/translog"

	"golang.org/x/mod/sumdb/tlog"
)

// keptLog is what a database would keep of a log of n made-up leaves, and what a
// check of the history would find.
func keptLog(n int) (*history.Report, *tileDigests, StoredLog, []StoredTile) {
	var edge translog.Edge
	var digests tileDigests
	var tiler translog.Tiler
	var tiles []StoredTile
	for i := range n {
		leaf := tlog.RecordHash([]byte{byte(i), byte(i >> 8), byte(i >> 16)})
		edge.Add(leaf)
		digests.add(uint64(i)+1, leaf)
		for _, tile := range tiler.Add(leaf) {
			tiles = append(tiles, StoredTile{tile.Level, tile.Number, tile.Marshal()})
		}
	}
	for _, tile := range tiler.Open() {
		tiles = append(tiles, StoredTile{tile.Level, tile.Number, tile.Marshal()})
	}
	return &history.Report{Edge: edge}, &digests, StoredLog{Edge: edge.Marshal()}, tiles
}

func each(tiles []StoredTile) iter.Seq2[StoredTile, error] {
	return func(yield func(StoredTile, error) bool) {
		for _, tile := range tiles {
			if !yield(tile, nil) {
				return
			}
		}
	}
}

func TestAKeptLogIsHeldAgainstTheHistory(t *testing.T) {
	cases := []struct {
		name   string
		change func(kept *StoredLog, tiles *[]StoredTile)
		good   bool
	}{
		{"as it is", func(*StoredLog, *[]StoredTile) {}, true},
		{"another edge", func(kept *StoredLog, _ *[]StoredTile) { kept.Edge[3] ^= 1 }, false},
		{"a shorter edge", func(kept *StoredLog, _ *[]StoredTile) { kept.Edge = kept.Edge[32:] }, false},
		{"another tile", func(_ *StoredLog, tiles *[]StoredTile) { (*tiles)[5].Hashes[100] ^= 1 }, false},
		{"another tile above", func(_ *StoredLog, tiles *[]StoredTile) {
			(*tiles)[256].Hashes[100] ^= 1
		}, false},
		{"another tile that is not complete", func(_ *StoredLog, tiles *[]StoredTile) {
			(*tiles)[len(*tiles)-1].Hashes[1] ^= 1
		}, false},
		{"a tile that is not complete, shorter", func(_ *StoredLog, tiles *[]StoredTile) {
			last := &(*tiles)[len(*tiles)-1]
			last.Hashes = last.Hashes[:len(last.Hashes)-32]
		}, false},
		{"no tile that is not complete", func(_ *StoredLog, tiles *[]StoredTile) {
			*tiles = (*tiles)[:len(*tiles)-2]
		}, true},
		{"a tile less", func(_ *StoredLog, tiles *[]StoredTile) { *tiles = (*tiles)[1:] }, false},
		{"a tile more", func(_ *StoredLog, tiles *[]StoredTile) {
			*tiles = append(*tiles, StoredTile{0, 1 << 20, make([]byte, 8192)})
		}, false},
		{"a tile elsewhere", func(_ *StoredLog, tiles *[]StoredTile) { (*tiles)[2].Number = 1 }, false},
	}
	for _, c := range cases {
		report, digests, kept, tiles := keptLog(65_536 + 300)
		if len(tiles) != 257+1+2 {
			t.Fatalf("%d tiles", len(tiles))
		}
		c.change(&kept, &tiles)
		kept.Tiles = each(tiles)
		fault, err := digests.compare(report, kept)
		if err != nil || (fault == nil) != c.good {
			t.Errorf("%s: %v, %v", c.name, fault, err)
		}
	}
}

func TestALogThatCannotBeReadIsNoVerdict(t *testing.T) {
	report, digests, kept, _ := keptLog(300)
	broken := errors.New("disk")
	kept.Tiles = func(yield func(StoredTile, error) bool) { yield(StoredTile{}, broken) }
	if fault, err := digests.compare(report, kept); fault != nil || !errors.Is(err, broken) {
		t.Errorf("%v, %v", fault, err)
	}
}
