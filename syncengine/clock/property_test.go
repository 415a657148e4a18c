package clock

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// checkClocks lets phones with any wall clock, and headquarters with one that is
// set back, date entries. Each device's rise; none is dated before what its author
// was shown; and none is far ahead of all that headquarters has seen of the time.
func checkClocks(seed uint64) error {
	random := rand.New(rand.NewPCG(seed, 1))
	const phones, lawless = 3, 0 // the latter dates its entries as it likes
	var own, effective [phones]Time
	now := int64(1_790_000_000_000)
	shown, ceiling := Time(0), Time(0)
	for step := range 200 {
		now += random.Int64N(2000)
		if random.IntN(20) == 0 {
			now -= random.Int64N(3_600_000)
		}
		p := random.IntN(phones)
		pulled := random.IntN(2) == 0
		if pulled {
			own[p] = max(own[p], shown)
		}
		before := own[p]
		own[p] = Next(before, wall(random, now))
		if own[p] <= before {
			return fmt.Errorf("step %d: a phone dates %d after %d", step, own[p], before)
		}
		if p == lawless {
			own[p], pulled = FromMillis(wall(random, now)), false
		}
		ceiling = max(ceiling, FromMillis(now+AheadMax.Milliseconds()))
		got := Effective(own[p], effective[p], shown, now)
		switch {
		case got <= effective[p]:
			return fmt.Errorf("step %d: %d does not follow %d", step, got, effective[p])
		case pulled && got <= shown:
			return fmt.Errorf("step %d: %d is not after what was shown, %d", step, got, shown)
		case got > ceiling+Time(step)+1:
			return fmt.Errorf("step %d: %d is beyond %d", step, got, ceiling)
		}
		effective[p], shown = got, max(shown, got)
	}
	return nil
}

// wall is what a phone's clock shows: right, ten years off, frozen or absurd.
func wall(random *rand.Rand, now int64) int64 {
	const tenYears = 10 * 365 * 24 * 3600 * 1000
	return []int64{now, now, now - tenYears, now + tenYears, 0, math.MaxInt64 >> 17}[random.IntN(6)]
}

func TestClocksOfAnySkewKeepProgramOrderAndPoisonNothing(t *testing.T) {
	for seed := range uint64(300) {
		if err := checkClocks(seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
