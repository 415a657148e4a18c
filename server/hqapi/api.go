// Package hqapi is what people at headquarters may ask for. Handlers decode,
// call one method and encode.
package hqapi

import (
	"context"
	"io"
	"net/http"

	"sansuiji/schema"
	"sansuiji/server/identity"
	"sansuiji/server/report"
	"sansuiji/server/review"

	"github.com/danielgtaylor/huma/v2"
)

// Server is what the handlers need.
type Server struct {
	Sessions  Sessions
	Office    Office
	Findings  Findings
	Disputes  Disputes
	Reports   Reports
	Documents Documents
	Templates Templates
	Draws     Draws
	Sites     Sites
	Photos    Photos
	Visits    Visits
	Accounts  Accounts
	Devices   Devices
	Intake    Intake
	Rounds    Rounds
	Bundles   Bundles
	Log       Audit
	Tokens    Tokens
	Sealed    Sealed
	Webhooks  Webhooks
	Ledger    Ledger
	Scores    Scores
	Ballots   Ballots
	Voting    Voting
	Asking    Questions
	Teams     Teams
	Desk      Desk

	// Closing ends when the program stops: streams end then.
	Closing <-chan struct{}
	// SecureCookies keeps session cookies off plain HTTP.
	SecureCookies bool
}

// Sessions signs people in and out.
type Sessions interface {
	Own
	Login(ctx context.Context, in identity.SignIn) (identity.Session, error)
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
	DecideAll(ctx context.Context, campaign schema.CampaignID, items []review.Item, d review.Verdict) (review.Decided, error)
	Comment(ctx context.Context, campaign schema.CampaignID, finding schema.RowID, author, body string) error
	WithdrawComment(ctx context.Context, campaign schema.CampaignID, comment schema.RowID, author string) error
}

// Desk is the daily work beside findings.
type Desk interface {
	Dashboards
	Watches
	Conclusions
	Filters
}

// Disputes reads and settles conflicts and what was not merged.
type Disputes interface {
	Conflicts(ctx context.Context, campaign schema.CampaignID, state string) ([]review.Conflict, error)
	Resolve(ctx context.Context, campaign schema.CampaignID, conflict string, r review.Resolution) error
	Reopen(ctx context.Context, campaign schema.CampaignID, conflict string, r review.Resolution) error
	KeepLatest(ctx context.Context, campaign schema.CampaignID, conflicts []string, r review.Resolution) (review.Settled, error)
	Quarantine(ctx context.Context, campaign schema.CampaignID, left bool) ([]review.Quarantined, error)
	Release(ctx context.Context, campaign schema.CampaignID, position uint64, actor string) error
	SetAside(ctx context.Context, campaign schema.CampaignID, hash []byte, reason, actor string) error
}

// Reports makes files while somebody waits.
type Reports interface {
	Make(ctx context.Context, campaign schema.CampaignID, order *report.Order, w io.Writer, progress report.Progress) (report.File, error)
}

// Register adds the operations to api.
func Register(api huma.API, s Server) {
	registerLogin(api, s)
	office := huma.NewGroup(api)
	office.UseMiddleware(signedIn(api, s), watched(s.Log), guard(api), takenOut(api, s.Log))
	registerOffice(office, s.Office)
	registerFindings(office, s.Findings)
	registerDecisions(office, s.Findings)
	registerDashboards(office, s.Desk)
	registerStream(office, s.Desk, s.Closing)
	registerConclusions(office, s.Desk)
	registerFilters(office, s.Desk)
	registerDisputes(office, s.Disputes)
	registerReport(office, s.Reports)
	registerDocuments(office, s.Documents)
	registerTemplates(office, s.Templates)
	registerDraws(office, s.Draws)
	registerSites(office, s.Sites)
	registerPhotos(office, s.Photos)
	registerVisits(office, s.Visits)
	registerAccounts(office, s.Accounts)
	registerOwn(office, s.Sessions)
	registerDevices(office, s.Devices)
	registerQuestions(office, s.Asking)
	registerTeams(office, s.Teams)
	registerIntake(office, s.Intake)
	registerRounds(office, s.Rounds)
	registerBundles(office, s.Bundles)
	registerAudit(office, s.Log)
	registerTokens(office, s.Tokens)
	registerSealed(office, s.Sealed)
	registerWebhooks(office, s.Webhooks)
	registerLedger(office, s.Ledger)
	registerScores(office, s.Scores)
	registerBallots(office, s.Ballots)
	registerVotes(api, s.Voting)
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

type callerKey struct{}

// caller is who asks: a person at a browser, or a program with a token of theirs.
type caller struct {
	identity.Account
	token *identity.APIToken // nil: a browser
}

func callerOf(ctx context.Context) caller {
	c, ok := ctx.Value(callerKey{}).(caller)
	if !ok {
		panic("hqapi: handler without a session")
	}
	return c
}

// accountOf is who is signed in.
func accountOf(ctx context.Context) identity.Account { return callerOf(ctx).Account }

// tokenOf is what a program asked with; nil: a person at a browser asked.
func tokenOf(ctx context.Context) *identity.APIToken { return callerOf(ctx).token }

// signedIn lets only people with a session pass, and programs with a token of theirs.
func signedIn(api huma.API, s Server) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		who, err := findCaller(ctx, s)
		if err != nil {
			_ = huma.WriteErr(api, ctx, http.StatusInternalServerError, "", err) // it reports its own failure
			return
		}
		next(huma.WithValue(ctx, callerKey{}, who))
	}
}

func findCaller(ctx huma.Context, s Server) (c caller, err error) {
	if text := bearer(ctx); text != "" {
		var token identity.APIToken
		c.Account, token, err = s.Tokens.TokenAccount(ctx.Context(), text)
		c.token = &token
		return c, err
	}
	token := ""
	if cookie, err := huma.ReadCookie(ctx, CookieName); err == nil {
		token = cookie.Value
	}
	c.Account, err = s.Sessions.Account(ctx.Context(), token)
	return c, err
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
