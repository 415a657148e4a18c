package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sansuiji/draw"
)

// drawDesk is a folder in which somebody draws with the command line.
type drawDesk struct {
	*testing.T
	folder string
}

func newCeremony(t *testing.T) *drawDesk {
	c := &drawDesk{t, t.TempDir()}
	var b strings.Builder
	b.WriteString("id,stratum,size,eligible,exclusion,x_m,y_m,name\n")
	for s := range 4 {
		for i := range 12 {
			eligible, code := "1", ""
			if i == 11 {
				eligible, code = "0", "E1-dissolved"
			}
			fmt.Fprintf(&b, "V%d%02d,C%d,%d,%s,%s,%d,%d,第%d村\n", s, i, s, 100+i, eligible, code, s*9000+i*700, i*1300, i)
		}
	}
	c.write("frame.csv", b.String())
	c.write("settings.json", `{
  "campaign": "2026Q4", "purpose": "branch", "scope": "city",
  "excluded": [{"code": "E1-dissolved", "evidence": "sha256:11", "approver": "A01"}],
  "sample": {"design": "srs", "rule": "webster", "n": 12, "floor": 2, "weight": "units", "reserve_ppm": 500000, "reserve_min": 1},
  "teams": {"teams": [{"id": "T1", "cap": 2}, {"id": "T2", "cap": 2}], "barred": [{"team": "T1", "what": "C0"}]},
  "routes": {"depot_x_m": 0, "depot_y_m": 0, "detour_permille": 1300, "budget_percent": 115, "moves": 1250},
  "public": {"type": "dice", "sides": 10, "people": ["R03", "R05", "R07"], "throws": 7},
  "gap_s": 3600
}`)
	return c
}

func (c *drawDesk) path(name string) string { return filepath.Join(c.folder, name) }

