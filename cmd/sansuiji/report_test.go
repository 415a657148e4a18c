package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/report"
)

func TestADocumentIsAskedForMadeAndTaken(t *testing.T) {
	p := start(t)
	f := jsonFormat()
	const reports = "/api/hq/campaigns/{campaign}/reports"
	order := map[string]any{"kind": "progress", "format": "pdf", "issue": "3"}
	var job report.Job
	f.read(t, p.send(p.hq(f.post(t, reports, order))), &job)
	for wait := 0; job.State != report.Done; wait++ {
		if wait == 600 {
			t.Fatalf("%+v", job)
		}
		time.Sleep(50 * time.Millisecond)
		job = ask[[]report.Job](p, reports)[0]
	}
	if job.MadeBy == "" || !strings.HasPrefix(job.Name, "整改進展通報3-") || job.Position == 0 {
		t.Errorf("%+v", job)
	}
	a := p.send(p.hq(request{path: reports + "/" + job.ID + "/file"}))
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" || int64(len(a.body)) != job.Size ||
		!strings.Contains(a.header.Get("Content-Disposition"), "filename*=UTF-8''%E6") {
		t.Errorf("%d %v", a.status, a.header)
	}
	p.refused(t, []refusal{
		{"a letter to nobody", p.hq(f.post(t, reports, map[string]any{"kind": "feedback", "format": "docx"})), http.StatusUnprocessableEntity, schema.FaultValue},
		{"another format", p.hq(f.post(t, reports, map[string]any{"kind": "progress", "format": "odt"})), http.StatusUnprocessableEntity, schema.FaultBadRequest},
		{"nobody's file", p.hq(request{path: reports + "/" + nobodysID + "/file"}), http.StatusNotFound, schema.FaultNotFound},
		{"an end to nothing", p.hq(f.post(t, reports+"/"+nobodysID+"/cancel", struct{}{})), http.StatusNotFound, schema.FaultNotFound},
	})
	// The command line reads the same state while the server runs.
	file := filepath.Join(t.TempDir(), "a.pdf")
	var stdout, stderr bytes.Buffer
	if code := run([]string{
		"report", "--data", p.data, "--campaign", p.access.Campaign.String(), "--kind", "progress", "--issue", "3", "--out", file,
	}, nil, &stdout, &stderr); code != 0 {
		t.Fatalf("exit %d: %s", code, &stderr)
	}
	printed, err := os.ReadFile(file)
	must(t, err)
	if !bytes.Equal(printed, a.body) {
		t.Error("the command line prints something else")
	}
}

func TestTheCommandLineSaysWhyThereIsNoDocument(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--kind", "progress"}, 2, "usage: sansuiji report"},
		{[]string{"--kind", "progress", "--campaign", "x", "--format", "odt"}, 2, "usage: sansuiji report"},
		{[]string{"--kind", "progress", "--campaign", "x", "--data", "/nowhere"}, 1, "nowhere"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(append([]string{"report"}, c.args...), nil, &stdout, &stderr); code != c.code || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%v: exit %d, %s", c.args, code, &stderr)
		}
	}
}
