// Package ingest is the way of entries into headquarters and of rows out of it:
// push, pull, and headquarters' own edits, which are entries too.
package ingest

import (
	"context"
	"crypto"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/failpoint"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/mutant"
)

// Service accepts entries and answers pulls.
type Service struct {
	Store     store.Store
	Catalogue *schema.Catalogue
	Now       func() time.Time
	Key       crypto.Signer   // headquarters' own
	Device    schema.DeviceID // headquarters as a device
	Points    failpoint.Points
}

func (s *Service) nowMillis() int64 { return s.Now().UnixMilli() }

// Push accepts a run of one device's entries, whoever carries it. Entries are
// independent transactions: a bad one neither blocks nor undoes its neighbours.
// What is no valid continuation of the device's chain is kept aside and reported
// as a fault; the entries before it stay accepted.
func (s *Service) Push(ctx context.Context, push chain.Push) (schema.Receipt, error) {
	return s.push(ctx, &push, false)
}

// push accepts a push. One that was packed is not kept aside if it does not hold
// together: its plain form will tell why.
func (s *Service) push(
	ctx context.Context, push *chain.Push, packed bool,
) (schema.Receipt, error) {
	s.Points.Hit("push.decoded")
	key, err := s.deviceKey(ctx, push.Campaign, push.Device)
	if err != nil {
		return schema.Receipt{}, err
	}
	s.Points.Hit("push.key-found")
	links, err := push.Check(key)
	if err != nil && packed {
		return schema.Receipt{}, schema.NewFault(schema.FaultPlainWanted, err.Error())
	}
	if err != nil {
		return schema.Receipt{}, errors.Join(err, s.keepPushAside(ctx, push, err))
	}
	s.Points.Hit("push.checked")
	var receipt schema.Receipt
	var fault error // reported, but what was done stays done
	err = s.Store.Merge(ctx, push.Campaign, func(tx *store.Tx) error {
		receipt, fault, err = s.acceptAll(tx, *push, links)
		return err
	})
	if err != nil {
		return schema.Receipt{}, fmt.Errorf("accept push of %s: %w", push.Device, err)
	}
	s.Points.Hit("push.merged")
	return receipt, fault
}

// CheckPush says whether a push holds together and is its author's; it takes nothing.
func (s *Service) CheckPush(ctx context.Context, push *chain.Push) error {
	key, err := s.deviceKey(ctx, push.Campaign, push.Device)
	if err == nil {
		_, err = push.Check(key)
	}
	return err
}

// deviceKey is the public key that a device enrolled with.
func (s *Service) deviceKey(
	ctx context.Context, campaign schema.CampaignID, device schema.DeviceID,
) (crypto.PublicKey, error) {
	var spki []byte
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		return v.QueryRowContext(ctx, `SELECT public_key FROM device WHERE campaign_no = $1 AND id = $2`,
			v.CampaignNo, device[:]).Scan(&spki)
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = schema.NewFault(schema.FaultForbidden, "the author is not enrolled")
	}
	if err != nil {
		return nil, fmt.Errorf("find key of %s: %w", device, err)
	}
	return chain.ParseKey(spki)
}

func (s *Service) acceptAll(
	tx *store.Tx, push chain.Push, links []chain.Link,
) (receipt schema.Receipt, fault, err error) {
	a, err := newAcceptor(s.Catalogue, tx, push.Device, s.nowMillis())
	if err != nil {
		return receipt, nil, err
	}
	a.asked = len(links) <= askedMax
	if err := s.fetch(tx, a.author.Head.Seq, links); err != nil {
		return receipt, nil, err
	}
	s.Points.Hit("push.fetched")
	receipt.Entries = make([]schema.EntryReceipt, 0, len(links))
	for i := range links {
		r, err := a.accept(&links[i])
		if code := schema.FaultCode(err); code != "" {
			fault, err = err, s.keepAside(tx, links[i:], code)
		}
		if err != nil {
			return receipt, nil, err
		}
		if fault != nil {
			break
		}
		receipt.Entries = append(receipt.Entries, r)
	}
	if a.grown {
		last := links[len(links)-1].Entry.Seq
		if fault == nil {
			err = tx.Seal(a.author.Number, last, push.Signature)
		}
		err = errors.Join(err, tx.SaveAuthor(a.author))
		s.Points.Hit("push.sealed")
	}
	state := tx.State()
	receipt.Epoch, receipt.Clock = state.Epoch, uint64(state.Clock)
	receipt.Next = a.author.Head.Seq + 1
	if err == nil {
		receipt.Witness.BackedUp, err = tx.BackedUp(a.author.Number)
	}
	return receipt, fault, err
}

// fetch reads what new entries will ask for, all at once.
func (s *Service) fetch(tx *store.Tx, head uint64, links []chain.Link) error {
	var refs []merge.RowRef
	reader := changeset.NewReader(nil, changeset.Limits{})
	for i := range links {
		if e := &links[i].Entry; e.Seq > head {
			refs = merge.Refs(refs, s.Catalogue, reader, e.Schema, e.Changeset)
		}
	}
	return tx.Fetch(refs)
}

// keepAside keeps an entry that does not continue its chain, and those after it.
func (s *Service) keepAside(tx *store.Tx, links []chain.Link, code string) error {
	if mutant.On(mutant.BranchDropped) {
		links = links[:1]
	}
	for i := range links {
		if err := s.keepLinkAside(tx, &links[i], code); err != nil {
			return err
		}
	}
	return nil
}

// keepLinkAside keeps one entry that does not continue its chain. A gap is no
// reason: the device has what is missing and sends it.
func (s *Service) keepLinkAside(tx *store.Tx, link *chain.Link, code string) error {
	if code == schema.FaultGap {
		return nil
	}
	return tx.KeepAside(&store.Aside{
		Device: link.Entry.Device, Seq: link.Entry.Seq, Reason: code,
		Detail: "previous " + hex.EncodeToString(link.Entry.Previous[:]),
		Hash:   link.Hash, Body: link.Bytes, ReceivedAt: s.nowMillis(),
	})
}

// keepPushAside keeps the bytes of a push that does not hold together.
func (s *Service) keepPushAside(ctx context.Context, push *chain.Push, cause error) error {
	return s.Store.Merge(ctx, push.Campaign, func(tx *store.Tx) error {
		for _, b := range push.Entries {
			e, err := chain.Parse(b)
			if err != nil {
				e.Seq = 0 // not known
			}
			if err := tx.KeepAside(&store.Aside{
				Device: push.Device, Seq: e.Seq, Reason: schema.FaultCode(cause), Detail: cause.Error(),
				Hash: chain.HashBytes(b), Body: b, ReceivedAt: s.nowMillis(),
			}); err != nil {
				return err
			}
		}
		s.Points.Hit("push.set-aside")
		return nil
	})
}
