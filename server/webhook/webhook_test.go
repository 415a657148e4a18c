package webhook_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/server/webhook"
	"sansuiji/syncengine/edit"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func TestOnPostgreSQL(t *testing.T) {
	ingesttest.OnPostgreSQL(t, TestNewsAreToldOnceAndSigned, TestAMessageIsSentUntilItIsTakenOrGivenUp)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// listener is a program that is told things.
type listener struct {
	*httptest.Server
	t      *testing.T
	status int
	key    []byte // of the signatures
	heard  []webhook.Message
}

func listen(t *testing.T) *listener {
	t.Helper()
	l := &listener{t: t, status: http.StatusNoContent}
	l.Server = httptest.NewServer(l)
	t.Cleanup(l.Close)
	return l
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var m webhook.Message
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	want := "v1," + webhook.Sign(l.key, r.Header.Get("Webhook-Id"), r.Header.Get("Webhook-Timestamp"), body)
	if got := r.Header.Get("Webhook-Signature"); err != nil || got != want {
		l.t.Errorf("signature %q, want %q (%v)", got, want, err)
	}
	l.heard = append(l.heard, m)
	w.WriteHeader(l.status)
	_, _ = w.Write([]byte("稍後再來"))
}

// told is a world in which a listener is told of a campaign.
func told(t *testing.T) (*ingesttest.World, *webhook.Service, *listener) {
	t.Helper()
	w, l := ingesttest.New(t), listen(t)
	s := &webhook.Service{Store: w.Store, Now: func() time.Time { return w.Now }, Loopback: true}
	secret, err := s.Add(t.Context(), w.Campaign, webhook.New{URL: l.URL, Kinds: webhook.Kinds()}, "wang")
	must(t, err)
	l.key, err = base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	must(t, err)
	return w, s, l
}

func round(t *testing.T, w *ingesttest.World, s *webhook.Service) {
	t.Helper()
	must(t, s.Collect(t.Context(), w.Campaign))
	must(t, s.Deliver(t.Context()))
}

func TestNewsAreToldOnceAndSigned(t *testing.T) {
	w, s, l := told(t)
	p := w.Enrol(0)
	p.Pull()
	finding := schema.NewRowID()
	p.Save(func(b *edit.Builder) {
		b.Insert("finding", finding, edit.Cells{
			"visit_id": edit.ID(w.Visits[0]), "title": edit.Text("公示欄過期"), "status": edit.Text("submitted"), "severity": edit.Text("minor"),
		})
	})
	p.Push()
	problem, entry := schema.NewRowID(), schema.NewRowID()
	w.Write(func(b *edit.Builder) {
		b.Insert("problem", problem, edit.Cells{"unit_id": edit.ID(w.Units[1]), "title": edit.Text("賬目不清")})
		b.Insert("ledger_entry", entry, edit.Cells{
			"problem_id": edit.ID(problem), "due_at": edit.Int(w.Now.UnixMilli() + 60_000), "responsible_unit": edit.Text("一小"),
		})
	})
	round(t, w, s)
	round(t, w, s)
	if len(l.heard) != 1 || l.heard[0].Kind != webhook.FindingSubmitted || l.heard[0].Data.(map[string]any)["title"] != "公示欄過期" {
		t.Fatalf("heard %+v", l.heard)
	}
	w.Now = w.Now.Add(time.Hour)
	p.Save(ingesttest.SetCell(finding, "severity", "minor", "serious")) // no news
	p.Push()
	round(t, w, s)
	round(t, w, s)
	if len(l.heard) != 1 { // its day is not over
		t.Fatalf("heard %+v", l.heard)
	}
	w.Now = w.Now.Add(2 * time.Hour)
	round(t, w, s)
	round(t, w, s)
	if len(l.heard) != 2 || l.heard[1].Kind != webhook.LedgerOverdue || l.heard[1].Data.(map[string]any)["id"] != entry.String() {
		t.Fatalf("heard %+v", l.heard)
	}
}

func TestAMessageIsSentUntilItIsTakenOrGivenUp(t *testing.T) {
	w, s, l := told(t)
	l.status = http.StatusServiceUnavailable
	p := w.Enrol(0)
	p.Pull()
	p.Save(func(b *edit.Builder) {
		b.Insert("finding", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(w.Visits[0]), "title": edit.Text("甲"), "status": edit.Text("submitted"),
		})
	})
	p.Push()
	state := func() webhook.Hook {
		t.Helper()
		list, err := s.Hooks(t.Context(), w.Campaign)
		must(t, err)
		return list[0]
	}
	round(t, w, s)
	round(t, w, s) // too early to try again
	if h := state(); len(l.heard) != 1 || h.Waiting != 1 || !strings.Contains(h.Problem, "503 Service Unavailable 稍後再來") {
		t.Fatalf("heard %d, %+v", len(l.heard), h)
	}
	for range 20 {
		w.Now = w.Now.Add(40 * time.Hour)
		round(t, w, s)
	}
	if h := state(); len(l.heard) != 12 || h.Waiting != 0 || h.Failed != 1 {
		t.Fatalf("heard %d, %+v", len(l.heard), h)
	}
	must(t, s.Disable(t.Context(), w.Campaign, mustID(t, state().ID)))
	if state().DisabledAt == nil {
		t.Error("still told")
	}
}

func mustID(t *testing.T, text string) schema.RowID {
	t.Helper()
	id, err := schema.ParseID[schema.RowID](text)
	must(t, err)
	return id
}

func TestNobodyIsToldOnThisMachineOrThroughIt(t *testing.T) {
	w := ingesttest.New(t)
	s := &webhook.Service{Store: w.Store, Now: time.Now}
	for _, url := range []string{
		"http://localhost/", "http://127.0.0.1:80/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest",
		"http://0.0.0.0/", "ftp://example.org/", "example.org", "http://user:pass@example.org/", "//example.org",
	} {
		_, err := s.Add(t.Context(), w.Campaign, webhook.New{URL: url, Kinds: webhook.Kinds()}, "wang")
		if schema.FaultCode(err) != schema.FaultWebhookURL {
			t.Errorf("%s: %v", url, err)
		}
	}
	// A name may lead to this machine only when it is asked.
	l := listen(t)
	named := strings.Replace(l.URL, "127.0.0.1", "localtest", 1)
	_, err := s.Add(t.Context(), w.Campaign, webhook.New{URL: named, Kinds: webhook.Kinds()}, "wang")
	must(t, err)
	// What an old program let in is refused when it is dialled.
	s.Loopback = true
	_, err = s.Add(t.Context(), w.Campaign, webhook.New{URL: l.URL, Kinds: webhook.Kinds()}, "wang")
	must(t, err)
	s.Loopback = false
	p := w.Enrol(0)
	p.Pull()
	p.Save(func(b *edit.Builder) {
		b.Insert("finding", schema.NewRowID(), edit.Cells{
			"visit_id": edit.ID(w.Visits[0]), "title": edit.Text("甲"), "status": edit.Text("submitted"),
		})
	})
	p.Push()
	must(t, s.Collect(t.Context(), w.Campaign))
	w.Now = time.Now()
	must(t, s.Deliver(t.Context()))
	if len(l.heard) != 0 {
		t.Errorf("heard %+v", l.heard)
	}
}
