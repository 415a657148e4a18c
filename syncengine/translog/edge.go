package translog

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// SizeMax is the largest log, and the largest number in a checkpoint: what a
// JavaScript number holds exactly.
const SizeMax = 1<<53 - 1

// ErrMalformed says that bytes are no edge, checkpoint or proof.
var ErrMalformed = errors.New("malformed")

// Edge is the right edge of the tree: the roots of the complete subtrees that
// the log is made of, largest first. It is all that a growing log needs. The
// zero Edge is the empty log.
type Edge struct {
	size  uint64
	roots [64]tlog.Hash // as many as size has bits set
}

// Size is the number of leaves.
func (e *Edge) Size() uint64 { return e.size }

// Add grows the log by a leaf.
func (e *Edge) Add(leaf tlog.Hash) {
	top := bits.OnesCount64(e.size)
	for s := e.size; s&1 == 1; s >>= 1 {
		top--
		leaf = tlog.NodeHash(e.roots[top], leaf)
	}
	e.roots[top] = leaf
	e.size++
}

// Root is the tree's root; of the empty log, the hash of nothing.
func (e *Edge) Root() tlog.Hash {
	n := bits.OnesCount64(e.size)
	if n == 0 {
		return emptyRoot()
	}
	root := e.roots[n-1]
	for i := n - 2; i >= 0; i-- {
		root = tlog.NodeHash(e.roots[i], root)
	}
	return root
}

func emptyRoot() tlog.Hash { return sha256.Sum256(nil) }

// Marshal is the roots, 32 bytes each, largest subtree first. The size is kept
// apart: it is the position of the newest entry.
func (e *Edge) Marshal() []byte {
	n := bits.OnesCount64(e.size)
	b := make([]byte, 0, n*tlog.HashSize)
	for i := range n {
		b = append(b, e.roots[i][:]...)
	}
	return b
}

// ParseEdge reads what Marshal wrote of a log of a size.
func ParseEdge(size uint64, b []byte) (Edge, error) {
	e := Edge{size: size}
	n := bits.OnesCount64(size)
	if size > SizeMax || len(b) != n*tlog.HashSize {
		return Edge{}, fmt.Errorf("read edge of a log of %d: %w: %d bytes", size, ErrMalformed, len(b))
	}
	for i := range n {
		copy(e.roots[i][:], b[i*tlog.HashSize:])
	}
	return e, nil
}
