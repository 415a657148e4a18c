package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/campaign"
	"sansuiji/server/hqapi"
	"sansuiji/server/identity"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"

	"github.com/danielgtaylor/huma/v2"
)

// nobodysID is an id of nothing.
const nobodysID = "01900000-0000-7000-8000-000000000000"

// deeds are what roles do beside an administrator, as people read it: not the table that
// the program goes by. A deed that is in no group is an organiser's.
func deeds() []deed {
	const organiser, reviewer, leader, auditor, unit = identity.Organiser, identity.Reviewer, identity.Leader, identity.Auditor, identity.Unit
	return []deed{
		{"me change-password own-sessions end-own-session begin-authenticator confirm-authenticator remove-authenticator", identity.Roles()},
		{"ledger ledger-entry evidence evidence-small", identity.Roles()},
		{"ledger-act add-evidence", []identity.Role{organiser, reviewer, unit}},
		{"add-ledger-entry change-ledger-entry set-ledger-steps ledger-acts", []identity.Role{organiser, reviewer}},
		{"accounts add-account units-without-account add-unit-accounts reset-password change-role remove-account reset-authenticator all-sessions end-session", nil},
		{"add-campaign set-seal-key add-webhook disable-webhook", nil},
		{"webhooks import-template.csv import-progress", []identity.Role{organiser}},
		{"audit audit.csv verify-audit", []identity.Role{auditor}},
		{"own-tokens make-token revoke-token save-filter drop-filter start-report cancel-report verify-history", identity.Office()},
		{"review review-many comment withdraw-comment resolve reopen-conflict keep-latest release-entry set-entry-aside", []identity.Role{reviewer}},
		{"conclude reword-conclusion withdraw-conclusion gather-findings", []identity.Role{reviewer}},
		{"commit-draw reveal-draw", []identity.Role{organiser, auditor}},
		{"sites site site-record.json site-roster.csv", []identity.Role{organiser, reviewer, auditor}},
		{"sealed ask-unsealing decide-unsealing sealed-interview", []identity.Role{organiser, reviewer, auditor}},
		{"marks give-marks", []identity.Role{organiser, reviewer, leader}},
	}
}

type deed struct {
	operations string
	roles      []identity.Role
}

// mayAsk says whether a role may ask for an operation.
func mayAsk(role identity.Role, method, id string) bool {
	if role == identity.Admin {
		return true
	}
	for _, d := range deeds() {
		if slices.Contains(strings.Fields(d.operations), id) {
			return slices.Contains(d.roles, role)
		}
	}
	if method == http.MethodGet {
		return role != identity.Unit
	}
	return role == identity.Organiser
}

// mayProgram says whether a token for a scope may ask for an operation, its person aside.
func mayProgram(scope, method, id string) bool {
	for _, word := range []string{"password", "session", "authenticator", "account", "role", "token", "seal", "webhook", "wipe", "unlock", "envelopes"} {
		if strings.Contains(id, word) && id != "unseal-draw" && id != "webhooks" {
			return false
		}
	}
	switch {
	case id == "commit-draw" || id == "reveal-draw":
		return false
	case slices.Contains([]string{"report", "report-file", "site-record.json", "site-roster.csv", "draw-frame.csv", "audit.csv"}, id):
		return scope == identity.ScopeExport
	case method == http.MethodGet:
		return scope == identity.ScopeRead
	}
	return scope == identity.ScopeWrite
}

// asker is somebody, or a program, with what it shows.
type asker struct {
	name   string
	role   identity.Role // "": nobody
	header [2]string
	scope  string // of a token; "": a session
}

// may says whether the asker may ask for an operation.
func (a *asker) may(method, id string) bool {
	return a.role != "" && mayAsk(a.role, method, id) && (a.scope == "" || mayProgram(a.scope, method, id))
}

// roleWorld is a demo with a second campaign, people of every role, and what only others
// may see.
type roleWorld struct {
	*program
	t       *testing.T
	other   schema.CampaignID
	entries map[string]string // ledger entries by whose they are
	askers  []*asker
	line    *http.Transport
}

// Words that a responsible unit must never be shown: of another unit's ledger, and of
// another campaign's.
const (
	othersWords    = "別家的臺賬"
	elsewhereWords = "別處的臺賬"
	ownWords       = "自家的臺賬"
)

