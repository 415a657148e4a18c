package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/server/ingest"
	"sansuiji/server/intake"
)

const importUsage = `usage: sansuiji import --kind KIND --campaign CODE [--data FOLDER | --database URL]
                       [--sheet NAME] [--header ROW] [--map FIELD=COLUMN]… [--dry-run] [--lang en] FILE
       sansuiji import --kind KIND --template
       sansuiji import bundle --campaign CODE [--data FOLDER | --database URL] [--salvage] [--lang en] FILE

kinds: units, problems, ledger, commitments, questions, people
With the server stopped, unless the database is PostgreSQL.
`

// importCommand is one call of "sansuiji import".
type importCommand struct {
	settings
	words    words
	stdout   io.Writer
	kind     string
	campaign string
	file     string
	request  intake.ImportFile
	dryRun   bool
	template bool
}

// errMistakes says that a table has mistakes, which were printed.
var errMistakes = errors.New("the table has mistakes")

// runIntake imports a table, or says what is wrong with it. It exits 0 if all is well, 1
// if something is wrong, 2 for wrong flags.
func runIntake(args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "bundle" {
		return runBundle(args[1:], stdout, stderr)
	}
	c := &importCommand{words: wordsIn(langOf(args)), stdout: stdout}
	f := c.flags(stderr)
	if code, ok := readArguments(f, args, anyFiles, importUsage, stdout); !ok {
		return code
	}
	if wrong := c.wrong(f.NArg()); wrong != "" {
		fmt.Fprintf(stderr, "sansuiji import: %s\n%s", wrong, importUsage)
		return exitUsage
	}
	c.file = f.Arg(0)
	switch err := c.run(); {
	case errors.Is(err, errMistakes):
		return 1
	case err != nil:
		fmt.Fprintln(stderr, "sansuiji import:", c.words.explain(err))
		return 1
	}
	return 0
}

// wrong says what is wrong with how it was called, with so many files.
func (c *importCommand) wrong(files int) string {
	switch {
	case !slices.Contains(intake.KindNames(), c.kind):
		return "--kind must be one of the kinds"
	case c.template:
		return ""
	case c.campaign == "":
		return "--campaign is missing"
	case files != 1:
		return "one file must be named"
	}
	return ""
}

func (c *importCommand) flags(stderr io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet("sansuiji import", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&c.data, "data", "data", "`folder` of the database")
	f.StringVar(&c.database, "database", "", databaseUsage)
	f.StringVar(&c.kind, "kind", "", "`kind`: units, problems, ledger, commitments, questions or people")
	f.StringVar(&c.campaign, "campaign", "", "the campaign's `code` or id")
	f.StringVar(&c.request.Sheet, "sheet", "", "`name` of the sheet; none: the one that fits best")
	f.IntVar(&c.request.Header, "header", 0, "number of the `row` that heads the table; 0: it is looked for")
	f.Func("map", "`FIELD=COLUMN`, a column's number; once given, only such columns are read", c.mapField)
	f.BoolVar(&c.dryRun, "dry-run", false, "only say what would be done")
	f.BoolVar(&c.template, "template", false, "print a table to fill in (CSV)")
	f.String("lang", "zh", "language of messages: zh or en")
	return f
}

func (c *importCommand) run() error {
	if c.template {
		b, err := intake.Template(c.kind)
		if err == nil {
			_, err = c.stdout.Write(b)
		}
		return err
	}
	b, err := readUpTo(c.file, intake.FileMax+1)
	if err != nil {
		return err
	}
	c.request.Name, c.request.File = filepath.Base(c.file), b
	return withWriter(c.settings, false, func(ctx context.Context, writer *ingest.Service) error {
		id, err := (&campaign.Service{Ingest: writer}).Find(ctx, c.campaign)
		if err != nil {
			return err
		}
		return c.importInto(ctx, intake.New(writer), id)
	})
}

// readUpTo reads a file's first bytes.
func readUpTo(name string, size int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return io.ReadAll(io.LimitReader(f, size))
}

func (c *importCommand) importInto(ctx context.Context, s *intake.Service, id schema.CampaignID) error {
	preview, err := s.Preview(ctx, id, c.kind, c.request)
	if err != nil {
		return err
	}
	c.print(&preview)
	switch {
	case preview.ProblemCount > 0:
		return errMistakes
	case c.dryRun:
		return nil
	}
	result, err := s.Apply(ctx, id, c.kind, c.request, "")
	if err != nil {
		return err
	}
	c.say("已導入：新增 %d，更新 %d，未變 %d", "imported: %d new, %d changed, %d unchanged",
		result.Inserted, result.Updated, result.Unchanged)
	return nil
}
