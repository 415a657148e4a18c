package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"

	"sansuiji/schema"
	"sansuiji/server/report/evidence"
	"sansuiji/web"
)

const verifyEvidenceUsage = "usage: sansuiji verify evidence FILE [--key KEY] [--lang zh|en]"

// runVerifyEvidence runs "sansuiji verify evidence" with the arguments after these words and
// returns the exit code.
func runVerifyEvidence(args []string, stdout, stderr io.Writer) int {
	w := wordsIn(langOf(args))
	f := flag.NewFlagSet("sansuiji verify evidence", flag.ContinueOnError)
	f.SetOutput(stderr)
	key := f.String("key", "", "headquarters' `key`, from somewhere else than the file")
	lang := f.String("lang", "zh", "language of the verdict: zh or en")
	files, err := parseAround(f, args)
	if err == nil && (len(files) != 1 || *lang != "zh" && *lang != "en") {
		err = errors.New("name one file")
	}
	if err != nil {
		fmt.Fprintf(stderr, "sansuiji verify evidence: %v\n%s\n", err, verifyEvidenceUsage)
		return exitUnknown
	}
	report, err := verifyEvidence(files[0], evidence.Options{Key: *key})
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji verify evidence:", err)
		return exitUnknown
	}
	return printEvidence(report, w, stdout)
}

// parseAround parses flags that stand before or after other arguments, and returns those.
func parseAround(f *flag.FlagSet, args []string) (others []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			return others, nil
		}
		others, args = append(others, f.Arg(0)), f.Args()[1:]
	}
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
