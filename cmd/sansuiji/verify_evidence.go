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

// printEvidence says step by step what was found, what was not proved, and the exit code.
func printEvidence(r *evidence.Report, w words, stdout io.Writer) int {
	marks := map[string]string{evidence.Holds: "✓", evidence.Fails: "✗", evidence.Unknown: "?"}
	titles := evidence.Titles()
	for i := range r.Steps {
		s := &r.Steps[i]
		fmt.Fprintln(stdout, marks[s.Result], w.of(titles[s.Name]))
		for k := range s.Faults {
			where := s.Faults[k].Where()
			fmt.Fprintln(stdout, "   ", w.of(where)+w.of(schema.Label{Zh: "：", En: ": "})+w.of(s.Faults[k].Said))
		}
		for _, said := range s.Said {
			fmt.Fprintln(stdout, "   ", w.of(said))
		}
	}
	for _, limit := range evidence.Limits() {
		fmt.Fprintln(stdout, "·", w.of(limit))
	}
	verdict := map[string]schema.Label{
		evidence.Holds:   {Zh: "成立：凡能在此查對的都查對無誤；不能查對的、沒有證明的見上", En: "HOLDS: all that can be checked here was; what cannot, and what is not proved, stands above"},
		evidence.Fails:   {Zh: "不成立：見上面 ✗ 各項", En: "DOES NOT HOLD: see ✗ above"},
		evidence.Unknown: {Zh: "無法判定：見上面 ? 各項", En: "CANNOT TELL: see ? above"},
	}[r.Result]
	fmt.Fprintln(stdout, marks[r.Result], w.of(verdict))
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
