// Package hqapi is what people at headquarters may ask for. Handlers decode,
// call one method and encode.
package hqapi

import (
	"context"
	"io"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

// Server is what the handlers need.
type Server struct {
	Sessions Sessions
	Office   Office
	Findings Findings
	Disputes Disputes
	Reports  Reports
	Draws    Draws
	Sites    Sites
	Photos   Photos
	Visits   Visits
	Accounts Accounts
	Intake   Intake
	Rounds   Rounds

	// SecureCookies keeps session cookies off plain HTTP.
	SecureCookies bool
}

// Sessions signs people in and out.
type Sessions interface {
	Login(ctx context.Context, login, password, from string) (identity.Session, error)
	Logout(ctx context.Context, token string) error
	Account(ctx context.Context, token string) (identity.Account, error)
}

// Office shows campaigns and lets devices in.
type Office interface {
	Campaigns(ctx context.Context) ([]review.Overview, error)
	Overview(ctx context.Context, campaign schema.CampaignID) (review.Overview, error)
	Inspectors(ctx context.Context, campaign schema.CampaignID) ([]identity.Inspector, error)
	NewEnrolment(ctx context.Context, campaign schema.CampaignID, inspector schema.RowID) (identity.Code, error)
}

// Findings reads and decides about findings.
type Findings interface {
	List(ctx context.Context, campaign schema.CampaignID, f review.FindingFilter, offset, limit int) (review.FindingPage, error)
	Finding(ctx context.Context, campaign schema.CampaignID, id schema.RowID) (review.FindingDetail, error)
	Decide(ctx context.Context, campaign schema.CampaignID, id schema.RowID, d review.Verdict) error
}

// Disputes reads and settles conflicts and what was not merged.
type Disputes interface {
	Conflicts(ctx context.Context, campaign schema.CampaignID, state string) ([]review.Conflict, error)
	Resolve(ctx context.Context, campaign schema.CampaignID, conflict string, r review.Resolution) error
	Quarantine(ctx context.Context, campaign schema.CampaignID) ([]review.Quarantined, error)
}

// Reports writes workbooks.
type Reports interface {
	Workbook(ctx context.Context, campaign schema.CampaignID, f review.FindingFilter, language string, w io.Writer) error
}

// Register adds the operations to api.
func Register(api huma.API, s Server) {
	registerLogin(api, s)
	office := huma.NewGroup(api)
	office.UseMiddleware(signedIn(api, s.Sessions), guard(api))
	registerOffice(office, s.Office)
	registerFindings(office, s.Findings)
	registerDisputes(office, s.Disputes)
	registerReport(office, s.Reports)
	registerDraws(office, s.Draws)
	registerSites(office, s.Sites)
	registerPhotos(office, s.Photos)
	registerVisits(office, s.Visits)
	registerAccounts(office, s.Accounts)
	registerIntake(office, s.Intake)
	registerRounds(office, s.Rounds)
	if err := checkPolicies(api); err != nil {
		panic(err)
	}
}

// CookieName is the session cookie's.
const CookieName = "sansuiji_session"

// tag marks headquarters' operations.
const tag = "headquarters"

var session = []map[string][]string{{"session": {}}}

func operation(method, path, id, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: "/api/hq" + path, Summary: summary,
		Tags: []string{tag}, Security: session, MaxBodyBytes: 1 << 20,
	}
}

type accountKey struct{}

// accountOf is who is signed in.
func accountOf(ctx context.Context) identity.Account {
	account, ok := ctx.Value(accountKey{}).(identity.Account)
	if !ok {
		panic("hqapi: handler without a session")
	}
	return account
}

// signedIn lets only people with a session pass.
func signedIn(api huma.API, sessions Sessions) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		token := ""
		if cookie, err := huma.ReadCookie(ctx, CookieName); err == nil {
			token = cookie.Value
		}
		account, err := sessions.Account(ctx.Context(), token)
		if err != nil {
			_ = huma.WriteErr(api, ctx, http.StatusInternalServerError, "", err) // it reports its own failure
			return
		}
		next(huma.WithValue(ctx, accountKey{}, account))
	}
}

// CampaignPath is the campaign in an operation's path.
type CampaignPath struct {
	Campaign string `path:"campaign" format:"uuid"`
}

func (p CampaignPath) id() (schema.CampaignID, error) { return parse[schema.CampaignID](p.Campaign) }

// parse reads an id of a path.
func parse[T schema.ID16](text string) (T, error) {
	id, err := schema.ParseID[T](text)
	if err != nil {
		return id, schema.NewFault(schema.FaultNotFound, err.Error())
	}
	return id, nil
}
