package audit_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"io"
	randv2 "math/rand/v2"
	"strings"
	"testing"
	"time"

	"sansuiji/schema"
	"sansuiji/server/audit"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/history"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// saga is a campaign with a real history: devices with both kinds of keys, pushes
// of several entries, edits of headquarters, a clock that is wrong, a revoked
// device, an entry that is held and one that is quarantined.
type saga struct {
	w       *ingesttest.World
	random  *randv2.Rand
	devices []*ingesttest.Device
	found   []schema.RowID
}

func newSaga(t testing.TB, seed uint64, steps int) *saga {
	t.Helper()
	s := &saga{w: ingesttest.New(t), random: randv2.New(randv2.NewPCG(seed, 7))}
	for range 2 + s.random.IntN(3) {
		s.enrol()
	}
	for range steps {
		s.step()
	}
	s.revoke(s.devices[0])
	s.save(s.devices[0], 1)
	return s
}

func (s *saga) enrol() {
	s.w.T.Helper()
	key := ingesttest.NewKey(s.w.T)
	if s.random.IntN(2) == 0 {
		curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		must(s.w.T, err)
		key = crypto.Signer(curve)
	}
	fast := time.Duration(s.random.IntN(3)) * 24 * time.Hour
	d := ingesttest.NewDevice(s.w.T, s.w.Campaign, key, func() time.Time { return s.w.Now.Add(fast) })
	d.Inspector = s.w.People[0]
	s.w.Write(func(b *edit.Builder) {
		b.Insert("device", schema.RowID(d.ID), edit.Cells{
			"inspector_id": edit.ID(d.Inspector), "name": edit.Text("手機"), "public_key": edit.Bytes(d.PublicKey),
		})
	})
	s.devices = append(s.devices, &d)
}

func (s *saga) revoke(d *ingesttest.Device) {
	s.w.Write(func(b *edit.Builder) {
		b.Update("device", schema.RowID(d.ID), edit.Cells{}, edit.Cells{"revoked_at": edit.Int(s.w.Now.UnixMilli())})
	})
}

func (s *saga) step() {
	s.w.Now = s.w.Now.Add(time.Duration(s.random.IntN(90_000)-10_000) * time.Millisecond)
	if s.random.IntN(4) == 0 {
		s.w.Write(func(b *edit.Builder) {
			b.Insert("team", schema.NewRowID(), edit.Cells{"number": edit.Int(9), "name": edit.Text("又一組")})
		})
		return
	}
	s.save(s.devices[s.random.IntN(len(s.devices))], 1+s.random.IntN(4))
}

// save makes a device record and push.
func (s *saga) save(d *ingesttest.Device, entries int) {
	s.w.T.Helper()
	for range entries {
		d.Save(func(b *edit.Builder) {
			switch n := s.random.IntN(10); {
			case n == 0: // of a row that never comes: held
				ingesttest.SetCell(schema.NewRowID(), "title", "甲", "乙")(b)
			case n == 1: // not a device's to write: quarantined
				b.Insert("team", schema.NewRowID(), edit.Cells{"number": edit.Int(3), "name": edit.Text("偽")})
			case n < 5 && len(s.found) > 0:
				ingesttest.SetCell(s.found[s.random.IntN(len(s.found))], "title", "帳目不清", "帳目")(b)
			default:
				s.found = append(s.found, schema.NewRowID())
				d.Finding(b, s.found[len(s.found)-1], s.w.Visits[0], "minor")
			}
		})
	}
	_, err := s.w.Service.Push(s.w.T.Context(), d.Take())
	must(s.w.T, err)
}

// export is the saga's history file.
func (s *saga) export() []byte {
	s.w.T.Helper()
	var b bytes.Buffer
	must(s.w.T, audit.ExportHistory(s.w.T.Context(), s.w.Store, s.w.Campaign, s.w.Service.Key, &b))
	return b.Bytes()
}

func options() history.Options {
	return history.Options{Catalogue: schema.NewCatalogue(), Workers: 2}
}

// verifyFile checks a history file.
func verifyFile(t testing.TB, file []byte, change ...func(*history.Options)) *history.Report {
	t.Helper()
	o := options()
	o.File, o.Workers = true, 1
	for _, c := range change {
		c(&o)
	}
	report, err := history.Verify(history.NewReader(bytes.NewReader(file)), o)
	must(t, err)
	return report
}

