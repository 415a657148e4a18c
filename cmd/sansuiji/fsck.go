package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/photo"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
)

// fsckCheck is what "sansuiji fsck" was asked.
type fsckCheck struct {
	data, database string
	photos         bool
	words          words
	stdout         io.Writer
}

// runFsck replays every campaign's history into an empty database and compares.
// It exits 0 if all is equal, 1 if something differs, 2 if it could not tell.
func runFsck(args []string, stdout, stderr io.Writer) int {
	c := &fsckCheck{words: words{english: true}, stdout: stdout}
	f := flag.NewFlagSet("sansuiji fsck", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&c.data, "data", "data", "`folder` of the database")
	f.StringVar(&c.database, "database", "", databaseUsage)
	f.BoolVar(&c.photos, "photos", false, "read all attachments' bytes too")
	f.Func("lang", "`language` of what it says: en or zh (default en)", func(text string) error {
		c.words.english = text == "en"
		if !c.words.english && text != "zh" {
			return errors.New(verifyWord(c.words, "want-lang"))
		}
		return nil
	})
	if code, ok := readArguments(f, args, 0, "", stdout); !ok {
		return code
	}
	clean, err := c.run(context.Background())
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji fsck:", err)
		return 2
	}
	if !clean {
		return 1
	}
	return 0
}

func (c *fsckCheck) say(word string, args ...any) {
	fmt.Fprintf(c.stdout, verifyWord(c.words, word)+"\n", args...)
}

// verdict is the word for what was found.
func (c *fsckCheck) verdict(clean bool) string {
	if clean {
		return verifyWord(c.words, "clean")
	}
	return verifyWord(c.words, "not-clean")
}

func (c *fsckCheck) run(ctx context.Context) (clean bool, err error) {
	catalogue := schema.NewCatalogue()
	kept, err := openKept(ctx, catalogue, c.database, c.data)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	campaigns, err := store.Campaigns(ctx, kept)
	if err != nil {
		return false, err
	}
	if len(campaigns) == 0 {
		c.say("nothing")
	}
	clean = true
	for _, id := range campaigns {
		r, err := checkOne(ctx, catalogue, kept, id)
		if err != nil {
			return false, err
		}
		for _, fault := range r.Faults {
			fmt.Fprintln(c.stdout, verifyWord(c.words, "differs"), c.words.of(fault))
		}
		equal := len(r.Faults) == 0
		clean = clean && equal
		c.say("compared", id, r.Entries, r.Seals, r.Rows, r.Cells, r.Conflicts, c.verdict(equal))
	}
	whole, err := c.log(ctx, kept)
	if err == nil && c.photos {
		var all bool
		all, err = c.attachments(ctx, kept)
		whole = whole && all
	}
	return clean && whole, err
}

// log checks the audit log, and holds it against its heads in the histories.
func (c *fsckCheck) log(ctx context.Context, kept store.Store) (whole bool, err error) {
	r, err := (&audit.Log{Store: kept}).Verify(ctx)
	if err != nil {
		return false, err
	}
	for _, span := range r.MadeUp {
		c.say("log-made-up", span.From, span.To)
	}
	if r.Bad > 0 {
		c.say("log-bad", r.Bad)
	}
	c.say("log", r.Lines, r.Anchors, c.verdict(r.Bad == 0))
	return r.Bad == 0, nil
}

// attachments reads all attachments' bytes.
func (c *fsckCheck) attachments(ctx context.Context, kept store.Store) (whole bool, err error) {
	s := &photo.Service{Folder: filepath.Join(c.data, photoFolder), Store: kept}
	n, damaged, err := s.Check(ctx)
	for _, d := range damaged {
		what := "damaged"
		if d.Missing {
			what = "missing"
		}
		fmt.Fprintln(c.stdout, verifyWord(c.words, what), d.Campaign, d.Hash)
	}
	c.say("photos", n, len(damaged))
	return len(damaged) == 0, err
}

// checkOne compares one campaign against a replay in a temporary database.
func checkOne(
	ctx context.Context, catalogue *schema.Catalogue, kept store.Store, id schema.CampaignID,
) (report audit.Report, err error) {
	dir, err := os.MkdirTemp("", "sansuiji-fsck-")
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	empty, err := sqlite.Open(ctx, filepath.Join(dir, "replay.db"), catalogue)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, empty.Close()) }()
	return audit.Check(ctx, catalogue, kept, empty, id)
}
