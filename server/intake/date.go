package intake

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"sansuiji/schema"
)

// calendar is what a date needs beside its cell.
type calendar struct {
	year     int  // of dates without one
	date1904 bool // of serial numbers
}

var (
	fullDate    = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$`)
	compactDate = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	monthDate   = regexp.MustCompile(`^(\d{4})[-/.年](\d{1,2})月?$`)
	yearEnd     = regexp.MustCompile(`^(\d{4})年[底末]$`)
	dayDate     = regexp.MustCompile(`^(\d{1,2})月(\d{1,2})日$`)
	// a number, whose last zero is lost
	lostZero  = regexp.MustCompile(`^\d{4}\.1$`)
	timeOfDay = regexp.MustCompile(`^(.*?\d日?)(?:[T ]|上午|下午).*\d{1,2}[:時时]\d{0,2}.*$`)
)

// Serial numbers of days from 1954 to 2119; others are no dates that an office means.
const serialFrom, serialTo = 20_000, 80_000

// date reads a day as Unix milliseconds of its first moment.
func (c calendar) date(cell Cell) (int64, *reason) {
	if day, ok := c.serial(cell.stored()); ok {
		return day.UnixMilli(), nil
	}
	text := strings.TrimSpace(norm.NFKC.String(cell.Text))
	if parts := timeOfDay.FindStringSubmatch(text); parts != nil {
		text = parts[1]
	}
	text = strings.ReplaceAll(text, " ", "")
	for _, word := range []string{"之前", "以前", "前"} {
		text = strings.TrimSuffix(text, word)
	}
	if lostZero.MatchString(text) {
		return 0, because(WrongDate, "可能是 1 月，也可能是 10 月，請寫成 2026-01 或 2026-10",
			"may be January or October: write it like 2026-01 or 2026-10")
	}
	day, ok := c.written(text)
	if !ok {
		return 0, noDate()
	}
	return day.UnixMilli(), nil
}

// serial reads a workbook's number of days, whose fraction is the time.
func (c calendar) serial(text string) (time.Time, bool) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= serialFrom && n < serialTo) {
		return time.Time{}, false
	}
	days := int(math.Floor(n))
	if c.date1904 {
		days += 1462
	}
	return time.Date(1899, 12, 30+days, 0, 0, 0, 0, schema.Zone()), true
}

func (c calendar) written(text string) (time.Time, bool) {
	for _, form := range []*regexp.Regexp{fullDate, compactDate} {
		if p := form.FindStringSubmatch(text); p != nil {
			return day(p[1], p[2], p[3])
		}
	}
	if p := dayDate.FindStringSubmatch(text); p != nil {
		return day(strconv.Itoa(c.year), p[1], p[2])
	}
	if p := yearEnd.FindStringSubmatch(text); p != nil {
		return day(p[1], "12", "31")
	}
	p := monthDate.FindStringSubmatch(strings.TrimRight(text, "底末"))
	if p == nil {
		return time.Time{}, false
	}
	first, ok := day(p[1], p[2], "1")
	return first.AddDate(0, 1, -1), ok
}

// day is a day that exists.
func day(year, month, dayOfMonth string) (time.Time, bool) {
	y, err1 := strconv.Atoi(year)
	m, err2 := strconv.Atoi(month)
	d, err3 := strconv.Atoi(dayOfMonth)
	if err1 != nil || err2 != nil || err3 != nil || y < 1900 || y > 2200 {
		return time.Time{}, false
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, schema.Zone())
	return t, t.Month() == time.Month(m) && t.Day() == d
}
