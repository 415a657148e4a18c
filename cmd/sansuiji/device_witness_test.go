package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sansuiji/device"
	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/server/store"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/translog"

	"github.com/google/go-cmp/cmp"
)

// command runs the program with arguments, which must succeed.
func command(t testing.TB, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(args, nil, &out, &errs); code != 0 {
		t.Fatalf("%v: exit %d\n%s%s", args, code, &out, &errs)
	}
	return out.String()
}

// backup copies the database of a program that runs.
func (p *program) backup() string {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "copy.db")
	command(p.t, "backup", "--data", p.data, file)
	return file
}

// restored stops the program, restores a backup and starts it again.
func (p *program) restored(file string) *program {
	p.t.Helper()
	p.stop()
	command(p.t, "restore", "--data", p.data, file)
	return startOn(p.t, p.data)
}

// rolledBack stops the program, puts an older database in its place, as from a
// snapshot of the disk, and starts it again.
func (p *program) rolledBack(file string) *program {
	p.t.Helper()
	p.stop()
	older, err := os.ReadFile(file)
	must(p.t, err)
	must(p.t, os.WriteFile(databaseOf(p.data), older, 0o600))
	for _, rest := range []string{"-wal", "-shm"} {
		must(p.t, os.RemoveAll(databaseOf(p.data)+rest))
	}
	return startOn(p.t, p.data)
}

// follow makes devices talk to a program that was started again.
func (p *program) follow(tablets ...*tablet) {
	p.t.Helper()
	for _, b := range tablets {
		b.p = p
		b.reopen(p.overHTTP())
	}
}

// events are headquarters' events of a kind, oldest first.
func (p *program) events(kind string) []ingestEvent {
	p.t.Helper()
	ctx := context.Background()
	var list []ingestEvent
	must(p.t, p.store.Read(ctx, p.access.Campaign, func(v store.View) (err error) {
		list, err = store.List(ctx, v, func(row store.Scanner) (e ingestEvent, err error) {
			err = row.Scan(&e.Detail, &e.Position, &e.Body)
			return e, err
		}, `SELECT detail, coalesce(position, 0), body FROM event WHERE campaign_no = $1 AND kind = $2
			ORDER BY happened_at, id`, v.CampaignNo, kind)
		return err
	}))
	return list
}

type ingestEvent struct {
	Detail   string
	Position uint64
	Body     []byte
}

func (p *program) openConflicts() int {
	p.t.Helper()
	return len(ask[[]struct{ Column string }](p, "/api/hq/campaigns/{campaign}/conflicts"))
}

func TestADeviceFollowsAHistoryThatGrows(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	for n := range 30 {
		a.find(fmt.Sprintf("第%d條", n))
		a.sync()
		if n%7 == 0 {
			b.find("同事的")
			b.sync()
		}
	}
	for _, d := range []*tablet{a, b} {
		d.sync()
		s := d.status()
		list, err := d.Checkpoints()
		must(t, err)
		if s.Alarm != nil || s.Notice != nil || s.Checkpoint == nil || len(list) > translog.KeptMax {
			t.Errorf("%+v, alarm %+v, notice %+v", s.Checkpoint, s.Alarm, s.Notice)
		}
	}
	if list, err := a.Checkpoints(); err != nil || len(list) != translog.KeptMax {
		t.Errorf("%d checkpoints kept, %v", len(list), err)
	}
}

