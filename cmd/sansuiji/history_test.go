package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runVerifyOn runs "sansuiji verify history".
func runVerifyOn(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = runVerify(append([]string{"history"}, args...), strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestTheHistoryOfARunningCityIsExportedAndProven(t *testing.T) {
	p := start(t)
	d := p.enrolled(cborFormat())
	d.saveFinding()
	push := d.Take()
	d.acknowledged(push, p.send(d.pushRequest(push)))

	file := p.exported()
	name := filepath.Join(t.TempDir(), "city.history")
	must(t, os.WriteFile(name, []byte(file), 0o600))
	code, out, stderr := runVerifyOn("", name)
	if code != 0 || !strings.Contains(out, "可信") || stderr != "" {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	code, out, _ = runVerifyOn(file, "--lang", "en", "-")
	if code != 0 || !strings.Contains(out, "PROVEN: as devices signed it") {
		t.Errorf("exit %d, %s", code, out)
	}
	code, out, _ = runVerifyOn("", "--lang", "en", "--data", p.data)
	if code != 0 || !strings.Contains(out, "PROVEN") {
		t.Errorf("exit %d, %s", code, out)
	}
	_, key, _ := strings.Cut(out, "key ")
	key, _, _ = strings.Cut(key, "\n")
	if !strings.Contains(out, "fsck") || !strings.Contains(out, "--key") || !strings.Contains(out, "--checkpoint") {
		t.Errorf("what was not compared is not said: %s", out)
	}
	if code, out, _ = runVerifyOn("", name, "--key", key+" ", "--lang", "en"); code != 0 || strings.Contains(out, "--key") {
		t.Errorf("its own key: exit %d, %s", code, out)
	}
	if code, out, stderr = runVerifyOn("", "--key", "", name); code != 2 || !strings.Contains(stderr, "公鑰是空的") {
		t.Errorf("an empty key: exit %d, %s%s", code, out, stderr)
	}
	if code, out, _ = runVerifyOn("", "--key", "another", name); code != 1 {
		t.Errorf("another key: exit %d, %s", code, out)
	}
}

func TestACheckpointThatADeviceKeptExposesAShorterHistory(t *testing.T) {
	p := start(t)
	before := p.exported()
	d := p.enrolled(cborFormat())
	after := p.exported()
	if d.ID.String() == "" || len(before) >= len(after) {
		t.Fatal("the history did not grow")
	}
	kept := func(file string) string {
		_, line, _ := strings.Cut(file, `{"checkpoint":`)
		line, _, _ = strings.Cut(line, "}\n")
		var text string
		must(t, json.Unmarshal([]byte(line), &text))
		name := filepath.Join(t.TempDir(), "kept")
		must(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	code, out, _ := runVerifyOn(after, "--lang", "en", "--checkpoint", kept(before), "--checkpoint", kept(after), "-")
	if code != 0 || !strings.Contains(out, "3 checkpoints") {
		t.Errorf("exit %d, %s", code, out)
	}
	code, out, _ = runVerifyOn(before, "--lang", "en", "--checkpoint", kept(after), "-")
	if code != 1 || !strings.Contains(out, "the history was cut") {
		t.Errorf("exit %d, %s", code, out)
	}
}

// exported is the city's history file.
func (p *program) exported() string {
	p.t.Helper()
	var file, errs bytes.Buffer
	if code := runHistory([]string{"export", "--data", p.data}, &file, &errs); code != 0 {
		p.t.Fatalf("export: exit %d, %s", code, &errs)
	}
	return file.String()
}

func TestAChangedHistoryIsExitOneWithThePlaceInBothLanguages(t *testing.T) {
	p := start(t)
	lines := strings.SplitAfter(p.exported(), "\n")
	lines[3] = strings.Replace(lines[3], `"received_at":1`, `"received_at":2`, 1)
	changed := strings.Join(lines, "")
	code, out, _ := runVerifyOn(changed, "-")
	if code != 1 || !strings.Contains(out, "不可信：位置 2，設備 ") || !strings.Contains(out, "第 4 行") {
		t.Errorf("exit %d, %s", code, out)
	}
	code, out, _ = runVerifyOn(changed, "--lang", "en", "-")
	if code != 1 || !strings.Contains(out, "NOT PROVEN: position 2, device ") || !strings.Contains(out, "line 4") {
		t.Errorf("exit %d, %s", code, out)
	}
}

func TestWhatVerifyCannotTellIsExitTwo(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{
		{},
		{missing},
		{"--data", missing},
		{"a", "b"},
		{"--lang", "fr", "-"},
		{"--data", "x", "-"},
		{"--checkpoint", missing, "-"},
		{"--no-such-flag"},
	} {
		if code, out, stderr := runVerifyOn("", args...); code != 2 || out != "" || stderr == "" {
			t.Errorf("%v: exit %d, %q, %q", args, code, out, stderr)
		}
	}
	if code := runVerify([]string{"draw"}, strings.NewReader(""), io.Discard, io.Discard); code != 2 {
		t.Errorf("verify draw: exit %d", code)
	}
	for _, args := range [][]string{nil, {"import"}, {"export", "--data", missing}, {"export", "--x"}} {
		if code := runHistory(args, io.Discard, io.Discard); code == 0 {
			t.Errorf("history %v: exit 0", args)
		}
	}
}

func TestACampaignsHistoryIsFoundByItsCode(t *testing.T) {
	p := start(t)
	p.stop()
	var out, errs bytes.Buffer
	if code := run([]string{"campaign", "add", "--data", p.data, "--code", "C2", "--name", "第二批", "--city", "雲汀市"}, nil, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	export := func(args ...string) (int, string) {
		out.Reset()
		errs.Reset()
		code := run(append([]string{"history", "export", "--data", p.data}, args...), nil, &out, &errs)
		return code, errs.String()
	}
	if code, said := export("--campaign", "C2"); code != 0 || !strings.Contains(out.String(), "sansuiji/history/1") {
		t.Errorf("exit %d: %s", code, said)
	}
	if code, said := export(); code != 1 || !strings.Contains(said, "C2") {
		t.Errorf("exit %d: %s", code, said)
	}
	if code, said := export("--campaign", "C3"); code != 1 || !strings.Contains(said, "C3") {
		t.Errorf("exit %d: %s", code, said)
	}
	if code, verdict, said := runVerifyOn("", "--data", p.data, "--campaign", "C2"); code != 0 {
		t.Errorf("exit %d: %s%s", code, verdict, said)
	}
}
