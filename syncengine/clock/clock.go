// Package clock is a hybrid logical clock (Kulkarni et al., "Logical Physical
// Clocks", 2014): physical milliseconds with a counter, so that whoever has seen
// a write always writes at a higher time, however wrong the phones' clocks are.
package clock

import (
	"time"

	"sansuiji/syncengine/mutant"
)

// Time is a hybrid time: 48 bits of Unix milliseconds and a 16-bit counter.
// Times are compared as numbers.
type Time uint64

const counterBits = 16

// AheadMax is how far an entry's clock may be ahead of headquarters' when it
// arrives. Beyond it headquarters sets the clock back, once, so that one phone
// with a wrong year does not win every later edit.
const AheadMax = 5 * time.Minute

// FromMillis is the lowest hybrid time of a millisecond (Unix, UTC). Times
// before 1970 count as 1970.
func FromMillis(ms int64) Time {
	const millisMax = 1<<(64-counterBits) - 1
	return Time(uint64(min(max(ms, 0), millisMax)) << counterBits)
}

// Millis is the physical part, Unix milliseconds.
func (t Time) Millis() int64 { return int64(t >> counterBits) }

// Next is the time of a new event of someone whose last event or highest seen
// time is last, with a wall clock that shows nowMillis.
func Next(last Time, nowMillis int64) Time {
	if mutant.On(mutant.ClockNextEqual) {
		return max(last, FromMillis(nowMillis))
	}
	return max(last+1, FromMillis(nowMillis))
}

// Effective is the time under which headquarters merges an entry: the entry's
// own, no more than AheadMax ahead of headquarters' clock, and later than last, its
// author's last entry. shown is the highest time that headquarters has shown to
// anyone: who dates an edit just after it stays after what he had seen, even if
// headquarters' clock was set back.
func Effective(own, last, shown Time, nowMillis int64) Time {
	ceiling := max(FromMillis(nowMillis+AheadMax.Milliseconds()), shown+1)
	switch {
	case mutant.On(mutant.ClockNotBounded):
		ceiling = own
	case mutant.On(mutant.ClockBehindSeen):
		ceiling = FromMillis(nowMillis + AheadMax.Milliseconds())
	case mutant.On(mutant.ClockNotRising):
		last = 0
	}
	return max(min(own, ceiling), last+1)
}
