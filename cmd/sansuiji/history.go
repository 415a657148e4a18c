package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/campaign"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/store"
)

const historyUsage = "usage: sansuiji history export [--data DIR | --database URL] [--campaign CODE] > FILE\n"

// runHistory runs "sansuiji history" with the arguments after that word and
// returns the exit code.
func runHistory(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] != "export" {
		return tellVerbs(args, historyUsage, stdout, stderr)
	}
	f := flag.NewFlagSet("sansuiji history export", flag.ContinueOnError)
	f.SetOutput(stderr)
	data := f.String("data", "data", "`folder` of the database")
	database := f.String("database", "", databaseUsage)
	name := f.String("campaign", "", "the campaign's `code` or id; not needed if there is one only")
	if code, ok := readArguments(f, args[1:], 0, historyUsage, stdout); !ok {
		return code
	}
	out := bufio.NewWriterSize(stdout, 1<<16)
	err := withCampaign(context.Background(), *database, *data, *name,
		func(ctx context.Context, s store.Store, id schema.CampaignID) error {
			key, err := identity.ServerKey(ctx, s, time.Now())
			if err != nil {
				return err
			}
			return audit.ExportHistory(ctx, s, id, key, out)
		})
	if err = errors.Join(err, out.Flush()); err != nil {
		fmt.Fprintln(stderr, "sansuiji history export:", err)
		return 1
	}
	return 0
}

// withCampaign opens a database and runs do on the campaign that is named, or on the only
// one.
func withCampaign(
	ctx context.Context, url, data, name string,
	do func(ctx context.Context, s store.Store, id schema.CampaignID) error,
) (err error) {
	s, err := openKept(ctx, schema.NewCatalogue(), url, data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	campaigns := &campaign.Service{Ingest: &ingest.Service{Store: s}}
	if name != "" {
		id, err := campaigns.Find(ctx, name)
		if err != nil {
			return err
		}
		return do(ctx, s, id)
	}
	list, err := campaigns.List(ctx)
	if err != nil {
		return err
	}
	if len(list) != 1 {
		codes := make([]string, len(list))
		for i, known := range list {
			codes[i] = known.Code
		}
		return fmt.Errorf("choose one with --campaign: %s", strings.Join(codes, ", "))
	}
	return do(ctx, s, list[0].ID)
}
