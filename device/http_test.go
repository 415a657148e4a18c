package device

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"

	"github.com/fxamacker/cbor/v2"
)

// serving is a transport to a server that answers as one test wants.
func serving(t *testing.T, answer http.HandlerFunc) *HTTP {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	way, err := NewHTTP(server.URL + "/")
	must(t, err)
	t.Cleanup(way.Close)
	return way
}

func reply(t *testing.T, w http.ResponseWriter, status int, kind string, body any) {
	t.Helper()
	encode := cbor.Marshal
	if strings.HasSuffix(kind, "json") {
		encode = json.Marshal
	}
	b, err := encode(body)
	must(t, err)
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

func TestARefusalIsTheFaultThatItsDocumentNames(t *testing.T) {
	for _, kind := range []string{"application/problem+cbor", "application/problem+json"} {
		way := serving(t, func(w http.ResponseWriter, _ *http.Request) {
			reply(t, w, 409, kind, map[string]any{
				"type": "urn:sansuiji:problem:chain-gap", "code": "chain-gap", "detail": "seq 3",
				"server_time": 77, "errors": []string{"x"},
			})
		})
		_, err := way.Push(t.Context(), "token", mobileapi.PushRequest{})
		var refusal *Refusal
		if schema.FaultCode(err) != schema.FaultGap || !errors.As(err, &refusal) ||
			refusal.ServerTime != 77 || refusal.Status != 409 {
			t.Errorf("%s: %#v", kind, err)
		}
	}
}

func TestAnAnswerThatIsNotHeadquartersIsNoAnswer(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"page":    func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>sign in</html>") },
		"cut off": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "50") },
		"half": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", cborType)
			_, _ = w.Write([]byte{0xa1, 0x61})
		},
		"hung up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		_, err := serving(t, answer).Pull(t.Context(), "token", mobileapi.PullRequest{Schema: 1})
		if !errors.Is(err, ErrOffline) {
			t.Errorf("%s: %v", name, err)
		}
	}
	way := serving(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) })
	_, err := way.Push(t.Context(), "", mobileapi.PushRequest{})
	var refusal *Refusal
	if !errors.As(err, &refusal) || refusal.Status != 502 || schema.FaultCode(err) != "" {
		t.Errorf("a gateway: %v", err)
	}
	way, err = NewHTTP("http://127.0.0.1:1")
	must(t, err)
	if _, err := way.Token(t.Context(), "x"); !errors.Is(err, ErrOffline) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestARequestEndsWithItsContext(t *testing.T) {
	free := make(chan struct{})
	way := serving(t, func(http.ResponseWriter, *http.Request) { <-free })
	defer close(free)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := way.Pull(ctx, "", mobileapi.PullRequest{})
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrOffline) {
		t.Errorf("%v", err)
	}
}

func TestALargePushIsPackedAndASmallOneIsNot(t *testing.T) {
	var packed []bool
	way := serving(t, func(w http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		zipped := r.Header.Get("Content-Encoding") == "gzip"
		if zipped {
			var err error
			body, err = gzip.NewReader(r.Body)
			must(t, err)
		}
		packed = append(packed, zipped)
		b, err := io.ReadAll(body)
		must(t, err)
		var request mobileapi.PushRequest
		must(t, cbor.Unmarshal(b, &request))
		if r.Header.Get("Authorization") != "Bearer token" || r.Header.Get("Accept") != cborType {
			t.Errorf("headers %v", r.Header)
		}
		reply(t, w, 200, cborType, mobileapi.PushAnswer{Epoch: request.DeviceID, Clock: "5"})
	})
	for _, size := range []int{10, 5000} {
		entries := []mobileapi.Octets{make([]byte, size)}
		a, err := way.Push(t.Context(), "token", mobileapi.PushRequest{DeviceID: "d", Entries: entries})
		must(t, err)
		if a.Epoch != "d" || a.Clock != "5" {
			t.Errorf("answer %+v", a)
		}
	}
	if len(packed) != 2 || packed[0] || !packed[1] {
		t.Errorf("packed: %v", packed)
	}
}

