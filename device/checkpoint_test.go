package device

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"strconv"
	"strings"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/edit"
	"sansuiji/syncengine/translog"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
)

// life is a headquarters' log in one epoch, signed with the tests' key.
type life struct {
	epoch schema.Epoch
	began uint64
	ended []translog.Ended
	bend  uint64 // leaves after it are those of another history; 0: none
}

func testKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

func testSPKI(t testing.TB) mobileapi.Octets {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(testKey().Public())
	must(t, err)
	return spki
}

func (l *life) leaves(first, last uint64) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for n := first; n <= last; n++ {
		text := "leaf " + strconv.FormatUint(n, 10)
		if l.bend > 0 && n > l.bend {
			text += " of another history"
		}
		out = append(out, sha256.Sum256([]byte(text)))
	}
	return out, nil
}

// at is headquarters' answer to who holds a size of this epoch, or of an earlier one.
func (l *life) at(t testing.TB, size uint64, from uint64) mobileapi.Witnessed {
	t.Helper()
	var edge translog.Edge
	leaves, err := l.leaves(1, size)
	must(t, err)
	for _, leaf := range leaves {
		edge.Add(leaf)
	}
	c := translog.Checkpoint{
		Campaign: testCampaign, Tree: translog.Tree{Size: size, Root: edge.Root()},
		Epoch: l.epoch, Began: l.began, Revision: size, Ended: l.ended,
	}
	signed, err := c.Sign(testKey())
	must(t, err)
	w := mobileapi.Witnessed{Checkpoint: signed, From: from}
	if from > 0 && from < size {
		proof, err := translog.ProveConsistency(from, size, &translog.Hashes{Size: size, Leaves: l.leaves})
		must(t, err)
		for i := range proof {
			w.Proof = append(w.Proof, proof[i][:])
		}
	}
	return w
}

// answers takes an answer with a checkpoint, in a contact of its own.
func (d *Device) answers(t *testing.T, w mobileapi.Witnessed) {
	t.Helper()
	d.beginContact()
	p := pageOf(1, false, nil)
	p.answer.Witnessed = w
	anew, err := d.takePage(p, false)
	if anew || (err != nil && !strings.Contains(err.Error(), errRestored.Error())) {
		t.Fatalf("anew %t, %v", anew, err)
	}
}

func (d *Device) stands(t *testing.T) Status {
	t.Helper()
	s, err := d.Status()
	must(t, err)
	return s
}

func TestTheLastCheckpointsAreKeptAndSentBack(t *testing.T) {
	d := enrolled(t, testSettings(1))
	l := life{epoch: testEpoch}
	for size := uint64(1); size <= 30; size++ {
		for range 2 { // the same one comes once
			d.answers(t, l.at(t, size, size-1))
		}
	}
	list, err := d.Checkpoints()
	must(t, err)
	if len(list) != translog.KeptMax || list[0].Size != 30 || list[19].Size != 11 {
		t.Errorf("%d checkpoints: %+v", len(list), list)
	}
	request, err := d.pushRequest(nil)
	must(t, err)
	pull, err := d.pullRequest(&cursor{})
	must(t, err)
	if request.Checkpoint != l.at(t, 30, 0).Checkpoint || len(pull.Sizes) != 20 || pull.Held != testEpoch {
		t.Errorf("sent back: %q, sizes %d of %s", request.Checkpoint, pull.Sizes, pull.Held)
	}
	if diff := cmp.Diff(request.Sizes, pull.Sizes); diff != "" || d.stands(t).Alarm != nil {
		t.Errorf("push and pull name other sizes, or alarm: %s", diff)
	}
}

func TestAHistoryThatIsNotContinuedRaisesAnAlarmUntilAPersonClearsIt(t *testing.T) {
	l, other := life{epoch: testEpoch}, life{epoch: testEpoch, bend: 45}
	for name, c := range map[string]struct {
		fresh mobileapi.Witnessed
		want  translog.Verdict
		size  uint64 // kept once the alarm is cleared
	}{
		"a smaller size":  {l.at(t, 40, 0), translog.RolledBack, 40},
		"another history": {other.at(t, 60, 50), translog.Forked, 60},
		"the same size":   {other.at(t, 50, 0), translog.Forked, 50},
	} {
		d := enrolled(t, testSettings(1))
		d.answers(t, l.at(t, 50, 0))
		d.answers(t, c.fresh)
		d.answers(t, l.at(t, 20, 0)) // the first alarm stays
		s := d.stands(t)
		if a := s.Alarm; a == nil || a.Kind != c.want || a.Held != l.at(t, 50, 0).Checkpoint ||
			a.Fresh != c.fresh.Checkpoint || s.Checkpoint.Size != 50 {
			t.Fatalf("%s: alarm %+v", name, a)
		}
		d.put(t, "finding", rowID(20), finding("照常"))
		must(t, d.ClearAlarm())
		if s := d.stands(t); s.Alarm != nil || s.Checkpoint.Size != c.size {
			t.Errorf("%s: cleared: %+v", name, s)
		}
	}
}

