package merge_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/schema"

	"github.com/google/go-cmp/cmp"
)

// pairsFile is the table of pairs in the form of docs/PROTOCOL.md, where
// docs/protocol_test.go puts it.
const pairsFile = "pairs.md"

// pairedColumn is a column of each rule with two values, the second further.
type pairedColumn struct {
	rule          schema.Rule
	column, x, y  string
	hqOnly, blank bool // written by headquarters alone; can be NULL
}

// TestEveryPairOfWritesComesOutAsTheTableSays takes two writes of a cell: W has the
// lower clock, V the higher one. Each pair is delivered in both orders.
func TestEveryPairOfWritesComesOutAsTheTableSays(t *testing.T) {
	var b strings.Builder
	b.WriteString("| rule | W by | V by | V knew W | x, x | x, y | y, x | NULL, x | x, NULL | NULL, NULL |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|---|---|\n")
	for _, p := range []pairedColumn{
		{rule: schema.Latest, column: "problem_id", x: "X", y: "Y", blank: true},
		{rule: schema.HQ, column: "review_note", x: "x", y: "y", hqOnly: true, blank: true},
		{rule: schema.Furthest, column: "status", x: "draft", y: "submitted"},
		{rule: schema.Review, column: "severity", x: "minor", y: "serious", blank: true},
		{rule: schema.Once, column: "recorded_at", x: "1", y: "2", blank: true},
	} {
		if err := p.table(&b); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(casesFolder, pairsFile)
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("run with -update and read it (-want +got):\n%s", diff)
	}
}

// table writes a line for each pair of authors under a rule.
func (p *pairedColumn) table(b *strings.Builder) error {
	for _, authors := range []string{"AB", "AA", "AH", "HA", "HH"} {
		for _, knew := range []bool{false, true} {
			if own := authors[0] == authors[1]; own && !knew || p.hqOnly && authors != "HH" {
				continue
			}
			if err := p.line(b, authors, knew); err != nil {
				return err
			}
		}
	}
	return nil
}

// line tells what comes of one pair of authors with all sorts of values.
func (p *pairedColumn) line(b *strings.Builder, authors string, knew bool) error {
	outcome := func(first, second string) (string, error) {
		if (first == "-" || second == "-") && !p.blank {
			return "", nil
		}
		return p.outcome(authors, knew, first, second)
	}
	known := map[bool]string{true: "yes", false: "no"}[knew]
	fmt.Fprintf(b, "| `%s` | %s | %s | %s |", p.rule, who(authors, 0), who(authors, 1), known)
	for _, pair := range [][2]string{{p.x, p.x}, {p.x, p.y}, {p.y, p.x}, {"-", p.x}, {p.x, "-"}, {"-", "-"}} {
		told, err := outcome(pair[0], pair[1])
		if err != nil {
			return err
		}
		fmt.Fprintf(b, " %s |", told)
	}
	b.WriteString("\n")
	return nil
}

// outcome tells one pair as a story: a row that headquarters made, W and V.
func (p *pairedColumn) outcome(authors string, knew bool, first, second string) (string, error) {
	w, v := authors[:1]+"1", authors[1:]+"1"
	sees := "H2"
	switch authors {
	case "AA":
		v = "A2"
	case "AH":
		v = "H3"
	case "HA":
		w = "H3"
	case "HH":
		w, v = "H3", "H4"
	}
	switch {
	case knew && authors[0] == 'H':
		sees = w
	case knew && authors != "AA":
		sees += "," + w
	}
	text := fmt.Sprintf("case pair\n H2 @2: + finding F\n %s @5 sees H2: finding F %s=%s\n %s @6 sees %s: finding F %s=%s\n",
		w, p.column, first, v, sees, p.column, second)
	catalogue := schema.NewCatalogue()
	_, stories, err := readStories(catalogue, text)
	if err != nil {
		return "", err
	}
	told, err := stories[0].run(catalogue, 1)
	if err != nil {
		return "", fmt.Errorf("%s: %w", text, err)
	}
	_, by, _ := strings.Cut(told[0], "/")
	stands := map[string]string{w: "W", v: "V"}[by]
	for _, line := range told[1:] {
		if kind, _, _ := strings.Cut(line, " "); kind == "conflict" || kind == "agreement" {
			stands += ", " + kind
		}
	}
	return stands, nil
}

func who(authors string, i int) string {
	switch {
	case authors[i] == 'H':
		return "headquarters"
	case i == 1 && authors == "AA":
		return "the same device"
	case i == 1 && authors == "AB":
		return "another device"
	}
	return "a device"
}
