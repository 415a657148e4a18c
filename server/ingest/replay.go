package ingest

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
)

// replayBatch is how many entries a replay takes in one transaction.
const replayBatch = 500

// Replay feeds a campaign's whole history into another, empty database, by the
// way that entries take when they arrive. Effective clocks and times of receipt
// are taken from the history: they cannot be had again. It returns the number
// of entries.
func Replay(
	ctx context.Context, catalogue *schema.Catalogue, from, into store.Store, campaign schema.CampaignID,
) (int, error) {
	var epoch schema.Epoch
	if err := from.Read(ctx, campaign, func(v store.View) error {
		var first []byte // the others began with entries of headquarters
		err := v.QueryRowContext(ctx, `SELECT epoch FROM epoch WHERE campaign_no = $1
			ORDER BY began LIMIT 1`, v.CampaignNo).Scan(&first)
		if err == nil {
			epoch, err = schema.IDFromBytes[schema.Epoch](first)
		}
		return err
	}); err != nil {
		return 0, fmt.Errorf("find first epoch of %s: %w", campaign, err)
	}
	if err := into.Begin(ctx, campaign, epoch); err != nil {
		return 0, err
	}
	count := 0
	for {
		records, err := readHistory(ctx, from, campaign, uint64(count))
		if err != nil || len(records) == 0 {
			return count, err
		}
		if err := into.Merge(ctx, campaign, func(tx *store.Tx) error {
			return replay(catalogue, tx, records)
		}); err != nil {
			return count, fmt.Errorf("replay after position %d: %w", count, err)
		}
		count += len(records)
	}
}

// readHistory reads the records after a position.
func readHistory(
	ctx context.Context, from store.Store, campaign schema.CampaignID, after uint64,
) (records []store.Record, err error) {
	err = from.Read(ctx, campaign, func(v store.View) error {
		var err error
		records, err = store.List(ctx, v, scanHistory, fmt.Sprintf(`SELECT position, hash, clock, received_at, entry
			FROM history WHERE campaign_no = $1 AND position > $2 ORDER BY position LIMIT %d`, replayBatch),
			v.CampaignNo, int64(after))
		return err
	})
	return records, err
}

func scanHistory(row store.Scanner) (store.Record, error) {
	var r store.Record
	var hash []byte
	var effective int64
	err := row.Scan(&r.Position, &hash, &effective, &r.ReceivedAt, &r.Entry)
	r.Clock = clock.Time(effective)
	copy(r.Hash[:], hash)
	return r, err
}

// ErrHistory says that the history itself is damaged.
var ErrHistory = errors.New("the history is damaged")

func replay(catalogue *schema.Catalogue, tx *store.Tx, records []store.Record) error {
	for i := range records {
		r := &records[i]
		e, err := chain.Parse(r.Entry)
		if err != nil {
			return fmt.Errorf("%w at position %d: %w", ErrHistory, r.Position, err)
		}
		if chain.HashBytes(r.Entry) != r.Hash {
			return fmt.Errorf("%w at position %d: hash differs", ErrHistory, r.Position)
		}
		a, err := newAcceptor(catalogue, tx, e.Device, r.ReceivedAt)
		if err != nil {
			return err
		}
		if tx.State().Position == 0 {
			a.rights.PublicKey = firstKey(catalogue, &e)
		}
		a.replayed = r
		link := chain.Link{Entry: e, Hash: r.Hash, Bytes: r.Entry}
		if _, err := a.accept(&link); err != nil {
			return fmt.Errorf("%w at position %d: %w", ErrHistory, r.Position, err)
		}
		if err := tx.SaveAuthor(a.author); err != nil {
			return err
		}
	}
	return nil
}
