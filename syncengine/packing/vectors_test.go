package packing

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/clock"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the vectors shared with TypeScript")

const (
	vectorsFile = "../../testdata/packing/vectors.json"
	// typescriptFile has the bodies that TypeScript made of the same runs.
	typescriptFile = "../../testdata/packing/typescript.json"
)

// vector is a run, what is written of it before it is compressed, and its packed
// form, all bytes in hexadecimal. The packed form may differ between
// implementations of DEFLATE; the streams may not.
type vector struct {
	Name     string   `json:"name"`
	Campaign string   `json:"campaign"`
	Device   string   `json:"device"`
	Previous string   `json:"previous"`
	Before   []string `json:"before"`
	Entries  []string `json:"entries"`
	Control  string   `json:"control"`
	Text     string   `json:"text"`
	Bits     string   `json:"bits"`
	Packed   string   `json:"packed"`
}

func TestTheVectorsArePackedTheSameInGoAndTypeScript(t *testing.T) {
	want := make([]vector, 0, len(samples(t)))
	for _, s := range samples(t) {
		want = append(want, s.vector(t))
	}
	if *update {
		writeJSON(t, vectorsFile, want)
	}
	var stored []vector
	readJSON(t, vectorsFile, &stored)
	if diff := cmp.Diff(stored, want); diff != "" {
		t.Error(diff)
	}
}

func TestWhatTypeScriptPackedComesOutTheSame(t *testing.T) {
	var bodies map[string]string
	readJSON(t, typescriptFile, &bodies)
	for _, s := range samples(t) {
		body, err := hex.DecodeString(bodies[s.name])
		if err != nil {
			t.Fatal(err)
		}
		got, err := Unpack(body, schema.NewCatalogue(), s.place)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if diff := cmp.Diff(s.entries, got); diff != "" {
			t.Errorf("%s: %s", s.name, diff)
		}
	}
}

// sample is a run at its place.
type sample struct {
	name    string
	entries [][]byte
	place   Place
}

// samples are runs of every kind of entry, small enough to be kept.
func samples(t *testing.T) []sample {
	t.Helper()
	var list []sample
	add := func(name string, a *author, from, to, before int) {
		entries, place := a.run(from, to, before)
		list = append(list, sample{name, entries, place})
	}
	usual := newAuthor(3)
	for _, b := range usualChangesets(t) {
		usual.appendPlain(b)
	}
	add("the first entry of a chain", usual, 0, 1, 0)
	add("a verification after others", usual, 4, 5, BeforeMax)
	add("without the entries before", usual, 2, 8, 0)
	add("all of a day", usual, 0, len(usual.entries), 0)
	names := []string{"of many kinds", "of more kinds", "of yet more kinds", "of still more kinds"}
	for seed, size := uint64(0), 0; len(names) > 0; seed++ {
		a := newAuthorAt(5000+seed, 1+int(seed%3))
		a.write(40)
		size = 0
		for _, b := range a.entries {
			size += len(b)
		}
		if most := 15_000; size < most {
			add("entries "+names[0], a, 20, 40, BeforeMax)
			names = names[1:]
		}
	}
	full := newAuthor(4)
	full.appendPlain(manyShapes(t, 1, 200))
	full.appendPlain(manyShapes(t, 100, 256))
	full.appendPlain(manyShapes(t, 190, 256))
	full.appendPlain(manyShapes(t, 3, 4))
	add("more shapes than can be told", full, 0, 4, 0)
	return list
}

// usualChangesets are what a device makes on a day.
func usualChangesets(t *testing.T) [][]byte {
	t.Helper()
	a := newAuthor(9)
	visit, problem, inspector := a.mint(3e8), a.mint(5e8), a.mint(9e8)
	finding := a.mint(0)
	verification := naturalID("verification", []id{visit, problem})
	null, text, number := changeset.NullValue(), changeset.TextValue, changeset.Int
	key := func(k id) changeset.Value { return changeset.BlobValue(k[:]) }
	arrived := changed(9, key(visit), 5, text("planned"), text("arrived"), 6, null, number(a.now))
	left := changed(9, key(visit), 5, text("arrived"), text("left"), 7, null, number(a.now+9e6))
	note := changed(9, key(visit), 8, null, text("公示欄內容陳舊，村民反映看不到收支明細。"))
	longer := changed(9, key(visit), 8, text("公示欄內容陳舊，村民反映看不到收支明細。"),
		text("公示欄內容陳舊，村民反映看不到收支明細；已拍照留存。"))
	found := []changeset.Value{
		key(finding), key(visit), null, text("problem"),
		text("飲水井護欄損壞"), text("Broken railing, 3 m"),
		text("moderate"), text("draft"), key(inspector), number(a.now), number(298_000_123),
		number(1_061_000_456), number(12), null, null, text("pending"), null,
	}
	verified := []changeset.Value{
		key(verification), key(visit), key(problem), null,
		text("partly"), text("臺賬未更新😀"), key(inspector),
		number(a.now), number(298_000_199), number(1_061_000_401), number(8),
	}
	again := changed(11, key(verification), 4, text("partly"), text("rectified"),
		7, number(a.now), number(a.now+4e6))
	return [][]byte{
		written(t, "visit", arrived), written(t, "visit", note),
		written(t, "finding", rowChange{now: found}), written(t, "visit", longer),
		written(t, "verification", rowChange{now: verified}),
		written(t, "verification", again), nil, written(t, "visit", left),
	}
}

