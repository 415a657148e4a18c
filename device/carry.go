package device

import (
	"database/sql/driver"
	"fmt"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/bundle"
	"sansuiji/syncengine/chain"
)

// Bundle is entries that travel by hand: runs of chains, each with its author's
// signature. Who carries it does not matter.
type Bundle []chain.Push

// BundleMax is the size of a bundle's file, in bytes.
const BundleMax = bundle.EntriesMax

// Export seals the device's own entries for a colleague to carry: all that
// headquarters has not said to have in a backup, because a restored headquarters
// lacks entries that it had acknowledged.
func (d *Device) Export() (Bundle, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	who, err := d.identity()
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	var made Bundle
	backedUp, err := stored[uint64](d.db, stateBackedUp)
	for after := backedUp; err == nil; {
		var run []Entry
		run, err = d.db.entries("seq > ? ORDER BY seq LIMIT ?", int64(after), int64(batchEntries))
		if err != nil || len(run) == 0 {
			break
		}
		run = run[:fitting(run)]
		var push chain.Push
		push, err = d.sealRun(&who, run)
		made, after = append(made, push), run[len(run)-1].Seq
	}
	if err != nil {
		return nil, fmt.Errorf("export: %w", err)
	}
	return made, nil
}

func (d *Device) sealRun(who *Identity, run []Entry) (chain.Push, error) {
	request, err := d.signRun(who, run)
	if err != nil {
		return chain.Push{}, err
	}
	return pushOf(&request)
}

// pushOf is a push from its form on the wire.
func pushOf(r *mobileapi.PushRequest) (push chain.Push, err error) {
	if push.Campaign, err = schema.ParseID[schema.CampaignID](r.CampaignID); err != nil {
		return push, err
	}
	if push.Device, err = schema.ParseID[schema.DeviceID](r.DeviceID); err != nil {
		return push, err
	}
	push.Signature = r.Signature
	for _, e := range r.Entries {
		push.Entries = append(push.Entries, e)
	}
	return push, nil
}

// Marshal writes a bundle's file: a CBOR array of push requests.
func (b Bundle) Marshal() ([]byte, error) { return bundle.Marshal(b) }

// ParseBundle reads a bundle's file. What is in it is checked by Import.
func ParseBundle(file []byte) (Bundle, error) {
	runs, err := bundle.Parse(file)
	return runs, err
}

// Imported is what became of a bundle.
type Imported struct {
	Entries    int `json:"entries"`    // new ones, now carried
	Unverified int `json:"unverified"` // of those: the author's key is not known here
}

// Import takes colleagues' entries to carry them to headquarters, all or none. A
// signature is checked if the author's key is known here; if not, the entries are
// carried all the same. The device's own entries are passed over.
func (d *Device) Import(carried Bundle) (done Imported, err error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	who, err := d.identity()
	if err != nil {
		return done, fmt.Errorf("import: %w", err)
	}
	err = d.db.transact(func() error {
		for i := range carried {
			if carried[i].Device == who.Device || len(carried[i].Entries) == 0 {
				continue
			}
			if err := d.takeRun(&who, &carried[i], &done); err != nil {
				return fmt.Errorf("run %d: %w", i, err)
			}
		}
		d.at(ImportBeforeCommit)
		return nil
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import: %w", err)
	}
	d.at(ImportAfterCommit)
	return done, nil
}

// takeRun checks one run and keeps what of it is new.
func (d *Device) takeRun(who *Identity, push *chain.Push, done *Imported) error {
	if push.Campaign != who.Campaign {
		return schema.NewFault(schema.FaultWrongCampaign, push.Campaign.String())
	}
	links, verified, err := d.checkRun(push)
	if err != nil {
		return err
	}
	if err := d.db.joins(&links[0]); err != nil {
		return err
	}
	for i := range links {
		added, err := d.carry(&links[i], verified)
		if err != nil {
			return err
		}
		if added && !verified {
			done.Unverified++
		}
		if added {
			done.Entries++
		}
	}
	last := &links[len(links)-1].Entry
	return d.db.exec(`INSERT INTO carried_seal (device_id, seq, signature) VALUES (?, ?, ?)
		ON CONFLICT DO NOTHING`, id(last.Device), int64(last.Seq), push.Signature)
}

// checkRun proves that a run is its author's, as far as the author is known here.
func (d *Device) checkRun(push *chain.Push) (links []chain.Link, verified bool, err error) {
	var spki []byte
	known, err := d.db.row("SELECT public_key FROM device WHERE id = ?", scan(&spki), id(push.Device))
	if err != nil {
		return nil, false, err
	}
	if !known {
		links, err = push.Links()
		return links, false, err
	}
	key, err := chain.ParseKey(spki)
	if err != nil {
		return nil, false, err
	}
	if links, err = push.Check(key); err != nil {
		return nil, false, err
	}
	first := &links[0].Entry
	if first.Seq == 1 && first.Previous != chain.Genesis(push.Campaign, push.Device, spki) {
		return nil, false, schema.NewFault(schema.FaultChainBroken, "entry 1 names another genesis")
	}
	return links, true, nil
}

// joins refuses a run that contradicts the entry before it.
func (b *database) joins(first *chain.Link) error {
	var hash []byte
	found, err := b.row("SELECT hash FROM carried WHERE device_id = ? AND seq = ?", scan(&hash),
		id(first.Entry.Device), int64(first.Entry.Seq)-1)
	if err == nil && found && string(hash) != string(first.Entry.Previous[:]) {
		return schema.NewFault(schema.FaultFork, fmt.Sprintf("seq %d", first.Entry.Seq))
	}
	return err
}

// carry keeps one entry, unless it is carried already. Another one in its place
// is refused: which of the two is right, headquarters must find out from the
// devices themselves.
func (d *Device) carry(link *chain.Link, verified bool) (added bool, err error) {
	var hash []byte
	e := &link.Entry
	found, err := d.db.row("SELECT hash FROM carried WHERE device_id = ? AND seq = ?", scan(&hash),
		id(e.Device), int64(e.Seq))
	if err != nil {
		return false, err
	}
	if found {
		if string(hash) != string(link.Hash[:]) {
			return false, schema.NewFault(schema.FaultFork, fmt.Sprintf("seq %d", e.Seq))
		}
		return false, nil
	}
	return true, d.db.exec(`INSERT INTO carried (device_id, seq, hash, entry, verified, received_at)
		VALUES (?, ?, ?, ?, ?, ?)`, id(e.Device), int64(e.Seq), link.Hash[:], link.Bytes,
		flag(verified), d.nowMillis())
}

func flag(b bool) driver.Value {
	if b {
		return int64(1)
	}
	return int64(0)
}
