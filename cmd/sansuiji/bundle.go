package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"sansuiji/server/bundle"
	"sansuiji/server/campaign"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/photo"
)

// bundleCommand is one call of "sansuiji import bundle".
type bundleCommand struct {
	importCommand
	salvage bool
}

// runBundle takes a bundle that was carried by hand. It exits 0 if all of it is at
// headquarters, 1 if not, 2 for wrong flags.
func runBundle(args []string, stdout, stderr io.Writer) int {
	c := &bundleCommand{importCommand: importCommand{words: wordsIn(langOf(args)), stdout: stdout}}
	f := flag.NewFlagSet("sansuiji import bundle", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&c.data, "data", "data", "`folder` of the database and the photos")
	f.StringVar(&c.database, "database", "", databaseUsage)
	f.StringVar(&c.campaign, "campaign", "", "the campaign's `code` or id")
	f.BoolVar(&c.salvage, "salvage", false, "take what is whole of a damaged bundle")
	f.String("lang", "zh", "language of messages: zh or en")
	if code, ok := readArguments(f, args, 1, importUsage, stdout); !ok {
		return code
	}
	if c.campaign == "" {
		fmt.Fprint(stderr, "sansuiji import bundle: --campaign is missing\n"+importUsage)
		return exitUsage
	}
	c.file = f.Arg(0)
	taken, err := c.take()
	if err != nil {
		fmt.Fprintln(stderr, "sansuiji import bundle:", c.words.explain(err))
		return 1
	}
	c.tell(&taken)
	if taken.Damage != "" || len(taken.Refused) > 0 {
		return 1
	}
	return 0
}

func (c *bundleCommand) take() (taken bundle.Taken, err error) {
	file, err := os.Open(c.file)
	if err != nil {
		return taken, err
	}
	defer func() { _ = file.Close() }() // it was only read
	err = withWriter(c.settings, false, func(ctx context.Context, writer *ingest.Service) error {
		id, err := (&campaign.Service{Ingest: writer}).Find(ctx, c.campaign)
		if err != nil {
			return err
		}
		key, err := identity.BundleKey(ctx, writer.Store, time.Now())
		if err != nil {
			return err
		}
		photos := &photo.Service{Folder: filepath.Join(c.data, photoFolder), Store: writer.Store, Now: writer.Now, Points: writer.Points}
		if err := photos.MakeFolder(); err != nil {
			return err
		}
		s := &bundle.Service{Ingest: writer, Photos: photos, Key: key}
		taken, err = s.Take(ctx, file, bundle.Wish{Campaign: id, Salvage: c.salvage})
		return err
	})
	return taken, err
}

func (c *bundleCommand) tell(t *bundle.Taken) {
	c.say("條目 %d：新合併 %d，總部已有 %d，暫掛 %d，待處理 %d",
		"%d entries: %d merged, %d known, %d held, %d quarantined",
		t.Entries, t.Merged, t.Known, t.Held, t.Quarantined)
	c.say("佐證 %d：新存 %d", "%d attachments: %d new", t.Attachments, t.Stored)
	if !t.Sealed {
		c.say("這個離線包沒有密封：途中看到文件的人都能讀", "it was not sealed: whoever saw the file on the way could read it")
	}
	for _, one := range t.Refused {
		c.say("未導入 %s", "not taken: %s", one)
	}
	if t.Damage != "" {
		c.say("文件已損壞，只導入了損壞處之前的部分：%s", "the file is damaged; only what came before was taken: %s", t.Damage)
	}
}
