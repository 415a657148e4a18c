// Package chain holds a device's entries together: their canonical bytes, the
// hash of each over the one before, and the signature over the head. A gap, a
// replay, a fork and an edited past are all visible in it.
package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/mutant"
)

// Hash is the SHA-256 of an entry's canonical bytes.
type Hash [sha256.Size]byte

// Limits on foreign input.
const (
	// EntryMax is the size of one entry's canonical bytes.
	EntryMax = 16 << 20
	// HeadsMax is the number of heads an entry may name.
	HeadsMax = 1024
)

// The domains keep a hash of one kind from being taken for another.
const (
	entryDomain   = "sansuiji/entry/1\n"
	genesisDomain = "sansuiji/genesis/1\n"
	headDomain    = "sansuiji/head/1\n"
)

// ErrMalformed says that bytes are no entry.
var ErrMalformed = errors.New("malformed entry")

// Head is a place in a device's chain: its newest entry.
type Head struct {
	Seq  uint64
	Hash Hash
}

// Seen is what an entry's author knew of others: headquarters' state last
// pulled completely, and the heads of entries learnt by other ways.
type Seen struct {
	Epoch    schema.Epoch
	Revision uint64
	Heads    []DeviceHead // ascending by device
}

// DeviceHead says that a device's entries up to Seq are known.
type DeviceHead = schema.DeviceHead

// Entry is one device transaction with its place in the device's chain.
type Entry struct {
	Campaign schema.CampaignID
	Device   schema.DeviceID
	Seq      uint64 // 1, 2, …
	Previous Hash   // of the entry before, or Genesis
	Clock    clock.Time
	WallAt   int64 // what the device's clock showed, Unix milliseconds
	Schema   int   // schema version of the changeset's tables
	Seen     Seen

	Changeset []byte
}

// Genesis is the previous hash of a device's first entry; it binds the chain to
// the key that was enrolled (SubjectPublicKeyInfo, DER).
func Genesis(campaign schema.CampaignID, device schema.DeviceID, publicKey []byte) Hash {
	b := append([]byte(genesisDomain), campaign[:]...)
	b = append(b, device[:]...)
	return sha256.Sum256(append(b, publicKey...))
}

// Append writes the entry's canonical bytes: the domain, then campaign (16),
// device (16), seq (8), previous (32), clock (8), wall (8), schema (4), epoch
// (16), revision (8), the number of heads (2) and each head's device (16) and
// seq (8), the changeset's length (4) and the changeset. Integers are big-endian.
func (e *Entry) Append(b []byte) []byte {
	b = append(b, entryDomain...)
	b = append(b, e.Campaign[:]...)
	b = append(b, e.Device[:]...)
	b = binary.BigEndian.AppendUint64(b, e.Seq)
	b = append(b, e.Previous[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Clock))
	b = binary.BigEndian.AppendUint64(b, uint64(e.WallAt))
	b = binary.BigEndian.AppendUint32(b, uint32(e.Schema))
	b = append(b, e.Seen.Epoch[:]...)
	b = binary.BigEndian.AppendUint64(b, e.Seen.Revision)
	b = binary.BigEndian.AppendUint16(b, uint16(len(e.Seen.Heads)))
	for _, h := range e.Seen.Heads {
		b = append(b, h.Device[:]...)
		b = binary.BigEndian.AppendUint64(b, h.Seq)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Changeset)))
	return append(b, e.Changeset...)
}

// HashBytes is the hash of an entry's canonical bytes.
func HashBytes(canonical []byte) Hash { return sha256.Sum256(canonical) }

// headerSize is the size of an entry without heads and changeset.
const headerSize = len(entryDomain) + 16 + 16 + 8 + 32 + 8 + 8 + 4 + 16 + 8 + 2 + 4

// Parse reads canonical bytes. The changeset aliases b. Only what Append writes
// is accepted, byte for byte.
func Parse(b []byte) (Entry, error) {
	var e Entry
	if len(b) < headerSize || len(b) > EntryMax || string(b[:len(entryDomain)]) != entryDomain {
		return e, fmt.Errorf("read entry of %d bytes: %w", len(b), ErrMalformed)
	}
	r := fields{b[len(entryDomain):]}
	copy(e.Campaign[:], r.take(16))
	copy(e.Device[:], r.take(16))
	e.Seq = r.uint64()
	copy(e.Previous[:], r.take(32))
	e.Clock = clock.Time(r.uint64())
	e.WallAt = int64(r.uint64())
	e.Schema = int(int32(binary.BigEndian.Uint32(r.take(4))))
	copy(e.Seen.Epoch[:], r.take(16))
	e.Seen.Revision = r.uint64()
	count := int(binary.BigEndian.Uint16(r.take(2)))
	if count > HeadsMax || len(r.rest) < count*24+4 {
		return e, fmt.Errorf("read entry: %w: %d heads", ErrMalformed, count)
	}
	for i := range count {
		var h DeviceHead
		copy(h.Device[:], r.take(16))
		h.Seq = r.uint64()
		if i > 0 && string(e.Seen.Heads[i-1].Device[:]) >= string(h.Device[:]) && !mutant.On(mutant.HeadsUnordered) {
			return e, fmt.Errorf("read entry: %w: heads out of order", ErrMalformed)
		}
		e.Seen.Heads = append(e.Seen.Heads, h)
	}
	size := binary.BigEndian.Uint32(r.take(4))
	if uint64(size) != uint64(len(r.rest)) {
		return e, fmt.Errorf("read entry: %w: changeset of %d bytes in %d", ErrMalformed, size, len(r.rest))
	}
	e.Changeset = r.rest
	return e, e.check()
}

// check refuses numbers outside what SQLite and PostgreSQL can keep.
func (e *Entry) check() error {
	const numberMax = 1<<63 - 1
	if e.Seq == 0 || e.Seq > numberMax || e.Schema < 1 || uint64(e.Clock) > numberMax ||
		e.Seen.Revision > numberMax {
		return fmt.Errorf("read entry: %w: seq %d, schema %d", ErrMalformed, e.Seq, e.Schema)
	}
	return nil
}

// fields takes fixed-size fields off the front of bytes known to be there.
type fields struct{ rest []byte }

func (f *fields) take(n int) []byte {
	b := f.rest[:n]
	f.rest = f.rest[n:]
	return b
}

func (f *fields) uint64() uint64 { return binary.BigEndian.Uint64(f.take(8)) }
