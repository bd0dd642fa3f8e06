package ingest

import (
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/ttpstream/ttpstream/schemas"
)

// reader reads the members of one object. The first member that cannot be read
// as asked refuses the record, and what is read after it is of no use.
type reader struct {
	object  *object
	words   words
	refusal *Refusal
}

func (e *reader) refuse(reason, detail string) {
	if e.refusal == nil {
		e.refusal = refuse(reason, detail)
	}
}

// member returns the member of that name, or nil where it is absent or null.
func (e *reader) member(name string) *member {
	m := e.object.get(name)
	if m == nil || m.kind == kindNull {
		return nil
	}
	return m
}

// text returns a string member, or nothing where it is absent.
func (e *reader) text(name string) string {
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
func (e *reader) required(name string) string {
	if e.member(name) == nil {
		e.refuse(ReasonMissingField, "the event has no "+name)
		return ""
	}
	return e.text(name)
}

// credential is text of a member whose digits a converter may have taken for
// a number.
func (e *reader) credential(name string) string {
	if m := e.member(name); m != nil && m.kind == kindNumber {
		return string(m.text)
	}
	return e.text(name)
}

// word is text of a member that says the same on many lines.
func (e *reader) word(name string) string {
	m := e.member(name)
	if m == nil || m.kind != kindString {
		return e.text(name)
	}
	return e.words.get(m.text)
}

// clipped is text of a member that may be cut to what a record holds.
func (e *reader) clipped(name string) string {
	return clip(e.text(name), schemas.MaxLongText)
}

// number returns a number, also one that is written as a string, which older
// releases and exports do. ok is false where the member is absent.
func (e *reader) number(name string) (value float64, ok bool) {
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
func (e *reader) whole(name string, limit float64) int64 {
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

func (e *reader) port(name string) int { return int(e.whole(name, 65535)) }

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
