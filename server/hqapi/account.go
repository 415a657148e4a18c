package hqapi

import (
	"context"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

// Accounts lets people in.
type Accounts interface {
	Accounts(ctx context.Context) ([]identity.Account, error)
	AddAccount(ctx context.Context, a identity.NewAccount, password string) (string, error)
	AddUnitAccounts(ctx context.Context, campaign schema.CampaignID, most int) (identity.UnitLogins, error)
	ResetPassword(ctx context.Context, login string) (string, error)
	ChangeRole(ctx context.Context, login string, role identity.Role) error
	RemoveAccount(ctx context.Context, login string) error
	ResetAuthenticator(ctx context.Context, login string) error
	OpenSessions(ctx context.Context, token, login string) ([]identity.OpenSession, error)
	EndSession(ctx context.Context, id, login string) error
}

type accountsOutput struct {
	Body []identity.Account
}

type addAccountInput struct {
	Body identity.NewAccount
}

type passwordOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Password string `json:"password" doc:"It is shown once"`
	}
}

type unitLoginsInput struct {
	CampaignPath
	Body struct {
		Most int `json:"most" minimum:"1" maximum:"50" doc:"How many at most; ask again for the rest"`
	}
}

type unitLoginsOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         identity.UnitLogins
}

// LoginPath is an account in an operation's path.
type LoginPath struct {
	Login string `path:"login" maxLength:"60"`
}

type roleInput struct {
	LoginPath
	Body struct {
		Role identity.Role `json:"role" enum:"admin,organiser,reviewer,leader,auditor"`
	}
}

func newPasswordOutput(password string, err error) (*passwordOutput, error) {
	out := &passwordOutput{CacheControl: "no-store"}
	out.Body.Password = password
	return out, err
}

func registerAccounts(api huma.API, accounts Accounts) {
	huma.Register(api, operation(http.MethodGet, "/accounts", "accounts", "Everybody at headquarters"),
		func(ctx context.Context, _ *struct{}) (*accountsOutput, error) {
			list, err := accounts.Accounts(ctx)
			return &accountsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodPost, "/accounts", "add-account", "Let a person in"),
		func(ctx context.Context, in *addAccountInput) (*passwordOutput, error) {
			return newPasswordOutput(accounts.AddAccount(ctx, in.Body, ""))
		})
	registerUnitAccounts(api, accounts)
	huma.Register(api, operation(http.MethodPost, "/accounts/{login}/password", "reset-password",
		"Give a person a new password, signed out everywhere"),
		func(ctx context.Context, in *LoginPath) (*passwordOutput, error) {
			return newPasswordOutput(accounts.ResetPassword(ctx, in.Login))
		})
	huma.Register(api, operation(http.MethodPut, "/accounts/{login}/role", "change-role", "Make a person something else"),
		func(ctx context.Context, in *roleInput) (*emptyOutput, error) {
			return &emptyOutput{}, accounts.ChangeRole(ctx, in.Login, in.Body.Role)
		})
	huma.Register(api, operation(http.MethodDelete, "/accounts/{login}", "remove-account", "Let a person in no longer"),
		func(ctx context.Context, in *LoginPath) (*emptyOutput, error) {
			return &emptyOutput{}, accounts.RemoveAccount(ctx, in.Login)
		})
	huma.Register(api, operation(http.MethodDelete, "/accounts/{login}/authenticator", "reset-authenticator",
		"Take away the authenticator of a person who has lost it, signed out everywhere"),
		func(ctx context.Context, in *LoginPath) (*emptyOutput, error) {
			return &emptyOutput{}, accounts.ResetAuthenticator(ctx, in.Login)
		})
	huma.Register(api, operation(http.MethodGet, "/sessions", "all-sessions", "Browsers that are signed in"),
		func(ctx context.Context, in *ownSession) (*sessionsOutput, error) {
			list, err := accounts.OpenSessions(ctx, in.Cookie.Value, "")
			return &sessionsOutput{list}, err
		})
	huma.Register(api, operation(http.MethodDelete, "/sessions/{session}", "end-session", "Sign a browser out"),
		func(ctx context.Context, in *SessionPath) (*emptyOutput, error) {
			return &emptyOutput{}, accounts.EndSession(ctx, in.Session, "")
		})
}

func registerUnitAccounts(api huma.API, accounts Accounts) {
	const path = "/campaigns/{campaign}/unit-accounts"
	answer := func(ctx context.Context, in CampaignPath, most int) (*unitLoginsOutput, error) {
		id, err := in.id()
		if err != nil {
			return nil, err
		}
		logins, err := accounts.AddUnitAccounts(ctx, id, most)
		return &unitLoginsOutput{CacheControl: "no-store", Body: logins}, err
	}
	huma.Register(api, operation(http.MethodGet, path, "units-without-account", "How many units with a ledger cannot sign in"),
		func(ctx context.Context, in *CampaignPath) (*unitLoginsOutput, error) { return answer(ctx, *in, 0) })
	huma.Register(api, operation(http.MethodPost, path, "add-unit-accounts", "Let in units that have a ledger and no login"),
		func(ctx context.Context, in *unitLoginsInput) (*unitLoginsOutput, error) {
			return answer(ctx, in.CampaignPath, in.Body.Most)
		})
}