func TestARestoreThatIsSaidIsANoticeAndNothingIsLost(t *testing.T) {
	p := start(t)
	a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	shared := a.find("備份前")
	a.sync()
	b.sync()
	file := p.backup()
	a.sync()
	if s := a.status(); s.BackedUp != 1 || s.Alarm != nil {
		t.Errorf("after the backup: %d backed up, alarm %+v", s.BackedUp, s.Alarm)
	}
	lost := a.find("備份後")
	a.put("finding", shared, edit.Cells{"severity": edit.Text("serious")})
	a.sync()
	b.sync() // sees what will be lost
	b.put("finding", shared, edit.Cells{"severity": edit.Text("critical")})

	again := p.restored(file)
	again.follow(a, b)
	for _, d := range []*tablet{a, b, a, b} {
		if s := d.sync(); s.Failure != nil {
			t.Errorf("sync: %+v", s.Failure)
		}
	}
	for name, d := range map[string]*tablet{"author": a, "reader": b} {
		s := d.status()
		if s.Alarm != nil || s.Notice == nil || s.Notice.Lost == 0 || s.Counts[device.Waiting] != 0 {
			t.Errorf("%s: alarm %+v, notice %+v, %+v", name, s.Alarm, s.Notice, s.Counts)
		}
		if d.cell("finding", lost, "title") != "備份後" || d.cell("finding", shared, "severity") != "critical" {
			t.Errorf("%s: rows were lost", name)
		}
	}
	if n := again.openConflicts(); n != 0 {
		t.Errorf("%d conflicts about what was seen", n)
	}
	if n := len(again.events(schema.EventFacts)); n == 0 {
		t.Error("headquarters was told no facts")
	}
	if n := again.inHistory(a.identity()) + again.inHistory(b.identity()); n != 4 {
		t.Errorf("%d of four entries are in the new life", n)
	}
	if diff := cmp.Diff(a.contents(), b.contents()); diff != "" {
		t.Errorf("the devices differ:\n%s", diff)
	}
}

func TestTheReaderOfALostStateComesAfterItsAuthorOrBefore(t *testing.T) {
	for _, first := range []string{"author", "reader"} {
		t.Run(first, func(t *testing.T) {
			p := start(t)
			a, b := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
			shared := a.find("共有")
			a.sync()
			b.sync()
			file := p.backup()
			a.put("finding", shared, edit.Cells{"severity": edit.Text("serious")})
			a.sync()
			b.sync()
			again := p.restored(file)
			// Saved before the reader knows of the restore: it pushes this first of all.
			again.follow(a, b)
			b.put("finding", shared, edit.Cells{"severity": edit.Text("moderate")})
			order := []*tablet{a, b}
			if first == "reader" {
				order = []*tablet{b, a}
			}
			for range 2 {
				for _, d := range order {
					d.sync()
				}
			}
			if n := again.openConflicts(); n != 0 {
				t.Errorf("%d conflicts", n)
			}
			if a.cell("finding", shared, "severity") != "moderate" {
				t.Errorf("%s stands", a.cell("finding", shared, "severity"))
			}
		})
	}
}

func TestASilentRollbackIsAnAlarmOnEveryDeviceThatSawMore(t *testing.T) {
	p := start(t)
	a, b, c := p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP()), p.newTablet(p.overHTTP())
	a.find("快照前")
	for _, d := range []*tablet{a, b, c} {
		d.sync()
	}
	file := p.backup()
	lost := a.find("快照後")
	a.sync()
	b.sync() // c has not seen it

	again := p.rolledBack(file)
	again.follow(a, b, c)
	a.find("回退後")
	for _, d := range []*tablet{a, b, c, a, b} {
		d.sync()
	}
	for name, d := range map[string]*tablet{"author": a, "reader": b} {
		s := d.status()
		if s.Alarm == nil || s.Alarm.Kind != translog.RolledBack || s.Notice == nil {
			t.Errorf("%s: alarm %+v, notice %+v", name, s.Alarm, s.Notice)
			continue
		}
		checkEvidence(t, again, s.Alarm)
		if d.cell("finding", lost, "title") != "快照後" {
			t.Errorf("%s: the row is lost", name)
		}
	}
	if s := c.status(); s.Alarm != nil {
		t.Errorf("who saw nothing of it has the alarm %+v", s.Alarm)
	}
	events := again.events(schema.EventRestored)
	if len(events) != 1 || !strings.Contains(events[0].Detail, "signed for") || events[0].Body == nil {
		t.Errorf("headquarters says %+v", events)
	}
	if n := again.inHistory(a.identity()); n != 3 {
		t.Errorf("%d of three entries are there again", n)
	}
	must(t, a.ClearAlarm())
	a.find("查清後")
	a.sync()
	if s := a.status(); s.Alarm != nil || s.Counts[device.Merged] != 4 {
		t.Errorf("after it was cleared: %+v, %+v", s.Alarm, s.Counts)
	}
}

