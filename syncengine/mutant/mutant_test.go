package mutant_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/syncengine/mutant"
)

func TestEveryListedBugIsPlantedWhereTheListSays(t *testing.T) {
	seen := map[mutant.Mutant]bool{}
	names := constants(t)
	for _, p := range mutant.All() {
		if seen[p.Mutant] || p.Mutant == mutant.None || p.What == "" {
			t.Errorf("%q is listed twice, or says nothing", p.Mutant)
		}
		seen[p.Mutant] = true
		if text := source(t, p.Where); !strings.Contains(text, "mutant.On(mutant."+names[p.Mutant]+")") {
			t.Errorf("%s (%s) is not planted in %s", p.Mutant, names[p.Mutant], p.Where)
		}
	}
	if len(seen) != len(names) {
		t.Errorf("%d bugs are listed of %d that have names", len(seen), len(names))
	}
}

// constants finds what the bugs are called in code.
func constants(t *testing.T) map[mutant.Mutant]string {
	t.Helper()
	text, err := os.ReadFile("mutant.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[mutant.Mutant]string{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 4 && f[1] == "Mutant" && f[2] == "=" {
			names[mutant.Mutant(strings.Trim(f[3], `"`))] = f[0]
		}
	}
	return names
}

// source is the code of a package, tests aside.
func source(t *testing.T, where string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", where, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no code in %s: %v", where, err)
	}
	var b strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	return b.String()
}
