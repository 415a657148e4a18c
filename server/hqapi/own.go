package hqapi

import (
	"context"
	"net/http"

	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

// Own is what everybody may do about their own account.
type Own interface {
	ChangePassword(ctx context.Context, token, login, old, fresh string) error
	BeginAuthenticator(ctx context.Context, login, password string) (identity.NewAuthenticator, error)
	ConfirmAuthenticator(ctx context.Context, login, code string) ([]string, error)
	RemoveAuthenticator(ctx context.Context, login, password, code string) error
	OpenSessions(ctx context.Context, token, login string) ([]identity.OpenSession, error)
	EndSession(ctx context.Context, id, login string) error
}

// ownSession is the session that asks.
type ownSession struct {
	Cookie http.Cookie `cookie:"sansuiji_session"`
}

type ownPasswordInput struct {
	ownSession
	Body struct {
		Old string `json:"old" maxLength:"200"`
		New string `json:"new" maxLength:"200"`
	}
}

type provedInput struct {
	Body struct {
		Password string `json:"password" maxLength:"200"`
	}
}

type authenticatorOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         identity.NewAuthenticator
}

type codeInput struct {
	Body struct {
		Code string `json:"code" maxLength:"20"`
	}
}

type recoveryOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Codes []string `json:"recovery_codes" doc:"They are shown once; each lets in once"`
	}
}

type removalInput struct {
	Body struct {
		Password string `json:"password" maxLength:"200"`
		Code     string `json:"code" maxLength:"20" doc:"Of the authenticator, or a recovery code"`
	}
}

type sessionsOutput struct {
	Body []identity.OpenSession
}

// SessionPath is a session in an operation's path.
type SessionPath struct {
	Session string `path:"session" pattern:"^[0-9a-f]{64}$"`
}

func registerOwn(api huma.API, own Own) {
	huma.Register(api, operation(http.MethodPut, "/me/password", "change-password",
		"Change one's own password; every other browser is signed out"),
		func(ctx context.Context, in *ownPasswordInput) (*emptyOutput, error) {
			return &emptyOutput{}, own.ChangePassword(ctx, in.Cookie.Value, accountOf(ctx).Login, in.Body.Old, in.Body.New)
		})
	huma.Register(api, operation(http.MethodGet, "/me/sessions", "own-sessions", "Browsers signed in as oneself"),
		func(ctx context.Context, in *ownSession) (*sessionsOutput, error) {
			list, err := own.OpenSessions(ctx, in.Cookie.Value, accountOf(ctx).Login)
			return &sessionsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodDelete, "/me/sessions/{session}", "end-own-session", "Sign one of them out"),
		func(ctx context.Context, in *SessionPath) (*emptyOutput, error) {
			return &emptyOutput{}, own.EndSession(ctx, in.Session, accountOf(ctx).Login)
		})
	registerAuthenticator(api, own)
}

func registerAuthenticator(api huma.API, own Own) {
	const path = "/me/authenticator"
	huma.Register(api, operation(http.MethodPost, path, "begin-authenticator", "A secret for an authenticator app"),
		func(ctx context.Context, in *provedInput) (*authenticatorOutput, error) {
			fresh, err := own.BeginAuthenticator(ctx, accountOf(ctx).Login, in.Body.Password)
			return &authenticatorOutput{"no-store", fresh}, err
		})
	huma.Register(api, operation(http.MethodPut, path, "confirm-authenticator",
		"Show that the app has it: from then on sign-in asks for a code"),
		func(ctx context.Context, in *codeInput) (*recoveryOutput, error) {
			codes, err := own.ConfirmAuthenticator(ctx, accountOf(ctx).Login, in.Body.Code)
			out := &recoveryOutput{CacheControl: "no-store"}
			out.Body.Codes = codes
			return out, err
		})
	huma.Register(api, operation(http.MethodPost, path+"/removal", "remove-authenticator", "Be asked for no code any more"),
		func(ctx context.Context, in *removalInput) (*emptyOutput, error) {
			return &emptyOutput{}, own.RemoveAuthenticator(ctx, accountOf(ctx).Login, in.Body.Password, in.Body.Code)
		})
}
