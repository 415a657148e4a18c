package device

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/packing"
)

// Packer is a transport that takes pushes in their packed form too.
type Packer interface {
	PushPacked(
		ctx context.Context, token string, d mobileapi.PackedDelivery,
	) (mobileapi.PushAnswer, error)
}

// sendPacked sends a run in its packed form. False says that the plain form has to
// go: because headquarters wants it, the way does not know the packed one, or there
// is more to tell than entries.
func (d *Device) sendPacked(
	ctx context.Context, request *mobileapi.PushRequest, run []Entry,
) (answer *mobileapi.PushAnswer, sent bool, err error) {
	way, err := d.transport()
	if err != nil {
		return nil, false, err
	}
	packer, ok := way.(Packer)
	if !ok || len(run) == 0 || len(request.Facts) > 0 {
		return nil, false, nil
	}
	delivery, err := d.packed(request, run)
	if err != nil || delivery == nil {
		return nil, false, err
	}
	err = d.withToken(ctx, func(_ Transport, token string) error {
		d.at(PushBeforeSend)
		got, err := packer.PushPacked(ctx, token, *delivery)
		answer = &got
		return err
	})
	switch schema.FaultCode(err) {
	case schema.FaultPlainWanted, schema.FaultBadRequest, schema.FaultNotFound,
		schema.FaultMethod: // an older headquarters does not know it at all
		return nil, false, nil
	}
	if err == nil {
		d.at(PushAfterAnswer)
	}
	return answer, err == nil, err
}

// packed makes the packed form of a run; nil where it has none, or where an alarm
// wants the newest checkpoint to be shown, which only the plain form brings.
func (d *Device) packed(
	request *mobileapi.PushRequest, run []Entry,
) (*mobileapi.PackedDelivery, error) {
	d.db.mu.Lock()
	defer d.db.mu.Unlock()
	alarm, err := d.db.alarm()
	if err != nil || alarm != nil {
		return nil, err
	}
	who, err := d.identity()
	if err != nil {
		return nil, err
	}
	place := packing.Place{Campaign: who.Campaign, Device: who.Device}
	before, err := d.db.entries("seq < ? AND seq >= ? ORDER BY seq", int64(run[0].Seq),
		int64(run[0].Seq)-packing.BeforeMax)
	if err != nil {
		return nil, err
	}
	for i := range before {
		place.Before = append(place.Before, before[i].Bytes)
	}
	if n := len(before); n > 0 {
		place.Previous = before[n-1].Hash
	} else {
		place.Previous = chain.Genesis(who.Campaign, who.Device, who.PublicKey)
	}
	entries := make([][]byte, len(run))
	for i := range run {
		entries[i] = run[i].Bytes
	}
	body := packing.Body{}
	if body.Packed, err = packing.Pack(entries, d.Catalogue, place); err != nil {
		if errors.Is(err, packing.ErrLimit) || errors.Is(err, packing.ErrNoRun) {
			return nil, nil //nolint:nilnil // the plain form goes
		}
		return nil, fmt.Errorf("pack entries: %w", err)
	}
	body.Signature = request.Signature
	bytes, err := body.Bytes()
	if err != nil {
		return nil, fmt.Errorf("pack entries: %w", err)
	}
	delivery := &mobileapi.PackedDelivery{
		Caller: mobileapi.Caller{Campaign: who.Campaign, Device: who.Device},
		Device: who.Device, Epoch: request.Epoch, Body: bytes,
	}
	newest, sizes, err := d.db.holding()
	if newest != nil {
		delivery.Held, delivery.Sizes = newest.Epoch, sizes
	}
	return delivery, err
}
