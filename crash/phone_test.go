package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/translog"

	"github.com/golang-jwt/jwt/v5"
)

// caller sends requests over one connection at a time.
type caller struct {
	w      *world
	client *http.Client
	random *rand.Rand
	port   int // ours, of the newest connection
	sent   []exchange
}

// exchange is an answered request and what the answer promised.
type exchange struct {
	port     int // our end of the connection it was on
	promised []promise
}

func (w *world) newCaller(n uint64) *caller {
	c := &caller{w: w, random: rand.New(rand.NewPCG(*seed, n))}
	dialer := &net.Dialer{Timeout: time.Second}
	c.client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		MaxConnsPerHost: 1, DisableCompression: true,
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, to)
			if err == nil {
				c.port = conn.LocalAddr().(*net.TCPAddr).Port
			}
			return conn, err
		},
	}}
	return c
}

// errGone says that the server was gone before its answer was here.
var errGone = errors.New("the server is gone")

// refusal is an answer that is a problem document.
type refusal struct {
	Status int
	Code   string
	Title  string
	Advice string
	Detail string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s %s", r.Status, r.Code, r.Detail) }

// codeOf is a refusal's code, or "".
func codeOf(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// call sends a request with a JSON body, or a form, and reads the answer.
func (c *caller) call(path string, header map[string]string, body, into any) error {
	method, content, kind := http.MethodGet, []byte(nil), "application/json"
	switch b := body.(type) {
	case nil:
	case url.Values:
		method, content, kind = http.MethodPost, []byte(b.Encode()), "application/x-www-form-urlencoded"
	default:
		var err error
		if content, err = json.Marshal(b); err != nil {
			return err
		}
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(context.Background(), method, c.w.server.url+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", kind)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	return c.exchange(r, into)
}

func (c *caller) exchange(r *http.Request, into any) error {
	answer, err := c.client.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	c.sent = append(c.sent, exchange{port: c.port})
	if answer.StatusCode >= http.StatusBadRequest {
		refused := &refusal{Status: answer.StatusCode}
		_ = json.Unmarshal(text, refused)
		return refused
	}
	if cookie, ok := into.(*string); ok {
		*cookie, _, _ = strings.Cut(answer.Header.Get("Set-Cookie"), ";")
		return nil
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// promises notes what the newest answer promised.
func (c *caller) promises(p ...promise) {
	last := &c.sent[len(c.sent)-1]
	last.promised = append(last.promised, p...)
}

// phone is a device; it remembers what was acknowledged.
type phone struct {
	ingesttest.Device
	*caller
	token    string
	sealed   [][]byte         // all its entries
	outcomes []schema.Outcome // of those acknowledged
	checked  int              // as many of them were found in the history since

	checkpoint string // the newest that headquarters signed
	size       uint64 // of its history then
	epoch      string
}

func (w *world) newPhone(n uint64) *phone {
	d := ingesttest.NewDevice(w.t, w.access.Campaign, ingesttest.NewKey(w.t), time.Now)
	d.Inspector = w.access.Inspector
	return &phone{Device: d, caller: w.newCaller(n)}
}

func (p *phone) enrol(code string) error {
	message := slices.Concat([]byte("sansuiji/enrol/1\n"+code), p.ID[:], p.PublicKey)
	return p.call("/api/v1/enrol", nil, mobileapi.EnrolRequest{
		Code: code, DeviceID: p.ID.String(), Name: "手機", PublicKey: p.PublicKey,
		Signature: p.sign(message),
	}, nil)
}

func (p *phone) sign(message []byte) []byte {
	signature, err := p.Key.Sign(nil, message, noHash{})
	must(p.T, err)
	return signature
}

// authenticate gets an access token.
func (p *phone) authenticate() error {
	now := time.Now()
	assertion, err := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.RegisteredClaims{
		Issuer: p.ID.String(), Subject: p.ID.String(), Audience: jwt.ClaimStrings{"/api/v1/token"},
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(time.Minute)),
	}).SignedString(p.Key)
	must(p.T, err)
	var token mobileapi.Token
	err = p.call("/api/v1/token", nil, url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion},
	}, &token)
	p.token = token.AccessToken
	return err
}

func (p *phone) bearer() map[string]string {
	return map[string]string{"Authorization": "Bearer " + p.token, "Accept-Language": "en"}
}

// pull pulls until nothing is left.
func (p *phone) pull() error {
	for more := true; more; {
		var page mobileapi.PullAnswer
		if err := p.call("/api/v1/pull?limit=2000&after="+strconv.FormatUint(p.Seen.Revision, 10)+
			"&epoch="+p.Seen.Epoch.String(), p.bearer(), nil, &page); err != nil {
			return err
		}
		at, err := strconv.ParseUint(page.Clock, 10, 64)
		must(p.T, err)
		p.Seen.Epoch, err = schema.ParseID[schema.Epoch](page.Epoch)
		must(p.T, err)
		if page.Next < p.Seen.Revision {
			p.T.Errorf("the cursor went from %d back to %d", p.Seen.Revision, page.Next)
		}
		p.Seen.Revision, p.Clock, more = page.Next, max(p.Clock, clock.Time(at)), page.More
		for _, c := range ingesttest.ChangesOf(p.T, page.Patchset)["visit"] {
			p.w.visit.CompareAndSwap(nil, new(schema.RowID(c.New[0].Bytes)))
		}
	}
	return nil
}

// push sends all that was not acknowledged, and some of what was.
func (p *phone) push() error {
	from := max(0, len(p.outcomes)-p.random.IntN(3))
	var answer mobileapi.PushAnswer
	if err := p.call("/api/v1/push", p.bearer(), p.pushFrom(from), &answer); err != nil {
		return err
	}
	if len(answer.Entries) != len(p.sealed)-from || answer.Next != p.Head.Seq+1 {
		p.T.Errorf("receipt for %d of %d entries, next %d after %d", len(answer.Entries),
			len(p.sealed)-from, answer.Next, p.Head.Seq)
		return nil
	}
	for i, r := range answer.Entries {
		p.acknowledged(from+i, r)
	}
	p.witnessed(&answer)
	return nil
}

// witnessed keeps the checkpoint of an answer: headquarters will be asked how its
// history goes on from it. A history that lost what was signed for would begin a
// new epoch.
func (p *phone) witnessed(answer *mobileapi.PushAnswer) {
	if p.epoch != "" && answer.Epoch != p.epoch {
		p.T.Errorf("headquarters went back in time: epoch %s after %s", answer.Epoch, p.epoch)
	}
	text, _, _ := strings.Cut(answer.Checkpoint, "\n\n")
	c, err := translog.ParseCheckpoint(text + "\n")
	must(p.T, err)
	if c.Size < p.size {
		p.T.Errorf("the history has %d entries, after %d", c.Size, p.size)
	}
	p.epoch, p.checkpoint, p.size = answer.Epoch, answer.Checkpoint, c.Size
	p.promises(promise{"position", strconv.FormatUint(c.Size, 10)})
}

// pushFrom is the request that sends the entries from an index on.
func (p *phone) pushFrom(from int) mobileapi.PushRequest {
	body := mobileapi.PushRequest{
		CampaignID: p.Campaign.String(), DeviceID: p.ID.String(), Entries: []mobileapi.Octets{},
		Checkpoint: p.checkpoint,
	}
	if p.size > 0 {
		body.Sizes = []uint64{p.size}
	}
	for _, e := range p.sealed[from:] {
		body.Entries = append(body.Entries, e)
	}
	if len(body.Entries) > 0 {
		body.Signature = p.Sign(p.Head)
	}
	return body
}

// acknowledged takes the answer about one entry. What was acknowledged before
// must be there, as it was answered; a held one may have been merged since.
func (p *phone) acknowledged(i int, r schema.EntryReceipt) {
	outcome := r.Outcome
	if outcome == schema.Duplicate {
		outcome = r.Stands
	}
	if i < len(p.outcomes) {
		before := p.outcomes[i]
		if r.Outcome != schema.Duplicate || outcome != before && before != schema.Held {
			p.T.Errorf("entry %d of %s was acknowledged as %s, now it is %s %s", i+1, p.ID, before, r.Outcome, r.Stands)
		}
		p.outcomes[i] = outcome
		return
	}
	p.outcomes = append(p.outcomes, outcome)
	p.promises(entryPromise(p.sealed[i]))
}

// save seals an entry and keeps it.
func (p *phone) save(do func(b *edit.Builder)) {
	b := edit.New(p.w.catalogue)
	do(b)
	bytes, err := b.Bytes()
	must(p.T, err)
	p.Seal(bytes, schema.Version)
	p.sealed, p.Waiting = append(p.sealed, p.Waiting...), nil
}

// work does what an inspector does until the server is gone.
func (p *phone) work() error {
	if p.token == "" || p.random.IntN(8) == 0 || strings.HasPrefix(p.w.point, "token.") {
		if err := p.authenticate(); err != nil {
			return err
		}
	}
	for {
		if p.random.IntN(4) == 0 || p.w.visit.Load() == nil {
			if err := p.pull(); err != nil {
				return err
			}
		}
		for range 1 + p.random.IntN(3) {
			p.record()
		}
		if p.w.point == "entry.reconsidered" {
			time.Sleep(time.Duration(p.random.IntN(4)) * time.Millisecond) // others get to know of it first
		}
		if p.random.IntN(20) == 0 || p.w.point == "push.set-aside" {
			if err := p.pushForged(); err != nil {
				return err
			}
		}
		if err := p.push(); err != nil {
			return err
		}
	}
}

// record saves one of the things that inspectors save: now and then one that
// waits for another phone's, and one that must not be merged.
func (p *phone) record() {
	switch finding, known := p.w.findings.pick(p.random); p.random.IntN(8) {
	case 0, 1, 2:
		if known {
			p.save(ingesttest.SetCell(finding, "severity", "minor", []string{"serious", "critical"}[p.random.IntN(2)]))
		}
	case 3:
		if known {
			p.save(ingesttest.SetCell(finding, "title", "帳目不清", fmt.Sprint("帳目 ", p.random.Uint32())))
		}
	case 4:
		if known {
			p.save(ingesttest.SetCell(finding, "severity", "minor", "apocalyptic"))
		}
	default:
		id := schema.NewRowID()
		p.save(func(b *edit.Builder) { p.Finding(b, id, *p.w.visit.Load(), "minor") })
		p.w.findings.add(id)
	}
}

// pushForged sends entries under a wrong signature.
func (p *phone) pushForged() error {
	body := p.pushFrom(len(p.outcomes))
	if len(body.Entries) == 0 {
		return nil
	}
	body.Signature[5] ^= 1
	err := p.call("/api/v1/push", p.bearer(), body, nil)
	if code := codeOf(err); code == schema.FaultSignature {
		return nil
	}
	return err
}

// head is what an entry is known by.
func entryPromise(entry []byte) promise {
	hash := chain.HashBytes(entry)
	return promise{"entry", string(hash[:])}
}

// findings are ids that the phones of a world know.
type findings struct {
	mu   sync.Mutex
	list []schema.RowID
}

// findingsKept bounds the list: older ones change no more.
const findingsKept = 30

func (f *findings) add(id schema.RowID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, id)
	f.list = f.list[max(0, len(f.list)-findingsKept):]
}

func (f *findings) pick(random *rand.Rand) (schema.RowID, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) == 0 {
		return schema.RowID{}, false
	}
	return f.list[random.IntN(len(f.list))], true
}
