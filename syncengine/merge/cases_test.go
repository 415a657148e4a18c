package merge_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/merge"
	"sansuiji/syncengine/naive"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite what the cases of testdata/merge and the table of pairs say")

const casesFolder = "../../testdata/merge"

// ordersOfCase are the orders of arrival that each case is tried in.
const ordersOfCase = 12

func TestTheTextCasesComeOutAsTheySay(t *testing.T) {
	for _, err := range checkCases() {
		t.Error(err)
	}
}

// checkCases runs all text cases: the naive model as written, the engine in many
// orders. With -update it rewrites what they say.
func checkCases() (errs []error) {
	files, err := filepath.Glob(filepath.Join(casesFolder, "*.txt"))
	if err != nil || len(files) == 0 {
		return []error{fmt.Errorf("no cases in %s: %w", casesFolder, err)}
	}
	catalogue := schema.NewCatalogue()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return []error{err}
		}
		head, stories, err := readStories(catalogue, string(text))
		if err != nil {
			return []error{fmt.Errorf("%s: %w", file, err)}
		}
		out := head
		for i, s := range stories {
			got, err := s.run(catalogue, uint64(i))
			if err == nil && !*update && !slices.Equal(got, s.want) {
				err = fmt.Errorf("run with -update and read it (-want +got):\n%s", cmp.Diff(s.want, got))
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: case %s: %w", filepath.Base(file), s.name, err))
			}
			out += s.text(got) + map[bool]string{true: "\n"}[i < len(stories)-1]
		}
		if *update {
			if err := os.WriteFile(file, []byte(out), 0o600); err != nil {
				return []error{err}
			}
		}
	}
	return errs
}

func (s *story) text(got []string) string {
	return "case " + s.name + "\n  " + strings.Join(s.lines, "\n  ") + "\nthen\n  " + strings.Join(got, "\n  ") + "\n"
}

// run tells what comes of a story, and finds an order of arrival in which the
// engine tells something else. What is over is told of the order as written.
func (s *story) run(catalogue *schema.Catalogue, seed uint64) ([]string, error) {
	want := naive.Fold(catalogue, s.entries)
	lines := s.tell(&want)
	h := &history{Rand: rand.New(rand.NewPCG(seed, 9)), catalogue: catalogue, entries: s.entries}
	for n := range ordersOfCase {
		server := newServer(catalogue, h.Rand)
		for _, i := range h.order(n) {
			if err := server.take(&s.entries[i]); err != nil {
				return lines, fmt.Errorf("order %d: %w", n, err)
			}
		}
		if err := server.differs(&want); err != nil {
			return lines, fmt.Errorf("order %d: %w", n, err)
		}
		if n == 0 {
			lines = append(lines, server.tellOver()...)
		}
	}
	return lines, nil
}

// tellOver writes down the contests that are over.
func (s *server) tellOver() []string {
	var lines []string
	for at, over := range s.closed {
		for i := range over {
			text := fmt.Sprintf("over %s %s %s %s by %s:", at.Table.Name, name(at.ID[:]),
				at.Table.Columns[at.column].Name, over[i].State, writer(&over[i].Writes[0]))
			for k := range over[i].Gone {
				w := &over[i].Gone[k]
				text += " " + writer(w) + "=" + shownCell(&at.Table.Columns[at.column], w.Value)
			}
			lines = append(lines, text)
		}
	}
	slices.Sort(lines)
	return lines
}

func writer(w *merge.Write) string { return label(naive.Name{Device: w.Device, Seq: w.Seq}) }
