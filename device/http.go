package device

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"

	"github.com/fxamacker/cbor/v2"
)

const (
	// answerWait is how long a request may take; after it counts as unanswered.
	answerWait = 90 * time.Second
	// answerMax is the size of an answer, unpacked, in bytes.
	answerMax = 64 << 20
	// compressAbove is the size of a body, in bytes, above which it is compressed.
	compressAbove = 1024

	grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	cborType  = "application/cbor"
)

// HTTP reaches headquarters over HTTP.
type HTTP struct {
	origin string
	client *http.Client
}

// NewHTTP is a transport to an origin: scheme, host and port.
func NewHTTP(origin string) (*HTTP, error) {
	u, err := url.Parse(strings.TrimSuffix(origin, "/"))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.Path != "" {
		return nil, fmt.Errorf("address %q: want http://HOST or https://HOST", origin)
	}
	return &HTTP{u.String(), &http.Client{Timeout: answerWait}}, nil
}

// Close lets go of the connections that are kept open.
func (h *HTTP) Close() { h.client.CloseIdleConnections() }

// Audience is headquarters' token endpoint.
func (h *HTTP) Audience() string { return h.origin + "/api/v1/token" }

// Enrol sends an enrolment.
func (h *HTTP) Enrol(
	ctx context.Context, request mobileapi.EnrolRequest,
) (answer mobileapi.Enrolment, err error) {
	return answer, h.post(ctx, "/api/v1/enrol", "", request, &answer)
}

// Token sends an assertion.
func (h *HTTP) Token(ctx context.Context, assertion string) (answer mobileapi.Token, err error) {
	form := url.Values{"grant_type": {grantType}, "assertion": {assertion}}.Encode()
	r, err := h.request(ctx, http.MethodPost, "/api/v1/token", "", []byte(form))
	if err != nil {
		return answer, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return answer, h.do(r, &answer)
}

// Contact says how the device stands.
func (h *HTTP) Contact(
	ctx context.Context, token string, report mobileapi.Report,
) (answer mobileapi.ContactNoted, err error) {
	return answer, h.post(ctx, "/api/v1/contact", token, report, &answer)
}

// Push sends entries.
func (h *HTTP) Push(
	ctx context.Context, token string, request mobileapi.PushRequest,
) (answer mobileapi.PushAnswer, err error) {
	path := "/api/v1/push"
	if request.Epoch != (schema.Epoch{}) {
		path += "?epoch=" + request.Epoch.String()
	}
	return answer, h.post(ctx, path, token, request, &answer)
}

// PushPacked sends packed entries.
func (h *HTTP) PushPacked(
	ctx context.Context, token string, d mobileapi.PackedDelivery,
) (answer mobileapi.PushAnswer, err error) {
	q := url.Values{"device": {d.Device.String()}}
	if d.Epoch != (schema.Epoch{}) {
		q.Set("epoch", d.Epoch.String())
	}
	addHolding(q, d.Held, d.Sizes)
	r, err := h.request(ctx, http.MethodPost, "/api/v1/push/packed?"+q.Encode(), token, d.Body)
	if err != nil {
		return answer, err
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	return answer, h.do(r, &answer)
}

// Pull asks for a page.
func (h *HTTP) Pull(
	ctx context.Context, token string, request mobileapi.PullRequest,
) (answer mobileapi.PullAnswer, err error) {
	r, err := h.request(ctx, http.MethodGet, "/api/v1/pull?"+pullQuery(&request), token, nil)
	if err != nil {
		return answer, err
	}
	return answer, h.do(r, &answer)
}

func pullQuery(r *mobileapi.PullRequest) string {
	q := url.Values{"after": {strconv.FormatUint(r.After, 10)}, "schema": {strconv.Itoa(r.Schema)}}
	if r.Epoch != nil {
		q.Set("epoch", r.Epoch.String())
	}
	if r.Limit > 0 {
		q.Set("limit", strconv.Itoa(r.Limit))
	}
	addHolding(q, r.Held, r.Sizes)
	if len(r.Scopes) > 0 {
		q.Set("scope", strings.Join(r.Scopes, ","))
	}
	return q.Encode()
}

// addHolding says which checkpoints the device holds.
func addHolding(q url.Values, held schema.Epoch, sizes []uint64) {
	if len(sizes) == 0 {
		return
	}
	list := make([]string, len(sizes))
	for i, size := range sizes {
		list[i] = strconv.FormatUint(size, 10)
	}
	q.Set("size", strings.Join(list, ","))
	if held != (schema.Epoch{}) {
		q.Set("held", held.String())
	}
}

func (h *HTTP) post(ctx context.Context, path, token string, body, answer any) error {
	b, err := cbor.Marshal(body)
	if err != nil {
		return fmt.Errorf("write request: %w", err)
	}
	packed := len(b) > compressAbove
	if packed {
		if b, err = pack(b); err != nil {
			return err
		}
	}
	r, err := h.request(ctx, http.MethodPost, path, token, b)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", cborType)
	if packed {
		r.Header.Set("Content-Encoding", "gzip")
	}
	return h.do(r, answer)
}

func pack(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		return nil, fmt.Errorf("pack request: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack request: %w", err)
	}
	return out.Bytes(), nil
}

func (h *HTTP) request(
	ctx context.Context, method, path, token string, body []byte,
) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, h.origin+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Accept", cborType)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return r, nil
}

func (h *HTTP) do(r *http.Request, into any) error {
	answer, err := h.client.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOffline, err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerMax+1))
	if err == nil && len(body) > answerMax {
		err = fmt.Errorf("more than %d bytes", answerMax)
	}
	if err != nil { // cut off in the middle: ask again later
		return fmt.Errorf("%w: %w", ErrOffline, err)
	}
	kind := answer.Header.Get("Content-Type")
	if answer.StatusCode != http.StatusOK {
		refusal := Refusal{}
		if decode(kind, body, &refusal) != nil {
			refusal = Refusal{} // no document of ours
		}
		refusal.Status = answer.StatusCode
		return &refusal
	}
	if err := decode(kind, body, into); err != nil {
		// A gateway that answers with a page of its own is not headquarters.
		return fmt.Errorf("%w: %s: %w", ErrOffline, r.URL.Path, err)
	}
	return nil
}

// decode reads a body by its content type.
func decode(kind string, body []byte, into any) error {
	switch {
	case strings.Contains(kind, "cbor"):
		return cbor.Unmarshal(body, into)
	case strings.Contains(kind, "json"):
		return json.Unmarshal(body, into)
	}
	return fmt.Errorf("answered with a page of type %.40q", kind)
}