// itemsOf reads a file's items; they own their memory.
func itemsOf(t testing.TB, file []byte) (items []history.Item) {
	t.Helper()
	r := history.NewReader(bytes.NewReader(file))
	for {
		item, err := r.Next()
		if errors.Is(err, io.EOF) {
			return items
		}
		must(t, err)
		own := *item
		own.Record.Entry = bytes.Clone(own.Record.Entry)
		items = append(items, own)
	}
}

func TestAnExportedHistoryIsProven(t *testing.T) {
	s := newSaga(t, 1, 40)
	file := s.export()
	report := verifyFile(t, file)
	if report.Fault != nil {
		t.Fatal(report.Fault)
	}
	if report.Entries < 60 || report.Seals < 30 || report.Checkpoint == nil || report.Pages == 0 {
		t.Errorf("checked too little: %+v", report)
	}
	for _, outcome := range []string{"merged", "held", "quarantined"} {
		if s.outcomes(outcome) == 0 {
			t.Errorf("no entry of the saga was %s", outcome)
		}
	}
	stored, err := audit.VerifyHistory(t.Context(), s.w.Store, s.w.Campaign, options())
	must(t, err)
	if stored.Fault != nil || stored.Tree != report.Tree || stored.Key != report.Key || stored.Seals != report.Seals {
		t.Errorf("the database says %+v, the file %+v", stored, report)
	}
}

func TestAFileIsHeldAgainstTheKeyThatAPersonKnows(t *testing.T) {
	a, b := newSaga(t, 2, 3), newSaga(t, 3, 3)
	file := a.export()
	own := verifyFile(t, file).Key
	if report := verifyFile(t, file, func(o *history.Options) { o.Key = own }); report.Fault != nil {
		t.Error(report.Fault)
	}
	other := verifyFile(t, b.export()).Key
	report := verifyFile(t, file, func(o *history.Options) { o.Key = other })
	if report.Fault == nil || report.Fault.Code != history.KeyOther {
		t.Errorf("another key: %v", report.Fault)
	}
}

// TestARewriteWithHeadquartersKeyIsExposedByOneKeptCheckpoint is the case that no
// file can show by itself: whoever holds headquarters' key writes another past.
func TestARewriteWithHeadquartersKeyIsExposedByOneKeptCheckpoint(t *testing.T) {
	s := newSaga(t, 4, 12)
	file := s.export()
	items := itemsOf(t, file)
	kept := items[len(items)-2].Checkpoint
	with := func(o *history.Options) { o.Kept = []string{kept} }
	if report := verifyFile(t, file, with); report.Fault != nil || report.KeptMet != 1 {
		t.Fatalf("the history itself: %v, %d checkpoints met", report.Fault, report.KeptMet)
	}
	s.save(s.devices[1], 3)
	if report := verifyFile(t, s.export(), with); report.Fault != nil || report.KeptMet != 1 {
		t.Errorf("grown: %v, %d checkpoints met", report.Fault, report.KeptMet)
	}

	shorter := s.rewrite(items, func(r *history.Record) bool { return r.Position <= 4 })
	later := s.rewrite(items, func(r *history.Record) bool {
		if r.Position == 3 {
			r.ReceivedAt++
		}
		return true
	})
	for want, forged := range map[history.Code][]byte{history.KeptAhead: shorter, history.KeptDiffers: later} {
		if report := verifyFile(t, forged); report.Fault != nil {
			t.Errorf("the forgery is no good: %v", report.Fault)
		}
		if report := verifyFile(t, forged, with); report.Fault == nil || report.Fault.Code != want {
			t.Errorf("fault %v, want %s", report.Fault, want)
		}
	}
}

// rewrite writes the file anew with headquarters' key, as far as take says.
func (s *saga) rewrite(items []history.Item, take func(*history.Record) bool) []byte {
	s.w.T.Helper()
	var b bytes.Buffer
	w, err := history.NewWriter(&b, s.w.Campaign, s.w.Service.Key)
	must(s.w.T, err)
	epoch, taken := schema.Epoch{}, false
	for i := range items {
		switch item := items[i]; {
		case item.Kind == history.KindRecord:
			if taken = take(&item.Record); taken {
				epoch = item.Record.Epoch
				must(s.w.T, w.Record(&item.Record))
			}
		case item.Kind == history.KindSeal && taken:
			must(s.w.T, w.Seal(&item.Seal))
		}
	}
	signed, err := w.SignCheckpoint(epoch, 1)
	must(s.w.T, err)
	must(s.w.T, w.Close(signed))
	return b.Bytes()
}

