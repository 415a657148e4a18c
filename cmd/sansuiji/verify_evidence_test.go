package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sansuiji/server/report"
)

// evidenceOf has headquarters make the evidence of a report, and takes it.
func evidenceOf(t *testing.T, p *program) []byte {
	t.Helper()
	f := jsonFormat()
	const reports = "/api/hq/campaigns/{campaign}/reports"
	var job report.Job
	f.read(t, p.send(p.hq(f.post(t, reports, map[string]any{"kind": "progress", "format": "zip"}))), &job)
	for wait := 0; job.State != report.Done; wait++ {
		if wait == 600 {
			t.Fatalf("%+v", job)
		}
		time.Sleep(50 * time.Millisecond)
		job = ask[[]report.Job](p, reports)[0]
	}
	return p.send(p.hq(request{path: reports + "/" + job.ID + "/file"})).body
}

func TestEvidenceIsCheckedOnTheCommandLine(t *testing.T) {
	p := start(t)
	made := evidenceOf(t, p)
	folder := t.TempDir()
	clean, bad, none := filepath.Join(folder, "a.zip"), filepath.Join(folder, "b.zip"), filepath.Join(folder, "c.zip")
	must(t, os.WriteFile(clean, made, 0o600))
	changed := bytes.Clone(made)
	changed[len(changed)/2] ^= 1
	must(t, os.WriteFile(bad, changed, 0o600))
	must(t, os.WriteFile(none, []byte("nothing of the kind"), 0o600))
	again := filepath.Join(folder, "again.zip")
	var ignored bytes.Buffer
	if code := run([]string{
		"report", "--data", p.data, "--campaign", p.access.Campaign.String(), "--kind", "progress", "--out", again,
	}, nil, &ignored, &ignored); code != 0 {
		t.Fatalf("exit %d: %s", code, &ignored)
	}
	printed, err := os.ReadFile(again)
	must(t, err)
	if !bytes.Equal(printed, made) {
		t.Error("the command line packs something else than a job")
	}
	_, key, _ := strings.Cut(string(made), `"key":"`)
	key, _, _ = strings.Cut(key, `"`)
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{clean}, exitProven, "✓ 成立"},
		{[]string{clean}, exitProven, "只憑總部簽名"},
		{[]string{clean, "--lang", "en"}, exitProven, "✓ Holds; most data rest"},
		{[]string{"--key", "sansuiji/other+00000000+AA==", clean}, exitFault, "由另一個密鑰簽名"},
		{[]string{bad}, exitFault, "字節被改動"},
		{[]string{none, "--lang=en"}, exitFault, "this is no evidence file"},
		{[]string{filepath.Join(folder, "nowhere.zip")}, exitUnknown, "nowhere.zip"},
		{[]string{clean, "--key", " " + key + "\n"}, exitProven, "由您給出的總部公鑰簽名"},
		{[]string{clean, "--key", ""}, exitUnknown, "公鑰是空的"},
		{nil, exitUnknown, "sansuiji verify evidence"},
		{[]string{clean, bad}, exitUnknown, "用法"},
	} {
		var out bytes.Buffer
		if code := run(append([]string{"verify", "evidence"}, c.args...), nil, &out, &out); code != c.code || !strings.Contains(out.String(), c.want) {
			t.Errorf("%v: exit %d\n%s", c.args, code, &out)
		}
	}
}
