package mobileapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"sansuiji/schema"
)

// Puller answers pulls.
type Puller interface {
	Pull(ctx context.Context, request PullRequest) (schema.Page, error)
}

// PullRequest asks for what changed after a cursor. What a device may hold is
// decided by headquarters; the scopes asked for only narrow it.
type PullRequest struct {
	Caller Caller
	Scopes []string      // empty: all the device may hold
	After  uint64        // revision; 0: from the start
	Epoch  *schema.Epoch // of the cursor
	Schema int           // the device's schema version
	Limit  int           // rows
	Held   schema.Epoch  // of the newest checkpoint that the device holds
	Sizes  []uint64      // of all checkpoints that it holds
}

type pullInput struct {
	Scope  []string `query:"scope" maxItems:"64" doc:"Scopes to pull: campaign, team:<id>; none: all the device may hold"`
	After  uint64   `query:"after" doc:"Cursor: next of the last answer; 0 pulls from the start"`
	Epoch  string   `query:"epoch" doc:"Epoch the cursor belongs to; needed when after is not 0"`
	Schema int      `query:"schema" default:"1" minimum:"1" doc:"Schema version of the device's tables"`
	Limit  int      `query:"limit" default:"5000" minimum:"1" maximum:"20000" doc:"Rows in one answer"`
	Size   []uint64 `query:"size" maxItems:"20" doc:"Sizes of all checkpoints that the device holds: the proof starts at one of them"`
	Held   string   `query:"held" doc:"Epoch of the newest checkpoint that the device holds"`
}

// PullAnswer is a page of changed rows.
type PullAnswer struct {
	Epoch    string   `json:"epoch" format:"uuid"`
	Scopes   []string `json:"scopes" doc:"What the device must hold; a scope it lacks is pulled from 0, rows of others are dropped"`
	Patchset Octets   `json:"patchset" doc:"SQLite patchset: full rows as INSERT, to be applied with REPLACE; DELETE for rows that left"`
	Rows     int      `json:"rows"`
	Next     uint64   `json:"next" doc:"Cursor for the next pull"`
	More     bool     `json:"more" doc:"Pull again at once; only when false has the device seen all up to next"`
	Total    int      `json:"total" doc:"Rows still to come, this page included"`
	Clock    string   `json:"clock" pattern:"^[0-9]+$" doc:"Headquarters' hybrid time, a decimal number of 64 bits"`

	Heads    []DeviceHead `json:"heads,omitempty" doc:"Devices whose newest entries were merged after the cursor and up to next, and up to which seq the rows have them"`
	Disputed []uint64     `json:"disputed,omitempty" doc:"The device's own entries, by seq, with writes that compete in open conflicts over rows of this page"`
	Witnessed
}

type pullOutput struct {
	Body PullAnswer
}

func registerPull(api huma.API, puller Puller) {
	op := operation(http.MethodGet, "/api/v1/pull", "pull", "Pull changed rows")
	op.Security = bearer
	huma.Register(api, op, func(ctx context.Context, in *pullInput) (*pullOutput, error) {
		request := PullRequest{
			Caller: callerOf(ctx), Scopes: in.Scope, After: in.After, Schema: in.Schema, Limit: in.Limit,
			Sizes: in.Size,
		}
		if in.Held != "" {
			held, err := schema.ParseID[schema.Epoch](in.Held)
			if err != nil {
				return nil, schema.NewFault(schema.FaultBadRequest, err.Error())
			}
			request.Held = held
		}
		if in.Epoch != "" {
			epoch, err := schema.ParseID[schema.Epoch](in.Epoch)
			if err != nil {
				return nil, schema.NewFault(schema.FaultBadRequest, err.Error())
			}
			request.Epoch = &epoch
		}
		page, err := puller.Pull(ctx, request)
		if err != nil {
			return nil, err
		}
		return &pullOutput{NewPullAnswer(&page)}, nil
	})
}

// NewPullAnswer is a page as it goes over the wire.
func NewPullAnswer(p *schema.Page) PullAnswer {
	answer := PullAnswer{
		Epoch: p.Epoch.String(), Scopes: p.Scopes, Patchset: p.Patchset, Rows: p.Rows,
		Next: p.Next, More: p.More, Total: p.Total, Clock: strconv.FormatUint(p.Clock, 10),
		Witnessed: witnessed(&p.Witness), Disputed: p.Disputed,
	}
	for _, h := range p.Heads {
		answer.Heads = append(answer.Heads, DeviceHead{DeviceID: h.Device.String(), Seq: h.Seq})
	}
	return answer
}
