package device

import (
	"database/sql/driver"
	"fmt"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/mutant"
)

// noteEpoch learns which life of headquarters answers. In a new one it lacks what it
// had acknowledged since its backup, or got it by others and decided otherwise: all
// is offered again. Which entries are in a backup is its to say again, too.
func (d *Device) noteEpoch(epoch schema.Epoch) error {
	known, err := storedID[schema.Epoch](d.db, stateEpoch)
	if err != nil || known == epoch {
		return err
	}
	if (known == schema.Epoch{}) { // the first: there is nothing to tell of others
		return d.db.storeAll([]setting{{stateEpoch, id(epoch)}, {stateFactsTo, id(epoch)}})
	}
	if err := d.db.offerAgain(); err != nil {
		return err
	}
	if err := d.db.exec("UPDATE outbox SET backed_up = 0 WHERE backed_up = 1"); err != nil {
		return err
	}
	return d.db.storeAll([]setting{{stateEpoch, id(epoch)}, {stateBackedUp, int64(0)}})
}

// offerAgain lets all entries wait.
func (b *database) offerAgain() error {
	if mutant.On(mutant.LossNotHeeded) {
		return nil
	}
	for _, table := range []string{"outbox", "carried"} {
		err := b.exec("UPDATE " + table + ` SET state = 'waiting', reason = NULL
			WHERE state <> 'waiting'`)
		if err != nil {
			return err
		}
	}
	return nil
}

// keepHeads keeps which entries headquarters' state held at a revision.
func (b *database) keepHeads(
	epoch schema.Epoch, revision uint64, heads []mobileapi.DeviceHead,
) error {
	if len(heads) == 0 {
		return nil
	}
	for _, h := range heads {
		device, err := schema.ParseID[schema.DeviceID](h.DeviceID)
		if err != nil {
			return foreign("head: %w", err)
		}
		err = b.exec(`INSERT INTO epoch_head (epoch, revision, device_id, seq) VALUES (?, ?, ?, ?)
			ON CONFLICT DO UPDATE SET seq = max(seq, excluded.seq)`,
			id(epoch), int64(revision), id(device), int64(h.Seq))
		if err != nil {
			return fmt.Errorf("keep head of %s: %w", device, err)
		}
	}
	return b.replaceHeads(epoch, revision)
}

// replaceHeads lets go of heads that newer ones replace: no entry was saved
// between the two, so none can have seen the one and not the other.
func (b *database) replaceHeads(epoch schema.Epoch, revision uint64) error {
	after := int64(-1)
	seen, err := b.seenBy("ORDER BY seq DESC LIMIT 1")
	if err != nil {
		return err
	}
	if seen != nil && seen.Epoch == epoch {
		after = int64(seen.Revision)
	}
	return b.exec(`DELETE FROM epoch_head WHERE epoch = ?1 AND revision > ?2 AND revision < ?3
		AND device_id IN (SELECT device_id FROM epoch_head WHERE epoch = ?1 AND revision = ?3)`,
		id(epoch), after, int64(revision))
}

// pruneHeads lets go of what no entry can need that is not in a backup: a
// restored headquarters has the others.
func (b *database) pruneHeads() error {
	now, err := b.seen()
	if err != nil {
		return err
	}
	// An entry names the epoch that its author had seen at byte 109.
	err = b.exec(`DELETE FROM epoch_head WHERE epoch <> ?
		AND epoch NOT IN (SELECT substr(entry, 110, 16) FROM outbox WHERE backed_up = 0)`, id(now.Epoch))
	if err != nil {
		return err
	}
	oldest, err := b.seenBy("AND backed_up = 0 ORDER BY seq LIMIT 1")
	if err != nil {
		return err
	}
	if oldest == nil {
		oldest = &now
	}
	return b.exec(`DELETE FROM epoch_head WHERE epoch = ?1 AND revision <= ?2
		AND (revision, device_id) NOT IN (SELECT max(revision), device_id FROM epoch_head
			WHERE epoch = ?1 AND revision <= ?2 GROUP BY device_id)`,
		id(oldest.Epoch), int64(oldest.Revision))
}

// seenBy is what the author of an entry had seen; nil if there is none.
func (b *database) seenBy(which string) (*chain.Seen, error) {
	var bytes []byte
	found, err := b.row("SELECT entry FROM outbox WHERE true "+which, scan(&bytes))
	if err != nil || !found {
		return nil, err
	}
	entry, err := chain.Parse(bytes)
	return &entry.Seen, err
}

// addKnowledge adds to a push what headquarters may have forgotten: the kept
// checkpoints, and once after its epoch changed what is known of earlier ones.
func (d *Device) addKnowledge(request *mobileapi.PushRequest) error {
	newest, sizes, err := d.db.holding()
	if err != nil {
		return err
	}
	if newest != nil {
		request.Checkpoint, request.Sizes = newest.Signed, sizes
	}
	if request.Epoch, err = storedID[schema.Epoch](d.db, stateEpoch); err != nil {
		return err
	}
	told, err := storedID[schema.Epoch](d.db, stateFactsTo)
	if err != nil || told == request.Epoch {
		return err
	}
	request.Facts, err = d.db.facts(request.Epoch)
	return err
}

// facts are the newest of those about other epochs than one.
func (b *database) facts(epoch schema.Epoch) (facts []mobileapi.Fact, err error) {
	err = b.each(`SELECT epoch, revision, device_id, seq FROM epoch_head WHERE epoch <> ?
		ORDER BY revision DESC, epoch, device_id LIMIT ?`, func(row []driver.Value) error {
		var of, device []byte
		var head mobileapi.DeviceHead
		var revision uint64
		if err := scan(&of, &revision, &device, &head.Seq)(row); err != nil {
			return err
		}
		head.DeviceID = schema.DeviceID(device).String()
		name := schema.Epoch(of).String()
		if n := len(facts); n == 0 || facts[n-1].Revision != revision || facts[n-1].Epoch != name {
			facts = append(facts, mobileapi.Fact{Epoch: name, Revision: revision})
		}
		last := &facts[len(facts)-1]
		last.Heads = append(last.Heads, head)
		return nil
	}, id(epoch), int64(mobileapi.FactHeadsMax))
	return facts[:min(len(facts), mobileapi.FactsMax)], err
}
