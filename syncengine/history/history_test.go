package history_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/clock"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/history"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// chronicle is a made-up history that a test writes record by record, across
// restores of headquarters.
type chronicle struct {
	t      testing.TB
	hq     ingesttest.Device
	phone  ingesttest.Device
	epoch  schema.Epoch
	items  []history.Item
	clocks map[schema.DeviceID]clock.Time

	severity string // of what the phone finds
}

func newChronicle(t testing.TB) *chronicle {
	t.Helper()
	c := &chronicle{
		t: t, epoch: schema.Epoch{1}, clocks: map[schema.DeviceID]clock.Time{},
		hq: newDevice(t, 1), phone: newDevice(t, 2), severity: "minor",
	}
	c.hq.Save(func(b *edit.Builder) {
		for _, d := range []*ingesttest.Device{&c.hq, &c.phone} {
			b.Insert("device", schema.RowID(d.ID), edit.Cells{
				"name": edit.Text("機"), "public_key": edit.Bytes(d.PublicKey),
			})
		}
	})
	c.push(&c.hq)
	return c
}

// newDevice is a device that is the same in every run.
func newDevice(t testing.TB, n byte) ingesttest.Device {
	t.Helper()
	seed := sha256.Sum256([]byte{n})
	key := ed25519.NewKeyFromSeed(seed[:])
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	must(t, err)
	d := ingesttest.Device{
		T: t, Campaign: schema.CampaignID{1}, ID: schema.DeviceID{n}, Key: key, PublicKey: spki,
		Now:       func() time.Time { return time.UnixMilli(1_790_000_000_000) },
		Catalogue: schema.NewCatalogue(),
	}
	d.Head.Hash = chain.Genesis(d.Campaign, d.ID, spki)
	return d
}

// record makes the phone save and push some entries.
func (c *chronicle) record(entries int) *chronicle {
	for range entries {
		c.phone.Save(func(b *edit.Builder) {
			c.phone.Finding(b, schema.RowID{byte(c.phone.Head.Seq), byte(len(c.items))}, schema.RowID{1}, c.severity)
		})
	}
	c.push(&c.phone)
	return c
}

func (c *chronicle) push(d *ingesttest.Device) {
	push := d.Take()
	position := uint64(0)
	for i := range c.items {
		position = max(position, c.items[i].Record.Position)
	}
	for _, b := range push.Entries {
		e, err := chain.Parse(b)
		must(c.t, err)
		position++
		c.clocks[d.ID] = max(e.Clock, c.clocks[d.ID]+1)
		c.items = append(c.items, history.Item{Kind: history.KindRecord, Record: history.Record{
			Position: position, Epoch: c.epoch, Device: d.ID, Seq: e.Seq, ReceivedAt: e.WallAt,
			Clock: c.clocks[d.ID], Entry: b,
		}})
	}
	c.items = append(c.items, history.Item{Kind: history.KindSeal, Seal: history.Seal{
		Device: d.ID, Seq: d.Head.Seq, Signature: push.Signature,
	}})
}

// copied is the chronicle as a backup has it.
func (c *chronicle) copied() *chronicle {
	out := *c
	out.items = append([]history.Item(nil), c.items...)
	out.clocks = map[schema.DeviceID]clock.Time{}
	for d, at := range c.clocks {
		out.clocks[d] = at
	}
	return &out
}

// written is the file, and its last checkpoint.
func (c *chronicle) written() (file []byte, checkpoint string) {
	var b bytes.Buffer
	w, err := history.NewWriter(&b, c.hq.Campaign, c.hq.Key)
	must(c.t, err)
	for i := range c.items {
		if c.items[i].Kind == history.KindRecord {
			must(c.t, w.Record(&c.items[i].Record))
		} else {
			must(c.t, w.Seal(&c.items[i].Seal))
		}
	}
	checkpoint, err = w.SignCheckpoint(c.epoch, 9)
	must(c.t, err)
	must(c.t, w.Close(checkpoint))
	return b.Bytes(), checkpoint
}

func check(t testing.TB, file []byte, kept ...string) *history.Report {
	t.Helper()
	report, err := history.Verify(history.NewReader(bytes.NewReader(file)), history.Options{
		Catalogue: schema.NewCatalogue(), File: true, Kept: kept,
	})
	must(t, err)
	return report
}

