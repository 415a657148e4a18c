package main

import (
	"bytes"
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

	var file, errs bytes.Buffer
	if code := runHistory([]string{"export", "--data", p.data}, &file, &errs); code != 0 {
		t.Fatalf("export: exit %d, %s", code, &errs)
	}
	name := filepath.Join(t.TempDir(), "city.history")
	must(t, os.WriteFile(name, file.Bytes(), 0o600))
	code, out, stderr := runVerifyOn("", name)
	if code != 0 || !strings.Contains(out, "可信") || stderr != "" {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	code, out, _ = runVerifyOn(file.String(), "--lang", "en", "-")
	if code != 0 || !strings.Contains(out, "PROVEN: as devices signed it") {
		t.Errorf("exit %d, %s", code, out)
	}
	code, out, _ = runVerifyOn("", "--lang", "en", "--data", p.data)
	if code != 0 || !strings.Contains(out, "PROVEN") {
		t.Errorf("exit %d, %s", code, out)
	}
	_, key, _ := strings.Cut(out, "key ")
	key, _, _ = strings.Cut(key, "\n")
	if code, out, _ = runVerifyOn("", "--key", key, name); code != 0 {
		t.Errorf("its own key: exit %d, %s", code, out)
	}
	if code, out, _ = runVerifyOn("", "--key", "another", name); code != 1 {
		t.Errorf("another key: exit %d, %s", code, out)
	}
}

func TestAChangedHistoryIsExitOneWithThePlaceInBothLanguages(t *testing.T) {
	p := start(t)
	var file bytes.Buffer
	if code := runHistory([]string{"export", "--data", p.data}, &file, io.Discard); code != 0 {
		t.Fatalf("export: exit %d", code)
	}
	lines := strings.SplitAfter(file.String(), "\n")
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
