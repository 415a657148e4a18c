package ingest_test

import (
	"testing"

	"sansuiji/schema"
	"sansuiji/server/ingest"
	"sansuiji/server/ingest/ingesttest"
	"sansuiji/syncengine/edit"
)

func TestAPullOfManyPagesTellsOfEveryDevice(t *testing.T) {
	w := ingesttest.New(t)
	told, reader := map[schema.DeviceID]uint64{}, w.Enrol(0)
	authors := []*ingesttest.Phone{w.Enrol(0), w.Enrol(0), w.Enrol(0)}
	for _, p := range authors {
		p.Pull()
		p.Save(func(b *edit.Builder) { p.Finding(b, schema.NewRowID(), w.Visits[0], "minor") })
		p.Push()
	}
	ask, pages := ingest.Pull{Campaign: w.Campaign, Device: reader.ID, Schema: schema.Version, Limit: 1}, 0
	for more := true; more; pages++ {
		page, err := w.Service.Pull(t.Context(), ask)
		must(t, err)
		for _, h := range page.Heads {
			told[h.Device] = h.Seq
		}
		ask.After, ask.Epoch, more = page.Next, &page.Epoch, page.More
	}
	for i, p := range authors {
		if told[p.ID] != 1 || pages < 3 {
			t.Errorf("device %d: told of %d entries in %d pages", i, told[p.ID], pages)
		}
	}
}

func TestADeviceWhoseFirstEntryIsHeldIsInNoHeads(t *testing.T) {
	w := ingesttest.New(t)
	p, id := w.Enrol(0), schema.NewRowID()
	p.Save(ingesttest.SetCell(id, "title", "甲", "乙"))
	if r := p.Push(); r.Entries[0].Outcome != schema.Held {
		t.Fatalf("%+v", r.Entries[0])
	}
	p.Pull()
	for _, h := range p.Facts[len(p.Facts)-1].Heads {
		if h.Device == p.ID || h.Seq == 0 {
			t.Errorf("told of %+v", h)
		}
	}
}

// What is in quarantine may be merged by a state that headquarters is restored to,
// where its author has the right: nobody has seen it then.
func TestAPullTellsOfADeviceUpToItsFirstEntryInQuarantine(t *testing.T) {
	w := ingesttest.New(t)
	p, reader := w.Enrol(0), w.Enrol(0)
	p.Pull()
	for _, visit := range []schema.RowID{w.Visits[0], w.Visits[1], w.Visits[0]} {
		p.Save(func(b *edit.Builder) { p.Finding(b, schema.NewRowID(), visit, "minor") })
	}
	if r := p.Push(); r.Entries[1].Outcome != schema.Quarantined || r.Entries[2].Outcome != schema.Merged {
		t.Fatalf("%+v", r.Entries)
	}
	reader.Pull()
	for _, h := range reader.Facts[len(reader.Facts)-1].Heads {
		if h.Device == p.ID && h.Seq != 1 {
			t.Errorf("told of %d entries", h.Seq)
		}
	}
}
