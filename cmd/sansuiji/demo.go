package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
)

// demoAccess is how people get into the demo. It is kept beside the database so
// that a restarted demo can show it again.
type demoAccess struct {
	Campaign  schema.CampaignID `json:"campaign"`
	Inspector schema.RowID      `json:"inspector"`
	Login     string            `json:"login"`
	Password  string            `json:"password"`
}

// ready is the line that says how to reach a demo.
type ready struct {
	HQ         string `json:"hq"`
	Field      string `json:"field"`
	Login      string `json:"hq_login"`
	Password   string `json:"hq_password"`
	Enrolment  string `json:"enrolment_code"`
	CampaignID string `json:"campaign_id"`
}

// runDemo serves a made-up city.
func runDemo(args []string, stdout, stderr io.Writer) int {
	flags, settings := serveFlags("demo", stderr)
	seed := flags.Uint64("seed", 2026, "number that the city is made from")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	return serve(*settings, stdout, stderr, func(ctx context.Context, a *app) error {
		access, err := a.demo(ctx, *seed)
		if err != nil {
			return fmt.Errorf("prepare the demo: %w", err)
		}
		return a.announce(ctx, access, stdout)
	})
}

// errHalfMade tells an operator how to get out.
var errHalfMade = errors.New("the data folder holds campaigns but no finished demo: " +
	"choose another folder with --data, or remove this one")

// demo makes the city on the first run and finds it on later ones.
func (a *app) demo(ctx context.Context, seed uint64) (demoAccess, error) {
	file := filepath.Join(a.data, "demo.json")
	var access demoAccess
	text, err := os.ReadFile(file)
	if err == nil {
		return access, json.Unmarshal(text, &access)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return access, err
	}
	have, err := store.Campaigns(ctx, a.store)
	if err != nil {
		return access, err
	}
	if len(have) > 0 {
		return access, errHalfMade
	}
	if access, err = a.makeDemo(ctx, seed); err != nil {
		return access, err
	}
	if text, err = json.MarshalIndent(access, "", "  "); err != nil {
		return access, err
	}
	return access, os.WriteFile(file, append(text, '\n'), 0o600)
}

func (a *app) makeDemo(ctx context.Context, seed uint64) (demoAccess, error) {
	city := campaign.Demo(seed, a.now())
	access := demoAccess{
		Campaign: city.CampaignID, Inspector: city.Teams[0].Inspectors[0].ID,
		Login: "admin", Password: rand.Text()[:12],
	}
	if err := a.ingest.Begin(ctx, city.CampaignID); err != nil {
		return access, err
	}
	if err := a.writeCity(ctx, city); err != nil {
		return access, err
	}
	return access, a.identity.AddAccount(ctx, access.Login, "演示管理員", "admin", access.Password)
}

// demoEntryRows is how many rows one entry of the city brings.
const demoEntryRows = 1000

// writeCity writes the city's rows as headquarters' entries.
func (a *app) writeCity(ctx context.Context, city *campaign.City) error {
	b, rows := edit.New(a.ingest.Catalogue), 0
	var err error
	city.Rows(func(table string, id schema.RowID, cells edit.Cells) bool {
		b.Insert(table, id, cells)
		if rows++; rows%demoEntryRows == 0 {
			err = a.ingest.WriteRows(ctx, city.CampaignID, b)
			b = edit.New(a.ingest.Catalogue)
		}
		return err == nil
	})
	if err != nil {
		return err
	}
	return a.ingest.WriteRows(ctx, city.CampaignID, b)
}

// announce says how to get in, to people and, in its last line, to programs.
func (a *app) announce(ctx context.Context, access demoAccess, stdout io.Writer) error {
	code, err := a.identity.NewCode(ctx, access.Campaign, access.Inspector)
	if err != nil {
		return err
	}
	line, err := json.Marshal(ready{
		HQ: a.url() + "/hq/", Field: a.url() + "/", Login: access.Login, Password: access.Password,
		Enrolment: code.Code, CampaignID: access.Campaign.String(),
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, `
三隨機 演示 · Sansuiji demo
  總部 headquarters  %s/hq/   用戶 user %s   密碼 password %s
  現場 field app     %s%s

ready %s
`, a.url(), access.Login, access.Password, a.url(), code.URL, line)
	return err
}
