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
	Epoch      schema.Epoch // of headquarters' last answer to it; the zero one: not told
	Checkpoint string       // the newest it holds; "": none
	Sizes      []uint64     // of all it holds
	Facts      []Fact       // of epochs that ended
}

// Holding is which checkpoints a device holds.
type Holding struct {
	Epoch schema.Epoch // of the newest
	Sizes []uint64
}

// Receive takes a delivery: first what it says of headquarters' own past, by which
// its entries are judged, then the entries.
func (s *Service) Receive(ctx context.Context, d Delivery) (schema.Receipt, error) {
	// One that is not ours says nothing: it is the zero one.
	shown, _ := translog.OpenCheckpoint(d.Checkpoint, d.Campaign, s.publicKey())
	if err := s.notice(ctx, &shown); err != nil {
		return schema.Receipt{}, err
	}
	if err := s.Learn(ctx, d.Campaign, d.Carrier, d.Facts); err != nil {
		return schema.Receipt{}, err
	}
	if err := s.judgeable(ctx, &d); err != nil {
		return schema.Receipt{}, err
	}
	receipt, err := s.Push(ctx, d.Push)
	if err != nil {
		return receipt, err
	}
	held := Holding{Epoch: shown.Epoch, Sizes: d.Sizes}
	err = s.Store.Read(ctx, d.Campaign, func(v store.View) error {
		if err := s.witness(ctx, &v, &held, &receipt.Witness); err != nil {
			return err
		}
		return admit(ctx, &v, &shown, &receipt.Witness)
	})
	return receipt, err
}

// judgeable refuses entries whose past headquarters does not know yet. A delivery
// without entries only tells.
func (s *Service) judgeable(ctx context.Context, d *Delivery) error {
	if len(d.Entries) == 0 {
		return nil
	}
	return s.Store.Read(ctx, d.Campaign, func(v store.View) error {
		return upToDate(d.Epoch, &v.State)
	})
}

// upToDate refuses entries of a carrier that tells another epoch than this as that of
// headquarters' last answer: what it knows of earlier ones must come before them.
func upToDate(told schema.Epoch, state *store.State) error {
	if told == (schema.Epoch{}) || told == state.Epoch {
		return nil
	}
	return schema.NewFault(schema.FaultCursorAhead, "epoch "+state.Epoch.String())
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
	from := translog.ProofBase(held.Sizes, held.Epoch, &c)
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
// headquarters signed more than it has, or something else, or in an epoch that it
// does not know, its disk went back in time without a restore that says so: it begins a new epoch by
// itself, as a restore would.
// The state in which it found itself is signed, in the epoch it was in, and stays in
// the event.
func (s *Service) notice(ctx context.Context, shown *translog.Checkpoint) error {
	if shown.Epoch == (schema.Epoch{}) || mutant.On(mutant.RollbackUnnoticed) {
		return nil
	}
	var found string
	err := s.Store.Read(ctx, shown.Campaign, func(v store.View) error {
		if lost, err := lacks(ctx, &v, shown); err != nil || !lost {
			return err
		}
		c, err := v.Checkpoint(ctx)
		if err != nil {
			return err
		}
		found, err = c.Sign(s.Key)
		return err
	})
	if err != nil || found == "" {
		return err
	}
	_, err = s.beginEpoch(ctx, shown.Campaign, Event{
		Detail: fmt.Sprintf("%d entries were signed for in epoch %s", shown.Size, shown.Epoch),
		Body:   []byte(found),
	})
	return err
}

// lacks says whether a state of headquarters lacks what it signed for, and does not
// know it yet.
func lacks(ctx context.Context, v *store.View, shown *translog.Checkpoint) (bool, error) {
	if shown.Epoch == v.State.Epoch {
		return contradicts(ctx, v, shown)
	}
	_, known, err := endOf(ctx, v, shown.Epoch)
	if err != nil || known {
		return false, err
	}
	found, err := foundInstead(ctx, v, shown.Epoch)
	return found == "", err
}

// contradicts says whether the history is not the one that headquarters signed for
// in this epoch.
func contradicts(ctx context.Context, v *store.View, c *translog.Checkpoint) (bool, error) {
	if c.Size == 0 || c.Size > v.State.Position {
		return c.Size > v.State.Position, nil
	}
	root, err := tlog.TreeHash(int64(c.Size), v.Hashes(ctx))
	if err != nil {
		return false, fmt.Errorf("find the root at size %d: %w", c.Size, err)
	}
	return root != c.Root, nil
}

// endOf is the size that the log had when an epoch ended, if it is one of these.
func endOf(ctx context.Context, v *store.View, epoch schema.Epoch) (size uint64, known bool, err error) {
	epochs, err := v.Epochs(ctx)
	if err != nil {
		return 0, false, fmt.Errorf("list epochs: %w", err)
	}
	for i := 1; i < len(epochs); i++ {
		if epochs[i-1].Epoch == epoch {
			return epochs[i].Position, true, nil
		}
	}
	return 0, false, nil
}

// foundInstead is the state that headquarters found itself in when it was shown a
// checkpoint of an epoch and lacked what it signed, or "".
func foundInstead(ctx context.Context, v *store.View, epoch schema.Epoch) (string, error) {
	var found []byte
	err := v.QueryRowContext(ctx, `SELECT coalesce((SELECT body FROM event
		WHERE campaign_no = $1 AND kind = $2 AND detail LIKE $3 AND body IS NOT NULL LIMIT 1), $4)`,
		v.CampaignNo, schema.EventRestored, "%"+epoch.String(), []byte{}).Scan(&found)
	if err != nil {
		return "", fmt.Errorf("find how epoch %s ended: %w", epoch, err)
	}
	return string(found), nil
}

// admit shows a device that holds a checkpoint of what was lost without a restore
// the state that headquarters found itself in instead: its proof that headquarters
// went back. A restore is said and needs none.
func admit(
	ctx context.Context, v *store.View, shown *translog.Checkpoint, w *schema.Witness,
) error {
	if shown.Epoch == v.State.Epoch || shown.Epoch == (schema.Epoch{}) {
		return nil
	}
	end, known, err := endOf(ctx, v, shown.Epoch)
	if err != nil || (known && shown.Size <= end) {
		return err
	}
	found, err := foundInstead(ctx, v, shown.Epoch)
	if err == nil && found != "" {
		w.Checkpoint, w.From, w.Proof = found, 0, nil
	}
	return err
}

// BeginEpoch begins a new epoch of a campaign that was restored, and returns it
// with the position after which it begins.
func (s *Service) BeginEpoch(
	ctx context.Context, campaign schema.CampaignID, detail string,
) (store.EpochBegin, error) {
	return s.beginEpoch(ctx, campaign, Event{Detail: detail})
}

func (s *Service) beginEpoch(
	ctx context.Context, campaign schema.CampaignID, event Event,
) (store.EpochBegin, error) {
	began := store.EpochBegin{Epoch: schema.Epoch(uuid.Must(uuid.NewRandom()))}
	err := s.Store.Read(ctx, campaign, func(v store.View) error {
		began.Position, began.Revision = v.State.Position, v.State.Revision
		return nil
	})
	if err == nil {
		event.Kind, event.Position, event.Epoch = schema.EventRestored, began.Position, &began.Epoch
		err = s.Record(ctx, campaign, event)
	}
	if err != nil {
		return began, fmt.Errorf("begin an epoch of %s: %w", campaign, err)
	}
	return began, nil
}
