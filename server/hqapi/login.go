package hqapi

import (
	"context"
	"net/http"

	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

type loginInput struct {
	Forwarded string      `header:"X-Real-IP" hidden:"true"`
	Agent     string      `header:"User-Agent" hidden:"true"`
	Browser   http.Cookie `cookie:"sansuiji_browser" hidden:"true"`
	Body      struct {
		Login    string `json:"login" maxLength:"100"`
		Password string `json:"password" maxLength:"200"`
		Code     string `json:"code,omitempty" maxLength:"20" doc:"Of the authenticator, or a recovery code, once it is asked for"`
	}
}

// Me is who is signed in, with what they may ask for.
type Me struct {
	identity.Account
	Operations []string `json:"operations" doc:"Ids of the operations that the person may ask for"`
}

type meOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      Me
}

type emptyOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func registerLogin(api huma.API, server Server) {
	sessions := server.Sessions
	login := operation(http.MethodPost, "/login", "login", "Sign in")
	login.Security = nil
	huma.Register(api, login, func(ctx context.Context, in *loginInput) (*meOutput, error) {
		as := identity.SignIn{
			Login: in.Body.Login, Password: in.Body.Password, Code: in.Body.Code, From: in.Forwarded, Agent: in.Agent,
			Browser: in.Browser.Value,
		}
		s, err := sessions.Login(ctx, as)
		if err = noteLogin(ctx, server.Log, as, err); err != nil {
			return nil, err
		}
		cookies := []http.Cookie{server.sessionCookie(s.Token, s.MaxAge), server.browserCookie(s.Browser)}
		return &meOutput{cookies, meOf(s.Account)}, nil
	})

	me := operation(http.MethodGet, "/me", "me", "Who is signed in")
	me.Middlewares = huma.Middlewares{signedIn(api, server), guard(api)}
	huma.Register(api, me, func(ctx context.Context, _ *struct{}) (*meOutput, error) {
		return &meOutput{Body: meOf(accountOf(ctx))}, nil
	})

	logout := operation(http.MethodPost, "/logout", "logout", "Sign out")
	huma.Register(api, logout, func(ctx context.Context, in *ownSession) (*emptyOutput, error) {
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

// browserCookie tells at the next sign-in that somebody signed in at this browser before.
func (s Server) browserCookie(text string) http.Cookie {
	cookie := s.sessionCookie(text, int(identity.BrowserAge.Seconds()))
	cookie.Name, cookie.Path = browserCookieName, "/api/hq/login"
	return cookie
}

// browserCookieName is the browser cookie's.
const browserCookieName = "sansuiji_browser"

func meOf(a identity.Account) Me { return Me{a, operationsOf(a.Role)} }
