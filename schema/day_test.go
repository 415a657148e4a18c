package schema

import (
	"testing"
	"time"
)

func TestADeadlineIsADayInChina(t *testing.T) {
	at := func(text string) int64 {
		moment, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("", 8*60*60))
		if err != nil {
			t.Fatal(err)
		}
		return moment.UnixMilli()
	}
	for _, c := range []struct {
		due, now string
		want     int64
	}{
		{"2026-11-26 00:00", "2026-11-26 23:59", 0},
		{"2026-11-26 18:00", "2026-11-26 00:00", 0},
		{"2026-11-26 18:00", "2026-11-26 19:00", 0},
		{"2026-11-26 18:00", "2026-11-25 19:00", 1},
		{"2026-11-26 18:00", "2026-11-27 09:00", -1},
		{"2026-10-09 18:00", "2026-11-26 09:00", -48},
		{"2026-10-09 18:00", "2026-11-26 19:00", -48},
	} {
		if got := DaysTo(at(c.due), at(c.now)); got != c.want {
			t.Errorf("due %s, at %s: %d days, want %d", c.due, c.now, got, c.want)
		}
	}
}
