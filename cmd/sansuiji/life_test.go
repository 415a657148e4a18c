package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
)

// slowly is a request whose body comes bit by bit: send takes its first byte when
// the handler begins to read.
func (p *program) slowly(ctx context.Context, whole request) (req *http.Request, send *io.PipeWriter) {
	p.t.Helper()
	body, send := io.Pipe()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url()+whole.path, body)
	must(p.t, err)
	for name, value := range whole.header {
		req.Header.Set(name, value)
	}
	req.Header.Set("Expect", "100-continue")
	return req, send
}

func TestAProgramThatIsToldToStopFinishesWhatIsUnderWay(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	d.saveFinding()
	push := d.Take()
	whole := d.pushRequest(push)
	req, send := p.slowly(t.Context(), whole)
	answered := make(chan answer, 1)
	go func() {
		defer close(answered)
		answered <- p.answerTo(req)
	}()
	_, err := send.Write(whole.body[:10])
	must(t, err)
	p.cancel()
	_, err = send.Write(whole.body[10:])
	must(t, err)
	must(t, send.Close())
	d.acknowledged(push, <-answered)
	p.stop()
	if _, err := transport().RoundTrip(req); err == nil { //nolint:bodyclose // there is no answer
		t.Error("it still answers")
	}
}

func TestAPhoneThatHangsUpDoesNoHarm(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	d.saveFinding()
	push := d.Take()
	whole := d.pushRequest(push)
	for _, sent := range []int{1, len(whole.body) - 1} {
		ctx, hangUp := context.WithCancel(t.Context())
		req, send := p.slowly(ctx, whole)
		ended := make(chan error, 1)
		go func() {
			res, err := transport().RoundTrip(req)
			if err == nil {
				err = res.Body.Close()
			}
			ended <- err
		}()
		_, err := send.Write(whole.body[:sent])
		must(t, err)
		hangUp()
		must(t, send.CloseWithError(context.Canceled)) // a transport may wait for the body
		if err := <-ended; err == nil {
			t.Error("the request went through")
		}
	}
	d.acknowledged(push, p.send(whole))
}

// running is the demo as its command runs it.
type running struct {
	ready  ready
	stdout *bufio.Reader
	errs   *logged
	ended  chan int
}

// runDemoOn runs "sansuiji demo" on a folder until it says how to reach it.
func runDemoOn(t *testing.T, data string) *running {
	t.Helper()
	out, write := io.Pipe()
	r := &running{stdout: bufio.NewReader(out), errs: &logged{}, ended: make(chan int, 1)}
	go func() {
		code := run([]string{"demo", "--addr", "localhost:0", "--data", data, "--seed", "7"}, nil, write, r.errs)
		_ = write.Close()
		r.ended <- code
	}()
	for {
		line, err := r.stdout.ReadString('\n')
		if err != nil {
			t.Fatalf("the demo ended: %v\n%s", err, r.errs)
		}
		if text, ok := strings.CutPrefix(line, "ready "); ok {
			must(t, json.Unmarshal([]byte(text), &r.ready))
			return r
		}
	}
}

// terminate sends the signal that service managers send.
func (r *running) terminate(t *testing.T) {
	t.Helper()
	must(t, syscall.Kill(os.Getpid(), syscall.SIGTERM))
	if code := <-r.ended; code != 0 {
		t.Errorf("exit %d\n%s", code, r.errs)
	}
}

