package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"sansuiji/schema"
	"sansuiji/server/campaign"
	"sansuiji/server/identity"
	"sansuiji/server/ingest"
	"sansuiji/server/mapfile"
	"sansuiji/server/store"
	"sansuiji/server/store/sqlite"
	"sansuiji/syncengine/edit"

	"filippo.io/age"
)

// demoAccess is how people get into the demo. It is kept beside the database so
// that a restarted demo can show it again, and go on with a city that it was
// stopped in the middle of.
type demoAccess struct {
	Campaign  schema.CampaignID `json:"campaign"`
	Inspector schema.RowID      `json:"inspector"`
	Login     string            `json:"login"`
	Password  string            `json:"password"`
	// SealKey opens the interviews: an age identity. A real one is never on the server.
	SealKey    string      `json:"seal_key"`
	Unfinished *demoOrigin `json:"unfinished,omitempty"`
}

// demoOrigin is what the same city can be made from again.
type demoOrigin struct {
	Seed uint64 `json:"seed"`
	At   int64  `json:"at"` // Unix milliseconds
}

func (o demoOrigin) city() *campaign.City { return campaign.Demo(o.Seed, time.UnixMilli(o.At)) }

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
	if code, ok := readArguments(flags, args, 0, "", stdout); !ok {
		return code
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
		err = json.Unmarshal(text, &access)
	} else if errors.Is(err, fs.ErrNotExist) {
		access, err = a.planDemo(ctx, file, seed)
	}
	if err != nil || access.Unfinished == nil {
		return access, err
	}
	if err := a.makeDemo(ctx, access); err != nil {
		return access, err
	}
	access.Unfinished = nil
	return access, a.keepDemo(file, access)
}

// planDemo keeps what the city is to be made from, before anything of it is made.
func (a *app) planDemo(ctx context.Context, file string, seed uint64) (access demoAccess, err error) {
	have, err := store.Campaigns(ctx, a.store)
	if err != nil {
		return access, err
	}
	if len(have) > 0 {
		return access, errHalfMade
	}
	origin := demoOrigin{Seed: seed, At: a.now().UnixMilli()}
	city := origin.city()
	access = demoAccess{
		Campaign: city.CampaignID, Inspector: city.Teams[0].Inspectors[0].ID,
		Login: "admin", Password: rand.Text()[:12], Unfinished: &origin,
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return access, err
	}
	access.SealKey = identity.String()
	return access, a.keepDemo(file, access)
}

func (a *app) keepDemo(file string, access demoAccess) error {
	text, err := json.MarshalIndent(access, "", "  ")
	if err != nil {
		return err
	}
	a.points.Hit("demo.to-be-kept")
	if err := replaceFile(file, append(text, '\n')); err != nil {
		return fmt.Errorf("keep %s: %w", filepath.Base(file), err)
	}
	a.points.Hit("demo.kept")
	return nil
}

// replaceFile puts durable content in a file's place, or leaves what was there.
func replaceFile(file string, text []byte) error {
	f, err := os.OpenFile(file+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	return sqlite.Sync(filepath.Dir(file))
}

// makeDemo makes the city, or what is missing of it.
func (a *app) makeDemo(ctx context.Context, access demoAccess) error {
	city := access.Unfinished.city()
	identity, err := age.ParseX25519Identity(access.SealKey)
	if err != nil {
		return fmt.Errorf("read the key of the interviews: %w", err)
	}
	city.SealTo(identity.Recipient().String())
	if err := a.ingest.Begin(ctx, city.CampaignID); err != nil && !errors.Is(err, ingest.ErrBegun) {
		return err
	}
	a.points.Hit("demo.begun")
	if err := a.writeCity(ctx, city); err != nil {
		return err
	}
	a.points.Hit("demo.written")
	if err := a.drawDemoMap(city); err != nil {
		return fmt.Errorf("draw the city's map: %w", err)
	}
	return a.addDemoAccount(ctx, access)
}

// drawDemoMap draws the map that phones are offered.
func (a *app) drawDemoMap(city *campaign.City) error {
	folder := filepath.Join(a.data, mapFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	var drawn bytes.Buffer
	if err := city.Map().Write(&drawn); err != nil {
		return err
	}
	return replaceFile(filepath.Join(folder, mapfile.Default+mapfile.Suffix), drawn.Bytes())
}

func (a *app) addDemoAccount(ctx context.Context, access demoAccess) error {
	var have bool
	err := a.store.Look(ctx, func(q store.Queryer) error {
		return q.QueryRowContext(ctx, "SELECT count(*) > 0 FROM account WHERE login = $1", access.Login).
			Scan(&have)
	})
	if err != nil || have {
		return err
	}
	_, err = a.identity.AddAccount(ctx, identity.NewAccount{
		Login: access.Login, Name: "演示管理員", Role: identity.Admin,
	}, access.Password)
	return err
}

// demoEntryRows is how many rows one entry of the city brings.
const demoEntryRows = 1000

// writeCity writes the city's rows as headquarters' entries. An entry whose first
// row is there was written before.
func (a *app) writeCity(ctx context.Context, city *campaign.City) error {
	b, rows, there := edit.New(a.ingest.Catalogue), 0, false
	write := func() (err error) {
		if !there {
			err = a.ingest.WriteRows(ctx, city.CampaignID, b)
			a.points.Hit("demo.entry-written")
		}
		b = edit.New(a.ingest.Catalogue)
		return err
	}
	var err error
	city.Rows(func(table string, id schema.RowID, cells edit.Cells) bool {
		if b.Empty() {
			there, err = a.hasRow(ctx, city.CampaignID, table, id)
		}
		b.Insert(table, id, cells)
		if rows++; rows%demoEntryRows == 0 && err == nil {
			err = write()
		}
		return err == nil
	})
	if err != nil || b.Empty() {
		return err
	}
	return write()
}

func (a *app) hasRow(
	ctx context.Context, campaign schema.CampaignID, table string, id schema.RowID,
) (have bool, err error) {
	err = a.store.Read(ctx, campaign, func(v store.View) error {
		return v.QueryRowContext(ctx, "SELECT count(*) > 0 FROM "+table+" WHERE campaign_no = $1 AND id = $2",
			v.CampaignNo, id[:]).Scan(&have)
	})
	return have, err
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
