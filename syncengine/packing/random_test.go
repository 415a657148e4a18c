package packing

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"
)

// author makes a chain of entries of any kind: those that devices make, and
// those that nobody should. One seed makes one chain.
type author struct {
	*rand.Rand
	catalogue *schema.Catalogue
	devices   []*schema.Table
	head      chain.Entry
	genesis   chain.Hash
	now       int64
	ids       []id
	texts     []string
	entries   [][]byte
}

func newAuthor(seed uint64) *author { return newAuthorAt(seed, 1) }

// newAuthorAt writes what a program of a schema version writes.
func newAuthorAt(seed uint64, version int) *author {
	a := &author{
		Rand:      rand.New(rand.NewPCG(seed, 7)),
		catalogue: schema.CatalogueAt(version), now: 1_790_000_000_000,
	}
	a.devices = a.catalogue.OnDevices()
	a.head.Campaign, a.head.Device = schema.CampaignID(a.mint(0)), schema.DeviceID(a.mint(0))
	a.head.Schema = version
	binary.BigEndian.PutUint64(a.genesis[:], a.Uint64())
	a.head.Previous = a.genesis
	return a
}

func pick[T any](a *author, from ...T) T { return from[a.IntN(len(from))] }

func (a *author) chance(oneIn int) bool { return a.IntN(oneIn) == 0 }

// write seals a number of entries.
func (a *author) write(count int) {
	for range count {
		a.now += a.Int64N(200_000)
		a.append(a.changeset())
	}
}

// append seals a changeset.
func (a *author) append(b []byte) {
	e := &a.head
	e.Seq, e.WallAt, e.Clock = e.Seq+1, a.now, clock.Next(e.Clock, a.now)
	a.oddTimes(e)
	a.oddSeen(e)
	e.Changeset = b
	if e.Schema = a.catalogue.Version; a.chance(30) {
		e.Schema = pick(a, 1, 2, 7, math.MaxInt32)
	}
	entry := e.Append(nil)
	e.Previous = chain.HashBytes(entry)
	a.entries = append(a.entries, entry)
}

func (a *author) oddTimes(e *chain.Entry) {
	if a.chance(20) {
		e.Clock = clock.Time(a.Uint64N(math.MaxInt64))
	}
	if a.chance(30) {
		e.WallAt = pick(a, math.MinInt64, math.MaxInt64, -1, 0, int64(a.Uint64()))
	}
}

func (a *author) oddSeen(e *chain.Entry) {
	if a.chance(5) {
		e.Seen.Revision += a.Uint64N(300)
	}
	if a.chance(40) {
		e.Seen.Revision = a.Uint64N(math.MaxInt64)
	}
	if a.chance(20) {
		e.Seen.Epoch = schema.Epoch(a.id())
	}
	if !a.chance(10) {
		return
	}
	e.Seen.Heads = nil
	for range a.IntN(4) {
		head := chain.DeviceHead{Device: schema.DeviceID(a.id()), Seq: a.Uint64() >> a.IntN(64)}
		e.Seen.Heads = append(e.Seen.Heads, head)
	}
	slices.SortFunc(e.Seen.Heads, func(x, y chain.DeviceHead) int {
		return strings.Compare(string(x.Device[:]), string(y.Device[:]))
	})
	same := func(x, y chain.DeviceHead) bool { return x.Device == y.Device }
	e.Seen.Heads = slices.CompactFunc(e.Seen.Heads, same)
}

// changeset is mostly one change of a table of the catalogue.
func (a *author) changeset() []byte {
	if a.chance(20) {
		return nil
	}
	w := changeset.NewWriter(pick(a, changeset.Changeset, changeset.Changeset, changeset.Changeset,
		changeset.Changeset, changeset.Changeset, changeset.Changeset, changeset.Patchset))
	count := 1
	if a.chance(4) {
		count = a.IntN(6)
	}
	for range count {
		a.change(w)
	}
	b := slices.Clone(w.Bytes())
	if a.chance(15) {
		b = a.spoil(b)
	}
	return b
}

// spoil makes of a changeset something else.
func (a *author) spoil(b []byte) []byte {
	switch a.IntN(4) {
	case 0:
		return append(b, appendHeader(nil, "visit", 9)...) // a header without changes
	case 1:
		return append(appendHeader(nil, "finding", 17), b...)
	case 2:
		return b[:a.IntN(len(b)+1)]
	default:
		if len(b) > 0 {
			b[a.IntN(len(b))] ^= 1 << a.IntN(8)
		}
		return b
	}
}

