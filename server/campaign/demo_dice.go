package campaign

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"sansuiji/schema"
)

// dice are the only chance in a made-up city: a seeded generator that everyone
// can run again.
type dice struct {
	*rand.Rand
	people
	stamp uint64 // of the next id: Unix milliseconds and a 12-bit counter
}

func newDice(seed uint64, now time.Time) *dice {
	const stream = 3 // any will do, as long as it stays
	return &dice{
		rand.New(rand.NewPCG(seed, stream)), newPeople(), uint64(now.UnixMilli()) << 12,
	}
}

// id is a UUID version 7 (RFC 9562 §5.7, with the counter of §6.2 in rand_a).
func (d *dice) id() schema.RowID {
	var id schema.RowID
	ms, counter := d.stamp>>12, d.stamp&0xFFF
	d.stamp++
	const version, variant = 7 << 12, 1 << 63
	binary.BigEndian.PutUint64(id[:8], ms<<16|version|counter)
	binary.BigEndian.PutUint64(id[8:], variant|d.Uint64()>>2)
	return id
}

// between is a number from low to high, both possible.
func (d *dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// chance is true in about percent of a hundred cases.
func (d *dice) chance(percent int) bool { return d.IntN(100) < percent }

// pick is one of a list.
func pick[T any](d *dice, list []T) T { return list[d.IntN(len(list))] }

// shuffled is a list in another order.
func shuffled[T any](d *dice, list []T) []T {
	d.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
