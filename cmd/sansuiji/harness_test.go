package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"sansuiji/schema"

	"github.com/danielgtaylor/huma/v2/formats/cbor"
)

// program is the real program on a port of its own, with a made-up city of its
// own in a folder of its own.
type program struct {
	*app
	t      testing.TB
	access demoAccess
	log    *logged
	phones []*phone
	cancel context.CancelFunc
	ended  chan error
	cookie string // of whoever is signed in
	count  int    // of requests
}

// testSettings let tests say where a request comes from, as a proxy would.
func testSettings(data string) settings {
	return settings{addr: "localhost:0", data: data, behindProxy: true}
}

// start runs the program until the test ends; see stop for what is checked then.
func start(t testing.TB) *program {
	t.Helper()
	data := t.TempDir()
	must(t, os.CopyFS(data, cityFiles(t)))
	return startOn(t, data)
}

// startOn runs the program on a folder that has a city.
func startOn(t testing.TB, data string) *program {
	t.Helper()
	return startWith(t, testSettings(data))
}

func startWith(t testing.TB, s settings) *program {
	t.Helper()
	p := &program{t: t, log: &logged{}, ended: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	var err error
	p.app, err = openApp(ctx, s, slog.New(slog.NewTextHandler(p.log, nil)))
	must(t, err)
	p.access, err = p.demo(ctx, 1)
	must(t, err)
	go func() { p.ended <- p.Run(ctx) }()
	t.Cleanup(p.stop)
	return p
}

// stop ends the program as SIGTERM does. It must have failed at nothing, must
// have all that it acknowledged, and its rows must follow from its history.
func (p *program) stop() {
	p.t.Helper()
	if p.cancel == nil {
		return
	}
	p.cancel()
	p.cancel = nil
	select {
	case err := <-p.ended:
		must(p.t, err)
	case <-time.After(2 * shutdownTimeout):
		p.t.Fatal("the program does not stop")
	}
	for _, phone := range p.phones {
		phone.checkHistory()
	}
	must(p.t, p.Close())
	if text := p.log.String(); strings.Contains(text, "level=ERROR") || strings.Contains(text, "panic") {
		p.t.Errorf("the program logged:\n%s", text)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"fsck", "--data", p.data, "--database", p.database}, nil, &out, &errs); code != 0 {
		p.t.Errorf("fsck: exit %d\n%s%s", code, &out, &errs)
	}
}

// logged is what a program logs, from whatever goroutine.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// city is made once and copied for each program.
var city struct {
	once  sync.Once
	files fstest.MapFS
	err   error
}

func cityFiles(t testing.TB) fstest.MapFS {
	t.Helper()
	city.once.Do(func() { city.files, city.err = makeCity() })
	must(t, city.err)
	return city.files
}

func makeCity() (fstest.MapFS, error) {
	folder, err := os.MkdirTemp("", "sansuiji-city-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	a, err := openApp(context.Background(), testSettings(folder), slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	if _, err := a.demo(context.Background(), 1); err != nil {
		return nil, err
	}
	if err := errors.Join(a.listener.Close(), a.Close()); err != nil {
		return nil, err
	}
	files := fstest.MapFS{}
	for _, name := range []string{"sansuiji.db", "demo.json"} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, err
		}
		files[name] = &fstest.MapFile{Data: b, Mode: 0o600}
	}
	return files, nil
}

// request is one request; its body is in the format that Content-Type names.
type request struct {
	method string // GET, or POST where there is a body
	path   string
	header map[string]string
	body   []byte
}

// with is the request with one more header.
func (r request) with(name, value string) request {
	header := map[string]string{name: value}
	for k, v := range r.header {
		if k != name {
			header[k] = v
		}
	}
	r.header = header
	return r
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a *answer) String() string {
	return fmt.Sprintf("%d %s %.300q", a.status, a.header.Get("Content-Type"), a.body)
}

// bodyMax is more than any answer in a test has.
const bodyMax = 64 << 20

