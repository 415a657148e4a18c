package main

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sansuiji/schema"
	"sansuiji/server/review"
)

func TestNothingOfHeadquartersIsShownWithoutASession(t *testing.T) {
	p := start(t)
	count := 0
	for path, item := range newAPI(nil, nil).OpenAPI().Paths {
		open := path == "/api/hq/login" || path == "/api/hq/logout"
		if !strings.HasPrefix(path, "/api/hq/") || open {
			continue
		}
		path = strings.ReplaceAll(path, "{campaign}", p.access.Campaign.String())
		path = regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, schema.NewRowID().String())
		r := request{path: path}
		switch {
		case item.Post != nil:
			r = request{path: path, body: []byte("{}")}.with("Content-Type", "application/json")
		case item.Put != nil:
			r = request{path: path, method: http.MethodPut, body: []byte("{}")}.with("Content-Type", "application/json")
		case item.Delete != nil:
			r.method = http.MethodDelete
		}
		for name, cookie := range map[string]string{
			"no cookie": "", "an empty one": "sansuiji_session=", "a wrong one": "sansuiji_session=" + strings.Repeat("A", 43),
			"a garbled one": "sansuiji_session=%00\"; ;;=", "another": "session=x",
		} {
			p.refused(t, []refusal{{
				fmt.Sprintf("%s with %s", item2name(path), name), r.with("Cookie", cookie),
				http.StatusUnauthorized, schema.FaultUnauthorised,
			}})
		}
		count++
	}
	if count < 10 {
		t.Errorf("only %d operations", count)
	}
}

// item2name is a path without its ids.
func item2name(path string) string {
	return regexp.MustCompile(`[0-9a-f-]{36}`).ReplaceAllString(path, "id")
}

func TestASessionEndsWithItsSignOut(t *testing.T) {
	p := start(t)
	me := p.hq(request{path: "/api/hq/me"})
	expect(t, p.send(me), http.StatusOK)
	a := p.send(p.hq(request{path: "/api/hq/logout", method: http.MethodPost}))
	if a.status >= 300 || !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("sign out: %s %v", &a, a.header)
	}
	p.refused(t, []refusal{{"afterwards", me, http.StatusUnauthorized, schema.FaultUnauthorised}})
}

func TestASessionCookieIsOutOfReachOfScriptsAndOtherSites(t *testing.T) {
	p := start(t)
	a := p.send(jsonFormat().post(t, "/api/hq/login", map[string]string{
		"login": " ADMIN ", "password": p.access.Password,
	}))
	cookie := a.header.Get("Set-Cookie")
	for _, part := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if a.status != http.StatusOK || !strings.Contains(cookie, part) {
			t.Errorf("%d, cookie %q without %s", a.status, cookie, part)
		}
	}
}

func TestARequestOfAnotherSiteIsRefused(t *testing.T) {
	p := start(t)
	login := jsonFormat().post(t, "/api/hq/login", map[string]string{
		"login": p.access.Login, "password": p.access.Password,
	})
	code := p.hq(jsonFormat().post(t, "/api/hq/campaigns/{campaign}/enrolments", map[string]string{
		"inspector_id": p.access.Inspector.String(),
	}))
	p.refused(t, []refusal{
		{"sign in", login.with("Sec-Fetch-Site", "cross-site"), http.StatusForbidden, schema.FaultCrossSite},
		{"sign in from a sister site", login.with("Sec-Fetch-Site", "same-site"), http.StatusForbidden, schema.FaultCrossSite},
		{"an enrolment code", code.with("Sec-Fetch-Site", "cross-site"), http.StatusForbidden, schema.FaultCrossSite},
		{"from an old browser", code.with("Origin", "https://evil.example"), http.StatusForbidden, schema.FaultCrossSite},
		{"from a page without origin", code.with("Origin", "null"), http.StatusForbidden, schema.FaultCrossSite},
	})
	for name, r := range map[string]request{
		"our own page":  code.with("Sec-Fetch-Site", "same-origin"),
		"typed":         code.with("Sec-Fetch-Site", "none"),
		"our origin":    code.with("Origin", p.url()),
		"no browser":    code,
		"only a look":   p.hq(request{path: "/api/hq/me"}).with("Sec-Fetch-Site", "cross-site"),
		"a sign-in too": login.with("Sec-Fetch-Site", "same-origin"),
	} {
		if a := p.send(r); a.status != http.StatusOK {
			t.Errorf("%s: %s", name, &a)
		}
	}
}

