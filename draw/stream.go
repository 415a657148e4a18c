package draw

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
)

// Stream is the numbers of a key: SHA-256 of the key and a counter, eight words of
// 32 bits a block.
type Stream struct {
	input [40]byte // key, counter
	block [32]byte
	next  int    // byte of the block
	count uint64 // blocks made
}

// NewStream is a key's stream at its beginning.
func NewStream(key Key) *Stream {
	s := &Stream{next: 32}
	copy(s.input[:], key[:])
	return s
}

func (s *Stream) word() uint32 {
	if s.next == len(s.block) {
		binary.BigEndian.PutUint64(s.input[32:], s.count)
		s.block, s.next = sha256.Sum256(s.input[:]), 0
		s.count++
	}
	w := binary.BigEndian.Uint32(s.block[s.next:])
	s.next += 4
	return w
}

// Below is a number from 0 to m-1, each as likely; 1 ≤ m ≤ 2^32.
func (s *Stream) Below(m uint64) uint64 {
	if m == 0 || m > 1<<32 {
		panic("draw: below what?")
	}
	if m&(m-1) == 0 {
		return uint64(s.word()) & (m - 1)
	}
	limit := (1 << 32) / m * m
	for {
		if w := uint64(s.word()); w < limit {
			return w % m
		}
	}
}

// below is Below of a small positive number.
func (s *Stream) below(m int) int { return int(s.Below(uint64(m))) }

// BelowBig is a number from 0 to m-1, each as likely; m ≥ 1.
func (s *Stream) BelowBig(m *big.Int) *big.Int {
	if m.Sign() <= 0 {
		panic("draw: below what?")
	}
	words := (m.BitLen() + 31) / 32
	limit := new(big.Int).Lsh(big.NewInt(1), uint(32*words))
	limit.Sub(limit, new(big.Int).Mod(limit, m))
	b := make([]byte, 4*words)
	for {
		for i := range words {
			binary.BigEndian.PutUint32(b[4*i:], s.word())
		}
		if v := new(big.Int).SetBytes(b); v.Cmp(limit) < 0 {
			return v.Mod(v, m)
		}
	}
}
