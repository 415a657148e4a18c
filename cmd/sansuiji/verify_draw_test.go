package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vectorsOf copies a story of the vectors into the desk's folder.
func (c *drawDesk) vectorsOf(story string) {
	c.Helper()
	must(c.T, os.CopyFS(c.folder, os.DirFS(filepath.Join("..", "..", "testdata", "draw", story))))
}

// verify runs "sansuiji verify" with arguments as they are.
func (c *drawDesk) verify(args ...string) (code int, out string) {
	c.Helper()
	for i := range args {
		if _, err := os.Stat(c.path(args[i])); err == nil {
			args[i] = c.path(args[i])
		}
	}
	var b strings.Builder
	code = run(append([]string{"verify"}, args...), nil, &b, &b)
	return code, b.String()
}

func TestACertificateIsVerifiedHoweverItIsAskedFor(t *testing.T) {
	c := &drawDesk{t, t.TempDir()}
	c.vectorsOf("city")
	text, err := os.ReadFile(c.path("known.txt"))
	must(t, err)
	known := strings.Fields(string(text)) // of the plan, the certificate, the newest replacement
	grouped := strings.ToUpper(known[1][:4] + " " + known[1][4:8] + "\n" + known[1][8:])
	for _, d := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"certificate.json", "--frame", "frame.csv", "--log", "log.jsonl"}, exitProven, "無從知道這就是當時公布的那一次"},
		{[]string{"--frame", "frame.csv", "--log", "log.jsonl", "certificate.json"}, exitProven, "抽取憑證的摘要 " + known[1]},
		{[]string{"--frame", "frame.csv", "certificate.json", "--log", "log.jsonl", "--known", grouped, "--lang=en"}, exitProven, "replacement's hash"},
		{[]string{"certificate.json", "--frame", "frame.csv", "--known", "12ab"}, exitUnknown, "64 位十六進制"},
		{[]string{"certificate.json", "--frame", "frame.csv", "--lang", "fr"}, exitUnknown, "zh 和 en"},
		{[]string{"certificate.json", "frame.csv"}, exitUnknown, "用法"},
		{[]string{"certificate.json"}, exitUnknown, "--frame"},
		{nil, exitUnknown, "用法"},
		{[]string{"--help"}, 0, "verify evidence"},
	} {
		if code, out := c.verify(d.args...); code != d.code || !strings.Contains(out, d.want) {
			t.Errorf("%v: exit %d, want %d and %q\n%s", d.args, code, d.code, d.want, out)
		}
	}
	if code, out := c.verify("log.jsonl", "--frame", "frame.csv"); code != exitFault || strings.Contains(out, "000000") {
		t.Errorf("what cannot be read has a hash: exit %d\n%s", code, out)
	}
}

func TestASiteIsVerifiedAgainstItsCeremony(t *testing.T) {
	c := &drawDesk{t, t.TempDir()}
	c.vectorsOf("village")
	text, err := os.ReadFile(c.path("certificate.json"))
	must(t, err)
	late := strings.Replace(string(text), `"2026-11-20T01:00:00Z"`, `"2099-01-01T00:00:00Z"`, 1)
	c.write("late.json", late)
	for _, d := range []struct {
		certificate string
		more        []string
		code        int
		want        string
	}{
		{"certificate.json", nil, exitProven, "只核驗了這個現場"},
		{"certificate.json", []string{"--known", strings.Repeat("0", 64)}, exitFault, "不屬於這次抽取"},
		{"late.json", []string{"--lang", "en"}, exitFault, "before the plan was published"},
	} {
		args := append([]string{"site", "--certificate", d.certificate, "--roster", "roster.csv", "record.json"}, d.more...)
		if code, out := c.verify(args...); code != d.code || !strings.Contains(out, d.want) {
			t.Errorf("%v: exit %d, want %d and %q\n%s", args, code, d.code, d.want, out)
		}
	}
}
