package mobileapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Contacts keeps what devices say of themselves.
type Contacts interface {
	// Note keeps a report.
	Note(ctx context.Context, caller Caller, report Report) error
	// Wiped takes down that a device has wiped itself, as it was told.
	Wiped(ctx context.Context, caller Caller, lost Lost) error
}

// Report is what a device says of itself, for people who wonder what is still out there.
type Report struct {
	Version        string `json:"app_version" maxLength:"50" doc:"Of the device's program"`
	Unsent         int64  `json:"unsent" minimum:"0" doc:"Entries that headquarters has not acknowledged"`
	OldestUnsentAt *int64 `json:"oldest_unsent_at,omitempty" doc:"When the oldest of them was made, Unix milliseconds by the device's clock"`
	LogSize        int64  `json:"log_size" minimum:"0" doc:"Size of the log of the history by the newest checkpoint that the device holds"`
}

// Lost is what a device had not brought when it wiped itself.
type Lost struct {
	Entries     int64 `json:"entries" minimum:"0" doc:"Entries that headquarters had not acknowledged"`
	Attachments int64 `json:"attachments" minimum:"0" doc:"Attachments whose bytes headquarters did not have"`
}

// ContactNoted answers a report.
type ContactNoted struct {
	WipeOrdered bool `json:"wipe_ordered" doc:"The device is to bring what it has, to wipe itself, and to say that it did"`
}

type reportInput struct {
	Body Report
}

type reportOutput struct {
	Body ContactNoted
}

type wipedInput struct {
	Body Lost
}

func registerContact(api huma.API, contacts Contacts) {
	op := operation(http.MethodPost, "/api/v1/contact", "contact", "Say how the device stands")
	op.Security = bearer
	huma.Register(api, op, func(ctx context.Context, in *reportInput) (*reportOutput, error) {
		caller := callerOf(ctx)
		return &reportOutput{ContactNoted{caller.Leaving}}, contacts.Note(ctx, caller, in.Body)
	})
	op = operation(http.MethodPost, "/api/v1/wiped", "wiped", "Say that the device has wiped itself, as it was told")
	op.Security = bearer
	huma.Register(api, op, func(ctx context.Context, in *wipedInput) (*struct{}, error) {
		return nil, contacts.Wiped(ctx, callerOf(ctx), in.Body)
	})
}
