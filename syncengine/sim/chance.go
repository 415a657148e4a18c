package sim

import (
	"encoding/binary"
	"io"
	"math/rand/v2"
)

// NewDice gives the random numbers of a stream of a seed.
func NewDice(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// Bytes reads random bytes from dice: what a device makes its ids of.
func Bytes(dice *rand.Rand) io.Reader { return randomBytes{dice} }

type randomBytes struct{ *rand.Rand }

func (r randomBytes) Read(b []byte) (int, error) {
	var word [8]byte
	for i := 0; i < len(b); i += len(word) {
		binary.LittleEndian.PutUint64(word[:], r.Uint64())
		copy(b[i:], word[:])
	}
	return len(b), nil
}
