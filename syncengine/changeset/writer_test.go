package changeset_test

import (
	"errors"
	"math"
	"testing"

	"sansuiji/syncengine/changeset"
)

func TestAHeaderIsWrittenOnceAndOnlyBeforeAChange(t *testing.T) {
	w := changeset.NewWriter(changeset.Patchset)
	row := []changeset.Value{changeset.Int(1), changeset.NullValue()}
	w.Table("unused", []byte{1})
	for range 2 {
		w.Table("t", []byte{1, 0})
		if err := w.Insert(false, row); err != nil {
			t.Fatal(err)
		}
	}
	w.Table("unused", []byte{1})
	if err := w.Insert(false, row); !errors.Is(err, changeset.ErrShape) {
		t.Errorf("a row of two columns in a table of one: %v", err)
	}
	insert := "\x12\x00" + one + "\x05"
	if got, want := string(w.Bytes()), patchHeader+insert+insert; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAppendKeepsTheHeadersOfAReader(t *testing.T) {
	insert := "\x12\x00" + one + "\x05"
	update := "\x17\x01" + one + "\x00\x00\x00"
	input := header + insert + update + header + insert + "T\x01\x01u\x00\x09\x00" + one
	if got := rewrite(t, []byte(input)); string(got) != input {
		t.Errorf("got  %q\nwant %q", got, input)
	}
}

// rewrite reads all of the input and writes it again.
func rewrite(t *testing.T, input []byte) []byte {
	t.Helper()
	format := changeset.Changeset
	if len(input) > 0 {
		format = changeset.Format(input[0])
	}
	w := changeset.NewWriter(format)
	r := changeset.NewReader(input, changeset.Limits{})
	each(t, r, func(c changeset.Change) {
		if err := w.Append(c); err != nil {
			t.Fatal(err)
		}
	})
	return w.Bytes()
}

func TestAWriterRefusesAChangeThatDoesNotFit(t *testing.T) {
	none, null, i := changeset.Value{}, changeset.NullValue(), changeset.Int(1)
	row := func(vs ...changeset.Value) []changeset.Value { return vs }
	type call func(w *changeset.Writer) error
	insert := func(now ...changeset.Value) call {
		return func(w *changeset.Writer) error { return w.Insert(false, now) }
	}
	update := func(old, now []changeset.Value) call {
		return func(w *changeset.Writer) error { return w.Update(false, old, now) }
	}
	remove := func(old ...changeset.Value) call {
		return func(w *changeset.Writer) error { return w.Delete(false, old) }
	}
	both := map[string]call{
		"short row":     insert(i),
		"missing value": insert(i, none),
		"null key":      insert(null, i),
		"nan":           insert(i, changeset.RealValue(math.NaN())),
		"unknown kind":  insert(i, changeset.Value{Kind: 6}),
		"no old":        remove(),
		"no new":        update(row(i, i), nil),
		"no operation":  func(w *changeset.Writer) error { return w.Append(changeset.Change{}) },
	}
	check := func(f changeset.Format, name string, do call) {
		w := changeset.NewWriter(f)
		w.Table("t", []byte{1, 0})
		if err := do(w); !errors.Is(err, changeset.ErrShape) || len(w.Bytes()) > 0 {
			t.Errorf("%v, %s: %v, %q", f, name, err, w.Bytes())
		}
	}
	for name, do := range both {
		check(changeset.Changeset, name, do)
		check(changeset.Patchset, name, do)
	}
	check(changeset.Changeset, "half a change", update(row(i, i), row(none, none)))
	check(changeset.Changeset, "no old row", update(nil, row(i, i)))
	check(changeset.Changeset, "only a key", remove(i, none))
	check(changeset.Patchset, "old row", update(row(i, i), row(i, i)))
	check(changeset.Patchset, "more than the key", remove(i, i))
}

func TestAWriterRefusesATableThatCannotBe(t *testing.T) {
	long := make([]byte, 65537)
	long[0] = 1
	for name, pk := range map[string][]byte{
		"a\x00b": {1}, "no key": {0, 0}, "no column": {}, "long": long,
	} {
		w := changeset.NewWriter(changeset.Changeset)
		w.Table(name, pk)
		err := w.Insert(false, make([]changeset.Value, len(pk)))
		if !errors.Is(err, changeset.ErrShape) {
			t.Errorf("%q: %v", name, err)
		}
	}
	w := changeset.NewWriter(changeset.Changeset)
	if err := w.Insert(false, nil); !errors.Is(err, changeset.ErrShape) {
		t.Errorf("no table: %v", err)
	}
	patch := &changeset.Table{Name: "t", PK: []byte{1}, Format: changeset.Patchset}
	c := changeset.Change{Table: patch, Op: changeset.Insert, New: []changeset.Value{changeset.Int(1)}}
	if err := w.Append(c); !errors.Is(err, changeset.ErrShape) {
		t.Errorf("other format: %v", err)
	}
}
