package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/identity"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
)

const historyUsage = "usage: sansuiji history export [--data DIR] [--campaign ID] > FILE"

// runHistory runs "sansuiji history" with the arguments after that word and
// returns the exit code.
func runHistory(args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("sansuiji history export", flag.ContinueOnError)
	f.SetOutput(stderr)
	data := f.String("data", "data", "`folder` of the database")
	campaign := f.String("campaign", "", "`id` of the campaign; not needed if there is one only")
	if len(args) == 0 || args[0] != "export" {
		fmt.Fprintln(stderr, historyUsage)
		return 2
	}
	if err := f.Parse(args[1:]); err != nil {
		return 2
	}
	out := bufio.NewWriterSize(stdout, 1<<16)
	err := withCampaign(context.Background(), *data, *campaign,
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

// withCampaign opens the database of a folder and runs do on the campaign that
// is named, or on the only one.
func withCampaign(
	ctx context.Context, data, name string,
	do func(ctx context.Context, s store.Store, id schema.CampaignID) error,
) (err error) {
	file := filepath.Join(data, "sansuiji.db")
	if _, err := os.Stat(file); err != nil {
		return fmt.Errorf("find database: %w", err)
	}
	s, err := sqlite.Open(ctx, file, schema.NewCatalogue())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if name != "" {
		id, err := schema.ParseID[schema.CampaignID](name)
		if err != nil {
			return err
		}
		return do(ctx, s, id)
	}
	campaigns, err := store.Campaigns(ctx, s)
	if err != nil {
		return err
	}
	if len(campaigns) != 1 {
		return fmt.Errorf("choose one with --campaign: %v", campaigns)
	}
	return do(ctx, s, campaigns[0])
}