// change writes one change; what the writer refuses is not written.
func (a *author) change(w *changeset.Writer) {
	t := pick(a, a.devices...)
	if a.chance(3) {
		t = a.catalogue.MustTable("verification")
	}
	name, width := t.Name, 1+len(t.Columns)
	if a.chance(30) {
		name = pick(a, "", "Visit", "外")
	}
	if a.chance(30) {
		width = 1 + a.IntN(20)
	}
	pk := make([]byte, width)
	if pk[0] = 1; a.chance(30) {
		pk[a.IntN(width)] = 2
	}
	w.Table(name, pk)
	old, now := make([]changeset.Value, width), make([]changeset.Value, width)
	for i := range width {
		a.values(t, i, &old[i], &now[i])
	}
	indirect := a.chance(20)
	switch a.IntN(10) {
	case 0:
		_ = w.Delete(indirect, old)
	case 1, 2, 3:
		if t.Name == "verification" && a.chance(2) {
			a.natural(now)
		}
		_ = w.Insert(indirect, now)
	default:
		if now[0] = (changeset.Value{}); a.chance(30) {
			now[0] = changeset.BlobValue([]byte("0123456789abcdef"))
		}
		for i := 1; i < width; i++ {
			if a.chance(2) {
				old[i], now[i] = changeset.Value{}, changeset.Value{}
			}
		}
		_ = w.Update(indirect, old, now)
	}
}

// natural gives a verification the key that it should have.
func (a *author) natural(row []changeset.Value) {
	for i := 1; i < min(len(row), 3); i++ {
		visit := a.id()
		row[i] = changeset.BlobValue(visit[:])
	}
	if len(row) > 2 {
		k := naturalID("verification", []id{id(row[1].Bytes), id(row[2].Bytes)})
		row[0] = changeset.BlobValue(k[:])
	}
}

// values makes an old and a new value of a column, mostly of its type.
func (a *author) values(t *schema.Table, column int, old, now *changeset.Value) {
	kind, choices := schema.ID, []schema.Choice(nil)
	if column > 0 && column <= len(t.Columns) {
		kind, choices = t.Columns[column-1].Type, t.Columns[column-1].Choices
	}
	if a.chance(25) {
		kind = pick(a, schema.ID, schema.Integer, schema.Text, schema.Bytes, "real")
	}
	*old, *now = a.value(kind, choices, ""), a.value(kind, choices, "")
	if old.Kind == changeset.Text && a.chance(2) {
		*now = a.value(kind, nil, string(old.Bytes))
	}
	if column > 0 && a.chance(5) {
		*old = changeset.NullValue()
	}
	if column > 0 && a.chance(8) {
		*now = changeset.NullValue()
	}
}

func (a *author) value(kind schema.Type, choices []schema.Choice, like string) changeset.Value {
	switch kind {
	case schema.ID:
		k := a.id()
		if a.chance(40) {
			return changeset.BlobValue(k[:a.IntN(16)])
		}
		return changeset.BlobValue(k[:])
	case schema.Integer:
		return changeset.Int(pick(a, a.now, a.now-a.Int64N(1<<30), a.Int64N(100), a.Int64N(100),
			298_000_000+a.Int64N(5000), math.MinInt64, math.MaxInt64, -1, int64(a.Uint64()>>a.IntN(64))))
	case schema.Text:
		if len(choices) > 0 && !a.chance(10) {
			return changeset.TextValue(pick(a, choices...).Code)
		}
		return changeset.TextValue(a.text(like))
	case schema.Bytes:
		return changeset.BlobValue([]byte(a.text(like)))
	default:
		return changeset.RealValue(a.NormFloat64())
	}
}

func (a *author) text(like string) string {
	if len(a.texts) > 0 && a.chance(4) {
		return pick(a, a.texts...)
	}
	runs := []string{
		"公示欄", "臺賬。", "，", "黨員", "鄉鎮", "no ", "200萬元", "é", "\U0001F600", "\U0010ffff",
		"\u1aff", "\u1b00", "\u2fff", "\u3100", "\ufeff", "\ua000",
		"\x00", "\n", "~", "\xff", "\xe5\x85",
	}
	text := ""
	if like != "" {
		at := a.IntN(len(like) + 1) // splits characters at times
		text, like = like[:at], like[at:]
	}
	for range a.IntN(8) {
		text += pick(a, runs...)
	}
	if a.chance(60) {
		text = strings.Repeat(text, pick(a, 20, 300))
	}
	if a.chance(2) {
		text += like
	}
	a.texts = append(a.texts, text)
	return text
}

func (a *author) id() id {
	if len(a.ids) > 0 && a.chance(3) {
		return pick(a, a.ids...)
	}
	k := pick(a, a.mint(a.Int64N(1<<30)), a.mint(a.Int64N(1<<30)), a.mint(0), a.any(), id{})
	a.ids = append(a.ids, k)
	return k
}

func (a *author) mint(ago int64) id {
	if a.chance(20) {
		return idOfV7(a.Int64N(1<<48), a.Uint64N(1<<12), a.Uint64()>>2)
	}
	return idOfV7(a.now-ago, a.Uint64N(1<<12), a.Uint64()>>2)
}

func (a *author) any() (k id) {
	for i := range k {
		k[i] = byte(a.Uint32())
	}
	return k
}

// run is a run of entries with its place: some of the chain before it.
func (a *author) run(from, to, before int) (entries [][]byte, place Place) {
	place = Place{Campaign: a.head.Campaign, Device: a.head.Device, Previous: a.genesis}
	if from > 0 {
		place.Previous = chain.HashBytes(a.entries[from-1])
	}
	place.Before = a.entries[max(0, from-before):from]
	return a.entries[from:to], place
}
