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
	Push(ctx context.Context, push chain.Push) (schema.Receipt, error)
}

// PushRequest is a run of one device's entries. The device in it is the author;
// the one in the token is the carrier, who may be another.
type PushRequest struct {
	CampaignID string   `json:"campaign_id" format:"uuid"`
	DeviceID   string   `json:"device_id" format:"uuid" doc:"The author"`
	Entries    []Octets `json:"entries" maxItems:"5000" doc:"Canonical bytes, seq rising by one; none at all asks what is wanted next"`
	Signature  Octets   `json:"signature,omitempty" doc:"By the author's key over the last entry's head"`
	Checkpoint string   `json:"checkpoint,omitempty" maxLength:"4096" doc:"The newest checkpoint of headquarters' history that the carrier holds"`
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
		push, err := in.Body.Push(callerOf(ctx))
		if err != nil {
			return nil, err
		}
		receipt, err := pusher.Push(ctx, push)
		if err != nil {
			return nil, err
		}
		return &pushOutput{NewPushAnswer(&receipt)}, nil
	})
}

// NewPushAnswer is a receipt as it goes over the wire.
func NewPushAnswer(r *schema.Receipt) PushAnswer {
	return PushAnswer{Epoch: r.Epoch.String(), Clock: strconv.FormatUint(r.Clock, 10), Receipt: *r}
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