func newRoleWorld(t *testing.T) *roleWorld {
	w := &roleWorld{program: start(t), t: t, entries: map[string]string{}, line: &http.Transport{}}
	t.Cleanup(w.line.CloseIdleConnections)
	var err error
	w.other, err = (&campaign.Service{Ingest: w.ingest}).Add(t.Context(), campaign.NewCampaign{Code: "other", Name: "另一批次"})
	must(t, err)
	own, theirs := w.addLedger(w.access.Campaign, ownWords), w.addLedger(w.access.Campaign, othersWords)
	elsewhere := w.addLedger(w.other, elsewhereWords)
	for _, role := range identity.Office() {
		w.signIn(string(role), identity.NewAccount{Role: role})
	}
	for name, unit := range map[string][2]string{
		"unit":           {w.access.Campaign.String(), own},
		"unit next door": {w.access.Campaign.String(), theirs},
		"unit elsewhere": {w.other.String(), elsewhere},
	} {
		w.signIn(name, identity.NewAccount{Role: identity.Unit, CampaignID: unit[0], UnitID: unit[1]})
	}
	w.addDead()
	for _, role := range []identity.Role{identity.Admin, identity.Leader} {
		for _, scope := range identity.Scopes() {
			w.addToken(role, scope)
		}
	}
	return w
}

// addLedger adds a unit with a ledger entry, and gives the unit's id.
func (w *roleWorld) addLedger(campaign schema.CampaignID, words string) string {
	unit, problem, entry := schema.NewRowID(), schema.NewRowID(), schema.NewRowID()
	b := edit.New(w.ingest.Catalogue)
	b.Insert("unit", unit, edit.Cells{"code": edit.Text(words), "name": edit.Text(words), "category": edit.Text("village")})
	b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(unit), "title": edit.Text(words)})
	b.Insert("ledger_entry", entry, edit.Cells{"problem_id": edit.ID(problem), "measure": edit.Text(words)})
	must(w.t, w.ingest.WriteRows(w.t.Context(), campaign, b))
	w.entries[words] = entry.String()
	return unit.String()
}

func (w *roleWorld) signIn(name string, n identity.NewAccount) {
	n.Login, n.Name = strings.ReplaceAll("a-"+name, " ", "-"), name
	password, err := w.identity.AddAccount(w.t.Context(), n, "")
	must(w.t, err)
	w.askers = append(w.askers, &asker{name: name, role: n.Role, header: [2]string{"Cookie", w.cookieOf(n.Login, password)}})
}

func (w *roleWorld) cookieOf(login, password string) string {
	a := w.send(jsonFormat().post(w.t, "/api/hq/login", map[string]string{"login": login, "password": password}))
	if a.status != http.StatusOK {
		w.t.Fatalf("sign in as %s: %s", login, &a)
	}
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	return cookie
}

// addDead adds those whose session or token is no longer any.
func (w *roleWorld) addDead() {
	w.askers = append(w.askers, &asker{name: "nobody"}, &asker{name: "a made-up token", header: [2]string{"Authorization", "Bearer made-up"}})
	password, err := w.identity.AddAccount(w.t.Context(), identity.NewAccount{Login: "late", Name: "late", Role: identity.Admin}, "")
	must(w.t, err)
	expired, ended := w.cookieOf("late", password), w.cookieOf("late", password)
	must(w.t, w.identity.Logout(w.t.Context(), strings.TrimPrefix(ended, "sansuiji_session=")))
	old := w.tokenOf("late", identity.Scopes()...)
	revoked := w.tokenOf("late", identity.Scopes()...)
	list, err := w.identity.Tokens(w.t.Context(), "late")
	must(w.t, err)
	for i := range list {
		id, err := schema.ParseID[schema.RowID](list[i].ID)
		must(w.t, err)
		must(w.t, w.identity.RevokeToken(w.t.Context(), "late", id))
	}
	must(w.t, w.store.Office(w.t.Context(), func(q store.Queryer) error {
		_, err := q.ExecContext(w.t.Context(), `UPDATE session SET expires_at = 1 WHERE account_id IN (SELECT id FROM account WHERE login = 'late')`)
		return err
	}))
	w.askers = append(
		w.askers,
		&asker{name: "an expired session", header: [2]string{"Cookie", expired}},
		&asker{name: "an ended session", header: [2]string{"Cookie", ended}},
		&asker{name: "a revoked token", header: [2]string{"Authorization", "Bearer " + revoked}},
		&asker{name: "another revoked token", header: [2]string{"Authorization", "Bearer " + old}},
	)
}

