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

// runFsck replays every campaign's history into an empty database and compares.
// It exits 0 if all is equal, 1 if something differs, 2 if it could not tell.
func runFsck(args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("sansuiji fsck", flag.ContinueOnError)
	f.SetOutput(stderr)
	data := f.String("data", "data", "`folder` of the database")
	database := f.String("database", "", databaseUsage)
	photos := f.Bool("photos", false, "read all attachments' bytes too")
	if err := f.Parse(args); err != nil {
		return 2
	}
	clean, err := fsck(context.Background(), *database, *data, *photos, stdout)
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji fsck:", err)
		return 2
	}
	if !clean {
		return 1
	}
	return 0
}

func fsck(ctx context.Context, url, data string, photos bool, stdout io.Writer) (clean bool, err error) {
	catalogue := schema.NewCatalogue()
	kept, err := openKept(ctx, catalogue, url, data)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	campaigns, err := store.Campaigns(ctx, kept)
	if err != nil {
		return false, err
	}
	clean = true
	for _, id := range campaigns {
		r, err := checkOne(ctx, catalogue, kept, id)
		if err != nil {
			return false, err
		}
		for _, fault := range r.Faults {
			fmt.Fprintln(stdout, "DIFFERS", fault)
		}
		verdict := "clean"
		if len(r.Faults) > 0 {
			clean, verdict = false, "NOT CLEAN"
		}
		fmt.Fprintf(stdout, "campaign %s: %d entries replayed, %d signatures, %d rows, %d cells, "+
			"%d conflicts compared: %s\n", id, r.Entries, r.Seals, r.Rows, r.Cells, r.Conflicts, verdict)
	}
	if photos {
		whole, err := checkPhotos(ctx, kept, data, stdout)
		return clean && whole, err
	}
	return clean, nil
}

// checkPhotos reads all attachments' bytes.
func checkPhotos(ctx context.Context, kept store.Store, data string, stdout io.Writer) (whole bool, err error) {
	s := &photo.Service{Folder: filepath.Join(data, photoFolder), Store: kept}
	n, damaged, err := s.Check(ctx)
	for _, d := range damaged {
		what := "DAMAGED"
		if d.Missing {
			what = "MISSING"
		}
		fmt.Fprintln(stdout, what, d.Campaign, d.Hash)
	}
	fmt.Fprintf(stdout, "%d attachments read, %d damaged or missing\n", n, len(damaged))
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
