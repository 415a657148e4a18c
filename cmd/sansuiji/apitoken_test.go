package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/identity"
)

// withBearer sends a request as a program with a token.
func (p *program) withBearer(t *testing.T, token, method, path, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, p.url()+path, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	return p.answerTo(req)
}

func TestATokenOpensWhatItIsForAndNothingElse(t *testing.T) {
	p := start(t)
	p.hq(request{})
	token := func(scopes ...string) string {
		t.Helper()
		text, err := p.identity.MakeToken(t.Context(), "admin", identity.NewAPIToken{Name: "表格", Scopes: scopes, Days: 1})
		must(t, err)
		return text
	}
	campaign := "/api/hq/campaigns/" + p.access.Campaign.String()
	read, export, write := token(identity.ScopeRead), token(identity.ScopeExport), token(identity.ScopeWrite)
	for _, c := range []struct {
		token, method, path, body string
		want                      int
		code                      string
	}{
		{read, "GET", campaign + "/findings", "", 200, ""},
		{export, "GET", campaign + "/findings", "", 403, schema.FaultTokenScope},
		{read, "GET", campaign + "/report.xlsx", "", 403, schema.FaultTokenScope},
		{export, "GET", campaign + "/report.xlsx", "", 200, ""},
		{read, "POST", campaign + "/draws", "{}", 403, schema.FaultTokenScope},
		{write, "GET", "/api/hq/accounts", "", 403, schema.FaultTokenDenied},
		{write, "POST", "/api/hq/me/tokens", `{"name":"x","scopes":["write"],"days":1}`, 403, schema.FaultTokenDenied},
		{write, "GET", campaign + "/sealed", "", 403, schema.FaultTokenDenied},
		{"ssj_made-up", "GET", campaign + "/findings", "", 401, schema.FaultUnauthorised},
	} {
		a := p.withBearer(t, c.token, c.method, c.path, c.body)
		if a.status != c.want || (c.code != "" && !strings.Contains(string(a.body), c.code)) {
			t.Errorf("%s %s: %s, want %d %s", c.method, c.path, &a, c.want, c.code)
		}
	}
	list, err := p.identity.Tokens(t.Context(), "admin")
	must(t, err)
	for _, one := range list {
		id, err := schema.ParseID[schema.RowID](one.ID)
		must(t, err)
		must(t, p.identity.RevokeToken(t.Context(), "admin", id))
	}
	if a := p.withBearer(t, read, "GET", campaign+"/findings", ""); a.status != 401 {
		t.Errorf("a revoked token: %s", &a)
	}
	text := token(identity.ScopeRead)
	p.identity.Now = func() time.Time { return time.Now().AddDate(0, 0, 2) }
	if a := p.withBearer(t, text, "GET", campaign+"/findings", ""); a.status != 401 {
		t.Errorf("an old token: %s", &a)
	}
}

func TestANewPasswordEndsTokensToo(t *testing.T) {
	p := start(t)
	p.hq(request{})
	text, err := p.identity.MakeToken(t.Context(), "admin", identity.NewAPIToken{Name: "表格", Scopes: identity.Scopes(), Days: 1})
	must(t, err)
	path := "/api/hq/campaigns/" + p.access.Campaign.String() + "/findings"
	if a := p.withBearer(t, text, "GET", path, ""); a.status != 200 {
		t.Fatalf("before: %s", &a)
	}
	_, err = p.identity.ResetPassword(t.Context(), "admin")
	must(t, err)
	if a := p.withBearer(t, text, "GET", path, ""); a.status != 401 {
		t.Errorf("after: %s", &a)
	}
}

func TestWhatAProgramDoesIsInTheAuditLogAsTheProgramsDeed(t *testing.T) {
	p := start(t)
	p.hq(request{})
	text, err := p.identity.MakeToken(t.Context(), "admin", identity.NewAPIToken{Name: "表格", Scopes: []string{identity.ScopeExport}, Days: 1})
	must(t, err)
	campaign := "/api/hq/campaigns/" + p.access.Campaign.String()
	for path, status := range map[string]int{"/report.xlsx": 200, "/findings": 403} {
		if a := p.withBearer(t, text, "GET", campaign+path, ""); a.status != status {
			t.Errorf("%s: %s", path, &a)
		}
	}
	lines, err := p.audit.Lines(t.Context(), audit.LogFilter{}, 0, 2)
	must(t, err)
	for i := range lines {
		if l := &lines[i]; l.Program == nil || l.Program.Name != "表格" || len(l.Program.ID) != 36 || l.Refused != (l.Kind == "findings") {
			t.Errorf("%+v", l)
		}
	}
	if a := p.send(p.hq(request{path: "/api/hq/audit.csv"})); a.status != 200 || !strings.Contains(string(a.body), ",表格,") {
		t.Errorf("%s", &a)
	}
}

func TestWhatPeopleDoIsInTheAuditLog(t *testing.T) {
	p := start(t)
	p.hq(request{})
	campaign := "/api/hq/campaigns/" + p.access.Campaign.String()
	a := p.send(jsonFormat().post(t, "/api/hq/login", map[string]string{"login": "admin", "password": "wrong"}))
	if a.status != 401 {
		t.Fatalf("%s", &a)
	}
	for _, r := range []request{
		{method: "GET", path: campaign + "/findings"},
		{method: "GET", path: campaign + "/report.xlsx?lang=en"},
		{method: "POST", path: "/api/hq/accounts", body: []byte(`{"login":"sun","name":"孫","role":"leader"}`)},
		{method: "POST", path: "/api/hq/accounts", body: []byte(`{}`)},
		{method: "GET", path: campaign + "/draws/99/frame.csv"},
	} {
		p.send(p.hq(r))
	}
	lines, err := p.audit.Lines(t.Context(), audit.LogFilter{}, 0, 100)
	must(t, err)
	var got []string
	for i := range lines {
		got = append(got, strings.ReplaceAll(lines[i].Actor+" "+lines[i].Kind+" "+lines[i].Subject+" "+lines[i].Detail, p.access.Campaign.String(), "…"))
	}
	want := `admin draw-frame.csv /campaigns/…/draws/99/frame.csv not given: 422
admin draw-frame.csv /campaigns/…/draws/99/frame.csv 
admin add-account /accounts 
admin report /campaigns/…/report.xlsx?lang=en 
admin login-refused  Go-http-client/1.1
admin login  Go-http-client/1.1`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if report, err := p.audit.Verify(t.Context()); err != nil || report.Bad != 0 || report.Lines != 6 {
		t.Errorf("%+v, %v", report, err)
	}
}