func TestARestoreIsNoFaultAndItsLossIsSeen(t *testing.T) {
	c := newChronicle(t).record(3)
	_, early := c.written()
	backup := c.copied()
	_, lost := c.record(4).written()

	restored := backup.copied()
	restored.epoch = schema.Epoch{2}
	file, declared := restored.written()
	report := check(t, file, early, declared, lost)
	if report.Fault != nil || report.KeptMet != 2 {
		t.Errorf("restored: %v, %d checkpoints met, want 2 of 3", report.Fault, report.KeptMet)
	}
	file, _ = restored.record(5).written()
	report = check(t, file, early, declared, lost)
	if report.Fault != nil || report.KeptMet != 2 || report.Checkpoint.Began != 4 {
		t.Errorf("restored and grown: %v, %d met, began %d", report.Fault, report.KeptMet, report.Checkpoint.Began)
	}

	// The same without a word about the restore.
	silent := backup.copied()
	file, _ = silent.written()
	if report = check(t, file, lost); report.Fault == nil || report.Fault.Code != history.KeptAhead {
		t.Errorf("cut in silence: %v", report.Fault)
	}
	silent.severity = "serious"
	file, _ = silent.record(6).written()
	if report = check(t, file, lost); report.Fault == nil || report.Fault.Code != history.KeptDiffers {
		t.Errorf("rewritten in silence: %v", report.Fault)
	}
}

func TestAnEpochThatIsOverDoesNotComeBack(t *testing.T) {
	c := newChronicle(t).record(2)
	first := c.epoch
	c.epoch = schema.Epoch{2}
	c.record(2).epoch = first
	file, _ := c.record(2).written()
	if report := check(t, file); report.Fault == nil || report.Fault.Code != history.EpochWrong {
		t.Errorf("%v", report.Fault)
	}
}

func TestAFileOfManyPagesIsProven(t *testing.T) {
	c := newChronicle(t)
	for range 100 {
		c.record(9)
	}
	file, _ := c.written()
	report := check(t, file)
	if report.Fault != nil || report.Entries != 901 || report.Pages < 901/history.PageLines {
		t.Errorf("%+v", report)
	}
}

func TestALineHasOneForm(t *testing.T) {
	file, _ := newChronicle(t).record(1).written()
	lines := strings.SplitAfter(string(file), "\n")
	for i, change := range [][2]string{
		{`"campaign":"`, `"campaign": "`},
		{`"position":1`, `"position":01`},
		{`"seq":1`, `"seq":1.0`},
		{`"epoch":"01`, `"epoch":"0A`},
		{`"clock":"1`, `"clock":"+1`},
		{`"received_at":1`, `"received_at":01`},
		{`"entry":"c`, `"entry":"\u0063`},
		{"\"}\n", "\"}\r\n"},
		{"\"}\n", "\", }\n"},
		{"\"}\n", "\"}"},
		{"\n", ""},
	} {
		at := 1
		if i == 0 {
			at = 0
		}
		bad := append([]string(nil), lines...)
		if bad[at] = strings.Replace(bad[at], change[0], change[1], 1); bad[at] == lines[at] {
			t.Fatalf("no %q in %s", change[0], lines[at])
		}
		report := check(t, []byte(strings.Join(bad, "")))
		if report.Fault == nil || report.Fault.Code != history.LineMalformed || report.Fault.Line != at+1 {
			t.Errorf("%q: %v, want line %d malformed", change[1], report.Fault, at+1)
		}
	}
}

type brokenDisk struct{ io.Reader }

func (brokenDisk) Read([]byte) (int, error) { return 0, errors.New("disk") }

func TestWhatCannotBeReadIsNoVerdict(t *testing.T) {
	file, checkpoint := newChronicle(t).record(1).written()
	half := io.MultiReader(bytes.NewReader(file[:len(file)/2]), brokenDisk{})
	o := history.Options{Catalogue: schema.NewCatalogue(), File: true}
	if _, err := history.Verify(history.NewReader(half), o); err == nil || !strings.Contains(err.Error(), "disk") {
		t.Errorf("a file that cannot be read: %v", err)
	}
	o.Kept = []string{strings.Replace(checkpoint, "revision 9", "revision 8", 1)}
	if _, err := history.Verify(history.NewReader(bytes.NewReader(file)), o); err == nil {
		t.Error("a kept checkpoint that headquarters did not sign was taken")
	}
}

// FuzzVerify wants a verdict for any bytes, and no other file than the true one
// under its own signatures.
func FuzzVerify(f *testing.F) {
	file, _ := newChronicle(f).record(3).written()
	lines := bytes.SplitAfter(file, []byte("\n"))
	f.Add(file)
	f.Add(append(bytes.Clone(lines[0]), lines[1]...))
	f.Add(bytes.Join([][]byte{lines[0], lines[1], lines[len(lines)-2]}, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		o := history.Options{Catalogue: schema.NewCatalogue(), File: true}
		report, err := history.Verify(history.NewReader(bytes.NewReader(b)), o)
		if err != nil {
			t.Fatal(err)
		}
		if report.Fault == nil && !bytes.Equal(b, file) {
			t.Errorf("another file is proven: %q", b)
		}
		if report.Fault != nil && (report.Fault.FromLine > report.Fault.Line || report.Fault.Line < 1) {
			t.Errorf("a fault nowhere: %+v", report.Fault)
		}
	})
}