// checkEvidence wants both checkpoints of an alarm to be headquarters' own.
func checkEvidence(t *testing.T, p *program, a *device.Alarm) {
	t.Helper()
	hold, err := translog.ReadCheckpoint(a.Held)
	must(t, err)
	shown, err := translog.ReadCheckpoint(a.Fresh)
	must(t, err)
	if hold.Epoch != shown.Epoch || shown.Size >= hold.Size {
		t.Errorf("held %d of %s, shown %d of %s", hold.Size, hold.Epoch, shown.Size, shown.Epoch)
	}
	text := filepath.Join(t.TempDir(), "held")
	must(t, os.WriteFile(text, []byte(a.Held), 0o600))
	var out, errs bytes.Buffer
	args := []string{
		"verify", "history", "--data", p.data, "--campaign", p.access.Campaign.String(), "--checkpoint", text,
	}
	code := run(args, nil, &out, &errs)
	if code == 0 {
		t.Errorf("the history passes for what the device holds:\n%s%s", &out, &errs)
	}
}

func TestAPullThatShowsLessTellsHeadquartersWhatItLost(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	b.sync()
	file := p.backup()
	b.find("快照後")
	b.sync()
	again := p.rolledBack(file)
	again.follow(b)
	// Headquarters had grown beyond the device's cursor before it came: the cursor
	// tells nothing, the size does.
	other := again.newTablet(again.overHTTP())
	other.find("一")
	other.sync()
	if _, err := b.Pull(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := b.status(); s.Alarm == nil {
		t.Error("no alarm")
	}
	b.sync()
	if again.inHistory(b.identity()) != 1 {
		t.Error("the entry is not there again")
	}
}

// forging answers with checkpoints that somebody else signed.
type forging struct{ device.Transport }

func (w forging) Pull(
	ctx context.Context, token string, r mobileapi.PullRequest,
) (mobileapi.PullAnswer, error) {
	answer, err := w.Transport.Pull(ctx, token, r)
	answer.Checkpoint = strings.Replace(answer.Checkpoint, "revision ", "revision 9", 1)
	return answer, err
}

func TestAForgedCheckpointIsAnAlarmTheThirdTimeAndStopsNothing(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	b.reopen(forging{p.overHTTP()})
	for n := range 3 {
		if b.status().Alarm != nil {
			t.Errorf("alarm after %d syncs", n)
		}
		b.sync()
	}
	b.find("照常上報")
	b.sync()
	s := b.status()
	if s.Alarm == nil || s.Alarm.Kind != translog.Unverifiable || s.Counts[device.Merged] != 1 {
		t.Errorf("alarm %+v, %+v", s.Alarm, s.Counts)
	}
	b.reopen(p.overHTTP())
	must(t, b.ClearAlarm())
	b.sync()
	if s := b.status(); s.Alarm != nil {
		t.Errorf("the honest answer: %+v", s.Alarm)
	}
}

func TestTheStatusSaysWhatTheDeviceKnowsOfHeadquarters(t *testing.T) {
	p := start(t)
	b := p.newTablet(p.overHTTP())
	b.find("一")
	b.sync()
	file := p.backup()
	b.find("二")
	b.sync()
	b.p = p.restored(file)
	b.reopen(b.p.overHTTP())
	b.sync()
	again := b.p.rolledBack(file) // to before the restore
	again.follow(b)
	b.sync()
	if events := again.events(schema.EventRestored); len(events) != 1 || events[0].Body == nil {
		t.Errorf("headquarters says %+v", events)
	}
	status := func(args ...string) string {
		return command(t, append([]string{"device", "status", "--lang", "en", "--file", b.file}, args...)...)
	}
	must(t, b.Close())
	defer b.open(tabletSettings(nil))
	text := status()
	for _, want := range []string{"ALARM", "backed up to", "checkpoint of headquarters"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if text := status("--clear-alarm", "--clear-notice"); strings.Contains(text, "ALARM") ||
		strings.Contains(text, "NOTICE") {
		t.Errorf("cleared:\n%s", text)
	}
}
