package draw

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	codeInSource = regexp.MustCompile(`(?:problem|fail|note|step)\("([a-z0-9-]+)"|Code: "([a-z0-9-]+)"|Name: "([a-z-]+)"`)
	placeholder  = regexp.MustCompile(`\{(\d)\}`)
)

func TestEveryCodeHasASentenceInBothLanguages(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"colon": true, Holds: true, Fails: true, Unknown: true}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range codeInSource.FindAllStringSubmatch(string(text), -1) {
			used[m[1]+m[2]+m[3]] = true
		}
	}
	for code := range used {
		zh, en := words[code]["zh"], words[code]["en"]
		if zh == "" || en == "" {
			t.Errorf("%s has no sentence in both languages", code)
		}
		if set(placeholder.FindAllString(zh, -1)) != set(placeholder.FindAllString(en, -1)) {
			t.Errorf("%s names other things in Chinese than in English", code)
		}
	}
	for code := range words {
		if !used[code] {
			t.Errorf("%s is never said", code)
		}
	}
	if len(used) < 100 {
		t.Errorf("only %d codes were found in the source", len(used))
	}
}

func set(list []string) (s int) {
	for _, one := range list {
		s |= 1 << (one[1] - '0')
	}
	return s
}
