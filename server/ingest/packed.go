package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/packing"
)

// PackedDelivery is a push in its packed form.
type PackedDelivery struct {
	Campaign schema.CampaignID
	Device   schema.DeviceID // the author
	Epoch    schema.Epoch    // of headquarters' last answer to the carrier; zero: not told
	Body     []byte          // packing.Body
	Held     Holding
}

// ReceivePacked unpacks a push where its entries join what headquarters has, and
// accepts it. What does not fit there is asked for in the plain form, which tells
// why.
func (s *Service) ReceivePacked(ctx context.Context, d PackedDelivery) (schema.Receipt, error) {
	body, err := packing.ReadBody(d.Body)
	if err != nil {
		return schema.Receipt{}, schema.NewFault(schema.FaultBadRequest, err.Error())
	}
	start, err := packing.ReadStart(body.Packed)
	if err != nil {
		return schema.Receipt{}, packedFault(err)
	}
	push := chain.Push{Campaign: d.Campaign, Device: d.Device, Signature: body.Signature[:]}
	err = s.Store.Read(ctx, d.Campaign, func(v store.View) error {
		if err := upToDate(d.Epoch, &v.State); err != nil {
			return err
		}
		if d.Held.tellsMore(&v.State) {
			return schema.NewFault(schema.FaultPlainWanted, "the checkpoint is wanted")
		}
		place, err := s.place(ctx, v, &d, &start)
		if err != nil {
			return err
		}
		push.Entries, err = packing.Unpack(body.Packed, s.Catalogue, place)
		return packedFault(err)
	})
	if err != nil {
		return schema.Receipt{}, fmt.Errorf("unpack push of %s: %w", d.Device, err)
	}
	receipt, err := s.push(ctx, &push, true)
	if err != nil {
		return receipt, err
	}
	err = s.Store.Read(ctx, d.Campaign, func(v store.View) error {
		return s.witness(ctx, &v, &d.Held, &receipt.Witness)
	})
	return receipt, err
}

// tellsMore says whether a device holds a checkpoint of another life of headquarters
// than this, or of a longer history: the plain form brings what it knows of that.
func (h *Holding) tellsMore(state *store.State) bool {
	switch h.Epoch {
	case schema.Epoch{}:
		return false
	case state.Epoch:
		return len(h.Sizes) > 0 && slices.Max(h.Sizes) > state.Position
	}
	return true
}

// packedFault is the fault of what packing says.
func packedFault(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, packing.ErrVersion), errors.Is(err, packing.ErrPlace):
		return schema.NewFault(schema.FaultPlainWanted, err.Error())
	case errors.Is(err, packing.ErrLimit):
		return schema.NewFault(schema.FaultTooLarge, err.Error())
	default:
		return schema.NewFault(schema.FaultBadRequest, err.Error())
	}
}

// place finds where a run joins its author's chain.
func (s *Service) place(
	ctx context.Context, v store.View, d *PackedDelivery, start *packing.Start,
) (packing.Place, error) {
	p := packing.Place{Campaign: d.Campaign, Device: d.Device}
	if start.Seq == 1 {
		var spki []byte
		err := v.QueryRowContext(ctx, `SELECT public_key FROM device WHERE campaign_no = $1 AND id = $2`,
			v.CampaignNo, d.Device[:]).Scan(&spki)
		if errors.Is(err, sql.ErrNoRows) {
			return p, schema.NewFault(schema.FaultForbidden, "the author is not enrolled")
		}
		p.Previous = chain.Genesis(d.Campaign, d.Device, spki)
		return p, err
	}
	before := max(start.Before, 1)
	entries, err := store.List(ctx, v, func(row store.Scanner) (b []byte, err error) {
		return b, row.Scan(&b)
	}, fmt.Sprintf(`SELECT h.entry FROM author a
		JOIN history h ON h.campaign_no = a.campaign_no AND h.author = a.no
		WHERE a.campaign_no = $1 AND a.device_id = $2 AND h.seq < $3 AND h.seq >= $4
		ORDER BY h.seq LIMIT %d`, packing.BeforeMax), v.CampaignNo, d.Device[:], int64(start.Seq),
		int64(start.Seq)-int64(before))
	if err != nil {
		return p, err
	}
	if len(entries) < before {
		return p, schema.NewFault(schema.FaultGap, fmt.Sprintf("entry %d is not here", start.Seq-1))
	}
	p.Previous = chain.HashBytes(entries[len(entries)-1])
	if start.Before > 0 {
		p.Before = entries
	}
	return p, nil
}
