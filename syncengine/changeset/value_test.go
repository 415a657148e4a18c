package changeset_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"sansuiji/syncengine/changeset"
)

func TestAValueIsWrittenAsSQLiteWritesIt(t *testing.T) {
	long := strings.Repeat("桁", 100)
	for _, c := range []struct {
		value changeset.Value
		wire  string
	}{
		{changeset.Value{}, "\x00"},
		{changeset.NullValue(), "\x05"},
		{changeset.Int(1), "\x01\x00\x00\x00\x00\x00\x00\x00\x01"},
		{changeset.Int(math.MinInt64), "\x01\x80\x00\x00\x00\x00\x00\x00\x00"},
		{changeset.RealValue(1.5), "\x02\x3f\xf8\x00\x00\x00\x00\x00\x00"},
		{changeset.RealValue(math.Copysign(0, -1)), "\x02\x80\x00\x00\x00\x00\x00\x00\x00"},
		{changeset.RealValue(math.Inf(1)), "\x02\x7f\xf0\x00\x00\x00\x00\x00\x00"},
		{changeset.TextValue(""), "\x03\x00"},
		{changeset.TextValue("a\x00b"), "\x03\x03a\x00b"},
		{changeset.BlobValue(nil), "\x04\x00"},
		{changeset.TextValue(long), "\x03\x82\x2c" + long},
		{changeset.BlobValue(make([]byte, 1<<20)), "\x04\xc0\x80\x00" + string(make([]byte, 1<<20))},
	} {
		if got := changeset.AppendValue(nil, c.value); string(got) != c.wire {
			t.Errorf("%v is written as %.20x", c.value.Kind, got)
		}
		got, n, err := changeset.ReadValue([]byte(c.wire + "rest"))
		if err != nil || n != len(c.wire) || !got.Equal(c.value) || !got.Clone().Equal(c.value) {
			t.Errorf("%v is read as %v, %d bytes, %v", c.value.Kind, got.Kind, n, err)
		}
	}
}

func TestBytesThatAreNoValueAreRejected(t *testing.T) {
	for wire, reason := range map[string]string{
		"":                                     "input ends early",
		"\x06":                                 "unknown type of value",
		"\x01\x00":                             "input ends early",
		"\x02\x7f\xf0\x00\x00\x00\x00\x00\x01": "real is not a number",
		"\x02\xff\xf8\x00\x00\x00\x00\x00\x00": "real is not a number",
		"\x03":                                 "input ends early",
		"\x03\x02a":                            "input ends early",
		"\x03\x81":                             "input ends early",
		"\x03\x80\x01a":                        "length is too large or not in its shortest form",
		"\x04\x88\x80\x80\x80\x00":             "length is too large or not in its shortest form",
		"\x04\xff\xff\xff\xff\xff\xff":         "length is too large or not in its shortest form",
		"\x04\x87\xff\xff\xff\x7f":             "input ends early",
	} {
		_, _, err := changeset.ReadValue([]byte(wire))
		var e *changeset.Error
		if !errors.As(err, &e) || !errors.Is(err, changeset.ErrMalformed) || e.Reason != reason {
			t.Errorf("% x: got %v, want %q", wire, err, reason)
		}
	}
}

func TestValuesAreEqualBitByBit(t *testing.T) {
	all := []changeset.Value{
		{},
		changeset.NullValue(),
		changeset.Int(0),
		changeset.Int(1),
		changeset.RealValue(0),
		changeset.RealValue(math.Copysign(0, -1)),
		changeset.RealValue(1),
		changeset.TextValue(""),
		changeset.TextValue("a"),
		changeset.BlobValue(nil),
		changeset.BlobValue([]byte("a")),
	}
	for i, v := range all {
		for j, w := range all {
			if v.Equal(w) != (i == j) {
				t.Errorf("%v %x and %v %x", v.Kind, v.Bits, w.Kind, w.Bits)
			}
		}
	}
	if got := changeset.Int(-12).Int64(); got != -12 {
		t.Errorf("integer comes back as %d", got)
	}
	if got := changeset.RealValue(-1.5).Float64(); got != -1.5 {
		t.Errorf("real comes back as %g", got)
	}
}

func TestACloneHasItsOwnBytes(t *testing.T) {
	b := []byte("span")
	v := changeset.BlobValue(b)
	w := v.Clone()
	b[0] = 'S'
	if !bytes.Equal(w.Bytes, []byte("span")) {
		t.Errorf("clone changed to %q", w.Bytes)
	}
}
