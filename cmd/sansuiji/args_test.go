package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// ran is what came of a call of the program.
func ran(args ...string) (code int, out, errs string) {
	var o, e bytes.Buffer
	code = run(args, nil, &o, &e)
	return code, o.String(), e.String()
}

func TestHelpIsAnAnswer(t *testing.T) {
	for want, calls := range map[string][][]string{
		"usage: sansuiji COMMAND": {{"help"}, {"--help"}, {"-h"}, {"help", "help"}},
		"schema version":          {{"version"}, {"--version"}},
		"-report-days days":       {{"serve", "--help"}, {"help", "serve"}, {"serve", "-h"}},
		"-seed":                   {{"demo", "--help"}},
		"backup [--data":          {{"backup", "--help"}, {"help", "backup"}},
		"restore --database URL":  {{"restore", "-h"}},
		"account list|add":        {{"account", "--help"}, {"account", "help"}, {"help", "account"}, {"account", "add", "-h"}},
		"campaign list":           {{"campaign", "--help"}, {"campaign", "add", "--help"}},
		"import bundle":           {{"import", "--help"}, {"import", "bundle", "--help"}},
		"kinds: inspection":       {{"report", "--help"}},
		"describe openapi":        {{"describe", "--help"}},
		"changeset dump":          {{"changeset", "--help"}},
		"weights":                 {{"draw", "--help"}},
		"-frame":                  {{"draw", "plan", "--help"}},
		"sync":                    {{"device", "--help"}},
		"-server":                 {{"device", "enrol", "--help"}},
	} {
		for _, args := range calls {
			if code, out, errs := ran(args...); code != 0 || !strings.Contains(out, want) || errs != "" {
				t.Errorf("%v: exit %d, want %q\n%s%s", args, code, want, out, errs)
			}
		}
	}
}

func TestACallThatIsWrongSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		says string
		args []string
	}{
		{"too many: elsewhere", []string{"serve", "elsewhere"}},
		{"too many: elsewhere", []string{"demo", "elsewhere", "--seed", "3"}},
		{"parse error", []string{"serve", "--report-days", "-5"}},
		{"a file must be named", []string{"backup"}},
		{"too many: b", []string{"backup", "a", "b"}},
		{"a file must be named, or --database", []string{"restore"}},
		{"a file must be named, or --database", []string{"restore", "--database", "postgres://x", "file", "another"}},
		{"--login is missing", []string{"account", "password"}},
		{"--role is missing", []string{"account", "role", "--login", "sun"}},
		{"--name is missing", []string{"account", "add", "--login", "sun", "--role", "admin"}},
		{"want admin, organiser", []string{"account", "add", "--login", "sun", "--name", "老孫", "--role", "boss"}},
		{"want admin, organiser", []string{"account", "role", "--login", "sun", "--role", "unit"}},
		{"account list|add", []string{"account", "drop", "--login", "sun"}},
		{"--code and --name", []string{"campaign", "add", "--code", "A"}},
		{"too many: b", []string{"campaign", "list", "b"}},
		{"--kind must be", []string{"import", "--campaign", "A", "x.csv"}},
		{"--campaign is missing", []string{"import", "--kind", "units", "x.csv"}},
		{"one file", []string{"import", "--kind", "units", "--campaign", "A"}},
		{"--campaign is missing", []string{"import", "bundle", "x"}},
		{"--kind must be", []string{"report", "--campaign", "A"}},
		{"docx, pdf, zip", []string{"report", "--campaign", "A", "--kind", "inspection", "--format", "xlsx"}},
		{"docx, pdf, zip", []string{"report", "--campaign", "A", "--kind", "inspection", "--out", "a.xls"}},
		{"--campaign is missing", []string{"report", "--kind", "inspection"}},
	} {
		if code, out, errs := ran(c.args...); code != exitUsage || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, want %q\n%s%s", c.args, code, c.says, out, errs)
		}
	}
}

func TestFlagsStandBeforeOrAfterFiles(t *testing.T) {
	p := start(t)
	for i, order := range [][]string{{"--data", p.data, "%"}, {"%", "--data", p.data}, {"--data=" + p.data, "--", "%"}} {
		file := filepath.Join(t.TempDir(), "-copy.db")
		args := []string{"backup"}
		for _, arg := range order {
			args = append(args, strings.ReplaceAll(arg, "%", file))
		}
		if code, out, errs := ran(args...); code != 0 || !strings.Contains(out, file) {
			t.Errorf("%d: exit %d\n%s%s", i, code, out, errs)
		}
	}
}

func TestWhatAnOperatorMissesIsToldInWords(t *testing.T) {
	p := start(t)
	for _, c := range []struct {
		says string
		args []string
	}{
		{"name its folder with --data", []string{"account", "list", "--data", t.TempDir()}},
		{"name its folder with --data", []string{"campaign", "list", "--data", t.TempDir()}},
		{"name its folder with --data", []string{"backup", "--data", t.TempDir(), "x"}},
		{"這個用戶名已經有人用", []string{"account", "add", "--data", p.data, "--login", "admin", "--name", "甲", "--role", "admin"}},
		{"That user name is taken", []string{"account", "add", "--lang", "en", "--data", p.data, "--login", "admin", "--name", "甲", "--role", "admin"}},
		{"沒有找到", []string{"account", "password", "--data", p.data, "--login", "nobody"}},
	} {
		if code, out, errs := ran(c.args...); code != 1 || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, want %q\n%s%s", c.args, code, c.says, out, errs)
		}
	}
}

func TestTheCommandsInTheDocumentsExist(t *testing.T) {
	call, flag, seen := regexp.MustCompile("sansuiji ([a-z]+)((?: [^`\n|&;]*)?)"), regexp.MustCompile(` --([a-z-]+)`), 0
	pages := []string{"README.md", "README.zh-CN.md", "docs/OPERATIONS.md", "deploy/sansuiji.service"}
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join("..", "..", page))
		must(t, err)
		for _, line := range strings.Split(string(text), "\n") {
			for _, m := range call.FindAllStringSubmatch(line, -1) {
				flags := flag.FindAllStringSubmatch(m[2], -1)
				verb, _, _ := strings.Cut(strings.TrimSpace(m[2]), " ")
				if len(flags) == 0 || !slices.Contains(commandsIn(usage), m[1]) {
					continue
				}
				seen++
				help := helpOf(m[1], verb)
				for _, f := range flags {
					if f[1] != "help" && !strings.Contains(help, "-"+f[1]) {
						t.Errorf("%s: %q: there is no --%s", page, m[0], f[1])
					}
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("%d calls found", seen)
	}
}

// commandsIn are the words that begin the lines of a usage.
func commandsIn(usage string) (list []string) {
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z]+) `).FindAllStringSubmatch(usage, -1) {
		list = append(list, m[1])
	}
	return list
}

// helpOf is what a command says of its flags, or of those of one of its verbs.
func helpOf(command, verb string) string {
	_, out, errs := ran(command, "--help")
	if regexp.MustCompile(`^[a-z]+$`).MatchString(verb) {
		_, more, wrong := ran(command, verb, "--help")
		out, errs = out+more, errs+wrong
	}
	return out + errs
}
