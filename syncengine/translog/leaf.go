package translog

import (
	"crypto/sha256"
	"encoding/binary"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"

	"golang.org/x/mod/sumdb/tlog"
)

// leafDomain keeps a leaf from being taken for anything else that is hashed.
const leafDomain = "sansuiji/leaf/1\n"

// leafSize is the size of a leaf's canonical bytes.
const leafSize = len(leafDomain) + 8 + 16 + 8 + 8 + 32

// Leaf is what the log says of one record of the history: what headquarters
// decided when the entry arrived and can never have again, and the entry's hash.
// What became of the entry is not in it: a held one is merged later.
type Leaf struct {
	Position   uint64 // 1, 2, …
	Epoch      schema.Epoch
	ReceivedAt int64      // Unix milliseconds
	Clock      clock.Time // effective
	Entry      chain.Hash
}

// Append writes the leaf's canonical bytes: the domain, then position (8), epoch
// (16), time of receipt (8), clock (8) and the entry's hash (32). Integers are
// big-endian.
func (l *Leaf) Append(b []byte) []byte {
	b = append(b, leafDomain...)
	b = binary.BigEndian.AppendUint64(b, l.Position)
	b = append(b, l.Epoch[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(l.ReceivedAt))
	b = binary.BigEndian.AppendUint64(b, uint64(l.Clock))
	return append(b, l.Entry[:]...)
}

// Hash is the leaf's hash in the tree: SHA-256 over a zero byte and the
// canonical bytes, as tlog.RecordHash has it, without its allocations.
func (l *Leaf) Hash() tlog.Hash {
	var b [1 + leafSize]byte
	return sha256.Sum256(l.Append(b[:1]))
}
