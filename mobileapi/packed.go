package mobileapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"sansuiji/schema"
)

// PackedPusher accepts entries in their packed form (syncengine/packing).
type PackedPusher interface {
	// PushPacked may answer that the plain form is wanted.
	PushPacked(ctx context.Context, d PackedDelivery) (schema.Receipt, error)
}

// PackedDelivery is a packed push and who brings it.
type PackedDelivery struct {
	Caller Caller
	Device schema.DeviceID // the author
	Epoch  schema.Epoch    // of headquarters' last answer to the carrier
	Body   []byte          // packing.Body
	Held   schema.Epoch    // of the newest checkpoint that the carrier holds
	Sizes  []uint64        // of all checkpoints that it holds
}

type packedInput struct {
	Device  string   `query:"device" doc:"The author; the caller if it is left out"`
	Epoch   string   `query:"epoch" doc:"Epoch of headquarters' last answer. If another has begun, entries are refused with cursor-ahead, as with a plain push"`
	Size    []uint64 `query:"size" maxItems:"20" doc:"Sizes of all checkpoints that the device holds: the proof starts at one of them"`
	Held    string   `query:"held" doc:"Epoch of the newest checkpoint that the device holds"`
	RawBody []byte   `contentType:"application/octet-stream"`
}

func registerPacked(api huma.API, pusher PackedPusher) {
	op := operation(http.MethodPost, "/api/v1/push/packed", "push-packed",
		"Push entries in their packed form")
	op.Description = "The body is the signature (64 bytes) and the packed run, see docs/PROTOCOL.md."
	op.Security = bearer
	huma.Register(api, op, func(ctx context.Context, in *packedInput) (*pushOutput, error) {
		d := PackedDelivery{Caller: callerOf(ctx), Body: in.RawBody, Sizes: in.Size}
		d.Device = d.Caller.Device
		var err error
		if in.Device != "" {
			d.Device, err = schema.ParseID[schema.DeviceID](in.Device)
		}
		if in.Epoch != "" && err == nil {
			d.Epoch, err = schema.ParseID[schema.Epoch](in.Epoch)
		}
		if in.Held != "" && err == nil {
			d.Held, err = schema.ParseID[schema.Epoch](in.Held)
		}
		if err != nil {
			return nil, schema.NewFault(schema.FaultBadRequest, err.Error())
		}
		receipt, err := pusher.PushPacked(ctx, d)
		if err != nil {
			return nil, err
		}
		return &pushOutput{NewPushAnswer(&receipt)}, nil
	})
}