func TestClearingAnAlarmKeepsWhatContinuedTheHistorySince(t *testing.T) {
	d := enrolled(t, testSettings(1))
	l := life{epoch: testEpoch}
	restored := life{epoch: schema.Epoch(rowID(5)), began: 40, ended: []translog.Ended{{Epoch: testEpoch, Size: 40}}}
	d.answers(t, l.at(t, 30, 0))
	d.answers(t, l.at(t, 50, 30))
	d.answers(t, l.at(t, 40, 0))
	d.answers(t, restored.at(t, 42, 30))
	must(t, d.ClearAlarm())
	s := d.stands(t)
	if s.Checkpoint.Size != 42 || s.Notice == nil || s.Notice.Position != 40 || s.Notice.Lost != 10 {
		t.Fatalf("%+v, notice %+v", s.Checkpoint, s.Notice)
	}
	must(t, d.ClearNotice())
	if d.stands(t).Notice != nil {
		t.Error("the notice stays")
	}
}

func TestProofThatIsMissingIsAnAlarmTheThirdTimeInARow(t *testing.T) {
	l := life{epoch: testEpoch}
	forged := strings.Replace(l.at(t, 60, 0).Checkpoint, "revision 60", "revision 61", 1)
	short := l.at(t, 60, 50)
	short.Proof[0] = short.Proof[0][:31]
	for name, w := range map[string]mobileapi.Witnessed{
		"no proof": l.at(t, 60, 0), "forged": {Checkpoint: forged}, "none at all": {Checkpoint: "x"},
		"a proof of other bytes": short,
	} {
		d := enrolled(t, testSettings(1))
		d.answers(t, l.at(t, 50, 0))
		d.answers(t, w)
		d.answers(t, w)
		d.answers(t, l.at(t, 51, 50)) // and the count begins anew
		for contact := range 3 {
			if d.stands(t).Alarm != nil {
				t.Errorf("%s: alarm after %d contacts", name, contact)
			}
			d.answers(t, w)
			_, err := d.takePage(pageOf(1, false, nil), false) // another answer of the same contact
			must(t, err)
		}
		if a := d.stands(t).Alarm; a == nil || a.Kind != translog.Unverifiable {
			t.Errorf("%s: %+v", name, a)
		}
		d.answers(t, l.at(t, 40, 0)) // proof of a rollback is worse
		if a := d.stands(t).Alarm; a.Kind != translog.RolledBack {
			t.Errorf("%s: the worse alarm is hidden by %+v", name, a)
		}
	}
}

func TestADeviceOfBeforeTakesHeadquartersKeyFromItsRow(t *testing.T) {
	d := enrolled(t, testSettings(1))
	must(t, d.db.remove(stateHQKey))
	d.log = nil
	l := life{epoch: testEpoch}
	d.answers(t, l.at(t, 5, 0))
	if d.stands(t).Checkpoint != nil {
		t.Error("judged without a key")
	}
	row := patchset(t, d.Catalogue, "device", rowID(90), edit.Cells{
		"name": edit.Text("總部"), "public_key": edit.Bytes(testSPKI(t)),
	})
	d.takes(t, pageOf(2, false, row))
	d.answers(t, l.at(t, 6, 0))
	if c := d.stands(t).Checkpoint; c == nil || c.Size != 6 {
		t.Errorf("kept %+v", c)
	}
	// Another key never takes its place.
	must(t, d.db.takeKey(mobileapi.Octets("another")))
	d.answers(t, l.at(t, 7, 6))
	if c := d.stands(t).Checkpoint; c.Size != 7 {
		t.Errorf("kept %+v", c)
	}
}