func TestGuessingPasswordsIsSlowedDown(t *testing.T) {
	p := start(t)
	login := func(name, password, from string) request {
		return jsonFormat().post(t, "/api/hq/login", map[string]string{"login": name, "password": password}).
			with("X-Real-IP", from)
	}
	right := func(from string) request { return login(p.access.Login, p.access.Password, from) }
	p.refused(t, []refusal{
		{"a wrong password", login(p.access.Login, "wrong", "198.51.100.1"), http.StatusUnauthorized, schema.FaultLogin},
		{"an unknown name", login("nobody", "wrong", "198.51.100.2"), http.StatusUnauthorized, schema.FaultLogin},
	})
	for n := range 10 {
		expect(t, p.send(login(p.access.Login, fmt.Sprint(n), "198.51.100.3")), http.StatusUnauthorized)
	}
	for n := range 30 {
		expect(t, p.send(login(fmt.Sprint("name ", n), "guess", "198.51.100.4")), http.StatusUnauthorized)
	}
	p.refused(t, []refusal{
		{"the right password after ten wrong ones", right("198.51.100.3"), http.StatusTooManyRequests, schema.FaultTooMany},
		{"any name after thirty from one address", login("somebody", "x", "198.51.100.4"), http.StatusTooManyRequests, schema.FaultTooMany},
	})
	expect(t, p.send(right("198.51.100.5")), http.StatusOK)
	expect(t, p.send(login("somebody", "x", "198.51.100.6")), http.StatusUnauthorized)
}

// TestNobodyElsewhereKeepsAPersonOut has a login guessed at from hundreds of addresses, all
// at once: a hundred guesses are tried, and who has signed in before still gets in.
func TestNobodyElsewhereKeepsAPersonOut(t *testing.T) {
	p := start(t)
	login := func(password, from string) request {
		return jsonFormat().post(t, "/api/hq/login", map[string]string{"login": p.access.Login, "password": password}).
			with("X-Real-IP", from)
	}
	first := p.send(login(p.access.Password, "198.51.100.1"))
	expect(t, first, http.StatusOK)
	known := ""
	for _, line := range first.header.Values("Set-Cookie") {
		if cookie, rest, _ := strings.Cut(line, ";"); strings.HasPrefix(cookie, "sansuiji_browser=") {
			if known = cookie; !strings.Contains(rest, "HttpOnly") || !strings.Contains(rest, "SameSite=Strict") {
				t.Errorf("%s", line)
			}
		}
	}
	var wait sync.WaitGroup
	var tried, blocked atomic.Int64
	for n := range 200 {
		guess := login(fmt.Sprint("guess ", n), fmt.Sprint("203.0.113.", n)).with("Cookie", "sansuiji_browser=made-up")
		wait.Go(func() {
			switch p.status(guess) {
			case http.StatusUnauthorized:
				tried.Add(1)
			case http.StatusTooManyRequests:
				blocked.Add(1)
			}
		})
	}
	wait.Wait()
	if tried.Load() != 100 || blocked.Load() != 100 {
		t.Errorf("%d guesses were tried, %d refused", tried.Load(), blocked.Load())
	}
	expect(t, p.send(login(p.access.Password, "198.51.100.1")), http.StatusTooManyRequests)
	expect(t, p.send(login(p.access.Password, "198.51.100.2").with("Cookie", known)), http.StatusOK)
}

// status sends a request from any goroutine.
func (p *program) status(r request) int {
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url()+r.path, bytes.NewReader(r.body))
	if err != nil {
		p.t.Error(err)
		return 0
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Error(err)
		return 0
	}
	defer func() { _ = res.Body.Close() }()
	return res.StatusCode
}

