package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
)

const campaignUsage = `usage: sansuiji campaign list [--data FOLDER | --database URL]
       sansuiji campaign add  [--data FOLDER | --database URL] --code CODE --name NAME
                              [--city CITY] [--starts 2026-11-25] [--ends 2026-12-05]

With the server stopped, unless the database is PostgreSQL.
`

// runCampaign begins campaigns and lists them.
func runCampaign(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || (args[0] != "add" && args[0] != "list") {
		return tellVerbs(args, campaignUsage, stdout, stderr)
	}
	f := flag.NewFlagSet("sansuiji campaign "+args[0], flag.ContinueOnError)
	f.SetOutput(stderr)
	s, n := settings{}, campaign.NewCampaign{}
	f.StringVar(&s.data, "data", "data", "`folder` of the database")
	f.StringVar(&s.database, "database", "", databaseUsage)
	f.StringVar(&n.Code, "code", "", "`code` of letters, digits and . _ : -")
	f.StringVar(&n.Name, "name", "", "the campaign's `name`")
	f.StringVar(&n.City, "city", "", "the `city`'s name")
	f.Func("starts", "its first `day`", func(text string) (err error) { n.StartsAt, err = dayAt(text, 0); return err })
	f.Func("ends", "its last `day`", func(text string) (err error) { n.EndsAt, err = dayAt(text, 1); return err })
	f.String("lang", "zh", "language of messages: zh or en")
	if code, ok := readArguments(f, args[1:], 0, campaignUsage, stdout); !ok {
		return code
	}
	if args[0] == "add" && (n.Code == "" || n.Name == "") {
		fmt.Fprint(stderr, "sansuiji campaign add: --code and --name must be given\n"+campaignUsage)
		return exitUsage
	}
	err := withWriter(s, args[0] == "add", func(ctx context.Context, writer *ingest.Service) error {
		return doCampaign(ctx, &campaign.Service{Ingest: writer}, args[0], n, stdout)
	})
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji campaign:", wordsIn(langOf(args)).explain(err))
		return 1
	}
	return 0
}

// dayAt is where a day of UTC+8 begins, or, after one more, ends.
func dayAt(text string, more int) (*int64, error) {
	day, err := time.ParseInLocation(time.DateOnly, text, schema.Zone())
	if err != nil {
		return nil, err
	}
	return new(day.AddDate(0, 0, more).UnixMilli() - int64(more)), nil
}

func doCampaign(ctx context.Context, s *campaign.Service, verb string, n campaign.NewCampaign, stdout io.Writer) error {
	if verb == "add" {
		id, err := s.Add(ctx, n)
		if err == nil {
			fmt.Fprintln(stdout, id)
		}
		return err
	}
	list, err := s.List(ctx)
	for _, known := range list {
		fmt.Fprintf(stdout, "%s %-20s %s\n", known.ID, known.Code, known.Name)
	}
	return err
}

// withWriter opens a database to write as headquarters. No server may work on its folder
// meanwhile. A database that is not there is made only if make says so.
func withWriter(s settings, make bool, do func(context.Context, *ingest.Service) error) (err error) {
	ctx := context.Background()
	options, err := storeOptions()
	if err != nil {
		return err
	}
	options.Opening = store.AsIs
	if make {
		options.Opening = store.BeginOnly
	}
	if s.database == "" {
		if make {
			err = sqlite.MakeFolder(s.data)
		} else {
			_, err = findDatabase(s.data)
		}
		if err != nil {
			return err
		}
	}
	db, held, err := openDatabase(ctx, schema.NewCatalogue(), s, options)
	if err != nil {
		return err
	}
	defer held.release()
	if s.database == "" {
		defer func() { err = errors.Join(err, keepOwner(s.data)) }()
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	writer, err := serviceOn(ctx, db)
	if err != nil {
		return err
	}
	if err := writer.Upgrade(ctx); err != nil {
		return err
	}
	return do(ctx, writer)
}
