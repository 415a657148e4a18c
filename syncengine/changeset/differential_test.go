package changeset_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"

	"sansuiji/syncengine/changeset"
	"sansuiji/syncengine/changeset/jsonline"
	"sansuiji/syncengine/oracle"
)

const (
	differentialCases      = 10_000
	differentialCasesShort = 500
)

func startOracle(t *testing.T) *oracle.Oracle {
	t.Helper()
	o, err := oracle.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

// record runs the script of a seed; nothing may come of it.
func record(t *testing.T, o *oracle.Oracle, seed uint64) (set, patch []byte) {
	t.Helper()
	s := newScript(seed)
	set, patch, err := o.Record(s.setup(), s.change())
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	return set, patch
}

// What SQLite records, in either format, is read as SQLite reads it and comes
// back byte for byte, through the Writer and through lines of JSON.
func TestWhatSQLiteRecordsComesBackByteForByte(t *testing.T) {
	o := startOracle(t)
	cases := differentialCases
	if testing.Short() {
		cases = differentialCasesShort
	}
	seen := tally{}
	var before []byte
	began := time.Now()
	for seed, n := uint64(0), 0; n < cases; seed++ {
		set, patch := record(t, o, seed)
		if len(set) == 0 {
			continue
		}
		n++
		seen.add(t, o, seed, set)
		seen.add(t, o, seed, patch)
		if n%10 == 0 {
			seen.add(t, o, seed, append(append(set[:len(set):len(set)], before...), set...))
		}
		before = set
	}
	t.Logf("%d changesets and their patchsets in %v: %+v",
		cases, time.Since(began).Round(time.Millisecond), seen)
	seen.mustBeVaried(t)
}

// tally counts what the random scripts led to.
type tally struct {
	Inputs, Changes, Inserts, Updates, Deletes, Indirect, Composite, Reordered, MiB int
	KeyChanged, BadText, ZeroInText, Stat1, Headers                                 int
}

func (n *tally) add(t *testing.T, o *oracle.Oracle, seed uint64, input []byte) {
	t.Helper()
	n.Inputs++
	if got := rewrite(t, input); !bytes.Equal(got, input) {
		t.Fatalf("seed %d: written differently\ngot  %x\nwant %x", seed, got, input)
	}
	if got := throughLines(t, input); !bytes.Equal(got, input) {
		t.Fatalf("seed %d: encoded differently\ngot  %x\nwant %x", seed, got, input)
	}
	it, err := o.Iterate(input)
	if err != nil || !it.Accepted {
		t.Fatalf("seed %d: SQLite rejects its own: %+v, %v", seed, it.Code, err)
	}
	if got := transcript(t, input); !bytes.Equal(got, it.Transcript) {
		t.Fatalf("seed %d: read differently\ngot  %x\nwant %x", seed, got, it.Transcript)
	}
	var table *changeset.Table
	each(t, changeset.NewReader(input, changeset.Limits{}), func(c changeset.Change) {
		if c.Table != table {
			n.header(c.Table)
			table = c.Table
		}
		n.change(c)
	})
}

func (n *tally) header(t *changeset.Table) {
	n.Headers++
	place := byte(0)
	ordered := true
	for _, flag := range t.PK {
		if flag != 0 {
			ordered = ordered && flag > place
			place = flag
		}
	}
	if place > 1 || !ordered {
		n.Composite++
	}
	if !ordered {
		n.Reordered++
	}
	if t.Name == "sqlite_stat1" {
		n.Stat1++
	}
}

func (n *tally) change(c changeset.Change) {
	n.Changes++
	switch c.Op {
	case changeset.Insert:
		n.Inserts++
	case changeset.Update:
		n.Updates++
	case changeset.Delete:
		n.Deletes++
	}
	if c.Indirect {
		n.Indirect++
	}
	for i, v := range c.New {
		if len(v.Bytes) >= 1<<20 {
			n.MiB++
		}
		if v.Kind == changeset.Text && bytes.IndexByte(v.Bytes, 0) >= 0 {
			n.ZeroInText++
		}
		if v.Kind == changeset.Text && !bytes.Equal(bytes.ToValidUTF8(v.Bytes, nil), v.Bytes) {
			n.BadText++
		}
		if c.Old != nil && c.Table.PK[i] != 0 && v.Kind != changeset.Absent {
			n.KeyChanged++
		}
	}
}

// mustBeVaried fails where the scripts no longer reach what they are there for.
func (n *tally) mustBeVaried(t *testing.T) {
	t.Helper()
	if testing.Short() {
		return
	}
	for what, count := range map[string]int{
		"inserts": n.Inserts, "updates": n.Updates, "deletes": n.Deletes,
		"indirect changes": n.Indirect, "composite keys": n.Composite,
		"keys in another order": n.Reordered, "values of a mebibyte": n.MiB,
		"changed keys": n.KeyChanged, "text that is not UTF-8": n.BadText,
		"text with zero bytes": n.ZeroInText, "statistics": n.Stat1,
	} {
		if count < 5 {
			t.Errorf("only %d %s", count, what)
		}
	}
}

// each calls do with every change, and fails on an error.
func each(t *testing.T, r *changeset.Reader, do func(changeset.Change)) {
	t.Helper()
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		do(c)
	}
}

func throughLines(t *testing.T, input []byte) []byte {
	t.Helper()
	var (
		dumper  jsonline.Dumper
		encoder jsonline.Encoder
	)
	each(t, changeset.NewReader(input, changeset.Limits{}), func(c changeset.Change) {
		if err := encoder.Line(dumper.Append(nil, c)); err != nil {
			t.Fatal(err)
		}
	})
	return encoder.Bytes()
}

// transcript lists what the Reader reads the way the oracle does.
func transcript(t *testing.T, input []byte) (b []byte) {
	t.Helper()
	field := func(s []byte) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	each(t, changeset.NewReader(input, changeset.Limits{}), func(c changeset.Change) {
		field([]byte(c.Table.Name))
		indirect := byte(0)
		if c.Indirect {
			indirect = 1
		}
		b = append(b, byte(c.Op), indirect)
		field(c.Table.PK)
		old, now := asSQLite(c)
		for _, v := range append(old, now...) {
			b = changeset.AppendValue(b, v)
		}
	})
	return b
}

// asSQLite gives both records all columns, and moves the key of an UPDATE in a
// patchset to the old record, as SQLite's iterator does.
func asSQLite(c changeset.Change) (old, now []changeset.Value) {
	old = make([]changeset.Value, len(c.Table.PK))
	now = make([]changeset.Value, len(c.Table.PK))
	copy(old, c.Old)
	copy(now, c.New)
	if c.Op == changeset.Update && c.Table.Format == changeset.Patchset {
		for i, flag := range c.Table.PK {
			if flag != 0 {
				old[i], now[i] = now[i], changeset.Value{}
			}
		}
	}
	return old, now
}
