package schemas

import (
	"errors"
	"fmt"
	"math"
	"time"
	"unicode/utf8"
)

// Bounds on what a record may hold. The attacker writes our input, so every
// text has one.
const (
	// MaxShortText bounds names, ids and versions, in bytes.
	MaxShortText = 1024
	// MaxLongText bounds commands, URLs, headers and the like, in bytes.
	MaxLongText = 64 << 10
	// MaxListLength bounds every list in a record.
	MaxListLength = 1024
)

// Event times outside [MinEventTime, MaxEventTime) are refused: a sensor that
// believes it is 1970 or 2100 would otherwise own the ends of every timeline.
var (
	MinEventTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	MaxEventTime = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
)

// check collects the problems of one record.
type check struct{ problems []error }

func (c *check) add(format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf(format, args...))
}

func (c *check) err(err error) {
	if err != nil {
		c.problems = append(c.problems, err)
	}
}

func (c *check) required(field, text string, limit int) {
	if text == "" {
		c.add("%s: required", field)
	}
	c.bounded(field, text, limit)
}

// bounded also refuses what is not UTF-8: JSON would hold other bytes than
// the ids were made of, and three for each bad one.
func (c *check) bounded(field, text string, limit int) {
	if len(text) > limit {
		c.add("%s: %d bytes, at most %d", field, len(text), limit)
		return
	}
	if !utf8.ValidString(text) {
		c.add("%s: not UTF-8", field)
	}
}

func (c *check) short(field, text string) { c.bounded(field, text, MaxShortText) }
func (c *check) long(field, text string)  { c.bounded(field, text, MaxLongText) }

func (c *check) list(field string, texts []string, limit int) {
	if len(texts) > MaxListLength {
		c.add("%s: %d entries, at most %d", field, len(texts), MaxListLength)
		return
	}
	for _, text := range texts {
		c.bounded(field, text, limit)
	}
}

func (c *check) port(field string, port int) {
	if port < 0 || port > 65535 {
		c.add("%s: %d is no port", field, port)
	}
}

func (c *check) oneOf(field, value string, allowed ...string) {
	for _, a := range allowed {
		if value == a {
			return
		}
	}
	c.add("%s: unknown value %q (one of %q)", field, value, allowed)
}

func (c *check) unit(field string, x float64) {
	if !(x >= 0 && x <= 1) { // also refuses NaN
		c.add("%s: %v is outside [0,1]", field, x)
	}
}

func (c *check) notNegative(field string, x float64) {
	if !(x >= 0 && x <= 1e15) {
		c.add("%s: %v is outside [0,1e15]", field, x)
	}
}

func (c *check) time(field string, t time.Time) {
	if t.Before(MinEventTime) || !t.Before(MaxEventTime) {
		c.add("%s: %s is outside [%s, %s)", field, t.Format(time.RFC3339),
			MinEventTime.Format("2006"), MaxEventTime.Format("2006"))
	}
}

// spelled is for times that may be wrong or missing but must have a spelling
// in JSON, which knows the years 0 to 9999 only.
func (c *check) spelled(field string, t time.Time) {
	if _, offset := t.Zone(); t.Year() < 0 || t.Year() > 9999 || offset <= -24*3600 || offset >= 24*3600 {
		c.add("%s: no RFC 3339 time", field)
	}
}

func (c *check) finite(field string, x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		c.add("%s: %v is no number", field, x)
	}
}

func (c *check) result() error { return errors.Join(c.problems...) }