// send sends a request, as if from an address that never sent one before unless
// the request names its own.
func (p *program) send(r request) answer {
	p.t.Helper()
	method := r.method
	if method == "" {
		if method = http.MethodGet; r.body != nil {
			method = http.MethodPost
		}
	}
	req, err := http.NewRequestWithContext(context.Background(), method, p.url()+r.path, bytes.NewReader(r.body))
	must(p.t, err)
	p.count++
	req.Header.Set("X-Real-IP", fmt.Sprintf("192.0.%d.%d", p.count/256, p.count%256))
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	return p.answerTo(req)
}

func (p *program) answerTo(req *http.Request) answer {
	p.t.Helper()
	client := http.Client{Transport: transport(), Timeout: time.Minute}
	res, err := client.Do(req)
	must(p.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, bodyMax))
	must(p.t, err)
	return answer{res.StatusCode, res.Header, body}
}

// transport unpacks nothing, and sends the body of a request that expects to be
// asked for it only when the handler reads.
func transport() *http.Transport {
	return &http.Transport{
		DisableCompression: true, DisableKeepAlives: true, ExpectContinueTimeout: time.Minute,
	}
}

// format is one of the two that the operations speak.
type format struct {
	name    string
	encode  func(w io.Writer, v any) error
	decode  func(b []byte, v any) error
	problem string // content type of a problem document
}

func jsonFormat() format {
	return format{
		"application/json", func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) },
		json.Unmarshal, "application/problem+json",
	}
}

func cborFormat() format {
	return format{
		"application/cbor", cbor.DefaultCBORFormat.Marshal, cbor.DefaultCBORFormat.Unmarshal,
		"application/problem+cbor",
	}
}

func formats() []format { return []format{jsonFormat(), cborFormat()} }

// post is a request with a body in a format, which the answer has too.
func (f format) post(t testing.TB, path string, body any) request {
	t.Helper()
	var b bytes.Buffer
	must(t, f.encode(&b, body))
	return request{path: path, body: b.Bytes()}.with("Content-Type", f.name).with("Accept", f.name)
}

// read decodes a good answer.
func (f format) read(t testing.TB, a answer, into any) {
	t.Helper()
	if a.status != http.StatusOK || a.header.Get("Content-Type") != f.name {
		t.Fatalf("answer %s, want 200 in %s", &a, f.name)
	}
	must(t, f.decode(a.body, into))
}

// gzipped is bytes packed.
func gzipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	must(t, err)
	must(t, w.Close())
	return out.Bytes()
}

// hq is a request of whoever is signed in at headquarters.
func (p *program) hq(r request) request {
	p.t.Helper()
	if p.cookie == "" {
		a := p.send(jsonFormat().post(p.t, "/api/hq/login", map[string]string{
			"login": p.access.Login, "password": p.access.Password,
		}))
		if a.status != http.StatusOK {
			p.t.Fatalf("sign in: %s", &a)
		}
		p.cookie, _, _ = strings.Cut(a.header.Get("Set-Cookie"), ";")
	}
	r.path = strings.ReplaceAll(r.path, "{campaign}", p.access.Campaign.String())
	return r.with("Cookie", p.cookie)
}

// ask reads what headquarters answers to a signed-in question.
func ask[T any](p *program, path string) (v T) {
	p.t.Helper()
	jsonFormat().read(p.t, p.send(p.hq(request{path: path})), &v)
	return v
}

// newCode makes an enrolment code for the demo's inspector.
func (p *program) newCode() string {
	p.t.Helper()
	return p.newCodeFor(p.access.Inspector.String())
}

func (p *program) newCodeFor(inspector string) string {
	p.t.Helper()
	f := jsonFormat()
	var code struct{ Code string }
	f.read(p.t, p.send(p.hq(f.post(p.t, "/api/hq/campaigns/{campaign}/enrolments", map[string]string{
		"inspector_id": inspector,
	}))), &code)
	return code.Code
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// faultOf finds a fault in the list.
func faultOf(t testing.TB, code string) schema.Fault {
	t.Helper()
	for _, f := range schema.Faults() {
		if f.Code == code {
			return f
		}
	}
	t.Fatalf("no fault %q", code)
	return schema.Fault{}
}

// databaseOf is a program's database file.
func databaseOf(data string) string { return filepath.Join(data, "sansuiji.db") }
