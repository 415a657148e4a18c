package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/edit"

	"github.com/google/go-cmp/cmp"
)

// export is the device's bundle, as a file would bring it.
func (b *tablet) export() device.Bundle {
	b.t.Helper()
	bundle, err := b.Export()
	must(b.t, err)
	file, err := bundle.Marshal()
	must(b.t, err)
	bundle, err = device.ParseBundle(file)
	must(b.t, err)
	return bundle
}

func (b *tablet) take(bundle device.Bundle) {
	b.t.Helper()
	_, err := b.Import(bundle)
	must(b.t, err)
}

// twin is a copy of a device, as of a phone's storage.
func (b *tablet) twin(way device.Transport) *tablet {
	b.t.Helper()
	image, err := b.Image()
	must(b.t, err)
	c := &tablet{t: b.t, p: b.p, visits: b.visits}
	c.Device, err = device.OpenImage(image, tabletSettings(way))
	must(b.t, err)
	b.t.Cleanup(func() { must(b.t, c.Close()) })
	return c
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

func TestCarriedEntriesWaitForThoseBeforeThem(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	for _, title := range []string{"一", "二", "三"} {
		a.find(title)
	}
	b.sync()
	whole, late := a.export(), a.export()
	late[0].Entries = late[0].Entries[1:]
	b.take(late)
	if s := b.sync(); s.Carried != 0 {
		t.Errorf("carried %d over a gap", s.Carried)
	}
	if s := b.status(); s.Carried[device.Waiting] != 2 {
		t.Errorf("carries %+v", s.Carried)
	}
	b.take(whole)
	if s := b.sync(); s.Carried != 3 || p.inHistory(a.identity()) != 3 {
		t.Errorf("carried %d, %d in the history", s.Carried, p.inHistory(a.identity()))
	}
}

func TestCarriedEntriesOfACopiedDeviceAreRefusedAndKept(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	c := a.twin(p.overHTTP())
	a.find("本機")
	c.find("複製機")
	b.sync()
	forked := c.export()
	b.take(forked)
	if _, err := b.Import(a.export()); schema.FaultCode(err) != schema.FaultFork {
		t.Errorf("both chains are carried: %v", err)
	}
	a.sync()
	b.find("不受影響")
	if s := b.sync(); s.Carried != 0 || s.Pushed != 1 {
		t.Errorf("sync: %+v", s)
	}
	if s := b.status(); s.Carried[device.Refused] != 1 {
		t.Errorf("carries %+v", s.Carried)
	}
	if _, err := c.Sync(t.Context()); schema.FaultCode(err) != schema.FaultFork {
		t.Errorf("the copy itself: %v", err)
	}
	if s := c.status(); s.Counts[device.Waiting] != 1 || s.LastSync.Failure.Problem.Code != schema.FaultFork {
		t.Errorf("the copy keeps %+v", s)
	}
}

func TestABadSignatureThatNobodyCouldCheckIsFoundAtHeadquarters(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	a := p.newTablet(p.overHTTP()) // b has not heard of it
	a.find("一")
	bad := a.export()
	bad[0].Signature[7]++
	b.take(bad)
	b.sync()
	if s := b.status(); s.Carried[device.Refused] != 1 || p.inHistory(a.identity()) != 0 {
		t.Errorf("carries %+v", s.Carried)
	}
	a.sync()
}

func TestEntriesOfADeviceThatHeadquartersForgotWaitForIt(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	p.stop()
	folder := t.TempDir()
	must(t, os.CopyFS(folder, os.DirFS(p.data)))
	lost := startOn(t, folder) // what enrols here is in no backup
	a := &tablet{t: t, p: lost, file: filepath.Join(t.TempDir(), "device.db")}
	a.open(tabletSettings(lost.overHTTP()))
	defer func() { must(t, a.Close()) }()
	a.enrol(lost.newCode())
	a.sync()
	a.findVisits()
	a.find("恢復前")
	a.sync()
	who := a.identity()
	lost.stop()

	again := startOn(t, p.data)
	b.p = again
	b.reopen(again.overHTTP())
	b.take(a.export())
	if s := b.sync(); s.Carried != 0 || b.status().Carried[device.Waiting] != 1 {
		t.Errorf("before the author is back: %+v", s)
	}
	// The author enrols again with its id and key, and the chain goes on.
	a.p = again
	a.reopen(again.overHTTP())
	a.enrol(again.newCode())
	if a.identity().Device != who.Device {
		t.Error("it came back as another device")
	}
	if s := b.sync(); s.Carried != 1 || again.inHistory(who) != 1 {
		t.Errorf("after: %+v, %d in the history", s, again.inHistory(who))
	}
	a.sync()
}

// backing says that entries are in a backup, as headquarters will.
type backing struct {
	*direct
	upTo uint64
}

func (w *backing) Push(
	ctx context.Context, token string, r mobileapi.PushRequest,
) (mobileapi.PushAnswer, error) {
	answer, err := w.direct.Push(ctx, token, r)
	answer.BackedUp = w.upTo
	return answer, err
}

func TestCarriedEntriesAreKeptUntilTheyAreBackedUp(t *testing.T) {
	p := start(t)
	way := &backing{direct: &direct{p: p}}
	a, b := p.newTablet(p.overHTTP()), p.newTablet(way)
	a.find("一")
	a.find("二")
	b.sync()
	b.take(a.export())
	b.sync()
	if s := b.status(); s.Carried[device.Merged] != 2 {
		t.Errorf("delivered: %+v", s.Carried)
	}
	way.upTo = 1
	b.find("讓總部說話")
	b.sync()
	if s := b.status(); s.Carried[device.Merged] != 1 || s.BackedUp != 1 {
		t.Errorf("one is backed up: %+v", s)
	}
	way.upTo = 2
	b.sync()
	if s := b.status(); len(s.Carried) != 0 {
		t.Errorf("both are backed up: %+v", s.Carried)
	}
}

func TestANewLifeOfHeadquartersIsPushedToAndPulledAnew(t *testing.T) {
	p := start(t)
	a := p.newTablet(p.overHTTP())
	before := a.find("備份前")
	a.sync()
	backup := p.stopAndCopy()
	lost := startOn(t, p.data)
	a.p = lost
	a.reopen(lost.overHTTP())
	after := a.find("備份後")
	b := lost.newTablet(lost.overHTTP())
	b.find("同事已送達")
	b.sync()
	a.sync()
	a.take(b.export())
	a.sync()
	author := b.identity()
	lost.stop()

	tamper(t, backup, "UPDATE campaign_state SET epoch = $1", schema.NewRowID())
	again := startOn(t, backup)
	a.p = again
	a.reopen(again.overHTTP())
	a.put("finding", before, edit.Cells{"title": edit.Text("恢復後改")})
	if s := a.sync(); s.Failure != nil {
		t.Errorf("sync: %+v", s)
	}
	if n := again.inHistory(a.identity()); n != 3 {
		t.Errorf("%d of three entries in the new life", n)
	}
	if a.cell("finding", after, "title") != "備份後" || a.cell("finding", before, "title") != "恢復後改" {
		t.Error("rows were lost")
	}
	// The colleague enrolled after the backup: what is carried for it waits.
	if s := a.status(); s.Carried[device.Waiting] != 1 {
		t.Errorf("carries %+v", s.Carried)
	}
	b.p = again
	b.reopen(again.overHTTP())
	b.enrol(again.newCode())
	a.sync()
	if n := again.inHistory(author); n != 1 {
		t.Errorf("%d entries of the colleague", n)
	}
	b.sync()
	if diff := cmp.Diff(a.contents(), b.contents()); diff != "" {
		t.Errorf("the devices differ:\n%s", diff)
	}
}
