package hqapi

import (
	"context"
	"net/http"

	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

type loginInput struct {
	Forwarded string `header:"X-Real-IP" hidden:"true"`
	Body      struct {
		Login    string `json:"login" maxLength:"100"`
		Password string `json:"password" maxLength:"200"`
	}
}

type accountOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      identity.Account
}

type emptyOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func registerLogin(api huma.API, server Server) {
	sessions := server.Sessions
	login := operation(http.MethodPost, "/login", "login", "Sign in")
	login.Security = nil
	huma.Register(api, login, func(ctx context.Context, in *loginInput) (*accountOutput, error) {
		s, err := sessions.Login(ctx, in.Body.Login, in.Body.Password, in.Forwarded)
		if err != nil {
			return nil, err
		}
		return &accountOutput{[]http.Cookie{server.sessionCookie(s.Token, s.MaxAge)}, s.Account}, nil
	})

	me := operation(http.MethodGet, "/me", "me", "Who is signed in")
	me.Middlewares = huma.Middlewares{signedIn(api, sessions), guard(api)}
	huma.Register(api, me, func(ctx context.Context, _ *struct{}) (*accountOutput, error) {
		return &accountOutput{Body: accountOf(ctx)}, nil
	})

	logout := operation(http.MethodPost, "/logout", "logout", "Sign out")
	type logoutInput struct {
		Cookie http.Cookie `cookie:"sansuiji_session"`
	}
	huma.Register(api, logout, func(ctx context.Context, in *logoutInput) (*emptyOutput, error) {
		err := sessions.Logout(ctx, in.Cookie.Value)
		return &emptyOutput{[]http.Cookie{server.sessionCookie("", -1)}}, err
	})
}

// sessionCookie is out of reach of scripts and of other sites.
func (s Server) sessionCookie(token string, maxAge int) http.Cookie {
	return http.Cookie{
		Name: CookieName, Value: token, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: s.SecureCookies, SameSite: http.SameSiteStrictMode,
	}
}