func (w *roleWorld) tokenOf(login string, scopes ...string) string {
	text, err := w.identity.MakeToken(w.t.Context(), login, identity.NewAPIToken{Name: "程序", Scopes: scopes, Days: 1})
	must(w.t, err)
	return text
}

func (w *roleWorld) addToken(role identity.Role, scope string) {
	token := w.tokenOf("a-"+string(role), scope)
	w.askers = append(w.askers, &asker{string(role) + "'s token to " + scope, role, [2]string{"Authorization", "Bearer " + token}, scope})
}

// TestEveryRoleMayAskForWhatItIsThereFor sends each of headquarters' operations as each
// role, as programs and as nobody, about the campaign that people are of and about another
// one, and with ledger entries about one's own and others'.
func TestEveryRoleMayAskForWhatItIsThereFor(t *testing.T) {
	w := newRoleWorld(t)
	cells := 0
	for path, item := range newAPI(nil, nil).OpenAPI().Paths {
		if !strings.HasPrefix(path, "/api/hq/") {
			continue
		}
		for method, op := range map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete, http.MethodPatch: item.Patch,
		} {
			if op == nil || len(op.Security) == 0 || op.OperationID == "logout" {
				continue
			}
			for _, filled := range w.fill(path) {
				for _, a := range w.askers {
					cells++
					w.want(a, method, filled, op.OperationID)
				}
			}
		}
	}
	if cells < 1500 {
		t.Errorf("%d cells only", cells)
	}
	t.Logf("%d cells", cells)
}

// TestPeopleAreToldWhatTheyMayAskFor compares what the session says, by which the console
// offers things, with what roles are there for.
func TestPeopleAreToldWhatTheyMayAskFor(t *testing.T) {
	w := newRoleWorld(t)
	for _, a := range w.askers {
		if a.role == "" || a.scope != "" {
			continue
		}
		var me hqapi.Me
		_, body := w.ask(a, http.MethodGet, "/api/hq/me")
		must(t, json.Unmarshal([]byte(body), &me))
		if me.Role != a.role {
			t.Errorf("%s is told to be %s", a.name, me.Role)
		}
		for path, item := range newAPI(nil, nil).OpenAPI().Paths {
			for method, op := range map[string]*huma.Operation{
				http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete,
			} {
				isOffice := strings.HasPrefix(path, "/api/hq/") && op != nil && len(op.Security) > 0 && op.OperationID != "logout"
				if isOffice && slices.Contains(me.Operations, op.OperationID) != mayAsk(a.role, method, op.OperationID) {
					t.Errorf("%s and %s", a.name, op.OperationID)
				}
			}
		}
	}
}

// fill names the things of an operation's path: those of either campaign, and each of the
// ledger entries; all else is not there.
func (w *roleWorld) fill(path string) (list []string) {
	for name, value := range map[string]string{
		"{conflict}": strings.Repeat("0", 32), "{hash}": strings.Repeat("0", 64), "{session}": strings.Repeat("0", 64),
		"{login}": "nobody", "{kind}": "units", "{ticket}": "t",
	} {
		path = strings.ReplaceAll(path, name, value)
	}
	list = []string{path}
	if strings.Contains(path, "{campaign}") {
		list = []string{strings.Replace(path, "{campaign}", w.access.Campaign.String(), 1), strings.Replace(path, "{campaign}", w.other.String(), 1)}
	}
	for i := len(list) - 1; i >= 0 && strings.Contains(path, "{entry}"); i-- {
		for _, entry := range w.entries {
			list = append(list, strings.Replace(list[i], "{entry}", entry, 1))
		}
	}
	for i := range list {
		for strings.Contains(list[i], "{") {
			from, rest, _ := strings.Cut(list[i], "{")
			_, behind, _ := strings.Cut(rest, "}")
			list[i] = from + nobodysID + behind
		}
	}
	return list
}

