package projections

import (
	"fmt"
	"strconv"
	"time"
)

// number writes thousands with commas: 1,234,567.
func number(n int64) string {
	if n < 1000 { // also what is below 0, which only a bug counts
		return strconv.FormatInt(n, 10)
	}
	return number(n/1000) + fmt.Sprintf(",%03d", n%1000)
}

// String writes the number, with ≥ when there may be more.
func (c Count) String() string {
	if c.Exact {
		return number(c.N)
	}
	return "≥" + number(c.N)
}

// of writes a number and what it counts: "1 tag", "2 tags".
func of(n int64, one, many string) string {
	if n == 1 {
		return number(n) + " " + one
	}
	return number(n) + " " + many
}

// of is the same for a count.
func (c Count) of(one, many string) string {
	if c.N == 1 && c.Exact {
		return c.String() + " " + one
	}
	return c.String() + " " + many
}

// size writes a number of bytes in units of 1000, as disks and networks do.
func size(bytes int64) string {
	if bytes < 1000 {
		return of(bytes, "byte", "bytes")
	}
	value, unit := float64(bytes)/1000, "kB"
	for _, next := range []string{"MB", "GB", "TB"} {
		if value < 999.95 {
			break
		}
		value, unit = value/1000, next
	}
	return fmt.Sprintf("%.1f %s", value, unit)
}

// elapsed writes a duration to three digits or so: "850 ms", "1.2 s", "3m20s".
func elapsed(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	default:
		return d.Round(time.Second).String()
	}
}

// confidence writes a confidence with two digits.
func confidence(c float64) string { return fmt.Sprintf("%.2f", c) }

// confidenceStyle is how sure a finding looks: red from 0.85 on, yellow when
// likely, faint below.
func confidenceStyle(c float64) string {
	switch {
	case c >= 0.85:
		return red
	case c >= LikelyConfidence:
		return yellow
	default:
		return faint
	}
}
