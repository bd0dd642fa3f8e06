package ingest

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/schemas"
)

// member returns the member of that name, or nil where it is absent or null.
func (e *cowrieEvent) member(name string) *member {
	m := e.object.get(name)
	if m == nil || m.kind == kindNull {
		return nil
	}
	return m
}

// text returns a string member, or nothing where it is absent.
func (e *cowrieEvent) text(name string) string {
	m := e.member(name)
	if m == nil {
		return ""
	}
	if m.kind != kindString {
		e.refuse(ReasonWrongType, name+" is "+m.kind.String()+" and no string")
		return ""
	}
	return string(m.text)
}

// required is text of a member that has to be there, though it may be empty.
func (e *cowrieEvent) required(name string) string {
	if e.member(name) == nil {
		e.refuse(ReasonMissingField, "the event has no "+name)
		return ""
	}
	return e.text(name)
}

// credential is text of a member whose digits a converter may have taken for
// a number.
func (e *cowrieEvent) credential(name string) string {
	if m := e.member(name); m != nil && m.kind == kindNumber {
		return string(m.text)
	}
	return e.text(name)
}

// word is text of a member that says the same on many lines.
func (e *cowrieEvent) word(name string) string {
	m := e.member(name)
	if m == nil || m.kind != kindString {
		return e.text(name)
	}
	return e.words.get(m.text)
}

// clipped is text of a member that may be cut to what a record holds.
func (e *cowrieEvent) clipped(name string) string {
	return clip(e.text(name), schemas.MaxLongText)
}

// message returns Cowrie's sentence, or nothing. Some events have a list
// there.
func (e *cowrieEvent) message() string {
	if m := e.member("message"); m == nil || m.kind != kindString {
		return ""
	}
	return e.clipped("message")
}

// number returns a number, also one that is written as a string, which older
// releases and exports do. ok is false where the member is absent.
func (e *cowrieEvent) number(name string) (value float64, ok bool) {
	m := e.member(name)
	if m == nil {
		return 0, false
	}
	if m.kind != kindNumber && m.kind != kindString {
		e.refuse(ReasonWrongType, name+" is "+m.kind.String()+" and no number")
		return 0, false
	}
	value, err := strconv.ParseFloat(string(m.text), 64)
	if err != nil || math.IsNaN(value) || math.IsInf(value, 0) {
		e.refuse(ReasonWrongType, name+" is no number")
		return 0, false
	}
	return value, true
}

// whole returns a whole number in [0, limit], or 0 where it is absent.
func (e *cowrieEvent) whole(name string, limit float64) int64 {
	value, ok := e.number(name)
	if !ok {
		return 0
	}
	if value != math.Trunc(value) || value < 0 || value > limit {
		e.refuse(ReasonBadValue, name+" is no whole number from 0 to "+strconv.FormatFloat(limit, 'f', -1, 64))
		return 0
	}
	return int64(value)
}

func (e *cowrieEvent) port(name string) int { return int(e.whole(name, 65535)) }

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

// clip cuts text to limit bytes at a rune's boundary.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
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

// words gives one string for all the copies of a word. It is emptied when it
// has grown: an attacker may make up words.
type words map[string]string

const (
	maxWords    = 4096
	maxWordSize = 4096
)

func (w words) get(text []byte) string {
	if word, ok := w[string(text)]; ok {
		return word
	}
	if len(text) > maxWordSize {
		return string(text)
	}
	if len(w) >= maxWords {
		clear(w)
	}
	word := string(text)
	w[word] = word
	return word
}
