package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/store"
	"sansuiji/syncengine/history"
)

// Exit codes of verify.
const (
	exitProven  = 0
	exitFault   = 1
	exitUnknown = 2 // it could not tell
)

// verification is what "sansuiji verify history" was asked.
type verification struct {
	data, database string
	campaign       string
	file           string
	words          words
	options        history.Options
}

// runVerify runs "sansuiji verify" with the arguments after that word and
// returns the exit code. What is none of the words below is a draw's certificate.
func runVerify(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 || wantsHelp(args) {
		return tellVerbs(args, verifyWord(wordsIn(langOf(args)), "usage"), stdout, stderr)
	}
	switch args[0] {
	case "site":
		return runVerifySite(args[1:], stdout, stderr)
	case "evidence":
		return runVerifyEvidence(args[1:], stdout, stderr)
	case "history":
		return runVerifyHistory(args[1:], stdin, stdout, stderr)
	}
	return runVerifyDraw(args, stdout, stderr)
}

// runVerifyHistory runs "sansuiji verify history".
func runVerifyHistory(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	w := wordsIn(langOf(args))
	v := &verification{words: w, options: history.Options{
		Catalogue: schema.NewCatalogue(), Workers: runtime.GOMAXPROCS(0),
	}}
	f := newVerifyFlags("sansuiji verify history", w)
	f.SetOutput(stderr)
	f.StringVar(&v.data, "data", "", verifyWord(w, "flag-data"))
	f.StringVar(&v.database, "database", "", databaseUsage)
	f.StringVar(&v.campaign, "campaign", "", verifyWord(w, "flag-campaign"))
	f.keyVar(&v.options.Key)
	f.keptVar(&v.options.Kept)
	if code, ok := readArguments(f.FlagSet, args, anyFiles, verifyWord(w, "usage"), stdout); !ok {
		return code
	}
	v.file = f.Arg(0)
	if f.NArg() > 1 || (v.file == "") != v.stored() {
		fmt.Fprintf(stderr, "sansuiji verify history: %s\n%s", verifyWord(w, "one-of"), verifyWord(w, "usage"))
		return exitUnknown
	}
	report, err := v.run(context.Background(), stdin)
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji verify history:", sayDrawError(w, err))
		return exitUnknown
	}
	return v.print(report, stdout)
}

// stored says whether a database is checked, not a file.
func (v *verification) stored() bool { return v.data != "" || v.database != "" }

func (v *verification) run(ctx context.Context, stdin io.Reader) (report *history.Report, err error) {
	if v.stored() {
		err = withCampaign(ctx, v.database, v.data, v.campaign,
			func(ctx context.Context, s store.Store, id schema.CampaignID) error {
				report, err = audit.VerifyHistory(ctx, s, id, v.options)
				return err
			})
		return report, err
	}
	from := stdin
	if v.file != "-" {
		f, err := os.Open(v.file)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		from = f
	}
	v.options.File = true
	return history.Verify(history.NewReader(from), v.options)
}

// print says what was found, what was not compared, and the exit code for it.
func (v *verification) print(r *history.Report, stdout io.Writer) int {
	say := func(word string, args ...any) {
		fmt.Fprintf(stdout, verifyWord(v.words, word)+"\n", args...)
	}
	if r.Fault != nil {
		say("not-proven", r.Fault.Words(v.words.english))
		return exitFault
	}
	say("counted", r.Campaign, r.Entries, r.Seals)
	say("key", r.Key)
	say("root", r.Tree.Size, r.Tree.Root)
	for _, limit := range []struct {
		applies bool
		word    string
	}{
		{v.options.Key == "", "key-own"},
		{len(v.options.Kept) == 0, "kept-none"},
		{v.stored(), "rows-not"},
	} {
		if limit.applies {
			say(limit.word)
		}
	}
	if missed := len(v.options.Kept) - r.KeptMet; missed > 0 {
		say("cannot-tell", missed)
		return exitUnknown
	}
	say("proven", r.KeptMet+checkpoints(r))
	return exitProven
}

// checkpoints counts the history's own.
func checkpoints(r *history.Report) int {
	if r.Checkpoint == nil {
		return 0
	}
	return 1
}
