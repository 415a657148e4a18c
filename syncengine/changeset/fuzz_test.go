package changeset_test

import (
	"bytes"
	"errors"
	"testing"

	"sansuiji/syncengine/changeset"

	"github.com/google/go-cmp/cmp"
)

// seeds are inputs of both formats with every operation and kind of value.
func seeds() []string {
	insert := "\x12\x00" + one + "\x03\x05caf\xc3\xa9"
	return []string{
		"",
		header + insert + "\x12\x01\x04\x03a\x00b\x02\x3f\xf8\x00\x00\x00\x00\x00\x00",
		header + "\x17\x00" + one + "\x03\x01a\x00\x05" + "\x09\x00" + one + "\x05",
		header + insert + header + "\x17\x01\x03\x01a\x00\x03\x01A\x00",
		patchHeader + insert + "\x17\x00" + one + "\x05\x09\x00" + one,
		"T\x03\x02\x00\x01\xe6\xa1\x81\x00\x09\x00" + one + "\x05" + one,
		"T\x01\x01\xff\x00\x12\x00" + one,
		"P\x81\x00\x01" + string(make([]byte, 127)) + "wide\x00\x09\x00" + one,
		"T\x01\x01t\x00\x12\x00\x04\x81\x00" + string(make([]byte, 128)),
	}
}

// FuzzReader: no input makes the reader panic or run on; what it accepts can be
// written, and reads the same again.
func FuzzReader(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		before := bytes.Clone(input)
		first, err := read(string(input), changeset.Limits{})
		if 2*len(first) > len(input) {
			t.Fatalf("%d changes in %d bytes", len(first), len(input))
		}
		if err != nil {
			var e *changeset.Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(input) {
				t.Fatalf("got %v", err)
			}
			return
		}
		written := rewrite(t, input)
		if len(written) == len(input) && !bytes.Equal(written, input) || len(written) > len(input) {
			t.Fatalf("written as %q", written)
		}
		second, err := read(string(written), changeset.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
		if !bytes.Equal(rewrite(t, written), written) || !bytes.Equal(before, input) {
			t.Fatal("writing once more is not the same, or the input changed")
		}
	})
}

// FuzzValue: a value that is accepted has one wire form, the one it came in.
func FuzzValue(f *testing.F) {
	for _, s := range []string{
		"", "\x00", "\x05", "\x06", one, "\x02\x7f\xf0\x00\x00\x00\x00\x00\x00",
		"\x02\x7f\xf8\x00\x00\x00\x00\x00\x00", "\x03\x00", "\x04\x03abc", "\x03\x80\x01a",
		"\x04\x87\xff\xff\xff\x7f",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, n, err := changeset.ReadValue(b)
		if err != nil {
			if n != 0 || v.Kind != changeset.Absent || !errors.Is(err, changeset.ErrMalformed) {
				t.Fatalf("got %v, %d, %v", v, n, err)
			}
			return
		}
		if got := changeset.AppendValue(nil, v); !bytes.Equal(got, b[:n]) {
			t.Fatalf("written as %q", got)
		}
		if !v.Equal(v.Clone()) {
			t.Fatal("a clone differs")
		}
	})
}
