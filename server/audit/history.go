package audit

import (
	"context"
	"crypto"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/history"
)

// storedHistory gives the history that a database keeps item by item, each
// record followed by its seal. It has no checkpoints and no pages.
type storedHistory struct {
	rows     *sql.Rows
	campaign schema.CampaignID
	epochs   []store.EpochBegin // from the one in force on
	item     history.Item
	seal     *history.Seal // of the record just given
	begun    bool
}

const historyQuery = `SELECT h.position, a.device_id, h.seq, h.hash, h.clock, h.received_at,
		h.entry, s.signature
	FROM history h
	LEFT JOIN author a ON a.campaign_no = h.campaign_no AND a.no = h.author
	LEFT JOIN seal s ON s.campaign_no = h.campaign_no AND s.author = h.author AND s.seq = h.seq
	WHERE h.campaign_no = $1 ORDER BY h.position`

// readHistory runs do on a campaign's history as one state has it.
func readHistory(
	ctx context.Context, s store.Store, campaign schema.CampaignID,
	do func(v store.View, h *storedHistory) error,
) error {
	err := s.Read(ctx, campaign, func(v store.View) error {
		epochs, err := v.Epochs(ctx)
		if err != nil {
			return err
		}
		rows, err := v.QueryContext(ctx, historyQuery, v.CampaignNo)
		if err != nil {
			return err
		}
		defer rows.Close()
		err = do(v, &storedHistory{rows: rows, campaign: campaign, epochs: epochs})
		return errors.Join(err, rows.Err())
	})
	if err != nil {
		return fmt.Errorf("read history of %s: %w", campaign, err)
	}
	return nil
}

// Next gives the next item.
func (h *storedHistory) Next() (*history.Item, error) {
	switch {
	case !h.begun:
		h.begun = true
		h.item = history.Item{Kind: history.KindHeader, Campaign: h.campaign}
	case h.seal != nil:
		h.item.Kind, h.item.Seal, h.seal = history.KindSeal, *h.seal, nil
	case h.rows.Next():
		h.item.Kind = history.KindRecord
		if err := h.record(); err != nil {
			return nil, err
		}
	case h.rows.Err() != nil:
		return nil, h.rows.Err()
	default:
		return nil, errors.Join(h.rows.Close(), io.EOF)
	}
	return &h.item, nil
}

func (h *storedHistory) record() error {
	var device, hash, signature []byte
	var position, seq, effective int64
	r := &h.item.Record
	if err := h.rows.Scan(&position, &device, &seq, &hash, &effective, &r.ReceivedAt, &r.Entry,
		&signature); err != nil {
		return err
	}
	r.Position, r.Seq, r.Clock = uint64(position), uint64(seq), clock.Time(effective)
	r.Epoch = h.epochAt(r.Position)
	r.Device, r.Hash = schema.DeviceID{}, new(chain.Hash)
	copy(r.Device[:], device)
	copy(r.Hash[:], hash)
	if signature != nil {
		h.seal = &history.Seal{Device: r.Device, Seq: r.Seq, Signature: signature}
	}
	return nil
}

// epochAt is the epoch in force at a position. Positions are asked for in order.
func (h *storedHistory) epochAt(position uint64) schema.Epoch {
	for len(h.epochs) > 1 && h.epochs[1].Position < position {
		h.epochs = h.epochs[1:]
	}
	if len(h.epochs) == 0 {
		return schema.Epoch{}
	}
	return h.epochs[0].Epoch
}

// ExportHistory writes the history file of a campaign, signed with headquarters'
// key. Its memory is bounded by the largest entry.
func ExportHistory(
	ctx context.Context, s store.Store, campaign schema.CampaignID, key crypto.Signer, to io.Writer,
) error {
	return readHistory(ctx, s, campaign, func(v store.View, h *storedHistory) error {
		w, err := history.NewWriter(to, campaign, key)
		if err != nil {
			return err
		}
		if err := copyHistory(w, h); err != nil {
			return err
		}
		signed, err := w.SignCheckpoint(v.State.Epoch, v.State.Revision)
		if err != nil {
			return err
		}
		return w.Close(signed)
	})
}

func copyHistory(w *history.Writer, from history.Source) error {
	for {
		item, err := from.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch item.Kind {
		case history.KindRecord:
			err = w.Record(&item.Record)
		case history.KindSeal:
			err = w.Seal(&item.Seal)
		case history.KindCheckpoint:
			err = w.Checkpoint(item.Checkpoint)
		case history.KindHeader, history.KindPage: // the writer makes its own
		}
		if err != nil {
			return err
		}
	}
}
