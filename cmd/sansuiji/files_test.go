package main

import (
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/web"
)

func TestAPathNeverLeadsOutOfTheApps(t *testing.T) {
	p := start(t)
	for _, path := range []string{
		"/../../../../etc/passwd", "/..%2f..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd",
		"/hq/../../../../etc/passwd", "/hq/..%2f..%2f..%2fetc/passwd", "/hq%2f..%2f..%2fgo.mod",
		"//etc/passwd", "/assets/../../../go.mod", "/..\\..\\..\\go.mod", "/%5c..%5c..%5cgo.mod",
		"/./../embed.go", "/hq/../../embed.go", "/etc/passwd%00.html", "/%00", "/~root", "/.git/config",
		"/field/../../README", "/index.html/../../../embed.go",
	} {
		u, err := url.Parse(p.url())
		must(t, err)
		u.Opaque = "//" + u.Host + path // as it is
		a := p.answerTo(&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}})
		page := a.status == http.StatusOK && strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
		none := a.status == http.StatusNotFound
		moved := a.status == http.StatusMovedPermanently && strings.HasPrefix(a.header.Get("Location"), "/")
		if !page && !none && !moved {
			t.Errorf("%s: %s", path, &a)
		}
		for _, secret := range []string{"root:", "module sansuiji", "package web", "[core]"} {
			if strings.Contains(string(a.body), secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
	}
}

func TestWhatIsNotThereIsAProblemDocument(t *testing.T) {
	p := start(t)
	empty := request{body: []byte("{}")}.with("Content-Type", "application/json")
	on := func(method, path string) request {
		r := empty
		r.method, r.path = method, path
		return r
	}
	const (
		none  = http.StatusNotFound
		wrong = http.StatusMethodNotAllowed
	)
	p.refused(t, []refusal{
		{"an unknown operation", request{path: "/api/v1/purge"}, none, schema.FaultNotFound},
		{"an unknown version", request{path: "/api/v9/pull"}, none, schema.FaultNotFound},
		{"the folder itself", request{path: "/api/"}, none, schema.FaultNotFound},
		{"another of headquarters", request{path: "/api/hq/offices"}, none, schema.FaultNotFound},
		{"a file of no app", request{path: "/assets/none.js"}, none, schema.FaultNotFound},
		{"a file of headquarters' app", request{path: "/hq/assets/none.js"}, none, schema.FaultNotFound},
		{"figures", request{path: "/metrics"}, none, schema.FaultNotFound},
		{"a page of no app", request{path: "/visits/12"}, none, schema.FaultNotFound},
		{"a page of headquarters", request{path: "/hq/login"}, none, schema.FaultNotFound},
		{"a folder of an app", request{path: "/assets/"}, none, schema.FaultNotFound},
		{"deleting by pull", on(http.MethodDelete, "/api/v1/pull"), wrong, schema.FaultMethod},
		{"putting a push", on(http.MethodPut, "/api/v1/push"), wrong, schema.FaultMethod},
		{"patching a finding", on(http.MethodPatch, "/api/hq/me"), wrong, schema.FaultMethod},
		{"posting to the description", on(http.MethodPost, "/api/openapi.json"), wrong, schema.FaultMethod},
		{"posting to a page", on(http.MethodPost, "/"), wrong, schema.FaultMethod},
		{"a method there is not", on("BREW", "/api/v1/pull"), wrong, schema.FaultMethod},
	})
	if allow := p.send(on(http.MethodDelete, "/api/v1/pull")).header.Get("Allow"); !strings.Contains(allow, "GET") {
		t.Errorf("allowed are %q", allow)
	}
}

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	p := start(t)
	for name, r := range map[string]request{
		"the field app":      {path: "/"},
		"headquarters":       {path: "/hq/"},
		"the description":    {path: "/api/openapi.json"},
		"a refusal":          {path: "/api/v1/pull"},
		"an unknown path":    {path: "/api/none"},
		"a cross-site post":  request{path: "/api/hq/login", body: []byte("{}")}.with("Sec-Fetch-Site", "cross-site"),
		"a good answer":      p.hq(request{path: "/api/hq/me"}),
		"an unreadable body": {path: "/api/v1/enrol", body: []byte("x")},
	} {
		h := p.send(r).header
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Content-Security-Policy": "default-src 'self'",
			"Permissions-Policy": "camera=(self)",
		} {
			if got := h.Get(header); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if h.Get("Server")+h.Get("X-Powered-By")+h.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: %v", name, h)
		}
		if csp := h.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe-eval'") && !strings.Contains(csp, "wasm-unsafe-eval'") ||
			!strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", name, csp)
		}
	}
}

func TestAPersonWhoComesToNoPageIsToldWhereTheAppsAre(t *testing.T) {
	p := start(t)
	person := request{}.with("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	for path, status := range map[string]int{
		"/": http.StatusOK, "/hq": http.StatusOK, "/hq/": http.StatusOK, "/vote": http.StatusOK, "/verify.html": http.StatusOK,
		"/metrics": http.StatusNotFound, "/hq/findings": http.StatusNotFound, "/vote/1": http.StatusNotFound, "/wp-login.php": http.StatusNotFound,
	} {
		if _, err := fs.Stat(web.Dist, "dist/field/index.html"); err != nil && status == http.StatusOK {
			continue // the web apps are not built
		}
		person.path = path
		a := p.send(person)
		if a.status != status || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %s", path, &a)
		}
		if told := strings.Contains(string(a.body), "這個網址沒有頁面"); told != (status == http.StatusNotFound) {
			t.Errorf("%s: %s", path, &a)
		}
	}
	person.path = "/metrics"
	if a := p.send(person.with("Accept-Language", "en-GB")); !strings.Contains(string(a.body), "There is no page at this address") {
		t.Errorf("in English: %s", &a)
	}
	person.path = "/api/none"
	if a := p.send(person); a.status != http.StatusNotFound || !strings.Contains(a.header.Get("Content-Type"), "problem+json") {
		t.Errorf("of the interface: %s", &a)
	}
}
