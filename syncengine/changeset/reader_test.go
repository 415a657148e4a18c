package changeset_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"sansuiji/syncengine/changeset"

	"github.com/google/go-cmp/cmp"
)

const (
	header      = "T\x02\x01\x00t\x00" // table t of two columns, the first is the key
	patchHeader = "P\x02\x01\x00t\x00"
	one         = "\x01\x00\x00\x00\x00\x00\x00\x00\x01"
)

// read reads all of the input.
func read(input string, l changeset.Limits) (all []changeset.Change, err error) {
	r := changeset.NewReader([]byte(input), l)
	for {
		c, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		c.Old, c.New = slices.Clone(c.Old), slices.Clone(c.New)
		all = append(all, c)
	}
}

func TestEachOperationIsReadInBothFormats(t *testing.T) {
	v := func(vs ...changeset.Value) []changeset.Value { return vs }
	none, key := changeset.Value{}, changeset.Int(1)
	a, b := changeset.TextValue("a"), changeset.TextValue("b")
	set := &changeset.Table{Name: "t", PK: []byte{1, 0}, Format: changeset.Changeset}
	patch := &changeset.Table{Name: "t", PK: []byte{1, 0}, Format: changeset.Patchset}
	null, insert := changeset.NullValue(), "\x12\x00"+one+"\x05"
	for input, want := range map[string]changeset.Change{
		header + "\x12\x01" + one + "\x03\x01a": {
			Table: set, Op: changeset.Insert, Indirect: true, New: v(key, a),
		},
		header + "\x17\x00" + one + "\x03\x01a\x00\x03\x01b": {
			Table: set, Op: changeset.Update, Old: v(key, a), New: v(none, b),
		},
		header + "\x17\x00" + one + "\x00\x00\x00": {
			Table: set, Op: changeset.Update, Old: v(key, none), New: v(none, none),
		},
		header + "\x17\x00\x03\x01a\x00\x03\x01b\x00": {
			Table: set, Op: changeset.Update, Old: v(a, none), New: v(b, none),
		},
		header + "\x09\x00" + one + "\x05": {
			Table: set, Op: changeset.Delete, Old: v(key, null),
		},
		"T\x01\x01x\x00" + header + insert: {
			Table: set, Op: changeset.Insert, New: v(key, null),
		},
		patchHeader + insert: {
			Table: patch, Op: changeset.Insert, New: v(key, null),
		},
		patchHeader + "\x17\x00" + one + "\x03\x01b": {
			Table: patch, Op: changeset.Update, New: v(key, b),
		},
		patchHeader + "\x17\x00" + one + "\x00": {
			Table: patch, Op: changeset.Update, New: v(key, none),
		},
		patchHeader + "\x09\x01" + one: {
			Table: patch, Op: changeset.Delete, Indirect: true, Old: v(key, none),
		},
	} {
		got, err := read(input, changeset.Limits{})
		if err != nil || len(got) != 1 {
			t.Errorf("%q: %d changes, %v", input, len(got), err)
		} else if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Errorf("%q: %s", input, diff)
		}
	}
}

func TestNothingIsAChangesetWithoutChanges(t *testing.T) {
	for _, input := range []string{"", header, header + header} {
		if got, err := read(input, changeset.Limits{}); err != nil || len(got) != 0 {
			t.Errorf("%q: %d changes, %v", input, len(got), err)
		}
	}
}

