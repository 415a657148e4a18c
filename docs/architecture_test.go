// Package docs_test holds the documents to what the repository is.
package docs_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pathsMin is how many paths a page must name at least: a test that finds none
// would prove nothing.
var pathsMin = map[string]int{
	"README.md":                         20,
	"README.zh-CN.md":                   20,
	"docs/ARCHITECTURE.md":              60,
	"docs/OPERATIONS.md":                1,
	"docs/PROTOCOL.md":                  1,
	"docs/DRAW.md":                      2,
	"docs/adr/0002-changesets-in-go.md": 2,
	"docs/adr/0004-vue.md":              2,
}

func TestEveryPathInTheDocumentsExists(t *testing.T) {
	tops := topLevel(t)
	for page, least := range pathsMin {
		text, err := os.ReadFile(filepath.Join("..", page))
		if err != nil {
			t.Fatal(err)
		}
		paths := pathsIn(string(text), tops)
		if len(paths) < least {
			t.Errorf("%s names %d paths, want %d at least", page, len(paths), least)
		}
		for _, p := range paths {
			if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(p))); err != nil {
				t.Errorf("%s: `%s` is not there", page, p)
			}
		}
	}
}

func TestPathsAreToldFromOtherWords(t *testing.T) {
	tops := []string{"Makefile", "schema", "web"}
	page := "`schema/doc.go` and `Makefile`, `schema/`, not `application/cbor`, `make run`, `/api/v1/push`,\n" +
		"`web/node_modules/x`, `schema/*.go`, `latest` or `schema`; yes: `gone/away.go`, `web/a.ts`, `web/a.ts`."
	want := []string{"schema/doc.go", "Makefile", "schema", "gone/away.go", "web/a.ts"}
	if have := pathsIn(page, tops); !slices.Equal(have, want) {
		t.Errorf("found %q, want %q", have, want)
	}
}

var (
	backticked = regexp.MustCompile("`([^`\n]+)`")
	plainPath  = regexp.MustCompile(`^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*/?$`)
)

// extensions are those of files in this repository.
var extensions = []string{
	".css", ".go", ".html", ".json", ".md", ".mod", ".service", ".sql", ".ts", ".vue", ".yml",
}

// pathsIn lists the repository paths that a page names in backticks, each once.
// A path starts with a top-level name and has a slash or an extension, or is a
// top-level file; or it has a slash and one of our extensions, wherever it
// starts. A bare folder name is a word like any other.
func pathsIn(page string, tops []string) []string {
	var paths []string
	for _, match := range backticked.FindAllStringSubmatch(page, -1) {
		token := match[1]
		if !plainPath.MatchString(token) || strings.Contains(token, "node_modules") {
			continue
		}
		first, _, nested := strings.Cut(token, "/")
		file := slices.Contains(extensions, path.Ext(token)) || token == "Makefile"
		ours := slices.Contains(tops, first) && (nested || file)
		if p := strings.TrimSuffix(token, "/"); (ours || (nested && file)) && !slices.Contains(paths, p) {
			paths = append(paths, p)
		}
	}
	return paths
}

// topLevel lists the repository's top-level names, without what is made there.
func topLevel(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !slices.Contains([]string{".git", "build", "data"}, e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}
