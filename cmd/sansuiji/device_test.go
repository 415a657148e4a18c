package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

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
	for _, d := range []*tablet{a, b} { // who wrote first was told as who came second
		if s := d.status(); len(s.Disputed) != 1 {
			t.Errorf("%d entries disputed, want one", len(s.Disputed))
		}
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
