package schema_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sansuiji/schema"
)

func TestEveryFaultAndReasonIsInTheListOnceAndInBothLanguages(t *testing.T) {
	codes := faultConstants(t)
	if len(codes) < 40 {
		t.Fatalf("found only %d constants", len(codes))
	}
	listed := map[string]schema.Fault{}
	for _, f := range schema.Faults() {
		if _, twice := listed[f.Code]; twice {
			t.Errorf("%s is listed twice", f.Code)
		}
		listed[f.Code] = f
	}
	for name, code := range codes {
		f, ok := listed[code]
		if !ok {
			t.Errorf("%s (%s) is not listed", name, code)
		}
		delete(listed, code)
		checkFault(t, f, strings.HasPrefix(name, "Reason"))
	}
	for code := range listed {
		t.Errorf("%s is listed and no constant", code)
	}
}

// faultConstants are the codes by the names of their constants.
func faultConstants(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("problem*.go")
	must(t, err)
	codes := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		must(t, err)
		addConstants(t, codes, file)
	}
	return codes
}

func addConstants(t *testing.T, codes map[string]string, file *ast.File) {
	t.Helper()
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range spec.Names {
			if !strings.HasPrefix(name.Name, "Fault") && !strings.HasPrefix(name.Name, "Reason") {
				continue
			}
			literal, ok := spec.Values[i].(*ast.BasicLit)
			if !ok {
				t.Fatalf("%s is no literal", name.Name)
			}
			code, err := strconv.Unquote(literal.Value)
			must(t, err)
			codes[name.Name] = code
		}
		return false
	})
}

func checkFault(t *testing.T, f schema.Fault, reason bool) {
	t.Helper()
	if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(f.Code) {
		t.Errorf("code %q", f.Code)
	}
	for _, l := range []schema.Label{f.Title, f.Advice} {
		if !regexp.MustCompile(`\p{Han}`).MatchString(l.Zh) {
			t.Errorf("%s: Chinese %q", f.Code, l.Zh)
		}
		if !regexp.MustCompile(`^[A-Z][ -~]+$`).MatchString(l.En) {
			t.Errorf("%s: English %q", f.Code, l.En)
		}
	}
	switch {
	case reason && f.Status != 0:
		t.Errorf("%s: status %d, but it only stands in receipts", f.Code, f.Status)
	case !reason && (f.Status < 400 || f.Status > 599):
		t.Errorf("%s: status %d is no error", f.Code, f.Status)
	}
}

func TestAFaultIsFoundInAChainOfErrors(t *testing.T) {
	err := fmt.Errorf("read finding: %w",
		errors.Join(schema.NewFault(schema.FaultNotFound, "finding 7"), errors.New("no rows")))
	if code := schema.FaultCode(err); code != schema.FaultNotFound {
		t.Errorf("code %q", code)
	}
	if !strings.Contains(err.Error(), "not-found: finding 7") {
		t.Errorf("error %q", err)
	}
	if code := schema.FaultCode(errors.New("disk full")); code != "" {
		t.Errorf("code %q of an error that is no fault", code)
	}
}
