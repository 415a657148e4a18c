package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// twoRows is a changeset of one table with two inserted rows.
const twoRows = "T\x02\x01\x00span\x00" +
	"\x12\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x03\x06文字" +
	"\x12\x01\x01\x00\x00\x00\x00\x00\x00\x00\x02\x05"

const twoLines = `{"table":"span","op":"INSERT","indirect":false,"pk":[true,false],` +
	`"format":"changeset","old":null,"new":[{"i":"1"},{"t":"文字"}]}
{"table":"span","op":"INSERT","indirect":true,"pk":[true,false],` +
	`"format":"changeset","old":null,"new":[{"i":"2"},{"n":true}]}
`

// runOn runs the command and returns what it prints.
func runOn(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = runChangeset(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestDumpAndEncodeAreInverse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.changeset")
	if err := os.WriteFile(file, []byte(twoRows), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{file, "-"} {
		code, out, errs := runOn(twoRows, "dump", from)
		if code != 0 || out != twoLines || errs != "" {
			t.Errorf("dump %s: exit %d\n%s%s", from, code, out, errs)
		}
	}
	for _, lines := range []string{twoLines, strings.TrimSuffix(twoLines, "\n")} {
		code, out, errs := runOn(lines, "encode")
		if code != 0 || out != twoRows || errs != "" {
			t.Errorf("encode: exit %d, %q, %s", code, out, errs)
		}
	}
}

func TestNothingIsDumpedAndEncodedAsNothing(t *testing.T) {
	for _, args := range [][]string{{"dump", "-"}, {"encode"}} {
		if code, out, errs := runOn("", args...); code != 0 || out+errs != "" {
			t.Errorf("%v: exit %d, %q, %q", args, code, out, errs)
		}
	}
}

func TestDumpOfAMalformedChangesetNamesTheByteAndKeepsTheLines(t *testing.T) {
	code, out, errs := runOn(twoRows+"?", "dump", "-")
	at := fmt.Sprintf("read at byte %d:", len(twoRows))
	if code != 2 || out != twoLines || !strings.Contains(errs, at) {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

func TestEncodeOfAMalformedLineNamesItAndWritesNothing(t *testing.T) {
	for _, bad := range []string{"{}\n", "\n", `{"table":"a"`} {
		code, out, errs := runOn(twoLines+bad, "encode")
		if code != 2 || out != "" || !strings.Contains(errs, "line 3: malformed line") {
			t.Errorf("exit %d, %q, %s", code, out, errs)
		}
	}
}

func TestWrongUsageIsOneLine(t *testing.T) {
	for _, args := range [][]string{
		nil, {"dump"}, {"dump", "a", "b"}, {"encode", "a"}, {"show"},
	} {
		code, out, errs := runOn("", args...)
		if code != 2 || out != "" || errs != changesetUsage+"\n" {
			t.Errorf("%v: exit %d, %q, %q", args, code, out, errs)
		}
	}
}

func TestAFileThatIsNotThereIsAFailure(t *testing.T) {
	code, out, errs := runOn("", "dump", filepath.Join(t.TempDir(), "none"))
	if code != 1 || out != "" || !strings.Contains(errs, "open input") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestOutputThatCannotBeWrittenIsAFailure(t *testing.T) {
	for stdin, args := range map[string][]string{twoRows: {"dump", "-"}, twoLines: {"encode"}} {
		var errs bytes.Buffer
		code := runChangeset(args, strings.NewReader(stdin), brokenPipe{}, &errs)
		if code != 1 || !strings.Contains(errs.String(), "broken pipe") {
			t.Errorf("%v: exit %d, %s", args, code, &errs)
		}
	}
}