func (s *saga) outcomes(outcome string) (n int) {
	s.w.T.Helper()
	for _, row := range s.query("SELECT outcome FROM history WHERE campaign_no = $1") {
		if row == outcome {
			n++
		}
	}
	return n
}

func TestADamagedDatabaseIsFoundAndLocated(t *testing.T) {
	cases := []struct {
		name, damage string
		code         history.Code
		position     uint64
	}{
		{"a hash", `UPDATE history SET hash = zeroblob(32) WHERE position = 7`, history.HashDiffers, 7},
		{"a clock", `UPDATE history SET clock = clock + 1 WHERE position = 7`, history.ClockWrong, 7},
		{"a seq", `UPDATE history SET seq = seq + 1000 WHERE position = 7`, history.EntryDiffers, 7},
		{"a byte", `UPDATE history SET entry = CAST(substr(entry, 1, 98) || X'55' || substr(entry, 100) AS BLOB)
			WHERE position = 7`, history.HashDiffers, 7},
		{"a missing entry", `DELETE FROM history WHERE position = 7`, history.PositionWrong, 7},
		{"a foreign author", `UPDATE history SET author = author + 100 WHERE position = 7`, history.EntryDiffers, 7},
		{
			"a missing seal", `DELETE FROM seal WHERE author = 1 AND seq = (SELECT max(seq) FROM seal WHERE author = 1)`,
			history.SealMissing, 0,
		},
		{
			"a seal of nothing", `INSERT INTO seal SELECT campaign_no, author, seq + 1000, signature FROM seal LIMIT 1`,
			history.StoredDiffers, 0,
		},
		{"a changed seal", `UPDATE seal SET signature = zeroblob(64) WHERE author = 1 AND seq = 2`, history.SealWrong, 2},
		{"a head", `UPDATE author SET hash = zeroblob(32) WHERE no = 2`, history.StoredDiffers, 0},
		{"a head's seq", `UPDATE author SET seq = seq + 1 WHERE no = 2`, history.StoredDiffers, 0},
		{
			"the last entry", `DELETE FROM history WHERE position = (SELECT max(position) FROM history)`,
			history.StoredDiffers, 0,
		},
		{"the position", `UPDATE campaign_state SET position = position + 1`, history.StoredDiffers, 0},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSaga(t, uint64(100+i), 8)
			s.exec(c.damage)
			report, err := audit.VerifyHistory(t.Context(), s.w.Store, s.w.Campaign, options())
			must(t, err)
			f := report.Fault
			if f == nil {
				t.Fatal("not found")
			}
			// The last entry is that of a revoked device, with a seal of its own.
			if f.Code != c.code {
				t.Errorf("%v, want %s", f, c.code)
			}
			if c.position > 0 && (f.FromPosition > c.position || f.Position < c.position) {
				t.Errorf("%v, want position %d", f, c.position)
			}
			for _, english := range []bool{true, false} {
				if words := f.Words(english); strings.Contains(words, string(f.Code)) || len(words) < 10 {
					t.Errorf("a fault without words: %q", words)
				}
			}
		})
	}
}

// TestTheReportIsTheSameHoweverManyCores damages two seals: the earlier one is
// named whichever is checked first.
func TestTheReportIsTheSameHoweverManyCores(t *testing.T) {
	s := newSaga(t, 5, 40)
	items := itemsOf(t, s.export())
	var seals []int
	for i := range items {
		if items[i].Kind == history.KindSeal {
			seals = append(seals, i)
		}
	}
	for _, i := range seals[3:] {
		items[i].Seal.Signature = make([]byte, 64)
	}
	var file []byte
	for i := range items {
		file = items[i].Append(file)
	}
	for workers := range 40 {
		report := verifyFile(t, file, func(o *history.Options) { o.Workers = 1 + workers%8 })
		if report.Fault == nil || report.Fault.Line != seals[3]+1 {
			t.Fatalf("%v, want line %d", report.Fault, seals[3]+1)
		}
	}
}
