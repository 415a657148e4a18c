package translog

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A tile is 256 neighbouring hashes of one height of the tree. Level 0 holds
// leaves, level 1 the roots of whole level 0 tiles, and so on. Of level 0 only
// complete tiles are kept; of those above also the last, as far as it goes, since
// each of its hashes stands for 256 others. What is kept of a tile never changes.
const (
	tileHeight = 8
	// TileWidth is the number of hashes in a tile.
	TileWidth = 1 << tileHeight
)

// levelsMax is how many levels of tiles a log of SizeMax has at most.
const levelsMax = 53/tileHeight + 1

// Tile is a tile, or its beginning.
type Tile struct {
	Level  int
	Number uint64 // 0, 1, … from the left
	Hashes []tlog.Hash
}

// Marshal is the tile's hashes, one after another.
func (t *Tile) Marshal() []byte {
	b := make([]byte, 0, len(t.Hashes)*tlog.HashSize)
	for i := range t.Hashes {
		b = append(b, t.Hashes[i][:]...)
	}
	return b
}

// ParseTile reads the hashes that Marshal wrote.
func ParseTile(b []byte) ([]tlog.Hash, error) {
	if len(b)%tlog.HashSize != 0 || len(b) > TileWidth*tlog.HashSize {
		return nil, fmt.Errorf("read tile: %w: %d bytes", ErrMalformed, len(b))
	}
	hashes := make([]tlog.Hash, len(b)/tlog.HashSize)
	for i := range hashes {
		copy(hashes[i][:], b[i*tlog.HashSize:])
	}
	return hashes, nil
}

// Tiler finds the tiles that become complete as a log grows from nothing, leaf
// by leaf. Its memory is bounded by the levels. The zero Tiler is ready.
type Tiler struct {
	number [levelsMax]uint64
	open   [levelsMax][]tlog.Hash
}

// Add grows the log by a leaf and returns the tiles that this completes, lowest
// level first; they are the caller's.
func (t *Tiler) Add(leaf tlog.Hash) []Tile {
	var done []Tile
	for level := range levelsMax {
		t.open[level] = append(t.open[level], leaf)
		if len(t.open[level]) < TileWidth {
			break
		}
		done = append(done, Tile{level, t.number[level], t.open[level]})
		leaf = fold(t.open[level])
		t.number[level]++
		t.open[level] = nil
	}
	return done
}

// Open lists the tiles above the leaves that are not complete yet.
func (t *Tiler) Open() []Tile {
	var begun []Tile
	for level := 1; level < levelsMax; level++ {
		if len(t.open[level]) > 0 {
			begun = append(begun, Tile{level, t.number[level], t.open[level]})
		}
	}
	return begun
}

// TilesOf lists the tiles to be kept that change when a log grows from one size to
// another, lowest level first, so that those made here serve those above them.
// hashes must know the leaves up to the new size, and the tiles that were kept at
// the old one.
func TilesOf(from, to uint64, hashes *Hashes) ([]Tile, error) {
	if from > to || to > SizeMax {
		return nil, fmt.Errorf("grow log from %d to %d: %w", from, to, ErrMalformed)
	}
	made := map[tileID]int{}
	var tiles []Tile
	h := Hashes{Size: to, Leaves: hashes.Leaves}
	h.Tile = func(level int, number uint64) ([]tlog.Hash, error) {
		if i, ok := made[tileID{level, number}]; ok {
			return tiles[i].Hashes, nil
		}
		return hashes.stored(level, number)
	}
	for level := range levelsMax {
		had, have := from>>(tileHeight*level), to>>(tileHeight*level)
		if level == 0 {
			have -= have % TileWidth
		}
		for number := had / TileWidth; had < have; number++ {
			width := min(have-number*TileWidth, TileWidth)
			content, err := h.grow(level, number, int(width))
			if err != nil {
				return nil, fmt.Errorf("make tile %d of level %d: %w", number, level, err)
			}
			made[tileID{level, number}] = len(tiles)
			tiles = append(tiles, Tile{level, number, content})
			had = number*TileWidth + width
		}
	}
	return tiles, nil
}

