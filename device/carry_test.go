package device

import (
	"testing"

	"sansuiji/mobileapi"
	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/edit"
)

// colleague makes a device whose key d knows or not.
func colleague(t *testing.T, d *Device, known bool) *Device {
	t.Helper()
	other := enrolled(t, testSettings(50))
	who, err := other.Identity()
	must(t, err)
	if known {
		d.takes(t, pageOf(1, false, patchset(t, d.Catalogue, "device", schema.RowID(who.Device), edit.Cells{
			"name": edit.Text("同事"), "public_key": edit.Bytes(who.PublicKey),
		})))
	}
	return other
}

// forged is a run of one entry that a colleague signed.
func (d *Device) forged(t *testing.T, seq uint64, previous chain.Hash) chain.Push {
	t.Helper()
	who, err := d.Identity()
	must(t, err)
	e := chain.Entry{Campaign: who.Campaign, Device: who.Device, Seq: seq, Previous: previous, Schema: 1}
	b := e.Append(nil)
	push, err := d.sealRun(&who, []Entry{{Seq: seq, Hash: chain.HashBytes(b), Bytes: b}})
	must(t, err)
	return push
}

func TestAChainThatBeginsElsewhereIsNotCarried(t *testing.T) {
	d := enrolled(t, testSettings(1))
	other := colleague(t, d, true)
	_, err := d.Import(Bundle{other.forged(t, 1, chain.Hash{1, 2, 3})})
	if schema.FaultCode(err) != schema.FaultChainBroken {
		t.Errorf("imported: %v", err)
	}
}

func TestARunThatContradictsWhatIsCarriedIsRefused(t *testing.T) {
	for _, known := range []bool{true, false} {
		d := enrolled(t, testSettings(1))
		other := colleague(t, d, known)
		other.put(t, "finding", rowID(20), finding("一"))
		good, err := other.Export()
		must(t, err)
		_, err = d.Import(good)
		must(t, err)
		who, err := other.Identity()
		must(t, err)
		for name, bad := range map[string]chain.Push{
			"after it":        other.forged(t, 2, chain.Hash{9}),
			"in its place":    other.forged(t, 1, chain.Genesis(who.Campaign, who.Device, who.PublicKey)),
			"of no signature": {Campaign: who.Campaign, Device: who.Device, Entries: [][]byte{{1}}},
		} {
			if _, err := d.Import(Bundle{bad}); schema.FaultCode(err) == "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		status, err := d.Status()
		must(t, err)
		if status.Carried[Waiting] != 1 {
			t.Errorf("carries %+v", status.Carried)
		}
	}
}

func TestABundleOfOnesOwnEntriesIsPassedOver(t *testing.T) {
	d := enrolled(t, testSettings(1))
	d.put(t, "finding", rowID(20), finding("一"))
	bundle, err := d.Export()
	must(t, err)
	got, err := d.Import(bundle)
	must(t, err)
	if got != (Imported{}) {
		t.Errorf("imported %+v", got)
	}
}

func TestALongChainIsExportedInRunsThatAPushTakes(t *testing.T) {
	d := enrolled(t, testSettings(1))
	for i := range batchEntries + 10 {
		d.put(t, "finding", rowID(byte(i)), finding(string(rune('一'+i))))
	}
	bundle, err := d.Export()
	must(t, err)
	if len(bundle) != 2 || len(bundle[0].Entries) != batchEntries || len(bundle[1].Entries) != 10 {
		t.Errorf("%d runs", len(bundle))
	}
	who, err := d.Identity()
	must(t, err)
	key, err := chain.ParseKey(who.PublicKey)
	must(t, err)
	for i := range bundle {
		if _, err := bundle[i].Check(key); err != nil {
			t.Errorf("run %d: %v", i, err)
		}
	}
}

func FuzzABundleFromElsewhereIsReadOrRefused(f *testing.F) {
	good, err := Bundle{{Entries: [][]byte{{1}}, Signature: []byte{2}}}.Marshal()
	must(f, err)
	f.Add(good)
	f.Add([]byte("\x81\xa0"))
	f.Fuzz(func(t *testing.T, file []byte) {
		bundle, err := ParseBundle(file)
		if err != nil {
			if schema.FaultCode(err) == "" {
				t.Errorf("an error without a fault: %v", err)
			}
			return
		}
		if again, err := bundle.Marshal(); err != nil || len(again) > len(file)+mobileapi.BodyMax {
			t.Errorf("written again: %d bytes, %v", len(again), err)
		}
	})
}
