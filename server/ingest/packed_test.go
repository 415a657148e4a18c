package ingest_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/packing"
)

func TestAPackedPushOfACarrierThatKnowsAnotherEpochIsRefused(t *testing.T) {
	w := ingesttest.New(t)
	p := w.Enrol(0)
	p.Pull()
	epoch := p.Facts[len(p.Facts)-1].Epoch
	p.Save(func(b *edit.Builder) { p.Finding(b, schema.NewRowID(), w.Visits[0], "minor") })
	push := p.Take()
	packed, err := packing.Pack(push.Entries, w.Catalogue, packing.Place{
		Campaign: push.Campaign, Device: push.Device,
		Previous: chain.Genesis(push.Campaign, push.Device, p.PublicKey),
	})
	must(t, err)
	body := packing.Body{Signature: push.Signature, Packed: packed}
	bytes, err := body.Bytes()
	must(t, err)
	d := ingest.PackedDelivery{
		Campaign: push.Campaign, Device: push.Device, Epoch: schema.Epoch{1}, Body: bytes,
	}
	if _, err := w.Service.ReceivePacked(t.Context(), d); schema.FaultCode(err) != schema.FaultCursorAhead {
		t.Errorf("refused for %v", err)
	}
	d.Epoch, d.Held = epoch, ingest.Holding{Epoch: schema.Epoch{1}, Sizes: []uint64{1}}
	if _, err := w.Service.ReceivePacked(t.Context(), d); schema.FaultCode(err) != schema.FaultPlainWanted {
		t.Errorf("refused for %v", err)
	}
	d.Held = ingest.Holding{}
	r, err := w.Service.ReceivePacked(t.Context(), d)
	must(t, err)
	if len(r.Entries) != 1 || r.Entries[0].Outcome != schema.Merged {
		t.Errorf("%+v", r.Entries)
	}
}
