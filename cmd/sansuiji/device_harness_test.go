package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"
)

// tablet is a device of package device that talks to the program over HTTP.
type tablet struct {
	*device.Device
	t      testing.TB
	p      *program
	file   string
	visits []schema.RowID
}

func (p *program) overHTTP() *device.HTTP {
	p.t.Helper()
	way, err := device.NewHTTP(p.url())
	must(p.t, err)
	p.t.Cleanup(way.Close)
	return way
}

func tabletSettings(way device.Transport) device.Settings {
	return device.Settings{Transport: way, Now: time.Now, Random: rand.Reader, Catalogue: schema.NewCatalogue()}
}

// newTablet is a device with a file that is enrolled for the demo's inspector and
// has pulled everything.
func (p *program) newTablet(way device.Transport) *tablet {
	p.t.Helper()
	b := &tablet{t: p.t, p: p, file: filepath.Join(p.t.TempDir(), "device.db")}
	b.open(tabletSettings(way))
	p.t.Cleanup(func() { must(p.t, b.Close()) })
	b.enrol(p.newCode())
	b.sync()
	b.findVisits()
	return b
}

func (b *tablet) open(s device.Settings) {
	b.t.Helper()
	var err error
	b.Device, err = device.Open(b.file, s)
	must(b.t, err)
}

func (b *tablet) enrol(code string) {
	b.t.Helper()
	who, err := b.Enrol(b.t.Context(), device.Enrolling{Code: code, Name: "平板"})
	must(b.t, err)
	if who.InspectorName == "" || who.TeamName == "" || who.Campaign != b.p.access.Campaign {
		b.t.Errorf("enrolled as %+v", who)
	}
}

func (b *tablet) findVisits() {
	b.t.Helper()
	b.visits = nil
	must(b.t, b.Each("visit", func(row []changeset.Value) error {
		b.visits = append(b.visits, schema.RowID(row[0].Bytes))
		return nil
	}))
	if len(b.visits) == 0 {
		b.t.Fatal("no visits were pulled")
	}
}

func (b *tablet) sync() device.Synced {
	b.t.Helper()
	s, err := b.Sync(context.Background())
	must(b.t, err)
	return s
}

// finding writes a new finding at the first visit.
func (b *tablet) finding(title string, id *schema.RowID) func(*device.Saving) error {
	return func(s *device.Saving) (err error) {
		if *id, err = s.NewID(); err != nil {
			return err
		}
		return s.Put("finding", *id, edit.Cells{
			"visit_id": edit.ID(b.visits[0]), "title": edit.Text(title), "severity": edit.Text("minor"),
			"inspector_id": edit.ID(s.Who.Inspector), "recorded_at": edit.Int(s.At),
		})
	}
}

// find saves a new finding at the first visit.
func (b *tablet) find(title string) (id schema.RowID) {
	b.t.Helper()
	seq, err := b.Save(b.finding(title, &id))
	must(b.t, err)
	if seq == 0 {
		b.t.Fatal("a new finding made no entry")
	}
	return id
}

func (b *tablet) put(table string, id schema.RowID, cells edit.Cells) uint64 {
	b.t.Helper()
	seq, err := b.Save(func(s *device.Saving) error { return s.Put(table, id, cells) })
	must(b.t, err)
	return seq
}

func (b *tablet) cell(table string, id schema.RowID, column string) string {
	b.t.Helper()
	row, err := b.Row(table, id)
	must(b.t, err)
	return string(row[column].Bytes)
}

func (b *tablet) status() device.Status {
	b.t.Helper()
	s, err := b.Status()
	must(b.t, err)
	return s
}

// contents are all rows of all tables.
func (b *tablet) contents() map[string][][]changeset.Value {
	b.t.Helper()
	all := map[string][][]changeset.Value{}
	for _, table := range b.Catalogue.OnDevices() {
		must(b.t, b.Each(table.Name, func(row []changeset.Value) error {
			all[table.Name] = append(all[table.Name], row)
			return nil
		}))
	}
	return all
}

// inHistory counts a device's entries in headquarters' history.
func (p *program) inHistory(who device.Identity) (n int) {
	p.t.Helper()
	must(p.t, p.store.Read(context.Background(), who.Campaign, func(v store.View) error {
		return v.QueryRowContext(context.Background(), `SELECT count(*) FROM history h
			JOIN author a ON a.campaign_no = h.campaign_no AND a.no = h.author
			WHERE h.campaign_no = $1 AND a.device_id = $2`, v.CampaignNo, who.Device[:]).Scan(&n)
	}))
	return n
}

func (b *tablet) identity() device.Identity {
	b.t.Helper()
	who, err := b.Identity()
	must(b.t, err)
	return who
}

// direct calls the program's services without HTTP, as the simulator does. It can
// lose answers.
type direct struct {
	p      *program
	lose   atomic.Bool // the next answer to a push
	during func()      // called while a pull is under way
}

func (w *direct) Audience() string { return "inside/api/v1/token" }

func (w *direct) Enrol(ctx context.Context, r mobileapi.EnrolRequest) (mobileapi.Enrolment, error) {
	return enroller{w.p.identity}.Enrol(ctx, r, "inside")
}

func (w *direct) Token(ctx context.Context, assertion string) (mobileapi.Token, error) {
	return tokens{w.p.identity, ""}.Exchange(ctx, assertion)
}

func (w *direct) Push(
	ctx context.Context, token string, r mobileapi.PushRequest,
) (answer mobileapi.PushAnswer, err error) {
	caller, err := tokens{w.p.identity, ""}.Device(ctx, token)
	if err != nil {
		return answer, err
	}
	delivery, err := r.Delivery(caller)
	if err != nil {
		return answer, err
	}
	receipt, err := pusher{w.p.ingest, w.p.draws, w.p.app.log, w.p.figures}.Push(ctx, delivery)
	if err == nil && w.lose.CompareAndSwap(true, false) {
		return answer, fmt.Errorf("the answer is lost: %w", device.ErrOffline)
	}
	return mobileapi.NewPushAnswer(&receipt), err
}

func (w *direct) Pull(
	ctx context.Context, token string, r mobileapi.PullRequest,
) (answer mobileapi.PullAnswer, err error) {
	if r.Caller, err = (tokens{w.p.identity, ""}).Device(ctx, token); err != nil {
		return answer, err
	}
	if r.Limit == 0 {
		r.Limit = 1500
	}
	if w.during != nil {
		w.during()
	}
	page, err := puller{w.p.ingest, w.p.figures}.Pull(ctx, r)
	return mobileapi.NewPullAnswer(&page), err
}
