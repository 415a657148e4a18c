package ingest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/mutant"
)

// knowledge says what an entry's author knew of others' entries, in terms of this
// state of headquarters: whatever epoch the entry names, and even of entries that
// came later than it. It lasts for one transaction.
type knowledge struct {
	tx     *store.Tx
	epochs []store.EpochBegin // loaded when first needed
	ended  map[seenState]map[schema.DeviceID]uint64
	seen   map[entryKey]map[schema.DeviceID]uint64
}

// entryKey names an entry of the history.
type entryKey struct {
	author uint32
	seq    uint64
}

// seenState is a state of headquarters.
type seenState struct {
	epoch    schema.Epoch
	revision uint64
}

func newKnowledge(tx *store.Tx) *knowledge {
	return &knowledge{
		tx: tx, ended: map[seenState]map[schema.DeviceID]uint64{},
		seen: map[entryKey]map[schema.DeviceID]uint64{},
	}
}

// revision is up to which revision of this state an author had seen everything. A
// state of an epoch that ended is this one's up to where the next began.
func (k *knowledge) revision(seen *chain.Seen) (uint64, error) {
	state := k.tx.State()
	if seen.Epoch == state.Epoch || mutant.On(mutant.EpochIgnored) {
		return min(seen.Revision, state.Revision), nil
	}
	if seen.Epoch == (schema.Epoch{}) {
		return 0, nil
	}
	if k.epochs == nil {
		var err error
		if k.epochs, err = k.tx.Epochs(); err != nil {
			return 0, err
		}
	}
	for i := range len(k.epochs) - 1 {
		if k.epochs[i].Epoch == seen.Epoch {
			return min(seen.Revision, k.epochs[i+1].Revision), nil
		}
	}
	return 0, nil
}

// heads is up to which seq an author knew the entries of other devices that it
// had learnt by other ways, or from a state that is no more.
func (k *knowledge) heads(seen *chain.Seen) (map[schema.DeviceID]uint64, error) {
	var heads map[schema.DeviceID]uint64
	if epoch := k.tx.State().Epoch; seen.Epoch != epoch && seen.Epoch != (schema.Epoch{}) {
		at := seenState{seen.Epoch, seen.Revision}
		if _, ok := k.ended[at]; !ok {
			found, err := k.tx.EpochHeads(at.epoch, at.revision)
			if err != nil {
				return nil, err
			}
			k.ended[at] = found
		}
		heads = k.ended[at]
	}
	if len(seen.Heads) == 0 {
		return heads, nil
	}
	all := make(map[schema.DeviceID]uint64, len(heads)+len(seen.Heads))
	for device, seq := range heads {
		all[device] = seq
	}
	for _, h := range seen.Heads {
		all[h.Device] = max(all[h.Device], h.Seq)
	}
	return all, nil
}

// known turns heads into the seqs up to which authors' entries were known. What
// they name and headquarters does not have yet is noted with the author, so that
// it is recognised when it comes.
func (k *knowledge) known(heads map[schema.DeviceID]uint64) (map[uint32]uint64, error) {
	if len(heads) == 0 {
		return nil, nil
	}
	known := make(map[uint32]uint64, len(heads))
	// In one order: the first to be named takes the lower number, at a replay too.
	for _, device := range slices.SortedFunc(maps.Keys(heads), byBytes) {
		named := heads[device]
		other, err := k.tx.Author(device)
		if err != nil {
			return nil, err
		}
		if named > max(other.Head.Seq, other.Named) {
			rights, err := k.tx.Rights(device)
			if err != nil {
				return nil, err
			}
			if !rights.Known {
				continue // made-up devices would fill the table
			}
			other.Named = named
			if err := k.tx.SaveAuthor(other); err != nil {
				return nil, err
			}
		}
		if other.Head.Seq > 0 { // without entries it has no number of its own
			known[other.Number] = named
		}
	}
	return known, nil
}

func byBytes(a, b schema.DeviceID) int { return bytes.Compare(a[:], b[:]) }

// knew says whether the entry that left a stamp had seen another device's entry
// although it came first.
func (k *knowledge) knew(s merge.Stamp, device schema.DeviceID, seq uint64) (bool, error) {
	at := entryKey{s.Author, s.Seq}
	heads, ok := k.seen[at]
	if !ok {
		place, err := k.tx.EntryOf(s.Author, s.Seq)
		if err != nil {
			return false, err
		}
		record, err := k.tx.At(place.Position)
		if err != nil {
			return false, err
		}
		e, err := chain.Parse(record.Entry)
		if err != nil {
			return false, fmt.Errorf("read entry at %d: %w", record.Position, err)
		}
		if heads, err = k.heads(&e.Seen); err != nil {
			return false, err
		}
		k.seen[at] = heads
	}
	return heads[device] >= seq, nil
}
