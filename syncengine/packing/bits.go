package packing

import (
	"encoding/binary"
	"math/bits"
)

// bitWriter writes numbers without gaps, the highest bit first. They are random
// as far as they go, so they are kept away from DEFLATE.
type bitWriter struct {
	b    []byte
	last uint64 // bits that fill no byte yet, at the bottom
	n    int    // how many
}

// write appends the lowest n bits of v.
func (w *bitWriter) write(v uint64, n int) {
	for n > 0 {
		take := min(n, 8-w.n)
		n -= take
		w.last = w.last<<take | v>>n&(1<<take-1)
		if w.n += take; w.n == 8 {
			w.b, w.last, w.n = append(w.b, byte(w.last)), 0, 0
		}
	}
}

// bytes is all that was written, filled up with zero bits.
func (w *bitWriter) bytes() []byte {
	if w.n == 0 {
		return w.b
	}
	return append(w.b, byte(w.last<<(8-w.n)))
}

// magnitude writes v without its highest one, whose place the class says, and
// returns the class: the number of bits of v.
func (w *bitWriter) magnitude(v uint64) (class byte) {
	n := bits.Len64(v)
	if n > 1 {
		w.write(v, n-1)
	}
	return byte(n)
}

// bitReader reads what a bitWriter wrote. Past the end it reads zeroes; over says
// that it got there.
type bitReader struct {
	b  []byte
	at int // in bits
}

func (r *bitReader) read(n int) uint64 {
	if n > 32 {
		high := r.read(n - 32)
		return high<<32 | r.read(32)
	}
	from := r.at >> 3
	var window uint64
	if from+8 <= len(r.b) {
		window = binary.BigEndian.Uint64(r.b[from:])
	} else {
		var tail [8]byte
		if from < len(r.b) {
			copy(tail[:], r.b[from:])
		}
		window = binary.BigEndian.Uint64(tail[:])
	}
	window <<= r.at & 7
	r.at += n
	return window >> 1 >> (63 - n)
}

func (r *bitReader) magnitude(class byte) uint64 {
	if class < 2 {
		return uint64(class)
	}
	n := int(class) - 1
	return 1<<n | r.read(n)
}

// done says whether all was read, but for the zero bits that fill the last byte.
func (r *bitReader) done() bool {
	left := len(r.b)*8 - r.at
	return left >= 0 && left < 8 && r.read(left) == 0
}

// zigzag maps numbers near zero, of either sign, to small ones.
func zigzag(v uint64) uint64 { return v<<1 ^ uint64(int64(v)>>63) }

func unzigzag(v uint64) uint64 { return v>>1 ^ -(v & 1) }
