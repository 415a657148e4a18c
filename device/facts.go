package device

import (
	"database/sql/driver"
	"fmt"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/mutant"
)

// noteEpoch learns which life of headquarters answers. In a new one it lacks what it
// had acknowledged since its backup, or got it by others and decided otherwise: all
// is offered again.
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
	return d.db.store(stateEpoch, id(epoch))
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
	return nil
}

// addKnowledge adds to a push what headquarters may have forgotten: the newest
// checkpoint, and once after its epoch changed what is known of earlier ones.
func (d *Device) addKnowledge(request *mobileapi.PushRequest) error {
	newest, err := d.db.newestCheckpoint()
	if err != nil {
		return err
	}
	if request.Checkpoint = newest.Text; newest.Text != "" {
		request.Sizes = []uint64{newest.Size} // the answer's proof begins there
	}
	epoch, err := storedID[schema.Epoch](d.db, stateEpoch)
	if err != nil {
		return err
	}
	told, err := storedID[schema.Epoch](d.db, stateFactsTo)
	if err != nil || told == epoch {
		return err
	}
	request.Facts, err = d.db.facts(epoch)
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
	}, id(epoch), int64(mobileapi.FactsMax))
	return facts, err
}
