package changeset

// lengthMax is the longest text or blob a length can tell, in bytes: SQLite
// keeps lengths in a signed int of 32 bits.
const lengthMax = 1<<31 - 1

// readVarint reads a SQLite varint: seven bits a byte, the highest first, the
// top bit set on all but the last. Only the shortest form is read, and nothing
// above lengthMax, so five bytes are enough.
func readVarint(b []byte) (v uint32, n int, f fault) {
	const bytesMax = 5
	var long uint64
	for n < len(b) && n < bytesMax {
		c := b[n]
		if n == 0 && c == 0x80 {
			return 0, 0, badLength
		}
		n++
		long = long<<7 | uint64(c&0x7f)
		if c < 0x80 {
			if long > lengthMax {
				return 0, 0, badLength
			}
			return uint32(long), n, fine
		}
	}
	if n == bytesMax {
		return 0, 0, badLength
	}
	return 0, 0, endsEarly
}

// appendVarint appends v, at most lengthMax, in its shortest form.
func appendVarint(dst []byte, v uint32) []byte {
	shift := 28
	for shift > 0 && v>>shift == 0 {
		shift -= 7
	}
	for ; shift > 0; shift -= 7 {
		dst = append(dst, byte(v>>shift)|0x80)
	}
	return append(dst, byte(v)&0x7f)
}
