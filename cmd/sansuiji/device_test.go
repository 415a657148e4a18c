package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
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

// find saves a new finding at the first visit.
func (b *tablet) find(title string) (id schema.RowID) {
	b.t.Helper()
	seq, err := b.Save(func(s *device.Saving) (err error) {
		if id, err = s.NewID(); err != nil {
			return err
		}
		return s.Put("finding", id, edit.Cells{
			"visit_id": edit.ID(b.visits[0]), "title": edit.Text(title), "severity": edit.Text("minor"),
			"inspector_id": edit.ID(s.Who.Inspector), "recorded_at": edit.Int(s.At),
		})
	})
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
	for _, table := range b.Catalogue.Tables {
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

func TestWhatADeviceSavesReachesAnotherDevice(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	id := a.find("庫存臺賬缺頁")
	if s := a.sync(); s.Pushed != 1 || s.Failure != nil {
		t.Errorf("sync: %+v", s)
	}
	if s := a.status(); s.Counts[device.Merged] != 1 || s.Counts[device.Waiting] != 0 {
		t.Errorf("status: %+v", s)
	}
	b.sync()
	if title := b.cell("finding", id, "title"); title != "庫存臺賬缺頁" {
		t.Errorf("the other device has %q", title)
	}
	a.sync() // its own row comes back with what headquarters adds
	if diff := cmp.Diff(a.contents(), b.contents()); diff != "" {
		t.Errorf("the devices differ:\n%s", diff)
	}
}

func TestTwoDevicesThatContradictEachOtherAgreeAfterASync(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	id := a.find("帳目未公開")
	a.sync()
	b.sync()
	a.put("finding", id, edit.Cells{"severity": edit.Text("serious"), "title": edit.Text("甲的標題")})
	b.put("finding", id, edit.Cells{"severity": edit.Text("critical"), "detail": edit.Text("乙的詳情")})
	for range 2 {
		a.sync()
		b.sync()
	}
	if diff := cmp.Diff(a.contents(), b.contents()); diff != "" {
		t.Errorf("the devices differ:\n%s", diff)
	}
	if a.cell("finding", id, "title") != "甲的標題" || a.cell("finding", id, "detail") != "乙的詳情" {
		t.Error("a cell that only one wrote is lost")
	}
	open := ask[[]struct{ Column string }](p, "/api/hq/campaigns/{campaign}/conflicts")
	if len(open) != 1 {
		t.Errorf("conflicts %+v, want that of the severity", open)
	}
}

func TestADeviceThatWritesWhatItMayNotIsToldWhy(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	id := b.find("井蓋缺失")
	b.put("finding", id, edit.Cells{"review_state": edit.Text("accepted")})
	b.sync()
	s := b.status()
	if s.Counts[device.Quarantined] != 1 || len(s.Pending) != 1 ||
		s.Pending[0].Reason != schema.ReasonHQColumn || s.Pending[0].Seq != 2 {
		t.Errorf("status: %+v", s)
	}
}

func TestAHeldEntryIsAskedAfterUntilItIsMerged(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	id := a.find("稍後才到")
	b.put("comment", schema.NewRowID(), edit.Cells{
		"finding_id": edit.ID(id), "inspector_id": edit.ID(b.identity().Inspector), "body": edit.Text("先到的批注"),
	})
	b.sync()
	if s := b.status(); s.Counts[device.Held] != 1 || len(b.contents()["comment"]) != 1 {
		t.Errorf("before the row is there: %+v", s.Counts)
	}
	a.sync()
	b.sync()
	if s := b.status(); s.Counts[device.Merged] != 1 {
		t.Errorf("after: %+v", s.Counts)
	}
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
	return tokens{w.p.identity}.Exchange(ctx, assertion)
}

func (w *direct) Push(
	ctx context.Context, token string, r mobileapi.PushRequest,
) (answer mobileapi.PushAnswer, err error) {
	caller, err := tokens{w.p.identity}.Device(ctx, token)
	if err != nil {
		return answer, err
	}
	push, err := r.Push(caller)
	if err != nil {
		return answer, err
	}
	receipt, err := w.p.ingest.Push(ctx, push)
	if err == nil && w.lose.CompareAndSwap(true, false) {
		return answer, fmt.Errorf("the answer is lost: %w", device.ErrOffline)
	}
	return mobileapi.NewPushAnswer(&receipt), err
}

func (w *direct) Pull(
	ctx context.Context, token string, r mobileapi.PullRequest,
) (answer mobileapi.PullAnswer, err error) {
	if r.Caller, err = (tokens{w.p.identity}).Device(ctx, token); err != nil {
		return answer, err
	}
	if r.Limit == 0 {
		r.Limit = 1500
	}
	if w.during != nil {
		w.during()
	}
	page, err := puller{w.p.ingest}.Pull(ctx, r)
	return mobileapi.NewPullAnswer(&page), err
}

func TestALostReceiptIsAskedForAgain(t *testing.T) {
	p := start(t)
	way := &direct{p: p}
	b := p.newTablet(way)
	b.find("一")
	b.find("二")
	way.lose.Store(true)
	if _, err := b.Sync(t.Context()); err == nil {
		t.Fatal("a lost answer is no failure")
	}
	if s := b.status(); s.Counts[device.Waiting] != 2 || s.LastSync.Failure.Kind != "offline" {
		t.Errorf("after the loss: %+v", s)
	}
	b.sync()
	if s := b.status(); s.Counts[device.Merged] != 2 || p.inHistory(b.identity()) != 2 {
		t.Errorf("after the next sync: %+v, %d in the history", s, p.inHistory(b.identity()))
	}
}

func TestWhatIsSavedWhileAPullIsUnderWayIsSentInTheSameSync(t *testing.T) {
	p := start(t)
	way := &direct{p: p}
	b := p.newTablet(way)
	var id schema.RowID
	way.during = func() {
		way.during = nil
		id = b.find("同步時保存")
	}
	if s := b.sync(); s.Pushed != 1 {
		t.Errorf("sync: %+v", s)
	}
	if p.inHistory(b.identity()) != 1 || b.cell("finding", id, "title") != "同步時保存" {
		t.Error("it was not sent")
	}
}

func TestPeopleSaveWhileTheDeviceSyncs(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	const saves = 60
	saved := make(chan error, 1)
	go func() {
		saved <- func() error {
			for i := range saves {
				_, err := b.Save(func(s *device.Saving) error {
					id, err := s.NewID()
					if err != nil {
						return err
					}
					cells := edit.Cells{"visit_id": edit.ID(b.visits[0]), "title": edit.Text(fmt.Sprint(i))}
					return s.Put("finding", id, cells)
				})
				if err != nil {
					return err
				}
			}
			return nil
		}()
	}()
	for done := false; !done; {
		select {
		case err := <-saved:
			must(t, err)
			done = true
		default:
		}
		b.sync()
	}
	if s := b.status(); s.Counts[device.Merged] != saves || p.inHistory(b.identity()) != saves {
		t.Errorf("%+v, %d in the history", s.Counts, p.inHistory(b.identity()))
	}
}

func TestAPushMayBringWhatItsCarrierRemembers(t *testing.T) {
	p := start(t)
	for _, f := range formats() {
		d := p.enrolled(f)
		body := mobileapi.PushRequest{
			CampaignID: d.Campaign.String(), DeviceID: d.ID.String(), Entries: []mobileapi.Octets{},
			Checkpoint: "sansuiji/1\n5\nAAAA\n\n— hq AAAA\n",
			Facts: []mobileapi.Fact{{
				Epoch: d.Seen.Epoch.String(), Revision: 5,
				Heads: []mobileapi.DeviceHead{{DeviceID: d.ID.String(), Seq: 1}},
			}},
		}
		var answer mobileapi.PushAnswer
		f.read(t, p.send(d.signedIn(f.post(t, "/api/v1/push", body))), &answer)
		if answer.Next != 1 {
			t.Errorf("%s: %+v", f.name, answer)
		}
		d.page("&size=5")
	}
}

func TestAColleagueCarriesEntriesToHeadquarters(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	id := a.find("由同事帶回")
	a.find("第二條")
	a.find("第三條")
	b.sync() // b learns a's key
	bundle, err := a.Export()
	must(t, err)
	file, err := bundle.Marshal()
	must(t, err)
	again, err := device.ParseBundle(file)
	must(t, err)
	for round, want := range []int{3, 0} {
		got, err := b.Import(again)
		must(t, err)
		if got.Entries != want || got.Unverified != 0 {
			t.Errorf("import %d: %+v", round, got)
		}
	}
	if s := b.sync(); s.Carried != 3 || s.Pushed != 0 {
		t.Errorf("sync: %+v", s)
	}
	if n := p.inHistory(a.identity()); n != 3 {
		t.Errorf("%d of three entries are in the history", n)
	}
	if title := b.cell("finding", id, "title"); title != "由同事帶回" {
		t.Errorf("pulled %q", title)
	}
	a.sync()
	if s := a.status(); s.Counts[device.Merged] != 3 {
		t.Errorf("the author hears %+v", s.Counts)
	}
	if s := b.status(); s.Carried[device.Merged] != 3 {
		t.Errorf("the carrier keeps %+v", s.Carried)
	}
}

func TestEntriesOfAnUnknownColleagueAreCarriedToo(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	a := p.newTablet(p.overHTTP())
	a.find("新來的")
	bundle, err := a.Export()
	must(t, err)
	got, err := b.Import(bundle)
	must(t, err)
	if got.Entries != 1 || got.Unverified != 1 {
		t.Errorf("import: %+v", got)
	}
	b.sync()
	if n := p.inHistory(a.identity()); n != 1 {
		t.Errorf("%d entries in the history", n)
	}
}

func TestADamagedBundleIsRefusedWhole(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	a.find("一")
	a.find("二")
	b.sync()
	good, err := a.Export()
	must(t, err)
	for name, c := range map[string]struct {
		damage func(device.Bundle)
		code   string
	}{
		"signature":   {func(d device.Bundle) { d[0].Signature[5]++ }, schema.FaultSignature},
		"entry":       {func(d device.Bundle) { d[0].Entries[0] = d[0].Entries[0][:20] }, schema.FaultBadRequest},
		"missing one": {func(d device.Bundle) { d[0].Entries = d[0].Entries[:1] }, schema.FaultSignature},
		"order":       {func(d device.Bundle) { slices.Reverse(d[0].Entries) }, schema.FaultChainBroken},
		"campaign":    {func(d device.Bundle) { d[0].Campaign[3]++ }, schema.FaultWrongCampaign},
	} {
		file, err := good.Marshal()
		must(t, err)
		bad, err := device.ParseBundle(file)
		must(t, err)
		c.damage(bad)
		if _, err := b.Import(append(bad, good...)); schema.FaultCode(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if s := b.status(); len(s.Carried) != 0 {
		t.Errorf("carries %+v", s.Carried)
	}
}

func TestARestoredHeadquartersGetsItsEntriesBack(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	who := b.identity()
	b.find("備份前")
	b.sync()
	backup := p.stopAndCopy()
	again := startOn(t, backup)
	way, err := device.NewHTTP(again.url())
	must(t, err)
	t.Cleanup(way.Close)
	// Another life of the same headquarters: what comes now is lost with it.
	lost := startOn(t, p.data)
	lostWay, err := device.NewHTTP(lost.url())
	must(t, err)
	t.Cleanup(lostWay.Close)
	b.reopen(lostWay)
	id := b.find("備份後")
	b.sync()
	lost.stop()

	b.reopen(way)
	b.find("恢復後")
	b.sync()
	if n := again.inHistory(who); n != 3 {
		t.Errorf("%d entries in the restored history, want 3", n)
	}
	if title := b.cell("finding", id, "title"); title != "備份後" {
		t.Errorf("the device has %q", title)
	}
	if s := b.status(); s.Counts[device.Merged] != 3 {
		t.Errorf("status: %+v", s.Counts)
	}
}

// stopAndCopy stops the program and copies its folder.
func (p *program) stopAndCopy() string {
	p.t.Helper()
	p.stop()
	folder := p.t.TempDir()
	must(p.t, os.CopyFS(folder, os.DirFS(p.data)))
	return folder
}

// reopen is the device after its program was started again.
func (b *tablet) reopen(way device.Transport) {
	b.t.Helper()
	must(b.t, b.Close())
	b.open(tabletSettings(way))
}

func TestADeviceKilledAnywhereLosesNothing(t *testing.T) {
	p := start(t)
	way := &direct{p: p}
	twin := p.newTablet(way)
	for _, point := range device.Points() {
		t.Run(string(point), func(t *testing.T) {
			b := &tablet{t: t, p: p, file: filepath.Join(t.TempDir(), "device.db")}
			b.open(tabletSettings(way))
			defer func() { must(t, b.Close()) }()
			code := p.newCode()
			hits := 0
			// Whatever is killed is done again, as a person would.
			try := func(do func() error) {
				t.Helper()
				for attempt := 0; ; attempt++ {
					s := tabletSettings(way)
					if attempt == 0 {
						s.Points = func(at device.Point) {
							if at == point {
								hits++
								panic(at)
							}
						}
					}
					b.reopen(way)
					must(t, b.Close())
					b.open(s)
					killed, err := survive(do)
					if !killed {
						must(t, err)
						return
					}
				}
			}
			try(func() error {
				_, err := b.Enrol(t.Context(), device.Enrolling{Code: code, Name: "平板"})
				return err
			})
			try(func() error { _, err := b.Sync(t.Context()); return err })
			b.findVisits()
			id := schema.NewRowID()
			cells := edit.Cells{"visit_id": edit.ID(b.visits[0]), "title": edit.Text("殺不死")}
			try(func() error {
				_, err := b.Save(func(s *device.Saving) error { return s.Put("finding", id, cells) })
				return err
			})
			try(func() error { _, err := b.Sync(t.Context()); return err })
			twin.find("同事的")
			bundle, err := twin.Export()
			must(t, err)
			try(func() error { _, err := b.Import(bundle); return err })
			try(func() error { _, err := b.Sync(t.Context()); return err })
			if hits == 0 {
				t.Error("the point was never passed")
			}
			twin.sync()
			b.sync()
			if b.cell("finding", id, "title") != "殺不死" || p.inHistory(b.identity()) != 1 {
				t.Errorf("%d entries in the history", p.inHistory(b.identity()))
			}
			if diff := cmp.Diff(twin.contents(), b.contents()); diff != "" {
				t.Errorf("the devices differ:\n%s", diff)
			}
		})
	}
}

// survive calls do and tells whether it was killed.
func survive(do func() error) (killed bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			if _, ok := r.(device.Point); !ok {
				panic(r)
			}
			killed = true
		}
	}()
	return false, do()
}

func TestADeviceWhoseClockIsOffGetsItsTokenAndLosesNothing(t *testing.T) {
	p := start(t)
	way := p.overHTTP()
	b := &tablet{t: t, p: p, file: filepath.Join(t.TempDir(), "device.db")}
	s := tabletSettings(way)
	s.Now = func() time.Time { return time.Now().AddDate(-7, 0, 0) }
	b.open(s)
	defer func() { must(t, b.Close()) }()
	b.enrol(p.newCode())
	b.sync()
	b.findVisits()
	id := b.find("鐘慢七年")
	b.sync()
	row := ask[struct{ Total int }](p, "/api/hq/campaigns/{campaign}/findings")
	if row.Total != 1 || b.cell("finding", id, "title") != "鐘慢七年" {
		t.Errorf("headquarters has %d findings", row.Total)
	}
	if ahead := b.status().ServerAhead; ahead < int64(6*365*24*time.Hour/time.Millisecond) {
		t.Errorf("headquarters is ahead by %s ms", strconv.FormatInt(ahead, 10))
	}
}

func BenchmarkDeviceSaveAndSync(b *testing.B) {
	p := start(b)
	for name, way := range map[string]device.Transport{"inside": &direct{p: p}, "http": p.overHTTP()} {
		d := p.newTablet(way)
		b.Run(name+"/push", func(b *testing.B) {
			for b.Loop() {
				d.find("一")
				if _, err := d.Push(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/pull-nothing", func(b *testing.B) {
			for b.Loop() {
				if _, err := d.Pull(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
