package mobileapi

import (
	"context"
	"net/http"
	"net/url"

	"sansuiji/schema"

	"github.com/danielgtaylor/huma/v2"
)

// Token is an access token (RFC 6749 §5.1).
type Token struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type" enum:"Bearer"`
	ExpiresIn   int    `json:"expires_in" doc:"Seconds"`
	ServerTime  int64  `json:"server_time" doc:"Unix milliseconds"`
	BundleKey   string `json:"bundle_key,omitempty" doc:"The age recipient that a bundle for headquarters is sealed to"`
	WipeOrdered bool   `json:"wipe_ordered,omitempty" doc:"The device is to bring what it has, to wipe itself, and to say that it did"`
}

// grantType is the only grant there is (RFC 7523 §2.1).
const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"

type tokenInput struct {
	RawBody []byte `contentType:"application/x-www-form-urlencoded"`
}

type tokenOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Token
}

func registerToken(api huma.API, tokens Tokens) {
	op := operation(http.MethodPost, "/api/v1/token", "token",
		"Exchange an assertion signed by the device's key for an access token")
	op.Description = "Form fields grant_type=" + grantType + " and assertion (RFC 7523)."
	op.MaxBodyBytes = 16 << 10
	huma.Register(api, op, func(ctx context.Context, in *tokenInput) (*tokenOutput, error) {
		form, err := url.ParseQuery(string(in.RawBody))
		if err != nil || form.Get("grant_type") != grantType {
			return nil, schema.NewFault(schema.FaultBadRequest, "grant_type must be "+grantType)
		}
		token, err := tokens.Exchange(ctx, form.Get("assertion"))
		return &tokenOutput{"no-store", token}, err
	})
}
