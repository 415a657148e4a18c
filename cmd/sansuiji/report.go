package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/photo"
	"sansuiji/server/report"
)

const reportUsage = `usage: sansuiji report --kind KIND --campaign CODE [--format docx|pdf|xlsx|zip] [--county NAME] [--category CODE]
                       [--unit CODE] [--visit ID] [--to WHOM] [--from WHO] [--issue N] [--until DAY]
                       [--pending] [--plain] [--look FILE] [--template FILE|ID[/VERSION]] [--lang en] [--data FOLDER | --database URL] [--out FILE]

kinds: inspection, feedback (with --unit), visit (with --visit), progress, ranking;
       as workbooks (xlsx): findings, problems, ledger, visits, interviews, commitments, ranking
The server may run meanwhile. The same state of the campaign gives the same bytes as on the screen.
`

// reportCommand is one call of "sansuiji report".
type reportCommand struct {
	settings
	campaign string
	order    report.Order
	look     string // name of a file
	template string // of a file too, or an id
	out      string
	stdout   io.Writer
}

// runReport prints a document.
func runReport(args []string, stdout, stderr io.Writer) int {
	c := &reportCommand{stdout: stdout}
	f := c.flags(stderr)
	if code, ok := readArguments(f, args, 0, reportUsage, stdout); !ok {
		return code
	}
	formats := report.Formats(c.order.Kind)
	if c.order.Format == "" && len(formats) > 0 {
		c.order.Format = formats[0]
		if ending := strings.ToLower(filepath.Ext(c.out)); ending != "" {
			c.order.Format = ending[1:]
		}
	}
	if wrong := c.wrong(formats); wrong != "" {
		fmt.Fprintf(stderr, "sansuiji report: %s\n%s", wrong, reportUsage)
		return exitUsage
	}
	if err := c.run(context.Background()); err != nil {
		fmt.Fprintln(stderr, "sansuiji report:", wordsIn(langOf(args)).explain(err))
		return 1
	}
	return 0
}

// wrong says what is wrong with how it was called.
func (c *reportCommand) wrong(formats []string) string {
	switch {
	case len(formats) == 0:
		return "--kind must be one of the kinds"
	case !slices.Contains(formats, c.order.Format):
		return "--format of this kind, or how the name of --out ends, must be one of: " + strings.Join(formats, ", ")
	case c.campaign == "":
		return "--campaign is missing"
	}
	return ""
}

func (c *reportCommand) flags(stderr io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet("sansuiji report", flag.ContinueOnError)
	f.SetOutput(stderr)
	o := &c.order
	f.StringVar(&c.data, "data", "data", "`folder` of the database and the photos")
	f.StringVar(&c.database, "database", "", databaseUsage)
	f.StringVar(&c.campaign, "campaign", "", "the campaign's `code` or id")
	f.StringVar(&o.Kind, "kind", "", "`kind`: inspection, feedback, visit, progress, ranking, findings, problems, ledger, visits, interviews or commitments")
	f.StringVar(&o.Format, "format", "", "`format`: docx, pdf, xlsx or zip (evidence); none: as the file's name ends, else the usual one of its kind")
	f.StringVar(&o.County, "county", "", "only units of this `county`")
	f.StringVar(&o.Category, "category", "", "only units of this `kind`, as its code")
	f.StringVar(&o.Unit, "unit", "", "only this unit, by its `code` or id")
	f.StringVar(&o.Visit, "visit", "", "`id` of the visit")
	f.StringVar(&o.To, "to", "", "`whom` it is to")
	f.StringVar(&o.From, "from", "", "`who` signs")
	f.StringVar(&o.Issue, "issue", "", "`number` of a bulletin")
	f.StringVar(&o.Until, "until", "", "last `day` of a bulletin's week, 2026-11-30")
	f.BoolVar(&o.Pending, "pending", false, "with findings that nobody has reviewed")
	f.BoolVar(&o.Plain, "plain", false, "without pages of photos")
	f.StringVar(&c.look, "look", "", "`file` (JSON) of what an office wants differently: line_pt, body_font, …")
	f.StringVar(&c.template, "template", "", "the office's own wording: a `file` (DOCX), or the id of a template that headquarters keeps, with /VERSION")
	f.StringVar(&o.Language, "lang", "zh", "language: zh or en")
	f.StringVar(&c.out, "out", "", "`file` to write; none: named by what it is; -: standard output")
	return f
}

func (c *reportCommand) run(ctx context.Context) (err error) {
	if c.look != "" {
		text, err := os.ReadFile(c.look)
		if err == nil {
			err = json.Unmarshal(text, &c.order.Look)
		}
		if err != nil {
			return fmt.Errorf("read look: %w", err)
		}
	}
	if err := c.readTemplate(); err != nil {
		return err
	}
	catalogue := schema.NewCatalogue()
	db, err := openKept(ctx, catalogue, c.database, c.data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	id, err := (&campaign.Service{Ingest: &ingest.Service{Store: db}}).Find(ctx, c.campaign)
	if err != nil {
		return err
	}
	photos := &photo.Service{Folder: filepath.Join(c.data, photoFolder), Store: db, Now: time.Now}
	key, err := identity.ServerKey(ctx, db, time.Now())
	if err != nil {
		return err
	}
	page, err := evidencePage()
	if err != nil {
		return err
	}
	return c.print(ctx, &report.Printer{Store: db, Catalogue: catalogue, Photos: photos, Key: key, Verifier: page}, id)
}

// readTemplate takes an id of a template as it is, and reads a file.
func (c *reportCommand) readTemplate() error {
	if c.template == "" {
		return nil
	}
	id, version, _ := strings.Cut(c.template, "/")
	if _, err := schema.ParseID[schema.RowID](id); err == nil {
		c.order.Template = id
		if version != "" {
			c.order.Version, err = strconv.ParseInt(version, 10, 64)
		}
		return err
	}
	file, err := os.ReadFile(c.template)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	t, wrong := report.ReadTemplate(c.order.Kind, file)
	if len(wrong) > 0 {
		return fmt.Errorf("template %s:\n%s", c.template, strings.Join(wrong.In(c.order.Language), "\n"))
	}
	c.order.File = t
	return nil
}

func (c *reportCommand) print(ctx context.Context, printer *report.Printer, id schema.CampaignID) error {
	if c.out == "-" {
		_, err := printer.Make(ctx, id, &c.order, c.stdout, nil)
		return err
	}
	// Beside where it goes, so that a file that is there is whole.
	f, err := os.CreateTemp(filepath.Dir(c.out), "report-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone when all went well
	made, err := printer.Make(ctx, id, &c.order, f, nil)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if c.out == "" {
		c.out = made.Name
	}
	if err := os.Rename(f.Name(), c.out); err != nil {
		return err
	}
	_, err = fmt.Fprintln(c.stdout, c.out)
	return err
}
