package schema

import "time"

// A deadline is a day: until its end what is due is on time, whatever hour is kept of it.
// Imported tables name the first moment of the day, people at headquarters the end of work.

// Zone is that of days: one for all of China.
func Zone() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// DayStart is the first moment of the day that is so many days after that of a moment,
// Unix milliseconds.
func DayStart(at int64, days int) int64 {
	t := time.UnixMilli(at).In(Zone())
	return time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, 0, t.Location()).UnixMilli()
}

// DaysTo is how many days the day of a deadline is away, Unix milliseconds both; negative:
// past.
func DaysTo(due, now int64) int64 {
	return (DayStart(due, 0) - DayStart(now, 0)) / (24 * time.Hour).Milliseconds()
}
