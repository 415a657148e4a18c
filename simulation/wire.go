package simulation

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/syncengine/sim"
	"sansuiji/syncengine/translog"

	"github.com/fxamacker/cbor/v2"
	"golang.org/x/mod/sumdb/tlog"
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
	return exchange[mobileapi.PushAnswer](w, "push", token, r)
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

// witness judges checkpoints by package translog.
type witness struct{ w *world }

var errAlarm = errors.New("the history is not continued")

// Judge compares a checkpoint with the newest held.
func (j *witness) Judge(held, fresh device.Checkpoint, proof [][]byte) error {
	key, ok := j.w.key.Public().(ed25519.PublicKey)
	if !ok {
		panic("simulation: headquarters' key is not Ed25519")
	}
	log := translog.Log{Campaign: j.w.campaign, Key: key}
	var kept []translog.Checkpoint
	if held.Text != "" {
		c, err := translog.OpenCheckpoint(held.Text, log.Campaign, log.Key)
		if err != nil {
			return err
		}
		kept = append(kept, c)
	}
	answer := translog.Answer{Signed: fresh.Text, From: held.Size}
	for _, h := range proof {
		answer.Proof = append(answer.Proof, tlog.Hash(h))
	}
	switch verdict, _, err := log.Judge(kept, &answer); verdict {
	case translog.Consistent, translog.Grown, translog.NewEpoch:
		return nil
	case translog.RolledBack, translog.Forked, translog.Unverifiable:
		return fmt.Errorf("%w: %s: %w", errAlarm, verdict, err)
	}
	return errAlarm
}