func TestAPullAsksForWhatIsNewAfterItsCursor(t *testing.T) {
	epoch := schema.Epoch(rowID(4))
	want := "after=7&epoch=" + epoch.String() + "&limit=3&schema=1&scope=campaign%2Cteam%3Ax&size=9%2C4"
	way := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != want {
			t.Errorf("query %s, want %s", r.URL.RawQuery, want)
		}
		reply(t, w, 200, "application/json", mobileapi.PullAnswer{Patchset: []byte{1, 2}})
	})
	a, err := way.Pull(t.Context(), "", mobileapi.PullRequest{
		After: 7, Epoch: &epoch, Schema: 1, Limit: 3, Sizes: []uint64{9, 4}, Scopes: []string{"campaign", "team:x"},
	})
	if err != nil || string(a.Patchset) != "\x01\x02" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestAnAddressThatIsNoOriginIsRefused(t *testing.T) {
	for _, origin := range []string{"", "localhost:8080", "ftp://x", "http://", "http://x/hq/", "http://x y"} {
		if _, err := NewHTTP(origin); err == nil {
			t.Errorf("%q is taken", origin)
		}
	}
}

// claimsOf reads the claims of the assertion in a form.
func claimsOf(t *testing.T, r *http.Request) (claims struct {
	Iat, Exp int64
	Aud, Iss string
},
) {
	t.Helper()
	must(t, r.ParseForm())
	if r.Form.Get("grant_type") != grantType {
		t.Errorf("grant type %q", r.Form.Get("grant_type"))
	}
	parts := strings.Split(r.Form.Get("assertion"), ".")
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	must(t, err)
	must(t, json.Unmarshal(b, &claims))
	return claims
}

func TestADeviceWhoseClockIsOffLearnsTheTimeFromTheRefusal(t *testing.T) {
	const serverTime = int64(1_900_000_000_000)
	var asked int
	way := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/token" {
			reply(t, w, 200, cborType, mobileapi.PullAnswer{Epoch: testEpoch.String(), Clock: "1"})
			return
		}
		asked++
		c := claimsOf(t, r)
		if c.Exp-c.Iat != 120 || !strings.HasSuffix(c.Aud, "/api/v1/token") {
			t.Errorf("claims %+v", c)
		}
		if off := c.Iat - serverTime/1000; off < -60 || off > 60 {
			reply(t, w, 401, "application/problem+json", map[string]any{
				"code": schema.FaultAssertionClock, "server_time": serverTime,
			})
			return
		}
		reply(t, w, 200, cborType, mobileapi.Token{AccessToken: "x", ExpiresIn: 900, ServerTime: serverTime})
	})
	s := testSettings(1)
	s.Transport = way
	d := enrolled(t, s)
	for range 2 {
		_, err := d.Pull(t.Context())
		must(t, err)
	}
	if asked != 2 {
		t.Errorf("asked %d times for a token, want a refusal and a token", asked)
	}
}

func TestATokenThatIsNoLongerKnownIsRenewedOnce(t *testing.T) {
	tokens := 0
	way := serving(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/v1/token":
			tokens++
			reply(t, w, 200, cborType, mobileapi.Token{
				AccessToken: strings.Repeat("x", tokens), ExpiresIn: 900, ServerTime: startAt,
			})
		case r.Header.Get("Authorization") != "Bearer xx":
			reply(t, w, 401, "application/problem+cbor", map[string]any{"code": schema.FaultUnauthorised})
		default:
			reply(t, w, 200, cborType, mobileapi.PullAnswer{Epoch: testEpoch.String(), Clock: "1"})
		}
	})
	s := testSettings(1)
	s.Transport = way
	d := enrolled(t, s)
	_, err := d.Pull(t.Context())
	if err != nil || tokens != 2 {
		t.Errorf("%d tokens, %v", tokens, err)
	}
}

func TestWithoutANetworkASyncFailsAndKeepsEverything(t *testing.T) {
	d := enrolled(t, testSettings(1))
	d.put(t, "finding", rowID(20), finding("一"))
	before := d.contents(t)
	result, err := d.Sync(t.Context())
	if !errors.Is(err, ErrOffline) || result.Failure.Kind != "offline" {
		t.Errorf("%+v, %v", result, err)
	}
	status, err := d.Status()
	must(t, err)
	if status.Counts[Waiting] != 1 || status.LastSync.Failure.Kind != "offline" || len(before) != len(d.contents(t)) {
		t.Errorf("status %+v", status)
	}
}
