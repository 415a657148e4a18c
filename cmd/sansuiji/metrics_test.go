package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"sansuiji/server/store/postgres/postgrestest"
)

// scrape is what a Prometheus is told.
func (p *program) scrape() string {
	p.t.Helper()
	res, err := http.Get("http://" + p.meter.Addr().String() + metricsPath)
	must(p.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	must(p.t, err)
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") {
		p.t.Fatalf("%s\n%s", res.Status, body)
	}
	return string(body)
}

// metered is a program with figures after a day's work: a push, one that was refused, a
// pull, a photo, a backup.
func metered(t *testing.T, s settings) *program {
	t.Helper()
	s.metrics = "localhost:0"
	p := startWith(t, s)
	d := p.enrolled(cborFormat())
	d.saveFinding()
	d.push()
	d.pull()
	photo := jpegOf(t, scene(7, 300, 200), 85)
	d.attach(photo, "photo")
	d.wantStatus(d.create(photo, len(photo.bytes)), http.StatusCreated)
	d.wantStatus(d.patch(photo, 0, photo.bytes), http.StatusNoContent)
	command(t, "backup", "--data", s.data, "--database", s.database, t.TempDir()+"/copy.db")
	p.hq(request{})
	p.send(request{path: "/no/page/here"})
	return p
}

func TestAPrometheusIsToldHowHeadquartersDoes(t *testing.T) {
	postgres := testSettings(t.TempDir())
	postgres.database = postgrestest.Empty(t)
	data := t.TempDir()
	must(t, os.CopyFS(data, cityFiles(t)))
	for name, s := range map[string]settings{"SQLite": testSettings(data), "PostgreSQL": postgres} {
		t.Run(name, func(t *testing.T) {
			p := metered(t, s)
			text := p.scrape()
			campaign := p.access.Campaign.String()
			for _, want := range []string{
				`sansuiji_build_info\{schema="\d+",version="[^"]+"\} 1`,
				`sansuiji_pushes_total\{campaign="` + campaign + `",result="accepted"\} 2`,
				`sansuiji_entries_total\{campaign="` + campaign + `",outcome="merged"\} 2`,
				`sansuiji_pull_seconds_count [1-9]`, `sansuiji_merge_seconds_count [1-9]`, `sansuiji_push_seconds_count 2`,
				`sansuiji_pull_rows_total\{campaign="` + campaign + `"\} [1-9]`,
				`sansuiji_entries_backed_up\{campaign="` + campaign + `"\} [1-9]`,
				`sansuiji_last_backup_timestamp_seconds\{campaign="` + campaign + `"\} 1\.\d+e\+09`,
				`sansuiji_conflicts_open\{campaign="` + campaign + `"\} 0`, `sansuiji_quarantine_open\{campaign="` + campaign + `"\} 0`,
				`sansuiji_held\{campaign="` + campaign + `"\} 0`, `sansuiji_attachments_stored\{campaign="` + campaign + `"\} 1`,
				`sansuiji_phones\{campaign="` + campaign + `"\} 1`, `sansuiji_phones_silent\{campaign="` + campaign + `"\} 0`,
				`sansuiji_campaign_info\{campaign="` + campaign + `",code="[^"]+"\} 1`,
				`sansuiji_sessions [1-9]`, `sansuiji_database_up 1`, `sansuiji_database_bytes [1-9]`, `sansuiji_data_free_bytes [1-9]`,
				`sansuiji_http_requests_total\{method="POST",route="/api/v1/push",status="200"\} 2`,
				`sansuiji_http_requests_total\{method="GET",route="/\*",status="404"\} 1`,
				`sansuiji_http_requests_total\{method="PATCH",route="/api/v1/[^"]*\*",status="204"\} 1`,
			} {
				if !regexp.MustCompile(`(?m)^` + want).MatchString(text) {
					t.Errorf("no %s in\n%s", want, text)
				}
			}
			if a := p.send(request{path: metricsPath}); a.status != http.StatusNotFound {
				t.Errorf("the world is told: %s", &a)
			}
		})
	}
}

func TestADatabaseThatIsAwayIsTold(t *testing.T) {
	s := testSettings(t.TempDir())
	s.metrics = "localhost:0"
	p := startWith(t, s)
	if !strings.Contains(p.scrape(), "sansuiji_database_up 1") {
		t.Error("it is not told that the database is there")
	}
	must(t, p.store.Close())
	if !strings.Contains(p.scrape(), "sansuiji_database_up 0") {
		t.Error("it is not told that the database is away")
	}
	p.cancel() // it can do nothing more, nor be checked
	p.cancel = nil
	must(t, <-p.ended)
	p.held.release()
}

func TestEveryAlarmHasItsFiguresAndItsPage(t *testing.T) {
	data := t.TempDir()
	must(t, os.CopyFS(data, cityFiles(t)))
	p := metered(t, testSettings(data))
	text := p.scrape() + "\nup 1\n"
	rules, err := os.ReadFile("../../deploy/alerts.yml")
	must(t, err)
	expressions := regexp.MustCompile(`\b(sansuiji|process|go)_[a-z_]+\b`).FindAllString(string(rules), -1)
	if len(expressions) < 20 {
		t.Fatalf("only %q", expressions)
	}
	for _, name := range expressions {
		if name != "sansuiji_report_jobs" && !regexp.MustCompile(`(?m)^`+name+`[{ ]`).MatchString(text) {
			t.Errorf("an alarm asks for %s, which nobody tells", name)
		}
	}
	alerts := regexp.MustCompile(`alert: (\w+)`).FindAllStringSubmatch(string(rules), -1)
	for _, page := range []string{"OPERATIONS.md", "OPERATIONS.zh-CN.md"} {
		words, err := os.ReadFile("../../docs/" + page)
		must(t, err)
		for _, alert := range alerts {
			if !strings.Contains(string(words), "### "+alert[1]+"\n") {
				t.Errorf("docs/%s does not say what to do about %s", page, alert[1])
			}
			if anchor := "docs/OPERATIONS.md#" + strings.ToLower(alert[1]) + "\n"; !strings.Contains(string(rules), anchor) {
				t.Errorf("%s does not lead to %s", alert[1], anchor)
			}
		}
	}
}
