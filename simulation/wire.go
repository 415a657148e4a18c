package simulation

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/sim"

	"github.com/fxamacker/cbor/v2"
)

// wire is a phone's way to headquarters: requests and answers are bytes.
type wire struct{ p *phone }

// Audience is headquarters' address.
func (*wire) Audience() string { return "inside/api/v1/token" }

// Enrol asks to be let in.
func (w *wire) Enrol(_ context.Context, r mobileapi.EnrolRequest) (mobileapi.Enrolment, error) {
	return exchange[mobileapi.Enrolment](w, "enrol", "", r)
}

// Token asks for a token.
func (w *wire) Token(_ context.Context, assertion string) (mobileapi.Token, error) {
	return exchange[mobileapi.Token](w, "token", "", assertion)
}

// Push sends entries.
func (w *wire) Push(
	_ context.Context, token string, r mobileapi.PushRequest,
) (mobileapi.PushAnswer, error) {
	return exchange[mobileapi.PushAnswer](w, "push", token, pushMessage{r, r.Epoch})
}

// pushMessage is a push with the parameter of its address.
type pushMessage struct {
	mobileapi.PushRequest
	Known schema.Epoch `json:"known"`
}

// Pull asks for rows, and notes what headquarters had then.
func (w *wire) Pull(
	_ context.Context, token string, r mobileapi.PullRequest,
) (mobileapi.PullAnswer, error) {
	answer, err := exchange[mobileapi.PullAnswer](w, "pull", token, r)
	if err == nil {
		w.p.complete, w.p.pulled = !answer.More, w.p.w.truth.now()
	}
	return answer, err
}

func exchange[A any](w *wire, path, token string, request any) (answer A, err error) {
	body, err := cbor.Marshal(request)
	if err != nil {
		return answer, fmt.Errorf("write request: %w", err)
	}
	world, m := w.p.w, sim.Message{Path: path, Token: token, Body: body}
	b, err := world.network.Send(m, world.fate(), world.hq.serve)
	if err == nil {
		err = cbor.Unmarshal(b, &answer)
	}
	var refusal *device.Refusal
	if err != nil && !errors.As(err, &refusal) {
		err = fmt.Errorf("%w: %w", device.ErrOffline, err)
	}
	return answer, err
}