func TestADemoThatIsStartedAgainHasTheSameLoginAndItsData(t *testing.T) {
	data := t.TempDir()
	first := runDemoOn(t, data)
	enrol(t, first.ready)
	first.terminate(t)
	again := runDemoOn(t, data)
	enrol(t, again.ready)
	again.terminate(t)
	if first.ready.Login != again.ready.Login || first.ready.Password != again.ready.Password ||
		first.ready.CampaignID != again.ready.CampaignID {
		t.Errorf("first %+v, again %+v", first.ready, again.ready)
	}
	if first.ready.Enrolment == again.ready.Enrolment {
		t.Error("an enrolment code came twice")
	}
	p := startOn(t, data)
	devices := 0
	for _, i := range ask[[]struct{ Devices []any }](p, "/api/hq/campaigns/{campaign}/inspectors") {
		devices += len(i.Devices)
	}
	if devices != 2 {
		t.Errorf("%d devices, want the two that enrolled", devices)
	}
	if info, err := os.Stat(filepath.Join(data, "demo.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("who may read the password: %v, %v", info.Mode(), err)
	}
}

// enrol enrols a device with the code that a demo announces.
func enrol(t *testing.T, at ready) {
	t.Helper()
	campaign, err := schema.ParseID[schema.CampaignID](at.CampaignID)
	must(t, err)
	d := (&program{t: t, access: demoAccess{Campaign: campaign}}).newPhone(jsonFormat(), newP256(t))
	body, err := json.Marshal(d.enrolRequest(at.Enrolment))
	must(t, err)
	res, err := http.Post(strings.TrimSuffix(at.Field, "/")+"/api/v1/enrol", "application/json", bytes.NewReader(body))
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	var e mobileapi.Enrolment
	must(t, json.NewDecoder(res.Body).Decode(&e))
	if res.StatusCode != http.StatusOK || e.CampaignID != at.CampaignID {
		t.Errorf("enrolled: %d %+v", res.StatusCode, e)
	}
}

func TestAPortThatIsTakenIsAnErrorThatSaysSo(t *testing.T) {
	p := start(t)
	var out, errs bytes.Buffer
	addr := p.listener.Addr().String()
	if code := run([]string{"serve", "--addr", addr, "--data", t.TempDir()}, nil, &out, &errs); code != 1 ||
		!strings.Contains(errs.String(), addr) {
		t.Errorf("exit %d\n%s%s", code, &out, &errs)
	}
}

func TestAChangeBehindTheProgramsBackIsFoundAndNamed(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	id := d.saveFinding()
	d.push()
	p.stop()
	for _, c := range []struct{ name, sql, says string }{
		{"a cell", `UPDATE finding SET title = '一切正常' WHERE id = $1`, "DIFFERS finding"},
		{"a cell that is emptied", `UPDATE finding SET severity = NULL WHERE id = $1`, "minor"},
		{"a row that is removed", `DELETE FROM finding WHERE id = $1`, "is missing"},
		{"a row that is added", `INSERT INTO comment SELECT campaign_no, $1, id, NULL, NULL, '無', NULL, NULL,
			_scope, _revision, _clocks FROM finding`, "in no entry"},
		{"a row that changes teams", `UPDATE finding SET _scope = 0 WHERE id = $1`, "DIFFERS finding"},
		{"an entry", `UPDATE history SET entry = CAST(entry || x'00' AS BLOB) WHERE instr(entry, $1) > 0`, "damaged at position"},
		{"an entry with its hash", `UPDATE history SET hash = zeroblob(32) WHERE instr(entry, $1) > 0`, "hash differs"},
		{"an entry's outcome", `UPDATE history SET outcome = 'quarantined' WHERE instr(entry, $1) > 0`, "DIFFERS history"},
		{"an entry that is removed", `DELETE FROM history WHERE instr(entry, $1) > 0`, "DIFFERS"},
		{"a signature", `UPDATE seal SET signature = zeroblob(64) WHERE author = (SELECT max(author) FROM seal)
			AND length($1) = 16`, "does not verify"},
		{"a signature that is removed", `DELETE FROM seal WHERE author = (SELECT max(author) FROM seal)
			AND length($1) = 16`, "under no signature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := t.TempDir()
			must(t, os.CopyFS(data, os.DirFS(p.data)))
			tamper(t, data, c.sql, id)
			var out, errs bytes.Buffer
			code := run([]string{"fsck", "--data", data}, nil, &out, &errs)
			if code != 1 || !strings.Contains(out.String(), c.says) || !strings.Contains(out.String(), "NOT CLEAN") {
				t.Errorf("exit %d, want 1 and %q\n%s%s", code, c.says, &out, &errs)
			}
		})
	}
}

// tamper changes a database that no program has open.
func tamper(t *testing.T, data, statement string, id schema.RowID) {
	t.Helper()
	db, err := sql.Open("sqlite3", databaseOf(data))
	must(t, err)
	defer func() { must(t, db.Close()) }()
	r, err := db.ExecContext(t.Context(), statement, id[:])
	must(t, err)
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("changed %d rows, %v", n, err)
	}
}

func TestAFolderWithoutADatabaseCannotBeChecked(t *testing.T) {
	for _, args := range [][]string{
		{"fsck", "--data", t.TempDir()},
		{"fsck", "--fast"},
		{"serve", "--port", "1"},
		{"demo", "--seed", "x"},
		{"describe"},
		{"describe", "tables"},
		{"survey"},
		nil,
	} {
		var out, errs bytes.Buffer
		if code := run(args, nil, &out, &errs); code != 2 || out.Len() > 0 || errs.Len() == 0 {
			t.Errorf("%v: exit %d, %q, %q", args, code, &out, &errs)
		}
	}
}
