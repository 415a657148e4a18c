// Package mobileapi is what devices may say to headquarters: enrol, ask for a
// token, push, pull. Handlers decode, call one method and encode; what they need
// of the server they state here as small interfaces, which cmd/sansuiji joins.
// docs/PROTOCOL.md describes the wire for people who write another client.
package mobileapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"sansuiji/schema"
)

// Server is what the handlers need.
type Server struct {
	Enroller Enroller
	Tokens   Tokens
	Pusher   Pusher
	Packed   PackedPusher
	Puller   Puller
	Photos   Photos
	Maps     Maps
	Contacts Contacts
}

// Tokens exchanges assertions for access tokens and checks the latter.
type Tokens interface {
	// Exchange takes an assertion signed by a device's key (RFC 7523).
	Exchange(ctx context.Context, assertion string) (Token, error)
	// Device tells whose an access token is.
	Device(ctx context.Context, accessToken string) (Caller, error)
}

// Caller is an authenticated device.
type Caller struct {
	Campaign schema.CampaignID
	Device   schema.DeviceID
	Leaving  bool // it is to wipe itself: it may bring what it has, and gets nothing
}

// Register adds the operations to api.
func Register(api huma.API, s Server) {
	registerEnrol(api, s.Enroller)
	registerToken(api, s.Tokens)
	devices := huma.NewGroup(api)
	devices.UseMiddleware(authenticate(api, s.Tokens))
	registerPush(devices, s.Pusher)
	registerPacked(devices, s.Packed)
	registerPhotos(devices, s.Photos)
	registerContact(devices, s.Contacts)
	staying := huma.NewGroup(devices)
	staying.UseMiddleware(stay(api))
	registerPull(staying, s.Puller)
	registerMap(staying, s.Maps)
}

type callerKey struct{}

// authenticate lets only requests with a valid access token pass.
func authenticate(api huma.API, tokens Tokens) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		token, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
		if !ok {
			refuse(api, ctx, schema.NewFault(schema.FaultUnauthorised, "no bearer token"))
			return
		}
		caller, err := tokens.Device(ctx.Context(), token)
		if err != nil {
			refuse(api, ctx, err)
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller))
	}
}

// stay gives nothing to a device that is to wipe itself.
func stay(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if callerOf(ctx.Context()).Leaving {
			refuse(api, ctx, schema.NewFault(schema.FaultWipeOrdered, ""))
			return
		}
		next(ctx)
	}
}

func callerOf(ctx context.Context) Caller {
	caller, ok := ctx.Value(callerKey{}).(Caller)
	if !ok {
		panic("mobileapi: handler without authentication")
	}
	return caller
}

// operation describes one operation of the devices' side.
func operation(method, path, id, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary,
		Tags: []string{"device"}, MaxBodyBytes: BodyMax, BodyReadTimeout: bodyTimeout,
	}
}

// refuse answers with the problem document of err, and how to do better (RFC 9110
// §11.6.1).
func refuse(api huma.API, ctx huma.Context, err error) {
	if schema.FaultCode(err) == schema.FaultUnauthorised {
		ctx.SetHeader("WWW-Authenticate", "Bearer")
	}
	_ = huma.WriteErr(api, ctx, http.StatusInternalServerError, "", err) // it reports its own failure
}

// bodyTimeout is how long a body may take to arrive: phones upload over slow
// lines. None at all would let one hold a connection for ever.
const bodyTimeout = 5 * time.Minute

// BodyMax is the size of one request's body, unpacked.
const BodyMax = 32 << 20

var bearer = []map[string][]string{{"device": {}}}