// rowChange is an INSERT, or an UPDATE if it has old values.
type rowChange struct{ old, now []changeset.Value }

// changed is an UPDATE of columns, each with its old and its new value.
func changed(width int, key changeset.Value, cells ...any) rowChange {
	c := rowChange{make([]changeset.Value, width), make([]changeset.Value, width)}
	c.old[0] = key
	for ; len(cells) > 0; cells = cells[3:] {
		column, _ := cells[0].(int)
		c.old[column], _ = cells[1].(changeset.Value)
		c.now[column], _ = cells[2].(changeset.Value)
	}
	return c
}

func written(t *testing.T, table string, c rowChange) []byte {
	t.Helper()
	w := changeset.NewWriter(changeset.Changeset)
	pk := make([]byte, len(c.now))
	pk[0] = 1
	w.Table(table, pk)
	write := func() error { return w.Update(false, c.old, c.now) }
	if c.old == nil {
		write = func() error { return w.Insert(false, c.now) }
	}
	if err := write(); err != nil {
		t.Fatal(err)
	}
	return w.Bytes()
}

// manyShapes changes rows of one table, each row in other columns.
func manyShapes(t *testing.T, from, to int) []byte {
	t.Helper()
	const width = 9
	w := changeset.NewWriter(changeset.Changeset)
	w.Table("review", append([]byte{1}, make([]byte, width-1)...))
	for filled := from; filled < to; filled++ {
		old, now := make([]changeset.Value, width), make([]changeset.Value, width)
		old[0] = changeset.BlobValue([]byte{byte(filled)})
		for i := range width - 1 {
			if filled>>i&1 == 1 {
				old[1+i], now[1+i] = changeset.NullValue(), changeset.NullValue()
			}
		}
		if err := w.Update(false, old, now); err != nil {
			t.Fatal(err)
		}
	}
	return w.Bytes()
}

// vector packs a sample. It writes the streams as Pack does, without DEFLATE.
func (s *sample) vector(t *testing.T) vector {
	t.Helper()
	catalogue := schema.NewCatalogue()
	packed, err := Pack(s.entries, catalogue, s.place)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	f, err := readFront(packed)
	if err != nil {
		t.Fatal(err)
	}
	control, text, bits, err := f.sections()
	if err != nil {
		t.Fatal(err)
	}
	v := vector{
		Name: s.name, Campaign: s.place.Campaign.String(), Device: s.place.Device.String(),
		Previous: hex.EncodeToString(s.place.Previous[:]), Before: []string{},
		Control: hex.EncodeToString(control), Text: hex.EncodeToString(text),
		Bits: hex.EncodeToString(bits), Packed: hex.EncodeToString(packed),
	}
	for _, b := range s.place.Before {
		v.Before = append(v.Before, hex.EncodeToString(b))
	}
	for _, b := range s.entries {
		v.Entries = append(v.Entries, hex.EncodeToString(b))
	}
	return v
}

func writeJSON(t *testing.T, file string, v any) {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readJSON(t *testing.T, file string, v any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
}

// appendPlain seals a changeset in an entry with nothing else remarkable.
func (a *author) appendPlain(b []byte) {
	a.now += a.Int64N(200_000)
	e := &a.head
	e.Seq, e.WallAt, e.Clock, e.Changeset = e.Seq+1, a.now, clock.Next(e.Clock, a.now), b
	entry := e.Append(nil)
	e.Previous = chain.HashBytes(entry)
	a.entries = append(a.entries, entry)
}