func (c *drawDesk) write(name, text string) {
	c.Helper()
	if err := os.WriteFile(c.path(name), []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
}

// run runs the program; words that are files' names get the folder's path.
func (c *drawDesk) run(line string) (code int, out string) {
	c.Helper()
	args := strings.Fields(line)
	for i := range args {
		if regexp.MustCompile(`^[a-z0-9]+\.(csv|jsonl?|txt)$`).MatchString(args[i]) {
			args[i] = c.path(args[i])
		}
	}
	var stdout, stderr bytes.Buffer
	code = run(args, nil, &stdout, &stderr)
	return code, stdout.String() + stderr.String()
}

func (c *drawDesk) must(line string) string {
	c.Helper()
	code, out := c.run(line)
	if code != 0 {
		c.Fatalf("%s: %d\n%s", line, code, out)
	}
	return out
}

// wants runs what must be refused, in words that name something.
func (c *drawDesk) wants(line string, code int, words ...string) {
	c.Helper()
	have, out := c.run(line)
	if have != code {
		c.Errorf("%s: exit %d, want %d\n%s", line, have, code, out)
	}
	for _, word := range words {
		if !strings.Contains(out, word) {
			c.Errorf("%s: %q does not name %q", line, out, word)
		}
	}
}

const (
	published = " --published 公示欄,2026-11-20T01:00:00Z,sha256:21 --published 報紙,2026-11-20T01:30:00Z,sha256:22"
	thrown    = " --throw R03=0877247 --throw R05=3296991 --throw R07=8975400 --at 2026-11-20T03:00:00Z"
)

// upToRun does all steps before the draw, under numbered file names.
func (c *drawDesk) upToRun(n int) {
	c.Helper()
	plan := fmt.Sprintf("plan%d.json", n)
	c.must("draw plan --frame frame.csv --settings settings.json --log log.jsonl --out " + plan)
	for _, role := range []string{"hq", "observer"} {
		c.must(fmt.Sprintf("draw commit --plan %s --role %s --secret %s%d.json", plan, role, role, n))
	}
	c.must(fmt.Sprintf("draw dice --plan %s%s%s --out ceremony%d.json", plan, published, thrown, n))
	for _, role := range []string{"observer", "hq"} { // in any order
		c.must(fmt.Sprintf("draw reveal --ceremony ceremony%d.json --secret %s%d.json", n, role, n))
	}
}

func (c *drawDesk) certificate(name string) *draw.Certificate {
	c.Helper()
	text, err := os.ReadFile(c.path(name))
	if err != nil {
		c.Fatal(err)
	}
	done, err := draw.ParseCertificate(text)
	if err != nil {
		c.Fatal(err)
	}
	return done
}

func TestACeremonyOnTheCommandLine(t *testing.T) {
	c := newCeremony(t)
	c.upToRun(1)
	c.must("draw void --ceremony ceremony1.json --frame frame.csv --log log.jsonl --reason 停電 --out void1.json")
	c.must("draw plan --frame frame.csv --settings settings.json --log log.jsonl --out stopped.json")
	for _, role := range []string{"hq", "observer"} {
		c.must("draw commit --plan stopped.json --role " + role + " --secret s" + role + ".json")
	}
	c.must("draw stop --plan stopped.json --out ceremony9.json")
	c.wants("draw void --ceremony ceremony9.json --frame frame.csv --log log.jsonl --reason 下雨 --out void9.json", deviceRefused, "0")
	for _, role := range []string{"hq", "observer"} {
		c.must("draw reveal --ceremony ceremony9.json --secret s" + role + ".json")
	}
	c.must("draw void --ceremony ceremony9.json --frame frame.csv --log log.jsonl --reason 下雨 --out void9.json")
	c.upToRun(2)
	out := c.must("draw run --ceremony ceremony2.json --frame frame.csv --log log.jsonl --out certificate.json")
	done := c.certificate("certificate.json")
	if !strings.Contains(out, done.Hash().String()) || len(done.Routes) != 2 {
		t.Errorf("%s", out)
	}
	verify := "verify certificate.json --frame frame.csv --log log.jsonl --known " + done.PlanHash.String() +
		" --known " + done.Hash().String()
	if out := c.must(verify); strings.Count(out, "✓") != 10 || !strings.Contains(out, "停電") || !strings.Contains(out, "下雨") {
		t.Errorf("%s", out)
	}
	if out := c.must(verify + " --lang en"); !strings.Contains(out, "Drawn again") {
		t.Errorf("%s", out)
	}
	first := done.Drawn[0]
	replace := "draw replace --certificate certificate.json --stratum " + first.Stratum + " --unit " + first.ID +
		" --reason disaster --evidence sha256:31 --at 2026-11-22T01:00:00Z --approver "
	c.must(replace + "A02")
	c.wants(replace+"A02", deviceRefused, first.ID) // it is out already
	c.must(verify)
	table := c.must("draw weights --certificate certificate.json")
	if strings.Count(table, "\n") != 13 || !strings.Contains(table, first.ID+",disaster") {
		t.Errorf("%s", table)
	}
	c.wants("verify certificate.json --frame frame.csv", exitUnknown, "?") // the log is wanted
}

func TestPeopleAreDrawnOnTheCommandLine(t *testing.T) {
	c := newCeremony(t)
	c.write("sites.txt", "V001\nV000\n")
	out := c.must("draw sites --sites sites.txt --ask 10 --modes desk,envelope --campaign 2026Q4 --out keys.json")
	var made siteKeys
	if err := readDocument(c.path("keys.json"), &made); err != nil || made.Sites.N != 2 || !strings.Contains(out, made.Sites.Root.String()) {
		t.Fatalf("%v %+v", err, made)
	}
	unlock, err := draw.ParseUnlock(made.Keys[1].Unlock)
	if err != nil {
		t.Fatal(err)
	}
	if key, err := draw.Open("2026Q4", "V001", unlock, made.Keys[1].Sealed); err != nil || key != made.Keys[1].Key {
		t.Errorf("%v %v", key, err)
	}
	folder := filepath.Join("..", "..", "testdata", "draw", "village")
	verify := "verify site " + filepath.Join(folder, "record.json") + " --certificate " +
		filepath.Join(folder, "certificate.json") + " --roster "
	if out := c.must(verify + filepath.Join(folder, "roster.csv")); strings.Count(out, "✓") != 8 {
		t.Errorf("%s", out)
	}
	c.write("roster.csv", "key,name\n1-1,甲\n")
	c.wants(verify+"roster.csv", exitFault, "名冊")
	c.wants("verify site", exitUnknown, "用法")
}

func TestDrawsAreRefusedInWords(t *testing.T) {
	c := newCeremony(t)
	frame, err := os.ReadFile(c.path("frame.csv"))
	if err != nil {
		t.Fatal(err)
	}
	plan := "draw plan --settings settings.json --out p.json --frame "
	for name, text := range map[string]string{
		"twice.csv 出現兩次":     strings.Replace(string(frame), "V001", "V000", 1),
		"case.csv 大小寫":       strings.Replace(string(frame), "V001", "v000", 1),
		"empty.csv 第 3 行":    strings.Replace(string(frame), "V001", "", 1),
		"hidden.csv 第 3 行":   strings.Replace(string(frame), "V001", "V001\u200b", 1),
		"zero.csv V001":      strings.Replace(string(frame), ",101,", ",0,", 1),
		"large.csv 第 3 行":    strings.Replace(string(frame), ",101,", ",9007199254740992,", 1),
		"float.csv 第 3 行":    strings.Replace(string(frame), ",101,", ",1.5,", 1),
		"gbk.csv UTF-8":      "id,stratum,name\nV1,C1,\xb5\xda1\xb4\xe5\n",
		"none.csv 空":         "",
		"column.csv stratum": "id,size\nV1,3\n",
		"quote.csv 第 2 行":    "id,stratum\nV\"1,C1\n",
	} {
		file, word, _ := strings.Cut(name, " ")
		c.write(file, text)
		c.wants(plan+file, deviceRefused, word)
	}
	settings, err := os.ReadFile(c.path("settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, swap := range map[string][2]string{
		"many.json 44":       {`"n": 12`, `"n": 99`},
		"floats.json 1.5":    {`"n": 12`, `"n": 1.5`},
		"keys.json gap_s":    {`"gap_s": 3600`, `"gap_s": 3600, "gap_s": 1`},
		"unknown.json speed": {`"gap_s": 3600`, `"gap_s": 3600, "speed": 1`},
		"bars.json T2 – C0":  {`{"team": "T1", "what": "C0"}`, `{"team": "T1", "what": "C0"}, {"team": "T2", "what": "C0"}`},
		"few.json 2^40":      {`"throws": 7`, `"throws": 4`},
		"alone.json 3":       {`"R03", "R05", "R07"`, `"R03"`},
		"answers.json E1":    {`"approver": "A01"`, `"approver": ""`},
	} {
		file, word, _ := strings.Cut(name, " ")
		c.write(file, strings.Replace(string(settings), swap[0], swap[1], 1))
		c.wants("draw plan --frame frame.csv --out p.json --settings "+file, deviceRefused, word)
	}
	if _, err := os.Stat(c.path("p.json")); err == nil {
		t.Error("a plan was written all the same")
	}
	c.upToRun(1)
	c.wants("draw dice --out d.json --plan plan1.json"+published+strings.Replace(thrown, "3296991", "32x6991", 1),
		deviceRefused, "R05", "3")
	c.wants("draw reveal --ceremony ceremony1.json --secret hq1.json", deviceRefused, "hq")
	c.wants("draw commit --plan plan1.json --role third --secret hq1.json", deviceRefused, "hq1.json")
	c.wants("draw run --ceremony nowhere.json --frame frame.csv --out c.json", deviceRefused, "nowhere.json")
	c.wants("draw", deviceUsage, "weights")
	c.wants("draw run --frame frame.csv", deviceUsage, "--ceremony")
}

func TestAnEditedCertificateIsFoundOut(t *testing.T) {
	c := newCeremony(t)
	c.upToRun(1)
	c.must("draw run --ceremony ceremony1.json --frame frame.csv --log log.jsonl --out certificate.json")
	verify := "verify certificate.json --frame frame.csv --log log.jsonl"
	c.must(verify)
	done := c.certificate("certificate.json")
	other := slices.IndexFunc(done.Drawn, func(d draw.Drawn) bool { return d.Reserve > 0 })
	done.Drawn[0].ID, done.Drawn[other].ID = done.Drawn[other].ID, done.Drawn[0].ID
	text, err := json.Marshal(done)
	if err != nil {
		t.Fatal(err)
	}
	c.write("certificate.json", string(text))
	c.wants(verify, exitFault, "drawn[1].id", "✗")
	c.wants(verify+" --lang en", exitFault, "drawn again it is")
	c.write("certificate.json", strings.Replace(string(text), `"trs1"`, `"trs9"`, 1))
	c.wants(verify, exitUnknown, "trs9")
	c.wants("verify certificate.json", exitUnknown, "--frame")
}