type tileID struct {
	level  int
	number uint64
}

// Hashes finds the hashes inside a tree for proofs (tlog.HashReader), from the
// complete tiles that are stored and from the leaves.
type Hashes struct {
	Size uint64 // of the log

	// Leaves gives the leaf hashes of the positions from first to last, both
	// included; never more than a tile's.
	Leaves func(first, last uint64) ([]tlog.Hash, error)
	// Tile gives a tile as far as it is stored, or nil: what it lacks is computed from
	// what is below it. A nil Tile stores none.
	Tile func(level int, number uint64) ([]tlog.Hash, error)

	last [levelsMax]tileRead // the tile read last, by level
}

type tileRead struct {
	number uint64
	hashes []tlog.Hash
}

// ReadHashes gives the hashes at tlog's indexes.
func (h *Hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		height, n := tlog.SplitStoredHashIndex(index)
		var err error
		if out[i], err = h.node(height, uint64(n)); err != nil {
			return nil, fmt.Errorf("find hash %d at height %d: %w", n, height, err)
		}
	}
	return out, nil
}

// node is the root of the complete subtree of 2^height leaves that is the n-th
// of its size.
func (h *Hashes) node(height int, n uint64) (tlog.Hash, error) {
	level, above := height/tileHeight, height%tileHeight
	first := n << above // of the hashes of the tile's level below the node
	tile, err := h.tile(level, first/TileWidth)
	if err != nil {
		return tlog.Hash{}, err
	}
	at := int(first % TileWidth)
	if at+1<<above > len(tile) {
		return tlog.Hash{}, fmt.Errorf("%w: the log has %d leaves", ErrMalformed, h.Size)
	}
	return fold(tile[at : at+1<<above]), nil
}

// tile is a tile with all hashes that the log's size gives it.
func (h *Hashes) tile(level int, number uint64) ([]tlog.Hash, error) {
	if last := &h.last[level]; last.hashes != nil && last.number == number {
		return last.hashes, nil
	}
	have := h.Size>>(tileHeight*level) - min(h.Size>>(tileHeight*level), number*TileWidth)
	if have == 0 {
		return nil, nil
	}
	hashes, err := h.grow(level, number, int(min(have, TileWidth)))
	if err != nil {
		return nil, err
	}
	h.last[level] = tileRead{number, hashes}
	return hashes, nil
}

// grow is the first hashes of a tile: those that are stored, and the others.
func (h *Hashes) grow(level int, number uint64, width int) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	if level > 0 || width == TileWidth {
		var err error
		if hashes, err = h.stored(level, number); err != nil {
			return nil, err
		}
	}
	if len(hashes) < width {
		return h.compute(level, number, hashes, width)
	}
	return hashes[:width], nil
}

func (h *Hashes) stored(level int, number uint64) ([]tlog.Hash, error) {
	if h.Tile == nil {
		return nil, nil
	}
	hashes, err := h.Tile(level, number)
	if err != nil || hashes == nil {
		return nil, err
	}
	if n := len(hashes); n > TileWidth || level == 0 && n < TileWidth {
		return nil, fmt.Errorf("%w: tile of %d hashes", ErrMalformed, n)
	}
	return hashes, nil
}

// compute makes the first hashes of a tile, of which some are known, from what is
// below it.
func (h *Hashes) compute(level int, number uint64, known []tlog.Hash, width int) ([]tlog.Hash, error) {
	first := number * TileWidth
	if level == 0 {
		hashes, err := h.Leaves(first+1, first+uint64(width))
		if err == nil && len(hashes) != width {
			err = fmt.Errorf("%w: %d leaves of %d", ErrMalformed, len(hashes), width)
		}
		return hashes, err
	}
	hashes := make([]tlog.Hash, width)
	for i := copy(hashes, known); i < width; i++ {
		below, err := h.tile(level-1, first+uint64(i))
		if err != nil {
			return nil, err
		}
		hashes[i] = fold(below)
	}
	return hashes, nil
}

// fold is the root of a complete subtree whose hashes of one height are given:
// a power of two of them.
func fold(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(fold(hashes[:half]), fold(hashes[half:]))
}
