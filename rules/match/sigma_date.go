package match

import (
	"math"
	"time"
)

// DatePart is a part of a date that a rule may ask for.
type DatePart uint8

// The parts. Week is the number of the week by ISO 8601, 1 to 53.
const (
	Minute DatePart = iota + 1
	Hour
	Day
	Week
	Month
	Year
)

var dateParts = [...]string{Minute: "minute", Hour: "hour", Day: "day", Week: "week", Month: "month", Year: "year"}

// String returns the part's name, which is that of its modifier.
func (p DatePart) String() string {
	if int(p) < len(dateParts) {
		return dateParts[p]
	}
	return ""
}

// ParseDatePart is the inverse of String; false for what is no part.
func ParseDatePart(name string) (DatePart, bool) {
	for i, part := range dateParts {
		if part == name && name != "" {
			return DatePart(i), true
		}
	}
	return 0, false
}

// Range returns the least and the highest number that the part can be.
func (p DatePart) Range() (low, high int) {
	switch p {
	case Minute:
		return 0, 59
	case Hour:
		return 0, 23
	case Day:
		return 1, 31
	case Week:
		return 1, 53
	case Month:
		return 1, 12
	}
	return 0, 9999
}

// of returns the part of a value that is a date: text that begins
// 2026-11-24 or 2026/11/24, with a time of day behind a T or a space or
// without one (midnight), or a number of seconds, milli-, micro- or nanoseconds
// since 1970 in UTC, told apart by their size. A text is read as it stands: no
// time zone is looked at, because Sigma converts none.
func (p DatePart) of(v Value) (int, bool) {
	t, ok := dateOf(v)
	if !ok {
		return 0, false
	}
	switch p {
	case Minute:
		return t.Minute(), true
	case Hour:
		return t.Hour(), true
	case Day:
		return t.Day(), true
	case Week:
		_, week := t.ISOWeek()
		return week, true
	case Month:
		return int(t.Month()), true
	case Year:
		return t.Year(), true
	}
	return 0, false
}

func dateOf(v Value) (time.Time, bool) {
	if n, ok := v.Float(); ok {
		return epoch(n)
	}
	text := v.String()
	if len(text) < 10 || text[4] != '-' && text[4] != '/' || text[7] != text[4] {
		return time.Time{}, false
	}
	year, ok1 := number(text[:4])
	month, ok2 := number(text[5:7])
	day, ok3 := number(text[8:10])
	if !ok1 || !ok2 || !ok3 || len(text) > 10 && text[10] != 'T' && text[10] != ' ' && text[10] != 't' {
		return time.Time{}, false
	}
	hour, minute := 0, 0
	if len(text) > 10 {
		if len(text) < 16 || text[13] != ':' {
			return time.Time{}, false
		}
		var ok4, ok5 bool
		hour, ok4 = number(text[11:13])
		minute, ok5 = number(text[14:16])
		if !ok4 || !ok5 {
			return time.Time{}, false
		}
	}
	t := time.Date(year, time.Month(month), day, hour, minute, 0, 0, time.UTC)
	// What is out of range rolls over into another date: that was none.
	if t.Day() != day || int(t.Month()) != month || t.Hour() != hour || t.Minute() != minute {
		return time.Time{}, false
	}
	return t, true
}

// epoch reads a number as a time since 1970. Seconds reach the year 5138, so
// what is larger counts a smaller unit.
func epoch(n float64) (time.Time, bool) {
	if n < 0 || math.IsNaN(n) || n >= 1e20 {
		return time.Time{}, false
	}
	for n >= 1e11 {
		n /= 1000
	}
	return time.Unix(int64(n), 0).UTC(), true
}

// number reads decimal digits only.
func number(text string) (int, bool) {
	n := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	return n, true
}
