package ingest

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/mutant"
	"sansuiji/syncengine/translog"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"
)

// Delivery is what a device brings: entries, its own or a colleague's, and what it
// knows of headquarters.
type Delivery struct {
	chain.Push
	Carrier    schema.DeviceID
	Checkpoint string   // the newest it holds; "": none
	Sizes      []uint64 // of all it holds
	Facts      []Fact   // of epochs that ended
}

// Holding is which checkpoints a device holds.
type Holding struct {
	Epoch schema.Epoch // of the newest
	Sizes []uint64
}

// Receive takes a delivery: first what it says of headquarters' own past, by which
// its entries are judged, then the entries.
func (s *Service) Receive(ctx context.Context, d Delivery) (schema.Receipt, error) {
	if err := s.notice(ctx, d.Campaign, d.Checkpoint); err != nil {
		return schema.Receipt{}, err
	}
	if err := s.Learn(ctx, d.Campaign, d.Carrier, d.Facts); err != nil {
		return schema.Receipt{}, err
	}
	receipt, err := s.Push(ctx, d.Push)
	if err != nil {
		return receipt, err
	}
	held := Holding{Sizes: d.Sizes}
	if c, err := translog.OpenCheckpoint(d.Checkpoint, d.Campaign, s.publicKey()); err == nil {
		held.Epoch = c.Epoch
	}
	err = s.Store.Read(ctx, d.Campaign, func(v store.View) error {
		return s.witness(ctx, &v, &held, &receipt.Witness)
	})
	return receipt, err
}

func (s *Service) publicKey() ed25519.PublicKey {
	key, ok := s.Key.Public().(ed25519.PublicKey)
	if !ok {
		panic("ingest: headquarters' key is not Ed25519")
	}
	return key
}

// witness signs the state of the history and proves that it continues one of those
// that the device holds.
func (s *Service) witness(
	ctx context.Context, v *store.View, held *Holding, w *schema.Witness,
) error {
	c, err := v.Checkpoint(ctx)
	if errors.Is(err, store.ErrNoLog) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make checkpoint: %w", err)
	}
	if w.Checkpoint, err = c.Sign(s.Key); err != nil {
		return err
	}
	from := translog.ProofBase(held.Sizes, held.Epoch == c.Epoch, &c)
	if from == 0 || from == c.Size {
		return nil
	}
	proof, err := translog.ProveConsistency(from, c.Size, v.Hashes(ctx))
	if err != nil {
		return fmt.Errorf("prove that the history continues: %w", err)
	}
	w.From = from
	for i := range proof {
		w.Proof = append(w.Proof, proof[i][:])
	}
	return nil
}

// notice compares the newest checkpoint that a device holds with the history. If
// headquarters signed more than it has, or something else, its disk went back in
// time without a restore that says so: it begins a new epoch by itself, as a restore
// would.
func (s *Service) notice(ctx context.Context, campaign schema.CampaignID, signed string) error {
	if signed == "" || mutant.On(mutant.RollbackUnnoticed) {
		return nil
	}
	c, err := translog.OpenCheckpoint(signed, campaign, s.publicKey())
	if err != nil {
		return nil //nolint:nilerr // not ours: it says nothing
	}
	lost := false
	err = s.Store.Read(ctx, campaign, func(v store.View) error {
		var err error
		lost, err = contradicts(ctx, &v, &c)
		return err
	})
	if err != nil || !lost {
		return err
	}
	_, err = s.BeginEpoch(ctx, campaign, fmt.Sprintf("%d entries were signed for", c.Size))
	return err
}

// contradicts says whether the history is not the one that headquarters signed for
// in this epoch.
func contradicts(ctx context.Context, v *store.View, c *translog.Checkpoint) (bool, error) {
	if c.Epoch != v.State.Epoch || c.Size == 0 || c.Size > v.State.Position {
		return c.Epoch == v.State.Epoch && c.Size > v.State.Position, nil
	}
	root, err := tlog.TreeHash(int64(c.Size), v.Hashes(ctx))
	if err != nil {
		return false, fmt.Errorf("find the root at size %d: %w", c.Size, err)
	}
	return root != c.Root, nil
}

// BeginEpoch begins a new epoch of a campaign whose state went back in time, and
// returns it with the position after which it begins.
func (s *Service) BeginEpoch(
	ctx context.Context, campaign schema.CampaignID, detail string,
) (store.EpochBegin, error) {
	began := store.EpochBegin{Epoch: schema.Epoch(uuid.Must(uuid.NewRandom()))}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		began.Position, began.Revision = v.State.Position, v.State.Revision
		return nil
	})
	if err == nil {
		err = s.Record(ctx, campaign, Event{
			Kind: schema.EventRestored, Detail: detail, Position: began.Position, Epoch: &began.Epoch,
		})
	}
	if err != nil {
		return began, fmt.Errorf("begin an epoch of %s: %w", campaign, err)
	}
	return began, nil
}
