package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"sansuiji/draw"
	"sansuiji/schema"

	"github.com/danielgtaylor/huma/v2"
)

// problemDocument is a fault on the wire (RFC 9457), in the person's language.
type problemDocument struct {
	Type       string   `json:"type" doc:"urn:sansuiji:problem: and the code"`
	Title      string   `json:"title"`
	Status     int      `json:"status"`
	Detail     string   `json:"detail,omitempty"`
	Code       string   `json:"code"`
	Advice     string   `json:"advice" doc:"What to do"`
	ServerTime int64    `json:"server_time" doc:"Unix milliseconds; tells a device how wrong its clock is"`
	Errors     []string `json:"errors,omitempty" doc:"Where exactly the request is wrong"`
}

func (d *problemDocument) Error() string  { return d.Code + ": " + d.Detail }
func (d *problemDocument) GetStatus() int { return d.Status }

// ContentType is the problem form of the type a client asked for.
func (d *problemDocument) ContentType(asked string) string {
	if strings.Contains(asked, "cbor") {
		return "application/problem+cbor"
	}
	return "application/problem+json"
}

// faultDocument turns errors into problem documents.
type faultDocument struct {
	faults map[string]schema.Fault
	log    *slog.Logger
	now    func() time.Time
}

func newFaultDocument(log *slog.Logger, now func() time.Time) *faultDocument {
	d := &faultDocument{map[string]schema.Fault{}, log, now}
	for _, f := range schema.Faults() {
		d.faults[f.Code] = f
	}
	return d
}

// install makes every error of the operations a problem document. The library
// keeps this setting for the whole program.
func (d *faultDocument) install() {
	huma.NewErrorWithContext = func(
		ctx huma.Context, status int, message string, errs ...error,
	) huma.StatusError {
		doc := d.of(ctx.Header("Accept-Language"), status, message, errs)
		if doc.Code == schema.FaultTooMany || doc.Code == schema.FaultGuessed {
			d.log.Warn("too many attempts", "path", ctx.URL().Path, "from", clip(ctx.Header("X-Real-IP")))
		}
		return doc
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return d.of("", status, message, errs)
	}
}

// of finds the fault in the errors, or the one that a bare status stands for.
func (d *faultDocument) of(language string, status int, message string, errs []error) *problemDocument {
	var fault *schema.FaultError
	if err := errors.Join(errs...); errors.As(err, &fault) {
		doc := d.document(language, fault.Code, fault.Detail, 0)
		if doc.Status >= http.StatusInternalServerError {
			d.failed(errors.Join(errs...))
		}
		return doc
	}
	if p := draw.ProblemOf(errors.Join(errs...)); p != nil {
		spoken := "zh"
		if strings.HasPrefix(strings.ToLower(language), "en") {
			spoken = "en"
		}
		return d.document(language, schema.FaultDraw, p.Say(spoken), 0)
	}
	code := codeOfStatus(status)
	if code == schema.FaultInternal {
		d.failed(errors.Join(errs...), "message", message)
		return d.document(language, code, "", 0)
	}
	doc := d.document(language, code, message, status)
	for _, err := range errs[:min(len(errs), errorsMax)] {
		doc.Errors = append(doc.Errors, describeError(err))
	}
	return doc
}

// failed logs what went wrong on our side. Who asked and went away, as phones do all day, is no failure.
func (d *faultDocument) failed(err error, more ...any) {
	level, message := slog.LevelError, "request failed"
	if errors.Is(err, context.Canceled) {
		level, message = slog.LevelInfo, "request broken off"
	}
	d.log.Log(context.Background(), level, message, append(more, "error", err)...)
}

// problem is a problem document as JSON.
func (d *faultDocument) problem(language string, err error) (status int, body []byte) {
	doc := d.of(language, http.StatusInternalServerError, "", []error{err})
	if body, err = json.Marshal(doc); err != nil {
		panic(err) // our own type
	}
	return doc.Status, body
}

// errorsMax is how many places one problem document names.
const errorsMax = 20

// describeError says where a request is wrong without sending it back.
func describeError(err error) string {
	var detail *huma.ErrorDetail
	if errors.As(err, &detail) {
		return detail.Location + ": " + detail.Message
	}
	return clip(err.Error())
}

// detailMax is how much a problem document says of one thing, in bytes.
const detailMax = 300

// clip makes a short text of what may quote a request.
func clip(s string) string { return strings.ToValidUTF8(s[:min(len(s), detailMax)], "") }

func (d *faultDocument) document(language, code, detail string, status int) *problemDocument {
	f := d.faults[code]
	if status == 0 {
		status = f.Status
	}
	doc := &problemDocument{
		Type: "urn:sansuiji:problem:" + code, Title: f.Title.Zh, Advice: f.Advice.Zh,
		Status: status, Detail: clip(detail), Code: code, ServerTime: d.now().UnixMilli(),
	}
	if strings.HasPrefix(strings.ToLower(language), "en") {
		doc.Title, doc.Advice = f.Title.En, f.Advice.En
	}
	return doc
}

// codeOfStatus is the fault that the library reports by status alone.
func codeOfStatus(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return schema.FaultTooLarge
	case http.StatusUnsupportedMediaType:
		return schema.FaultUnsupportedMedia
	case http.StatusNotAcceptable:
		return schema.FaultNotAcceptable
	case http.StatusMethodNotAllowed:
		return schema.FaultMethod
	case http.StatusNotFound:
		return schema.FaultNotFound
	case http.StatusUnauthorized:
		return schema.FaultUnauthorised
	case http.StatusForbidden:
		return schema.FaultForbidden
	case http.StatusServiceUnavailable, http.StatusRequestTimeout:
		return schema.FaultBusy
	}
	if status >= http.StatusInternalServerError {
		return schema.FaultInternal
	}
	return schema.FaultBadRequest
}