func TestWhatHeadquartersAsksForIsChecked(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	id := d.saveFinding()
	d.push()
	get := func(path string) request { return p.hq(request{path: "/api/hq/campaigns/" + path}) }
	post := func(path string, body any) request {
		return p.hq(jsonFormat().post(t, "/api/hq/campaigns/{campaign}/"+path, body))
	}
	type body map[string]any
	unknown := schema.NewRowID().String()
	verdict := "findings/" + id.String() + "/review"
	conflict := "conflicts/" + strings.Repeat("0", 32) + "/resolution"
	const (
		invalid = http.StatusUnprocessableEntity
		none    = http.StatusNotFound
	)
	p.refused(t, []refusal{
		{"a campaign that is no id", get("now"), invalid, schema.FaultBadRequest},
		{"an unknown campaign", get(unknown), none, schema.FaultNotFound},
		{"its findings", get(unknown + "/findings"), none, schema.FaultNotFound},
		{"one of them", get(unknown + "/findings/" + id.String()), none, schema.FaultNotFound},
		{"its conflicts", get(unknown + "/conflicts"), none, schema.FaultNotFound},
		{"its quarantine", get(unknown + "/quarantine"), none, schema.FaultNotFound},
		{"its inspectors", get(unknown + "/inspectors"), none, schema.FaultNotFound},
		{"its report", get(unknown + "/report.xlsx"), none, schema.FaultNotFound},
		{"an unknown finding", get("{campaign}/findings/" + unknown), none, schema.FaultNotFound},
		{"a page of none", get("{campaign}/findings?limit=0"), invalid, schema.FaultBadRequest},
		{"a page of very many", get("{campaign}/findings?limit=100000"), invalid, schema.FaultBadRequest},
		{"a page before the first", get("{campaign}/findings?offset=-1"), invalid, schema.FaultBadRequest},
		{"a team that is none", get("{campaign}/findings?team=1"), invalid, schema.FaultValue},
		{"a search with NUL", get("{campaign}/findings?q=%00"), invalid, schema.FaultValue},
		{"a search that is no text", get("{campaign}/findings?q=%ff"), invalid, schema.FaultValue},
		{"a search that is too long", get("{campaign}/findings?q=" + strings.Repeat("a", 101)), invalid, schema.FaultBadRequest},
		{"conflicts of no state", get("{campaign}/conflicts?state=lost"), invalid, schema.FaultBadRequest},
		{"a report in no language", get("{campaign}/report.xlsx?lang=fr"), invalid, schema.FaultBadRequest},
		{"a code for an unknown inspector", post("enrolments", body{"inspector_id": unknown}), none, schema.FaultNotFound},
		{"a code for nobody", post("enrolments", body{"inspector_id": ""}), invalid, schema.FaultBadRequest},
		{"a decision there is not", post(verdict, body{"decision": "maybe", "note": "", "read_at": 1}), invalid, schema.FaultBadRequest},
		{"a decision on a negative revision", post(verdict, body{"decision": "accepted", "note": "", "read_at": -1}), invalid, schema.FaultBadRequest},
		{"a return without a note", post(verdict, body{"decision": "returned", "note": "", "read_at": 1 << 40}), invalid, schema.FaultValue},
		{"a decision on an old reading", post(verdict, body{"decision": "accepted", "note": "", "read_at": 1}), http.StatusConflict, schema.FaultStale},
		{"a decision on an unknown finding", post("findings/"+unknown+"/review", body{"decision": "accepted", "note": "", "read_at": 1}), none, schema.FaultNotFound},
		{"an unknown conflict", post(conflict, body{"value": "x", "read_at": 1}), http.StatusConflict, schema.FaultStale},
		{"a conflict that is no id", post("conflicts/x/resolution", body{"value": "x", "read_at": 1}), invalid, schema.FaultBadRequest},
	})
	if page := ask[review.FindingPage](p, "/api/hq/campaigns/{campaign}/findings?offset=9223372036854775807"); len(page.Findings) != 0 || page.Total != 1 {
		t.Errorf("a page far behind the last: %+v", page)
	}
	d.works()
}
