package history

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/translog"
)

// epochsMax is how often a headquarters may have been restored.
const epochsMax = 10_000

// record checks the next record against its device's chain and adds its leaf.
func (v *verifier) record(r *Record) *Fault {
	bad := func(code Code) *Fault { return v.atRecord(code, r) }
	if r.Position != v.edge.Size()+1 {
		return bad(PositionWrong)
	}
	e, err := chain.Parse(r.Entry)
	if err != nil {
		return bad(EntryMalformed)
	}
	if e.Campaign != v.report.Campaign {
		return v.atRecordSince(EntryDiffers, r) // it may be the header that is wrong
	}
	if e.Device != r.Device || e.Seq != r.Seq {
		return bad(EntryDiffers)
	}
	if !v.enterEpoch(r) {
		return v.atRecordSince(EpochWrong, r) // it may be the record that began this one
	}
	hash := chain.HashBytes(r.Entry)
	leaf := r.LeafOf(hash)
	leafHash := leaf.Hash()
	switch {
	case r.Hash != nil && *r.Hash != hash:
		return bad(HashDiffers)
	case r.Leaf != nil && *r.Leaf != leafHash:
		return bad(LeafDiffers)
	}
	if v.edge.Size() == 0 {
		if code := v.begin(&e); code != "" {
			return bad(code)
		}
	}
	if fault := v.follow(&e, r, hash); fault != nil {
		return fault
	}
	v.edge.Add(leafHash)
	if v.Leaf != nil {
		v.Leaf(r.Position, leafHash)
	}
	if e.Device == v.hq {
		v.learnKeys(e.Changeset)
	}
	return nil
}

// atRecord is a fault of the next record.
func (v *verifier) atRecord(code Code, r *Record) *Fault {
	f := v.here(code)
	f.FromPosition, f.Position, f.Device, f.Seq = v.edge.Size()+1, v.edge.Size()+1, r.Device, r.Seq
	return f
}

// atRecordSince is a fault that the next record shows, and that an earlier one
// may be to blame for: in a file, any since the last page.
func (v *verifier) atRecordSince(code Code, r *Record) *Fault {
	f := v.atRecord(code, r)
	if v.File {
		f.FromLine, f.FromPosition = v.provenLine+1, v.provenPosition+1
	}
	return f
}

// enterEpoch follows the epochs: none comes back.
func (v *verifier) enterEpoch(r *Record) bool {
	if r.Epoch == v.epoch {
		return r.Position > 1
	}
	if slices.Contains(v.epochs, r.Epoch) || len(v.epochs) == epochsMax || r.Epoch == (schema.Epoch{}) {
		return false
	}
	v.epochs = append(v.epochs, v.epoch)
	v.ended = translog.End(v.ended, v.epoch, r.Position-1)
	v.epoch, v.began = r.Epoch, r.Position-1
	return true
}

// begin takes headquarters' key from the first entry, which is headquarters'.
func (v *verifier) begin(e *chain.Entry) Code {
	v.hq = e.Device
	v.learnKeys(e.Changeset)
	l := v.chains[e.Device]
	if l == nil {
		return KeyMissing
	}
	key, ok := l.key.(ed25519.PublicKey)
	if !ok {
		return KeyMissing
	}
	v.key, v.report.Key = key, translog.KeyText(v.report.Campaign, key)
	if v.Key != "" && v.Key != v.report.Key {
		return KeyOther
	}
	return ""
}

// follow checks that an entry continues its device's chain.
func (v *verifier) follow(e *chain.Entry, r *Record, hash chain.Hash) *Fault {
	l := v.chains[e.Device]
	if l == nil {
		return v.atRecordSince(DeviceUnknown, r)
	}
	previous := l.head.Hash
	if l.head.Seq == 0 {
		previous = chain.Genesis(e.Campaign, e.Device, l.spki)
	}
	if e.Seq != l.head.Seq+1 || e.Previous != previous {
		f := v.atRecord(ChainBroken, r)
		f.FromLine, f.FromPosition = l.openLine, l.openPosition
		f.Detail = fmt.Sprintf("%d → %d", l.head.Seq, e.Seq)
		return f
	}
	effective := clock.Effective(e.Clock, l.clock, v.clock, r.ReceivedAt)
	if e.Device == v.hq {
		effective = max(e.Clock, l.clock+1) // the clock that others are held against
	}
	if r.Clock != effective {
		return v.atRecordSince(ClockWrong, r)
	}
	if l.sealed == l.head.Seq {
		l.openLine, l.openPosition = v.line, r.Position
	}
	v.clock = max(v.clock, r.Clock)
	l.head, l.clock = chain.Head{Seq: e.Seq, Hash: hash}, r.Clock
	l.position = r.Position
	return nil
}

// learnKeys takes the device keys that an entry of headquarters writes. What
// cannot be read to its end was not merged, and names no key.
func (v *verifier) learnKeys(b []byte) {
	device := v.Catalogue.MustTable("device")
	at := 1 + device.ColumnIndex("public_key")
	learnt := map[schema.DeviceID][]byte{}
	r := changeset.NewReader(b, changeset.Limits{})
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return
		}
		if c.Table.Name != device.Name || at >= len(c.New) || c.New[at].Kind != changeset.Blob {
			continue
		}
		id := c.New[0]
		if c.Op == changeset.Update {
			id = c.Old[0]
		}
		if id.Kind == changeset.Blob && len(id.Bytes) == 16 {
			learnt[schema.DeviceID(id.Bytes)] = bytes.Clone(c.New[at].Bytes)
		}
	}
	for id, spki := range learnt {
		v.learnKey(id, spki)
	}
}

func (v *verifier) learnKey(device schema.DeviceID, spki []byte) {
	key, err := chain.ParseKey(spki)
	if err != nil {
		return // nobody can have pushed with it
	}
	l := v.chains[device]
	if l == nil {
		l = &link{openLine: v.line + 1, openPosition: v.edge.Size() + 1}
		v.chains[device] = l
	}
	l.key, l.spki = key, spki
}

// seal takes a device's signature over its chain up to the record before.
func (v *verifier) seal(s *Seal) *Fault {
	l := v.chains[s.Device]
	if l == nil || l.head.Seq != s.Seq || l.sealed == s.Seq || l.position != v.edge.Size() {
		f := v.here(SealMisplaced)
		f.FromLine = v.provenLine + 1
		f.Device, f.Seq = s.Device, s.Seq
		return f
	}
	fault := v.here(SealWrong)
	fault.FromLine, fault.FromPosition = l.openLine, l.openPosition
	fault.Device, fault.Seq = s.Device, s.Seq
	v.signatures.check(v.order, signature{
		key: l.key, campaign: v.report.Campaign, device: s.Device, head: l.head, bytes: bytes.Clone(s.Signature),
	}, fault)
	v.report.Seals++
	l.sealed = s.Seq
	l.openLine, l.openPosition = v.line+1, v.edge.Size()+1
	return nil
}
