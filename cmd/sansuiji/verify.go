package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/store"
	"sansuiji/syncengine/history"
	"sansuiji/syncengine/translog"
)

const verifyUsage = `usage: sansuiji verify CERTIFICATE --frame FILE [--log FILE] [--known HASH]
       sansuiji verify site RECORD --certificate FILE --roster FILE
       sansuiji verify evidence FILE [--key KEY]
       sansuiji verify history [FLAGS] FILE|-
       sansuiji verify history [FLAGS] --data DIR [--campaign ID]`

// Exit codes of verify.
const (
	exitProven  = 0
	exitFault   = 1
	exitUnknown = 2 // it could not tell
)

// verification is what "sansuiji verify history" was asked.
type verification struct {
	data, campaign string
	file           string
	english        bool
	options        history.Options
}

// runVerify runs "sansuiji verify" with the arguments after that word and
// returns the exit code.
func runVerify(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "site" {
		return runVerifySite(args[1:], stdout, stderr)
	}
	if len(args) > 0 && args[0] == "evidence" {
		return runVerifyEvidence(args[1:], stdout, stderr)
	}
	if len(args) > 0 && args[0] != "history" && !strings.HasPrefix(args[0], "-") {
		return runVerifyDraw(args, stdout, stderr)
	}
	v, err := parseVerify(args, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "sansuiji verify: %v\n%s\n", err, verifyUsage)
		return exitUnknown
	}
	report, err := v.run(context.Background(), stdin)
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji verify history:", err)
		return exitUnknown
	}
	return v.print(report, stdout)
}

// keptFiles collects the files of a flag that may be given more than once.
type keptFiles []string

func (k *keptFiles) String() string { return strings.Join(*k, " ") }

func (k *keptFiles) Set(file string) error {
	b, err := os.ReadFile(file)
	if err == nil && len(b) > translog.CheckpointMax {
		err = fmt.Errorf("%s has %d bytes", file, len(b))
	}
	*k = append(*k, string(b))
	return err
}

func parseVerify(args []string, stderr io.Writer) (*verification, error) {
	if len(args) == 0 || args[0] != "history" {
		return nil, errors.New("say what: a certificate, or history")
	}
	v := &verification{options: history.Options{
		Catalogue: schema.NewCatalogue(), Workers: runtime.GOMAXPROCS(0),
	}}
	f := flag.NewFlagSet("sansuiji verify history", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&v.data, "data", "", "`folder` of a database to check instead of a file")
	f.StringVar(&v.campaign, "campaign", "", "`id` of the campaign in the database")
	f.StringVar(&v.options.Key, "key", "", "headquarters' `key`, as an earlier check printed it")
	f.Var((*keptFiles)(&v.options.Kept), "checkpoint",
		"`file` with a signed checkpoint that a device kept; may be given more than once")
	lang := f.String("lang", "zh", "language of the verdict: zh or en")
	if err := f.Parse(args[1:]); err != nil {
		return nil, err
	}
	v.english, v.file = *lang == "en", f.Arg(0)
	if *lang != "en" && *lang != "zh" {
		return nil, fmt.Errorf("language %q", *lang)
	}
	if f.NArg() > 1 || (v.file == "") == (v.data == "") {
		return nil, errors.New("name one file, or --data")
	}
	return v, nil
}

func (v *verification) run(ctx context.Context, stdin io.Reader) (report *history.Report, err error) {
	if v.data != "" {
		err = withCampaign(ctx, v.data, v.campaign,
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

// print says what was found, and the exit code for it.
func (v *verification) print(r *history.Report, stdout io.Writer) int {
	say := func(zh, en string, args ...any) {
		if v.english {
			zh = en
		}
		fmt.Fprintf(stdout, zh+"\n", args...)
	}
	if r.Fault != nil {
		say("不可信：%s", "NOT PROVEN: %s", r.Fault.Words(v.english))
		return exitFault
	}
	say("批次 %s：%d 個條目，%d 個設備簽名", "campaign %s: %d entries, %d signatures of devices",
		r.Campaign, r.Entries, r.Seals)
	say("總部公鑰 %s", "headquarters' key %s", r.Key)
	say("樹根 %d %s", "root %d %s", r.Tree.Size, r.Tree.Root)
	if missed := len(v.options.Kept) - r.KeptMet; missed > 0 {
		say("無法判定：%d 個檢查點不屬於此歷史中的任何紀元",
			"CANNOT TELL: %d checkpoints are of no epoch of this history", missed)
		return exitUnknown
	}
	say("可信：與設備簽名及 %d 個檢查點一致", "PROVEN: as devices signed it, and as %d checkpoints have it",
		r.KeptMet+checkpoints(r))
	return exitProven
}

// checkpoints counts the history's own.
func checkpoints(r *history.Report) int {
	if r.Checkpoint == nil {
		return 0
	}
	return 1
}
