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
	Epoch     *schema.Epoch // that the edit begins; nil: none

	// Guard refuses the edit when what its author decided on has changed; nil
	// lets it pass.
	Guard func(tx *store.Tx) error
}

// RowUnchanged guards an edit whose author looked at a row at a revision.
func RowUnchanged(ref merge.RowRef, seen uint64) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		row, present, err := tx.Row(ref.Table, ref.ID)
		if err != nil {
			return err
		}
		if !present {
			return schema.NewFault(schema.FaultNotFound, ref.ID.String())
		}
		if row.Revision > seen {
			return schema.NewFault(schema.FaultStale, ref.ID.String())
		}
		return nil
	}
}

// ContestUnchanged guards an edit whose author settles a contested cell as it
// was at a revision.
func ContestUnchanged(ref merge.RowRef, column int, seen uint64) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		row, present, err := tx.Row(ref.Table, ref.ID)
		if err != nil {
			return err
		}
		if !present || !row.Stamps[column].Contested {
			return schema.NewFault(schema.FaultConflictClosed, ref.ID.String())
		}
		contest, err := tx.Contest(ref.Table, ref.ID, column)
		if err != nil {
			return err
		}
		for _, w := range contest.Writes {
			if w.Revision > seen {
				return schema.NewFault(schema.FaultStale, ref.ID.String())
			}
		}
		return nil
	}
}

// SeenAll is the revision of an edit whose author need not have looked: it only
// adds what is new, or what headquarters alone writes.
const SeenAll = 1<<63 - 1

// Write makes an edit an entry of headquarters' own chain and merges it by the
// rules for everyone. An edit that cannot be merged is refused and leaves no
// trace: its author is there to be told.
func (s *Service) Write(ctx context.Context, edit Edit) error {
	err := s.Store.Merge(ctx, edit.Campaign, func(tx *store.Tx) error {
		a, err := newAcceptor(s.Catalogue, tx, s.Device, s.nowMillis())
		if err != nil {
			return err
		}
		if edit.Guard != nil {
			if err := edit.Guard(tx); err != nil {
				return err
			}
		}
		link, signature, err := s.seal(a, edit)
		if err != nil {
			return err
		}
		s.Points.Hit("edit.signed")
		receipt, err := a.accept(link)
		if err != nil {
			return err
		}
		if receipt.Outcome != schema.Merged {
			return schema.NewFault(schema.FaultValue, receipt.Reason+" "+receipt.Detail)
		}
		s.Points.Hit("edit.merged")
		if err := tx.Seal(a.author.Number, link.Entry.Seq, signature); err != nil {
			return err
		}
		return tx.SaveAuthor(a.author)
	})
	if err != nil {
		return fmt.Errorf("write headquarters' edit: %w", err)
	}
	s.Points.Hit("edit.written")
	return nil
}

// seal makes the entry and signs it.
func (s *Service) seal(a *acceptor, edit Edit) (*chain.Link, []byte, error) {
	state, now := a.tx.State(), s.nowMillis()
	if a.rights.PublicKey == nil {
		a.rights.PublicKey = publicKeyBytes(s.Key)
	}
	epoch := state.Epoch
	if edit.Epoch != nil {
		epoch = *edit.Epoch
	}
	e := chain.Entry{
		Campaign: edit.Campaign, Device: s.Device,
		Seq: a.author.Head.Seq + 1, Previous: a.previous(),
		Clock:  clock.Next(max(state.Clock, a.author.Clock), now),
		WallAt: now, Schema: s.Catalogue.Version,
		Seen:      chain.Seen{Epoch: epoch, Revision: min(edit.Seen, state.Revision)},
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
