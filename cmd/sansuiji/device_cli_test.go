package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/schema"
)

// shell runs "sansuiji device" with a file.
type shell struct {
	t    *testing.T
	file string
}

func (s shell) run(verb string, args ...string) (code int, out, errs string) {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(append([]string{"device", verb, "--file", s.file}, args...), nil, &stdout, &stderr)
	return code, strings.TrimSpace(stdout.String()), stderr.String()
}

// does runs what must succeed.
func (s shell) does(verb string, args ...string) string {
	s.t.Helper()
	code, out, errs := s.run(verb, args...)
	if code != 0 {
		s.t.Fatalf("%s %v: exit %d\n%s%s", verb, args, code, out, errs)
	}
	return out
}

func (s shell) status() (v statusView) {
	s.t.Helper()
	must(s.t, json.Unmarshal([]byte(s.does("status", "--json")), &v))
	return v
}

func (p *program) newShell(t *testing.T) shell {
	t.Helper()
	s := shell{t, filepath.Join(t.TempDir(), "device.db")}
	out := s.does("enrol", "--server", p.url(), "--code", p.newCode(), "--name", "命令行")
	if !strings.Contains(out, "設備") {
		t.Errorf("enrolled: %q", out)
	}
	s.does("sync")
	return s
}

func TestAFindingGoesThroughTheCommandLine(t *testing.T) {
	p := start(t)
	a, b := p.newShell(t), p.newShell(t)
	visit := p.newTablet(p.overHTTP()).visits[0].String()
	id := a.does("put", "finding", "visit_id="+visit, "title=帳目未公開", "severity=minor",
		"inspector_id=me", "recorded_at=2026-11-25T08:00:00+08:00")
	if _, err := schema.ParseID[schema.RowID](id); err != nil {
		t.Fatal(err)
	}
	a.does("put", "finding", id, "severity=", "status=submitted")
	if s := a.status(); s.Entries["waiting"] != 2 || s.Identity["inspector_name"] == "" || s.Server != p.url() {
		t.Errorf("status %+v", s)
	}
	if out := a.does("sync", "--lang", "en"); !strings.HasPrefix(out, "pushed 2 entries") {
		t.Errorf("sync: %q", out)
	}
	b.does("push")
	if out := b.does("pull", "--json"); !strings.Contains(out, `"pulled":`) {
		t.Errorf("pull: %q", out)
	}
	verified := a.does("put", "verification", "visit_id="+visit, "problem_id="+id, "outcome=sham")
	again := b.does("put", "verification", "visit_id="+visit, "problem_id="+id, "outcome=not")
	if verified != again {
		t.Errorf("the same verification is %s and %s", verified, again)
	}
	if out := a.does("status"); !strings.Contains(out, "待上傳 1") {
		t.Errorf("status:\n%s", out)
	}
}

func TestABundleGoesThroughTheCommandLine(t *testing.T) {
	p := start(t)
	a, b := p.newShell(t), p.newShell(t)
	visit := p.newTablet(p.overHTTP()).visits[0].String()
	a.does("put", "finding", "visit_id="+visit, "title=由同事帶回")
	bundle := filepath.Join(t.TempDir(), "bundle")
	a.does("export", bundle)
	if out := b.does("import", "--json", bundle); out != `{"entries":1,"unverified":0}` {
		t.Errorf("import: %q", out)
	}
	if out := b.does("sync", "--lang", "en"); !strings.HasPrefix(out, "pushed 0 entries and 1 of colleagues") {
		t.Errorf("sync: %q", out)
	}
	if info, err := os.Stat(bundle); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("bundle: %v, %v", info, err)
	}
	must(t, os.WriteFile(bundle, []byte("not a bundle"), 0o600))
	if code, _, errs := b.run("import", bundle); code != deviceRefused || !strings.Contains(errs, "請求內容無法讀取") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestTheCommandLineSaysWhatIsWrong(t *testing.T) {
	p := start(t)
	s := p.newShell(t)
	other := shell{t, filepath.Join(t.TempDir(), "none.db")}
	for _, c := range []struct {
		shell shell
		args  []string
		code  int
		says  string
	}{
		{s, []string{"put"}, deviceUsage, "用法"},
		{s, []string{"put", "puzzle", "a=b"}, deviceUsage, "verification"},
		{s, []string{"put", "finding", "colour=red"}, deviceUsage, "severity"},
		{s, []string{"put", "finding", "severity=huge"}, deviceUsage, "critical 嚴重"},
		{s, []string{"put", "--lang", "en", "finding", "severity=huge"}, deviceUsage, "critical Critical"},
		{s, []string{"put", "finding", "title="}, deviceUsage, "必填"},
		{s, []string{"put", "finding", "recorded_at=yesterday"}, deviceUsage, "2026-11-25"},
		{s, []string{"put", "finding", "accuracy_m=x"}, deviceUsage, "整數"},
		{s, []string{"put", "finding", "visit_id=x"}, deviceUsage, "UUID"},
		{s, []string{"put", "finding", "severity=minor"}, deviceRefused, "NOT NULL"},
		{s, []string{"enrol", "--server", p.url(), "--code", "AAAA-AAAA-AAAA-AAAA"}, deviceRefused, "登記碼不存在"},
		{s, []string{"enrol", "--server", p.url()}, deviceUsage, "--code"},
		{s, []string{"sync", "--server", "http://127.0.0.1:1"}, deviceOffline, "連不上總部"},
		{s, []string{"sync", "--server", "nowhere"}, deviceUsage, "http://HOST"},
		{s, []string{"export"}, deviceUsage, "離線包"},
		{s, []string{"import", "/nowhere/at/all"}, deviceRefused, "no such file"},
		{s, []string{"fly"}, deviceUsage, "用法"},
		{s, []string{"fly", "--lang=en"}, deviceUsage, "usage"},
		{s, []string{"put", "--colour"}, deviceUsage, "colour"},
		{other, []string{"sync"}, deviceRefused, "no such file"},
	} {
		code, out, errs := c.shell.run(c.args[0], c.args[1:]...)
		if code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, want %d and %q\n%s%s", c.args, code, c.code, c.says, out, errs)
		}
	}
	must(t, os.WriteFile(other.file, nil, 0o600))
	if code, _, errs := other.run("put", "team", "number=1"); code != deviceRefused || !strings.Contains(errs, "尚未登記") {
		t.Errorf("not enrolled: exit %d, %s", code, errs)
	}
	if n := s.status().Entries["waiting"]; n != 0 {
		t.Errorf("%d entries were saved", n)
	}
}

func TestAllWordsOfTheDeviceAreInBothLanguages(t *testing.T) {
	for word, l := range deviceWords() {
		if l.Zh == "" || l.En == "" || strings.Count(l.Zh, "%") != strings.Count(l.En, "%") {
			t.Errorf("%s: %q, %q", word, l.Zh, l.En)
		}
	}
}
