package ingest

import "strings"

// message returns Cowrie's sentence, or nothing. Some events have a list
// there.
func (e *cowrieEvent) message() string {
	if m := e.member("message"); m == nil || m.kind != kindString {
		return ""
	}
	return e.clipped("message")
}

// seconds returns a duration: duration_ms since 2026, before that duration in
// seconds, as a number or as a string. A clock that was set back in between
// gives a negative one, which says nothing.
func (e *cowrieEvent) seconds() float64 {
	value, ok := e.number("duration_ms")
	if ok {
		value /= 1000
	} else {
		value, _ = e.number("duration")
	}
	return max(value, 0)
}

// bare takes off the wrapping of Python's repr of bytes, b'…', which Cowrie
// put around what clients sent.
func bare(text string) string {
	if inner, ok := strings.CutPrefix(text, "b'"); ok {
		if inner, ok := strings.CutSuffix(inner, "'"); ok {
			return inner
		}
	}
	return text
}
