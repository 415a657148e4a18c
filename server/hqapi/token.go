package hqapi

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

// Tokens lets people's programs in.
type Tokens interface {
	MakeToken(ctx context.Context, login string, n identity.NewAPIToken) (string, error)
	Tokens(ctx context.Context, login string) ([]identity.APIToken, error)
	RevokeToken(ctx context.Context, login string, id schema.RowID) error
	TokenAccount(ctx context.Context, text string) (identity.Account, identity.APIToken, error)
}

// personsOnly are the operations that no token may ask for, whatever its scopes: who may
// do what, what is sealed, and what chance or trust rests on.
var personsOnly = []string{
	"change-password", "own-sessions", "end-own-session", "begin-authenticator", "confirm-authenticator", "remove-authenticator",
	"accounts", "add-account", "units-without-account", "add-unit-accounts", "reset-password", "change-role", "remove-account", "reset-authenticator", "all-sessions", "end-session",
	"own-tokens", "make-token", "revoke-token",
	"sealed", "ask-unsealing", "decide-unsealing", "sealed-interview", "set-seal-key",
	"commit-draw", "reveal-draw", "tell-unlock-code", "print-envelopes", "wipe-device",
	"add-webhook", "disable-webhook",
}

// scopeOf is what a token must be for to ask for an operation; "": none is enough.
func scopeOf(op *huma.Operation) string {
	switch {
	case slices.Contains(personsOnly, op.OperationID):
		return ""
	case op.Method != http.MethodGet:
		return identity.ScopeWrite
	case slices.Contains(notedReads, op.OperationID):
		return identity.ScopeExport
	}
	return identity.ScopeRead
}

// bearer gives the token of an Authorization header (RFC 6750), or "".
func bearer(ctx huma.Context) string {
	token, ok := strings.CutPrefix(ctx.Header("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// checkScope refuses what a program's token is not for.
func checkScope(token *identity.APIToken, op *huma.Operation) error {
	if token == nil {
		return nil
	}
	switch scope := scopeOf(op); {
	case scope == "":
		return schema.NewFault(schema.FaultTokenDenied, op.OperationID)
	case !slices.Contains(token.Scopes, scope):
		return schema.NewFault(schema.FaultTokenScope, scope)
	}
	return nil
}

type tokensOutput struct {
	Body []identity.APIToken
}

type newTokenInput struct {
	Body identity.NewAPIToken
}

type newTokenOutput struct {
	Body struct {
		Token string `json:"token" doc:"Told once"`
	}
}

type tokenPath struct {
	Token string `path:"token" format:"uuid"`
}

func registerTokens(api huma.API, tokens Tokens) {
	huma.Register(api, operation(http.MethodGet, "/me/tokens", "own-tokens", "One's tokens"),
		func(ctx context.Context, _ *struct{}) (*tokensOutput, error) {
			list, err := tokens.Tokens(ctx, accountOf(ctx).Login)
			return &tokensOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/me/tokens", "make-token", "Make a token for a program"),
		func(ctx context.Context, in *newTokenInput) (*newTokenOutput, error) {
			out := &newTokenOutput{}
			var err error
			out.Body.Token, err = tokens.MakeToken(ctx, accountOf(ctx).Login, in.Body)
			return out, err
		})
	huma.Register(api, operation(http.MethodDelete, "/me/tokens/{token}", "revoke-token", "Make a token useless"),
		func(ctx context.Context, in *tokenPath) (*struct{}, error) {
			id, err := parse[schema.RowID](in.Token)
			if err != nil {
				return nil, err
			}
			return nil, tokens.RevokeToken(ctx, accountOf(ctx).Login, id)
		})
}
