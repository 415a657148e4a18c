package device

import (
	"context"
	"errors"
	"fmt"

	"sansuiji/mobileapi"
	"sansuiji/schema"
)

// Transport reaches headquarters. An error is a *Refusal (or a schema.FaultError)
// where headquarters refused, wraps ErrOffline where it did not answer, and is
// anything else only for bugs.
type Transport interface {
	// Audience is the address of headquarters' token endpoint, which assertions
	// are made out to.
	Audience() string
	Enrol(ctx context.Context, request mobileapi.EnrolRequest) (mobileapi.Enrolment, error)
	Token(ctx context.Context, assertion string) (mobileapi.Token, error)
	Push(ctx context.Context, token string, request mobileapi.PushRequest) (mobileapi.PushAnswer, error)
	// Pull asks with a request whose Caller is left to the receiver.
	Pull(ctx context.Context, token string, request mobileapi.PullRequest) (mobileapi.PullAnswer, error)
}

// ErrOffline says that headquarters did not answer, or something in between
// answered for it.
var ErrOffline = errors.New("headquarters does not answer")

// Refusal is headquarters' problem document (RFC 9457).
type Refusal struct {
	Code       string `json:"code"` // of the fault list, or "" for an answer that is no document of ours
	Status     int    `json:"status"`
	Title      string `json:"title"`
	Detail     string `json:"detail"`
	ServerTime int64  `json:"server_time,omitempty"` // Unix milliseconds; 0: not told
}

func (r *Refusal) Error() string {
	return fmt.Sprintf("headquarters refuses: %d %s %s", r.Status, r.Code, r.Detail)
}

// Unwrap is the fault of the list.
func (r *Refusal) Unwrap() error {
	if r.Code == "" {
		return nil
	}
	return schema.NewFault(r.Code, r.Detail)
}

// foreign says that an answer is not what the protocol says.
func foreign(format string, args ...any) error {
	return fmt.Errorf("read answer: "+format, args...)
}

// transport is the way to headquarters, if there is one.
func (d *Device) transport() (Transport, error) {
	if d.Transport == nil {
		return nil, ErrOffline
	}
	return d.Transport, nil
}
