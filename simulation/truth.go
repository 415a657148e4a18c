package simulation

import (
	"maps"
	"slices"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
)

type hash = chain.Hash

// sealed is an entry that somebody made, and what its author knew then: the entries
// that were merged in the state of headquarters that he had pulled, or had on the
// screen.
type sealed struct {
	device schema.DeviceID
	seq    uint64
	knows  []hash
	forged bool // it says that it knows more than its author does
}

// truth is what the simulation itself sees and remembers, whatever the programs
// believe.
type truth struct {
	sealed   map[hash]*sealed
	arrivals []hash          // merged at headquarters, in the order in which they were
	position uint64          // of the newest entry seen
	waiting  map[uint64]hash // held or quarantined, by position
	answered map[hash]bool   // headquarters said to have them
	screen   []hash          // what headquarters' next edit knows; nil: all
	lied     bool            // somebody told false facts
}

func (t *truth) forget() {
	t.waiting, t.answered = map[uint64]hash{}, map[hash]bool{}
	t.arrivals, t.position = nil, 0
}

// now is what headquarters has merged.
func (t *truth) now() []hash { return t.arrivals[:len(t.arrivals):len(t.arrivals)] }

func (t *truth) copy() truth {
	c := *t
	c.arrivals, c.waiting, c.answered = slices.Clone(t.arrivals), maps.Clone(t.waiting), maps.Clone(t.answered)
	return c
}

// goBack: headquarters has what a backup had.
func (t *truth) goBack(c *copied) {
	old := c.truth.copy()
	t.arrivals, t.waiting, t.position = old.arrivals, old.waiting, old.position
	for h := range t.answered {
		if !old.answered[h] {
			delete(t.answered, h)
		}
	}
}

// begin sees what the city begins with.
func (t *truth) begin(h *headquarters) error {
	t.observe(h)
	return nil
}

const observeQuery = `SELECT h.position, h.hash, h.outcome = 'merged', h.author, h.seq, a.device_id
	FROM history h LEFT JOIN author a ON a.campaign_no = h.campaign_no AND a.no = h.author
	WHERE h.campaign_no = 1 AND h.position > ? ORDER BY h.position`

const unmergedQuery = `SELECT position FROM history WHERE campaign_no = 1 AND outcome <> 'merged'`

// observe sees what has come to headquarters' history since the last time.
func (t *truth) observe(h *headquarters) {
	if h.probe == nil {
		return
	}
	before := t.now()
	err := h.probe.each(observeQuery, func(row []changeset.Value) {
		sum := hash(row[1].Bytes)
		t.position = row[0].Bits
		if row[2].Int64() == 1 {
			t.arrivals = append(t.arrivals, sum)
		} else {
			t.waiting[t.position] = sum
		}
		if row[3].Int64() == 1 && t.sealed[sum] == nil {
			knows := before
			if t.screen != nil {
				knows = t.screen
			}
			t.sealed[sum] = &sealed{device: schema.DeviceID(row[5].Bytes), seq: row[4].Bits, knows: knows}
		}
	}, int64(t.position))
	if err == nil && len(t.waiting) > 0 {
		err = t.settle(h)
	}
	if err != nil {
		h.w.fail("simulation", "look at the history: %v", err)
	}
}

// settle sees which entries that waited were merged.
func (t *truth) settle(h *headquarters) error {
	still := map[uint64]bool{}
	err := h.probe.each(unmergedQuery, func(row []changeset.Value) { still[row[0].Bits] = true })
	for _, position := range slices.Sorted(maps.Keys(t.waiting)) {
		if !still[position] {
			t.arrivals = append(t.arrivals, t.waiting[position])
			delete(t.waiting, position)
		}
	}
	return err
}

// answer notes what headquarters says to have.
func (t *truth) answer(entries [][]byte, receipts []schema.EntryReceipt) {
	for i := range receipts {
		t.answered[chain.HashBytes(entries[i])] = true
	}
}

// seal notes an entry that a device made.
func (t *truth) seal(bytes []byte, s sealed) hash {
	sum := chain.HashBytes(bytes)
	if t.sealed[sum] == nil {
		t.sealed[sum] = &s
	}
	return sum
}

// checkAnswered wants headquarters' file to have all that it was said to have.
func (t *truth) checkAnswered(w *world, when string) {
	have := map[hash]bool{}
	err := w.hq.probe.each("SELECT hash FROM history WHERE campaign_no = 1", func(row []changeset.Value) {
		have[hash(row[0].Bytes)] = true
	})
	if err != nil {
		w.fail("simulation", "look at the history: %v", err)
		return
	}
	for sum := range t.answered {
		if !have[sum] {
			w.fail("acknowledged entries are durable", "entry %d of %s is not there %s",
				t.sealed[sum].seq, w.called(t.sealed[sum].device), when)
		}
	}
}

// called is how the script calls a device.
func (w *world) called(id schema.DeviceID) string {
	if id == w.Cities.hq {
		return "hq"
	}
	if w.outlaw != nil && id == w.outlaw.id {
		return "x"
	}
	for _, p := range w.phones {
		if p.id == id {
			return p.name
		}
	}
	return id.String()
}
