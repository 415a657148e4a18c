package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"sansuiji/schema"
	"sansuiji/server/report/evidence"
	"sansuiji/web"
)

// runVerifyEvidence runs "sansuiji verify evidence" with the arguments after these words and
// returns the exit code.
func runVerifyEvidence(args []string, stdout, stderr io.Writer) int {
	w := wordsIn(langOf(args))
	f := newVerifyFlags("sansuiji verify evidence", w)
	f.SetOutput(stderr)
	var o evidence.Options
	f.keyVar(&o.Key)
	if code, ok := readArguments(f.FlagSet, args, 1, verifyWord(w, "usage"), stdout); !ok {
		return code
	}
	report, err := verifyEvidence(f.Arg(0), o)
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji verify evidence:", sayDrawError(w, err))
		return exitUnknown
	}
	return printEvidence(report, w, stdout)
}

func verifyEvidence(name string, o evidence.Options) (*evidence.Report, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return evidence.Verify(f, info.Size(), o)
}

// printEvidence says step by step what was found, what was not proved, the verdict, and
// gives the exit code.
func printEvidence(r *evidence.Report, w words, stdout io.Writer) int {
	marks := map[string]string{evidence.Holds: "✓", evidence.Fails: "✗", evidence.Unknown: "?"}
	for i := range r.Steps {
		s := &r.Steps[i]
		fmt.Fprintln(stdout, marks[s.Result], w.of(evidence.Word(s.Name)))
		for k := range s.Faults {
			where := s.Faults[k].Where()
			fmt.Fprintln(stdout, "   ", w.of(where)+w.of(schema.Label{Zh: "：", En: ": "})+w.of(s.Faults[k].Said))
		}
		for _, said := range s.Said {
			fmt.Fprintln(stdout, "   ", w.of(said))
		}
	}
	fmt.Fprintln(stdout, w.of(evidence.Word("limits")))
	for _, limit := range evidence.Limits() {
		fmt.Fprintln(stdout, "  ·", w.of(limit))
	}
	verdict, said := r.Verdict()
	fmt.Fprintln(stdout, marks[r.Result], w.of(verdict))
	for _, sentence := range said {
		fmt.Fprintln(stdout, "   ", w.of(sentence))
	}
	return map[string]int{evidence.Holds: exitProven, evidence.Fails: exitFault, evidence.Unknown: exitUnknown}[r.Result]
}

// evidencePage is the page that checks evidence, as it was built; nil: it was not.
func evidencePage() ([]byte, error) {
	b, err := web.Dist.ReadFile("dist/evidence/index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}
