package changeset

import (
	"bytes"
	"encoding/binary"
	"math"
)

// Kind is the type of a value, and its first byte on the wire.
type Kind byte

// The kinds.
const (
	Absent  Kind = 0 // the format has no value here; not the same as NULL
	Integer Kind = 1
	Real    Kind = 2
	Text    Kind = 3
	Blob    Kind = 4
	Null    Kind = 5
)

func (k Kind) String() string {
	switch k {
	case Absent:
		return "absent"
	case Integer:
		return "integer"
	case Real:
		return "real"
	case Text:
		return "text"
	case Blob:
		return "blob"
	case Null:
		return "null"
	default:
		return "unknown"
	}
}

// Value is one value of one column. The zero Value is Absent.
type Value struct {
	Kind Kind
	// Bits is an Integer in two's complement or the bits of a Real, else 0.
	Bits uint64
	// Bytes is a Text, of any bytes at all, or a Blob, else nil. In a value from
	// ReadValue or a Reader it aliases the input.
	Bytes []byte
}

// Int is an Integer value.
func Int(i int64) Value { return Value{Kind: Integer, Bits: uint64(i)} }

// RealValue is a Real value. SQLite has no NaN, so a Writer refuses one.
func RealValue(r float64) Value { return Value{Kind: Real, Bits: math.Float64bits(r)} }

// TextValue is a Text value.
func TextValue(s string) Value { return Value{Kind: Text, Bytes: []byte(s)} }

// BlobValue is a Blob value that aliases b.
func BlobValue(b []byte) Value { return Value{Kind: Blob, Bytes: b} }

// NullValue is the SQL value NULL.
func NullValue() Value { return Value{Kind: Null} }

// Int64 is the number of an Integer value.
func (v Value) Int64() int64 { return int64(v.Bits) }

// Float64 is the number of a Real value.
func (v Value) Float64() float64 { return math.Float64frombits(v.Bits) }

// Equal says whether two values have the same kind and the same bits. 1 and 1.0
// differ, and so do 0.0 and -0.0; NULL equals NULL.
func (v Value) Equal(w Value) bool {
	if v.Kind != w.Kind {
		return false
	}
	switch v.Kind {
	case Integer, Real:
		return v.Bits == w.Bits
	case Text, Blob:
		return bytes.Equal(v.Bytes, w.Bytes)
	case Absent, Null:
	}
	return true
}

// Clone is the value with bytes of its own.
func (v Value) Clone() Value {
	v.Bytes = bytes.Clone(v.Bytes)
	return v
}

// AppendValue appends the wire form of v, which is one byte for an Absent value.
func AppendValue(dst []byte, v Value) []byte {
	dst = append(dst, byte(v.Kind))
	switch v.Kind {
	case Integer, Real:
		return binary.BigEndian.AppendUint64(dst, v.Bits)
	case Text, Blob:
		return append(appendVarint(dst, uint32(len(v.Bytes))), v.Bytes...)
	case Absent, Null:
	}
	return dst
}

// ReadValue reads the value at the front of b and returns it with its size in
// bytes. The value aliases b. An error is an *Error with an offset in b.
func ReadValue(b []byte) (v Value, n int, err error) {
	n, f := decode(&v, b, lengthMax)
	if f != fine {
		return Value{}, 0, f.at(0)
	}
	return v, n, nil
}

// decode reads the value at the front of b, of at most the given bytes of text
// or blob, into v. It sets all of v, which may hold an earlier value.
func decode(v *Value, b []byte, most int) (n int, f fault) {
	if len(b) == 0 {
		return 0, endsEarly
	}
	switch k := Kind(b[0]); k {
	case Absent, Null:
		*v = Value{Kind: k}
		return 1, fine
	case Integer, Real:
		if len(b) < 9 {
			return 0, endsEarly
		}
		bits := binary.BigEndian.Uint64(b[1:9])
		if k == Real && isNaN(bits) {
			return 0, notANumber
		}
		*v = Value{Kind: k, Bits: bits}
		return 9, fine
	case Text, Blob:
		return decodeBytes(v, b, most)
	default:
		return 0, unknownKind
	}
}

func decodeBytes(v *Value, b []byte, most int) (n int, f fault) {
	length, n, f := readVarint(b[1:])
	if f != fine {
		return 0, f
	}
	from := 1 + n
	if int64(length) > int64(len(b)-from) {
		return 0, endsEarly
	}
	if int64(length) > int64(most) {
		return 0, valueTooLong
	}
	to := from + int(length)
	*v = Value{Kind: Kind(b[0]), Bytes: b[from:to:to]}
	return to, fine
}

func isNaN(bits uint64) bool {
	const exponent, fraction = 0x7ff << 52, 1<<52 - 1
	return bits&exponent == exponent && bits&fraction != 0
}