func TestMalformedInputIsRejectedWithItsPlace(t *testing.T) {
	const half = "old or new value of a changed column is missing"
	insert := header + "\x12\x00" + one + "\x05"
	for _, c := range []struct {
		input  string
		offset int
		reason string
	}{
		{"\x12\x00" + one, 0, "change before the first table"},
		{"X", 0, "neither a table nor a change"},
		{insert + "\x13", len(insert), "neither a table nor a change"},
		{insert + "\x12", len(insert), "input ends early"},
		{insert + "\x12\x02", len(insert) + 1, "indirect flag is neither 0 nor 1"},
		{insert + "\x12\x00" + one, len(insert) + 11, "input ends early"},
		{insert + patchHeader, len(insert), "changeset and patchset in one input"},
		{"T", 0, "input ends early"},
		{"T\x00t\x00", 0, "table without columns"},
		{"T\x01\x00t\x00", 0, "table without a key column"},
		{"T\x80\x01\x01t\x00", 0, "length is too large or not in its shortest form"},
		{"T\x02\x01", 0, "input ends early"},
		{"T\x01\x01t", 0, "input ends early"},
		{header + "\x12\x00" + one + "\x07", 17, "unknown type of value"},
		{header + "\x12\x00" + one + "\x00", 6, "value is missing"},
		{header + "\x12\x00\x05\x05", 6, "null in a key column"},
		{header + "\x09\x00" + one + "\x00", 6, "value is missing"},
		{header + "\x17\x00\x00\x05\x00" + one, 6, "value is missing"},
		{header + "\x17\x00\x05\x05\x00" + one, 6, "null in a key column"},
		{header + "\x17\x00" + one + "\x05\x05" + one, 6, "null in a key column"},
		{header + "\x17\x00" + one + "\x05\x00\x00", 6, half},
		{header + "\x17\x00" + one + "\x00\x00\x05", 6, half},
		{patchHeader + "\x17\x00\x00\x05", 6, "value is missing"},
		{patchHeader + "\x17\x00\x05\x05", 6, "null in a key column"},
		{patchHeader + "\x09\x00\x00", 6, "value is missing"},
		{patchHeader + "\x09\x00\x05", 6, "null in a key column"},
	} {
		_, err := read(c.input, changeset.Limits{})
		var e *changeset.Error
		switch {
		case !errors.As(err, &e) || !errors.Is(err, changeset.ErrMalformed):
			t.Errorf("%q: got %v", c.input, err)
		case e.Offset != c.offset || e.Reason != c.reason:
			t.Errorf("%q: got %v, want %q at %d", c.input, err, c.reason, c.offset)
		}
	}
}

func TestEachLimitHolds(t *testing.T) {
	insert := "\x12\x00" + one + "\x03\x03abc"
	input := header + insert + insert + header + insert
	for _, c := range []struct {
		limits changeset.Limits
		reason string
	}{
		{changeset.Limits{Bytes: len(input) - 1}, "too many bytes"},
		{changeset.Limits{Tables: 1}, "too many tables"},
		{changeset.Limits{Columns: 1}, "too many columns"},
		{changeset.Limits{Changes: 2}, "too many changes"},
		{changeset.Limits{Value: 2}, "text or blob is too long"},
	} {
		_, err := read(input, c.limits)
		if !errors.Is(err, changeset.ErrLimit) || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%+v: got %v", c.limits, err)
		}
	}
	exact := changeset.Limits{Bytes: len(input), Tables: 2, Columns: 2, Name: 1, Changes: 3, Value: 3}
	if got, err := read(input, exact); err != nil || len(got) != 3 {
		t.Errorf("at its limits: %d changes, %v", len(got), err)
	}
	_, err := read("T\x01\x01pier\x00", changeset.Limits{Name: 3})
	if !errors.Is(err, changeset.ErrLimit) || !strings.Contains(err.Error(), "name is too long") {
		t.Errorf("name: got %v", err)
	}
}

func TestAnErrorStaysAndTheOffsetMovesByChanges(t *testing.T) {
	insert := "\x12\x00" + one + "\x05"
	r := changeset.NewReader([]byte(header+insert+"?"), changeset.Limits{})
	if _, err := r.Next(); err != nil || r.Offset() != len(header+insert) {
		t.Fatalf("offset %d, %v", r.Offset(), err)
	}
	_, first := r.Next()
	if _, second := r.Next(); first == nil || !errors.Is(second, first) {
		t.Errorf("got %v, then %v", first, second)
	}
}

func TestChangesShareATableUnlessAHeaderStandsBetween(t *testing.T) {
	insert := "\x12\x00" + one + "\x05"
	got, err := read(header+insert+insert+header+insert, changeset.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got[0].Table != got[1].Table || got[1].Table == got[2].Table {
		t.Errorf("tables %p %p %p", got[0].Table, got[1].Table, got[2].Table)
	}
}
