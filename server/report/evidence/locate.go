package evidence

import (
	"bytes"
	"crypto/sha256"
	"hash/crc32"
	"io"
)

// flip is one byte that is not what it was.
type flip struct {
	at       int64
	is, must byte
}

// locate finds the one byte that changed in bytes whose CRC-32 was another, if it is one. A CRC
// is linear: the difference of two is that of the changed byte alone, run on by one zero byte
// for each that follows it. So it is run back from the end until it is one byte's. isIt says
// whether a change, as a pattern of bits, sets all right: by chance some seem to.
func locate(size int64, have, had uint32, isIt func(at int64, change byte) bool) bool {
	table, rank := crc32.IEEETable, ranks()
	state := have ^ had
	for at := size - 1; at >= 0 && state != 0; at-- {
		of := rank[state>>24]
		if table[of] == state && isIt(at, of) {
			return true
		}
		state = (state^table[of])<<8 | uint32(of)
	}
	return false
}

// ranks are the places in the table by the highest byte there, which no two have.
func ranks() (rank [256]byte) {
	for i, v := range crc32.IEEETable {
		rank[v>>24] = byte(i)
	}
	return rank
}

// locateIn finds the changed byte of bytes whose SHA-256 is known.
func locateIn(from *io.SectionReader, have, had uint32, want [sha256.Size]byte) (f flip, ok bool) {
	ok = locate(from.Size(), have, had, func(at int64, change byte) bool {
		var one [1]byte
		if _, err := from.ReadAt(one[:], at); err != nil {
			return false
		}
		f = flip{at: at, is: one[0], must: one[0] ^ change}
		sum := sha256.New()
		_, err := io.Copy(sum, io.MultiReader(
			io.NewSectionReader(from, 0, at), bytes.NewReader([]byte{f.must}),
			io.NewSectionReader(from, at+1, from.Size()-at-1)))
		return err == nil && [sha256.Size]byte(sum.Sum(nil)) == want
	})
	return f, ok
}
