package clock

import "testing"

func TestTimeRisesWhateverTheWallClockShows(t *testing.T) {
	last := Time(0)
	for _, wall := range []int64{1000, 1000, 400, -5, 1001, 1 << 62, 3} {
		next := Next(last, wall)
		if next <= last {
			t.Fatalf("wall %d: %d does not follow %d", wall, next, last)
		}
		last = next
	}
}

func TestEffectiveClockIsBoundedAboveAndRisesWithTheChain(t *testing.T) {
	const now = int64(1_700_000_000_000)
	tenYears := int64(10 * 365 * 24 * 3600 * 1000)
	ceiling := FromMillis(now + AheadMax.Milliseconds())
	cases := []struct {
		name             string
		own, last, shown Time
		want             Time
	}{
		{"sane", FromMillis(now - 5), 0, 0, FromMillis(now - 5)},
		{"ten years ahead", FromMillis(now + tenYears), 0, FromMillis(now), ceiling},
		{"behind its own last", FromMillis(now - tenYears), FromMillis(now), 0, FromMillis(now) + 1},
		{"after what it was shown, though headquarters' clock was set back", ceiling + 9, 0, ceiling + 8, ceiling + 9},
		{"no further than just after what was shown", ceiling + 99, 0, ceiling + 8, ceiling + 9},
	}
	for _, c := range cases {
		if got := Effective(c.own, c.last, c.shown, now); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
