package main

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sansuiji/server/identity"

	"github.com/danielgtaylor/huma/v2"
)

// nobodysID is an id of nothing.
const nobodysID = "01900000-0000-7000-8000-000000000000"

// mayAsk says whether a role may ask for an operation, as people read it: by groups, not
// by the table that the program goes by.
func mayAsk(role identity.Role, method, id string) bool {
	reads := method == http.MethodGet
	switch {
	case role == identity.Admin:
		return true
	case strings.Contains(id, "account") || id == "reset-password" || id == "change-role":
		return false
	case id == "add-campaign" || id == "set-seal-key":
		return false
	case id == "import-template.csv":
		return role == identity.Organiser
	case slices.Contains([]string{"sites", "site", "site-record.json", "site-roster.csv"}, id):
		return role != identity.Leader
	case reads:
		return true
	case id == "review" || id == "resolve":
		return role == identity.Reviewer
	case id == "commit-draw" || id == "reveal-draw":
		return role == identity.Organiser || role == identity.Auditor
	default:
		return role == identity.Organiser
	}
}

// TestEveryRoleMayAskForWhatItIsThereFor sends each of headquarters' operations as each
// role, and as nobody.
func TestEveryRoleMayAskForWhatItIsThereFor(t *testing.T) {
	p := start(t)
	p.hq(request{})
	cookies := map[identity.Role]string{"": "", identity.Admin: p.cookie}
	for _, role := range identity.Roles()[1:] {
		password, err := p.identity.AddAccount(t.Context(), identity.NewAccount{Login: string(role), Name: "某" + string(role), Role: role}, "")
		must(t, err)
		a := p.send(jsonFormat().post(t, "/api/hq/login", map[string]string{"login": string(role), "password": password}))
		if a.status != http.StatusOK {
			t.Fatalf("sign in as %s: %s", role, &a)
		}
		cookies[role], _, _ = strings.Cut(a.header.Get("Set-Cookie"), ";")
	}
	cells := 0
	for path, item := range newAPI(nil, nil).OpenAPI().Paths {
		if !strings.HasPrefix(path, "/api/hq/") {
			continue
		}
		for method, op := range map[string]*huma.Operation{
			http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete,
		} {
			if op == nil || op.OperationID == "login" || op.OperationID == "logout" {
				continue
			}
			for role, cookie := range cookies {
				cells++
				p.wantAllowed(t, role, cookie, method, path, op)
			}
		}
	}
	if cells < 6*45 {
		t.Errorf("%d cells only", cells)
	}
	t.Logf("%d cells", cells)
}

// wantAllowed sends one request that names nothing that is there.
func (p *program) wantAllowed(t *testing.T, role identity.Role, cookie, method, path string, op *huma.Operation) {
	t.Helper()
	for name, value := range map[string]string{
		"{campaign}": p.access.Campaign.String(), "{conflict}": strings.Repeat("0", 32), "{hash}": strings.Repeat("0", 64),
		"{login}": "nobody", "{draw}": nobodysID, "{site}": nobodysID, "{finding}": nobodysID, "{visit}": nobodysID, "{kind}": "units",
	} {
		path = strings.ReplaceAll(path, name, value)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, p.url()+path, bytes.NewReader([]byte("{}")))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Cookie", cookie)
	a := p.answerTo(req)
	switch {
	case role == "" && a.status != http.StatusUnauthorized:
		t.Errorf("%s %s as nobody: %d", method, op.OperationID, a.status)
	case role != "" && mayAsk(role, method, op.OperationID) == (a.status == http.StatusForbidden):
		t.Errorf("%s %s as %s: %d", method, op.OperationID, role, a.status)
	case a.status == http.StatusInternalServerError:
		t.Errorf("%s %s as %s: %s", method, op.OperationID, role, &a)
	}
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
	do(1, "add", "--login", "li", "--name", "老李", "--role", "emperor")
	do(2, "add", "--login", "li")
	second := do(0, "password", "--login", "sun")
	signIn(first, http.StatusUnauthorized)
	signIn(second, http.StatusOK)
	if list := do(0, "list"); !strings.Contains(list, "sun") || !strings.Contains(list, "老孫") {
		t.Error(list)
	}
	do(0, "role", "--login", "sun", "--role", "auditor")
	do(1, "remove", "--login", p.access.Login) // nobody could let people in
	do(0, "remove", "--login", "sun")
	signIn(second, http.StatusUnauthorized)
	do(1, "remove", "--login", "sun")
	do(2, "promote", "--login", "sun")
}