func TestFactsOfAnEarlierEpochAreToldOnceItHasChanged(t *testing.T) {
	d := enrolled(t, testSettings(1))
	other := rowID(77).String()
	p := pageOf(5, false, nil)
	p.answer.Heads = []mobileapi.DeviceHead{{DeviceID: other, Seq: 3}}
	d.takes(t, p)
	d.put(t, "finding", rowID(20), finding("看過三條"))
	p.answer.Next, p.answer.Heads = 9, []mobileapi.DeviceHead{{DeviceID: other, Seq: 8}}
	d.takes(t, p)
	request, err := d.pushRequest(nil)
	must(t, err)
	if len(request.Facts) != 0 || request.Epoch != testEpoch {
		t.Errorf("told in the same epoch: %+v", request.Facts)
	}
	restored := schema.Epoch(rowID(5))
	answer := &mobileapi.PushAnswer{Epoch: restored.String(), Clock: "1"}
	take := func() {
		t.Helper()
		must(t, d.takeAnswer(&request, answer, func() error { return nil }))
		request, err = d.pushRequest(nil)
		must(t, err)
	}
	take()
	want := []mobileapi.Fact{
		{Epoch: testEpoch.String(), Revision: 9, Heads: []mobileapi.DeviceHead{{DeviceID: other, Seq: 8}}},
		{Epoch: testEpoch.String(), Revision: 5, Heads: []mobileapi.DeviceHead{{DeviceID: other, Seq: 3}}},
	}
	if diff := cmp.Diff(want, request.Facts); diff != "" || request.Epoch != restored {
		t.Errorf("told after the change:\n%s", diff)
	}
	take()
	if len(request.Facts) != 0 {
		t.Errorf("told again: %+v", request.Facts)
	}
}

// heads is what is kept of epochs.
func (d *Device) heads(t *testing.T) (n int) {
	t.Helper()
	facts, err := d.db.facts(schema.Epoch{})
	must(t, err)
	for _, f := range facts {
		n += len(f.Heads)
	}
	return n
}

func TestOnlyFactsThatEntriesCanStillNeedAreKept(t *testing.T) {
	d := enrolled(t, testSettings(1))
	pull := func(revision uint64, devices ...byte) {
		t.Helper()
		p := pageOf(revision, false, nil)
		for _, n := range devices {
			p.answer.Heads = append(p.answer.Heads,
				mobileapi.DeviceHead{DeviceID: rowID(n).String(), Seq: revision})
		}
		d.takes(t, p)
	}
	for revision := uint64(1); revision <= 50; revision++ {
		pull(revision, 71, 72)
	}
	if n := d.heads(t); n != 2 {
		t.Errorf("%d heads of two devices that no entry has seen", n)
	}
	for n := range byte(5) { // each has seen another state
		d.put(t, "finding", rowID(20+n), finding("一條"))
		pull(51+uint64(n), 71)
	}
	if n := d.heads(t); n != 2+5 {
		t.Errorf("%d heads for five entries", n)
	}
	d.answersBackedUp(t, 3) // the oldest that is left has seen revision 53
	if n := d.heads(t); n != 2+2 {
		t.Errorf("%d heads for two entries", n)
	}
	d.answersBackedUp(t, 5)
	if n := d.heads(t); n != 2 {
		t.Errorf("%d heads when all is backed up", n)
	}
}

func (d *Device) answersBackedUp(t *testing.T, upTo uint64) {
	t.Helper()
	must(t, d.db.transact(func() error { return d.db.markBackedUp(upTo) }))
}

func TestABackupIsNotedAndNotExportedAgain(t *testing.T) {
	d := enrolled(t, testSettings(1))
	for i := range byte(5) {
		d.put(t, "finding", rowID(20+i), finding("一條"))
	}
	d.answers(t, mobileapi.Witnessed{BackedUp: 3})
	d.answers(t, mobileapi.Witnessed{BackedUp: 2})
	bundle, err := d.Export()
	must(t, err)
	list, err := d.Entries(0, 10)
	must(t, err)
	for _, e := range list {
		if e.BackedUp != (e.Seq <= 3) {
			t.Errorf("entry %d: %t", e.Seq, e.BackedUp)
		}
	}
	if len(bundle) != 1 || len(bundle[0].Entries) != 2 {
		t.Errorf("exported %+v", bundle)
	}
}
