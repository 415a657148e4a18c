package device

import (
	"errors"
	"fmt"
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"

	"github.com/google/go-cmp/cmp"
)

// growing is a witness that wants each tree to be larger.
type growing struct{ judged int }

func (g *growing) Judge(held, fresh Checkpoint, proof [][]byte) error {
	g.judged++
	if fresh.Size <= held.Size || (held.Text != "" && len(proof) == 0) {
		return errors.New("it shrinks")
	}
	return nil
}

func signed(size int) string { return fmt.Sprintf("sansuiji/test\n%d\nAAAA\n\n— test AAAA\n", size) }

// answers takes an answer with a checkpoint.
func (d *Device) answers(t *testing.T, w mobileapi.Witnessed) {
	t.Helper()
	p := pageOf(1, false, nil)
	p.answer.Witnessed = w
	d.takes(t, p)
}

func TestTheLastCheckpointsAreKeptAndSentBack(t *testing.T) {
	d := enrolled(t, testSettings(1))
	for size := 1; size <= 30; size++ {
		for range 2 { // the same one comes once
			d.answers(t, mobileapi.Witnessed{Checkpoint: signed(size)})
		}
	}
	list, err := d.Checkpoints()
	must(t, err)
	if len(list) != checkpointsMax || list[0].Size != 30 || list[19].Size != 11 || list[0].Epoch != testEpoch {
		t.Errorf("%d checkpoints: %+v", len(list), list)
	}
	request, err := d.pushRequest(nil)
	must(t, err)
	pull, err := d.pullRequest(&cursor{})
	must(t, err)
	if request.Checkpoint != signed(30) || pull.Sizes[0] != 30 {
		t.Errorf("sent back: %q, size %d", request.Checkpoint, pull.Sizes)
	}
}

func TestAHistoryThatShrinksRaisesAnAlarmUntilAPersonClearsIt(t *testing.T) {
	s := testSettings(1)
	witness := &growing{}
	s.Witness = witness
	d := enrolled(t, s)
	proof := []mobileapi.Octets{make([]byte, 32)}
	d.answers(t, mobileapi.Witnessed{Checkpoint: signed(50)})
	d.answers(t, mobileapi.Witnessed{Checkpoint: signed(40), Proof: proof})
	d.answers(t, mobileapi.Witnessed{Checkpoint: signed(51), Proof: proof})
	d.answers(t, mobileapi.Witnessed{Checkpoint: signed(30), Proof: proof}) // the first one counts
	status, err := d.Status()
	must(t, err)
	if a := status.Alarm; a == nil || a.Held != signed(50) || a.Fresh != signed(40) || a.Reason != "it shrinks" {
		t.Fatalf("alarm %+v", a)
	}
	if status.Checkpoint.Size != 51 || witness.judged != 4 {
		t.Errorf("newest %+v, judged %d", status.Checkpoint, witness.judged)
	}
	d.put(t, "finding", rowID(20), finding("照常"))
	must(t, d.ClearAlarm())
	status, err = d.Status()
	must(t, err)
	if status.Alarm != nil || status.Checkpoint.Size != 40 {
		t.Errorf("cleared: %+v", status)
	}
}

func TestACheckpointThatIsNoneRaisesTheAlarmAndBlocksNothing(t *testing.T) {
	for _, text := range []string{"x", "a\nb\nc", "a\n-1\nc", "a\n99999999999999999999\nc\n"} {
		d := enrolled(t, testSettings(1))
		d.answers(t, mobileapi.Witnessed{Checkpoint: text})
		status, err := d.Status()
		must(t, err)
		if status.Alarm == nil || status.Checkpoint != nil || status.Seen != 1 {
			t.Errorf("%q: %+v", text, status)
		}
		must(t, d.ClearAlarm())
	}
}

func TestFactsOfAnEarlierEpochAreToldOnceItHasChanged(t *testing.T) {
	d := enrolled(t, testSettings(1))
	other := rowID(77).String()
	p := pageOf(5, false, nil)
	p.answer.Heads = []mobileapi.DeviceHead{{DeviceID: other, Seq: 3}}
	d.takes(t, p)
	p.answer.Next, p.answer.Heads = 9, []mobileapi.DeviceHead{{DeviceID: other, Seq: 8}}
	d.takes(t, p)
	request, err := d.pushRequest(nil)
	must(t, err)
	if len(request.Facts) != 0 {
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
	if diff := cmp.Diff(want, request.Facts); diff != "" {
		t.Errorf("told after the change:\n%s", diff)
	}
	take()
	if len(request.Facts) != 0 {
		t.Errorf("told again: %+v", request.Facts)
	}
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
