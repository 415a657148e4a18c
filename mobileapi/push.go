package mobileapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
)

// EntriesMax is how many entries one push may bring.
const EntriesMax = 5000

// Pusher accepts entries. Every entry it answers for is durable.
type Pusher interface {
	Push(ctx context.Context, d Delivery) (schema.Receipt, error)
}

// Delivery is a push and what its carrier knows of headquarters.
type Delivery struct {
	chain.Push
	Carrier    schema.DeviceID
	Checkpoint string
	Sizes      []uint64
	Facts      []KnownState
}

// KnownState is a Fact whose ids were read.
type KnownState struct {
	Epoch    schema.Epoch
	Revision uint64
	Heads    []schema.DeviceHead
}

// PushRequest is a run of one device's entries. The device in it is the author;
// the one in the token is the carrier, who may be another.
type PushRequest struct {
	CampaignID string   `json:"campaign_id" format:"uuid"`
	DeviceID   string   `json:"device_id" format:"uuid" doc:"The author"`
	Entries    []Octets `json:"entries" maxItems:"5000" doc:"Canonical bytes, seq rising by one; none at all asks what is wanted next"`
	Signature  Octets   `json:"signature,omitempty" doc:"By the author's key over the last entry's head"`
	Checkpoint string   `json:"checkpoint,omitempty" maxLength:"4096" doc:"The newest checkpoint of headquarters' history that the carrier holds"`
	Sizes      []uint64 `json:"sizes,omitempty" maxItems:"20" doc:"Sizes of all checkpoints that the carrier holds: the proof starts at one of them"`
	Facts      []Fact   `json:"facts,omitempty" maxItems:"10000" doc:"What the carrier knows of earlier epochs; sent once headquarters' epoch has changed"`
}

// FactsMax is how many facts one push may bring.
const FactsMax = 10_000

// Fact says which entries headquarters' state at a revision of an epoch held.
type Fact struct {
	Epoch    string       `json:"epoch" format:"uuid"`
	Revision uint64       `json:"revision"`
	Heads    []DeviceHead `json:"heads" maxItems:"10000"`
}

// DeviceHead says that a device's entries up to Seq are there.
type DeviceHead struct {
	DeviceID string `json:"device_id" format:"uuid"`
	Seq      uint64 `json:"seq"`
}

// PushAnswer says what became of each entry.
type PushAnswer struct {
	Epoch string `json:"epoch" format:"uuid"`
	Clock string `json:"clock" pattern:"^[0-9]+$" doc:"Headquarters' hybrid time, a decimal number of 64 bits; the device's next time is higher"`
	schema.Receipt
	Witnessed
}

// Witnessed is what lets a device see that headquarters forgets nothing. All of
// it is optional.
type Witnessed struct {
	Checkpoint string   `json:"checkpoint,omitempty" doc:"Signed note: size and root hash of headquarters' history"`
	From       uint64   `json:"from,omitempty" doc:"The size that the proof starts at"`
	Proof      []Octets `json:"proof,omitempty" doc:"Hashes of 32 bytes: that the checkpoint continues the one the device named"`
	BackedUp   uint64   `json:"backed_up,omitempty" doc:"The author's entries up to this seq are in a backup"`
}

type pushInput struct {
	Body PushRequest
}

type pushOutput struct {
	Body PushAnswer
}

func registerPush(api huma.API, pusher Pusher) {
	op := operation(http.MethodPost, "/api/v1/push", "push", "Push entries")
	op.Security = bearer
	huma.Register(api, op, func(ctx context.Context, in *pushInput) (*pushOutput, error) {
		delivery, err := in.Body.Delivery(callerOf(ctx))
		if err != nil {
			return nil, err
		}
		receipt, err := pusher.Push(ctx, delivery)
		if err != nil {
			return nil, err
		}
		return &pushOutput{NewPushAnswer(&receipt)}, nil
	})
}

// NewPushAnswer is a receipt as it goes over the wire.
func NewPushAnswer(r *schema.Receipt) PushAnswer {
	return PushAnswer{
		Epoch: r.Epoch.String(), Clock: strconv.FormatUint(r.Clock, 10), Receipt: *r,
		Witnessed: witnessed(&r.Witness),
	}
}

func witnessed(w *schema.Witness) Witnessed {
	out := Witnessed{Checkpoint: w.Checkpoint, From: w.From, BackedUp: w.BackedUp}
	for _, hash := range w.Proof {
		out.Proof = append(out.Proof, hash)
	}
	return out
}

// Delivery is what a request of a caller brings.
func (r *PushRequest) Delivery(caller Caller) (Delivery, error) {
	push, err := r.Push(caller)
	if err != nil {
		return Delivery{}, err
	}
	d := Delivery{Push: push, Carrier: caller.Device, Checkpoint: r.Checkpoint, Sizes: r.Sizes}
	for i := range r.Facts {
		state, err := r.Facts[i].read()
		if err != nil {
			return d, schema.NewFault(schema.FaultBadRequest, err.Error())
		}
		d.Facts = append(d.Facts, state)
	}
	return d, nil
}

func (f *Fact) read() (KnownState, error) {
	state := KnownState{Revision: f.Revision}
	var err error
	if state.Epoch, err = schema.ParseID[schema.Epoch](f.Epoch); err != nil {
		return state, err
	}
	for _, h := range f.Heads {
		device, err := schema.ParseID[schema.DeviceID](h.DeviceID)
		if err != nil {
			return state, err
		}
		state.Heads = append(state.Heads, schema.DeviceHead{Device: device, Seq: h.Seq})
	}
	return state, nil
}

// Push is the push that a request of a caller brings.
func (r *PushRequest) Push(caller Caller) (chain.Push, error) {
	campaign, err := schema.ParseID[schema.CampaignID](r.CampaignID)
	if err != nil {
		return chain.Push{}, schema.NewFault(schema.FaultBadRequest, err.Error())
	}
	device, err := schema.ParseID[schema.DeviceID](r.DeviceID)
	if err != nil {
		return chain.Push{}, schema.NewFault(schema.FaultBadRequest, err.Error())
	}
	if campaign != caller.Campaign {
		return chain.Push{}, schema.NewFault(schema.FaultWrongCampaign, r.CampaignID)
	}
	push := chain.Push{
		Campaign: campaign, Device: device, Signature: r.Signature, Entries: make([][]byte, len(r.Entries)),
	}
	for i := range r.Entries {
		push.Entries[i] = r.Entries[i]
	}
	return push, nil
}
