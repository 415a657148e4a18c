package ingest

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/merge"
)

// Edit is a change that headquarters makes.
type Edit struct {
	Campaign  schema.CampaignID
	Seen      uint64 // revision of the state that the person decided on
	Changeset []byte

	// Guard is a row that must not have changed since Seen; none if its table
	// is nil.
	Guard merge.RowRef
}

// SeenAll is the revision of an edit whose author need not have looked: it only
// adds what is new, or what headquarters alone writes.
const SeenAll = 1<<63 - 1

// Write makes an edit an entry of headquarters' own chain and merges it by the
// rules for everyone. An edit that cannot be merged is refused and leaves no
// trace: its author is there to be told.
func (s *Service) Write(ctx context.Context, edit Edit) error {
	err := s.Store.Merge(ctx, edit.Campaign, func(tx store.Tx) error {
		a, err := newAcceptor(s.Catalogue, tx, s.Device, s.nowMillis())
		if err != nil {
			return err
		}
		if err := guard(tx, edit); err != nil {
			return err
		}
		link, signature, err := s.seal(a, edit)
		if err != nil {
			return err
		}
		receipt, err := a.accept(link)
		if err != nil {
			return err
		}
		if receipt.Outcome != schema.Merged {
			return schema.NewFault(schema.FaultValue, receipt.Reason+" "+receipt.Detail)
		}
		if err := tx.Seal(a.author.Number, link.Entry.Seq, signature); err != nil {
			return err
		}
		return tx.SaveAuthor(a.author)
	})
	if err != nil {
		return fmt.Errorf("write headquarters' edit: %w", err)
	}
	return nil
}

// guard refuses an edit whose author decided on a row that has changed since.
func guard(tx store.Tx, edit Edit) error {
	if edit.Guard.Table == nil {
		return nil
	}
	row, present, err := tx.Row(edit.Guard.Table, edit.Guard.ID)
	if err != nil {
		return err
	}
	if !present {
		return schema.NewFault(schema.FaultNotFound, edit.Guard.ID.String())
	}
	if row.Revision > edit.Seen {
		return schema.NewFault(schema.FaultStale, edit.Guard.ID.String())
	}
	return nil
}

// seal makes the entry and signs it.
func (s *Service) seal(a *acceptor, edit Edit) (*chain.Link, []byte, error) {
	state, now := a.tx.State(), s.nowMillis()
	if a.rights.PublicKey == nil {
		a.rights.PublicKey = publicKeyBytes(s.Key)
	}
	e := chain.Entry{
		Campaign: edit.Campaign, Device: s.Device,
		Seq: a.author.Head.Seq + 1, Previous: a.previous(),
		Clock:  clock.Next(max(state.Clock, a.author.Clock), now),
		WallAt: now, Schema: schema.Version,
		Seen:      chain.Seen{Epoch: state.Epoch, Revision: min(edit.Seen, state.Revision)},
		Changeset: edit.Changeset,
	}
	b := e.Append(nil)
	link := &chain.Link{Entry: e, Hash: chain.HashBytes(b), Bytes: b}
	signature, err := chain.SignHead(rand.Reader, s.Key, edit.Campaign, s.Device,
		chain.Head{Seq: e.Seq, Hash: link.Hash})
	return link, signature, err
}

// publicKeyBytes is a key's SubjectPublicKeyInfo, DER.
func publicKeyBytes(key crypto.Signer) []byte {
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		panic(fmt.Sprintf("ingest: headquarters' key: %v", err))
	}
	return spki
}