// want sends one request, and wants it to be let through or not. What a responsible unit is
// answered has nothing of others.
func (w *roleWorld) want(a *asker, method, path, id string) {
	w.t.Helper()
	status, body := w.ask(a, method, path)
	what := method + " " + id + " " + path + " as " + a.name
	switch {
	case status == http.StatusInternalServerError:
		w.t.Errorf("%s: %s", what, body)
	case a.role == "":
		if status != http.StatusUnauthorized {
			w.t.Errorf("%s: %d", what, status)
		}
	case a.may(method, id) == (status == http.StatusForbidden || status == http.StatusUnauthorized):
		if a.role != identity.Unit || !a.may(method, id) { // a unit is refused what is another's
			w.t.Errorf("%s: %d %s", what, status, body)
		}
	}
	own := map[string]string{"unit": ownWords, "unit next door": othersWords, "unit elsewhere": elsewhereWords}[a.name]
	for _, words := range []string{ownWords, othersWords, elsewhereWords} {
		if a.role == identity.Unit && words != own && strings.Contains(body, words) {
			w.t.Errorf("%s is shown %q", what, words)
		}
	}
	if id == "ledger" && own != "" && strings.Contains(path, w.home(a)) && !strings.Contains(body, own) {
		w.t.Errorf("%s is not shown its own: %s", what, body)
	}
}

// home is the campaign that a responsible unit is of.
func (w *roleWorld) home(a *asker) string {
	if a.name == "unit elsewhere" {
		return w.other.String()
	}
	return w.access.Campaign.String()
}

// ask sends a request without content, and reads the beginning of the answer: a stream has
// no end.
func (w *roleWorld) ask(a *asker, method, path string) (status int, body string) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, w.url()+path, strings.NewReader("{}"))
	must(w.t, err)
	req.Header.Set("Content-Type", "application/json")
	if a.header[0] != "" {
		req.Header.Set(a.header[0], a.header[1])
	}
	client := http.Client{Transport: w.line}
	res, err := client.Do(req)
	must(w.t, err)
	defer func() { _ = res.Body.Close() }()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return res.StatusCode, ""
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, bodyMax))
	must(w.t, err)
	return res.StatusCode, string(b)
}

func TestPeopleAreLetInOnTheCommandLine(t *testing.T) {
	p := start(t)
	do := func(want int, words ...string) string {
		t.Helper()
		var out bytes.Buffer
		args := append([]string{words[0], "--data", p.data}, words[1:]...)
		if code := runAccount(args, &out, &out); code != want {
			t.Errorf("%v: exit %d, want %d: %s", words, code, want, &out)
		}
		return strings.TrimSpace(out.String())
	}
	signIn := func(password string, want int) {
		t.Helper()
		a := p.send(jsonFormat().post(t, "/api/hq/login", map[string]string{"login": "sun", "password": password}))
		if a.status != want {
			t.Errorf("%s, want %d", &a, want)
		}
	}
	first := do(0, "add", "--login", "sun", "--name", "老孫", "--role", "reviewer")
	signIn(first, http.StatusOK)
	do(1, "add", "--login", "sun", "--name", "老孫", "--role", "reviewer")
	do(2, "add", "--login", "li", "--name", "老李", "--role", "emperor")
	do(2, "add", "--login", "li")
	second := do(0, "password", "--login", "sun")
	signIn(first, http.StatusUnauthorized)
	signIn(second, http.StatusOK)
	if list := do(0, "list"); !strings.Contains(list, "sun") || !strings.Contains(list, "老孫") {
		t.Error(list)
	}
	do(0, "role", "--login", "sun", "--role", "auditor")
	do(2, "role", "--login", "sun", "--role", "unit")
	do(0, "authenticator", "--login", "sun")
	do(1, "authenticator", "--login", "nobody")
	do(1, "remove", "--login", p.access.Login) // nobody could let people in
	do(0, "remove", "--login", "sun")
	signIn(second, http.StatusUnauthorized)
	do(1, "remove", "--login", "sun")
	do(2, "promote", "--login", "sun")

	lines, err := p.audit.Lines(t.Context(), audit.LogFilter{Actor: operatorActor}, 0, 100)
	must(t, err)
	var kinds []string
	for i := range lines {
		kinds = append(kinds, lines[i].Kind+" "+lines[i].Subject+" "+lines[i].Detail)
	}
	want := []string{
		"remove-account /accounts/sun ", "reset-authenticator /accounts/sun ", "change-role /accounts/sun auditor",
		"reset-password /accounts/sun ", "add-account /accounts/sun reviewer",
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("the audit log has %q, want %q", kinds, want)
	}
}
