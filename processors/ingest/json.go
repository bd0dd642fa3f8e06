package ingest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ttpstream/ttpstream/schemas"
)

// maxDepth bounds how deep values may nest in a line. The deepest that any
// sensor writes is four.
const maxDepth = 32

// valueKind is what sort of JSON value a member holds.
type valueKind byte

const (
	kindNull valueKind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

func (k valueKind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "an object"}[k]
}

// member is one member of an object. Its slices point into the line, or into
// memory of their own.
type member struct {
	// name is the member's name, decoded; quoted is its canonical spelling.
	name, quoted []byte
	kind         valueKind
	// text is a string decoded, and any other value as written.
	text []byte
	// canonical is the value as [schemas.CanonicalJSON] spells it.
	canonical []byte
}

// object is one JSON object, taken apart in a single pass. It accepts what
// encoding/json accepts but for depth, and spells what it accepts as
// [schemas.CanonicalJSON] does: a fuzz test holds it to that. What needs no
// rewriting (strings without escapes, whole numbers) points into the line;
// everything else takes the way through encoding/json.
//
// The zero value is ready for use, and use again: parse forgets what was.
type object struct {
	members []member // as written
	order   []int32  // places in members, by name; names are distinct
	line    []byte
	at      int
}

// parse takes line apart. Errors: a [*Refusal] with not_json, not_object or
// too_deep.
func (o *object) parse(line []byte) error {
	o.members, o.line, o.at = o.members[:0], line, 0
	if o.space(); o.peek() != '{' {
		if !json.Valid(line) {
			return o.wrong("no JSON value")
		}
		return refuse(ReasonNotObject, "the line is JSON, but no object")
	}
	if err := o.parseMembers(); err != nil {
		return err
	}
	if o.space(); o.at != len(line) {
		return o.wrong("something after the object")
	}
	o.sort()
	return nil
}

// sort puts the members in the order of their names, and keeps the last of
// each name.
func (o *object) sort() {
	o.order = o.order[:0]
	for i := range o.members {
		o.order = append(o.order, int32(i))
	}
	slices.SortFunc(o.order, func(a, b int32) int {
		return cmp.Or(bytes.Compare(o.members[a].name, o.members[b].name), cmp.Compare(a, b))
	})
	kept := o.order[:0]
	for i, at := range o.order {
		if i+1 < len(o.order) && bytes.Equal(o.members[at].name, o.members[o.order[i+1]].name) {
			continue
		}
		kept = append(kept, at)
	}
	o.order = kept
}

// get returns the member of that name, or nil.
func (o *object) get(name string) *member {
	low, high := 0, len(o.order)
	for low < high {
		middle := (low + high) / 2
		if string(o.members[o.order[middle]].name) < name {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == len(o.order) {
		return nil
	}
	if m := &o.members[o.order[low]]; string(m.name) == name {
		return m
	}
	return nil
}

// appendCanonical appends the canonical spelling of the members that keep
// returns true for.
func (o *object) appendCanonical(out []byte, keep func(*member) bool) []byte {
	out = append(out, '{')
	first := true
	for _, at := range o.order {
		m := &o.members[at]
		if !keep(m) {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(out, m.quoted...)
		out = append(out, ':')
		out = append(out, m.canonical...)
	}
	return append(out, '}')
}

func (o *object) parseMembers() error {
	o.at++ // the brace
	if o.space(); o.peek() == '}' {
		o.at++
		return nil
	}
	for {
		var m member
		if o.space(); o.peek() != '"' {
			return o.wrong("no name where one should be")
		}
		name, err := o.parseString()
		if err != nil {
			return err
		}
		m.name, m.quoted = name.text, name.canonical
		if o.space(); o.peek() != ':' {
			return o.wrong("no colon after a name")
		}
		o.at++
		o.space()
		if err := o.parseValue(&m); err != nil {
			return err
		}
		o.members = append(o.members, m)
		o.space()
		switch o.peek() {
		case ',':
			o.at++
		case '}':
			o.at++
			return nil
		default:
			return o.wrong("no comma or brace after a value")
		}
	}
}

// peek returns the byte at hand, or 0 at the end.
func (o *object) peek() byte {
	if o.at < len(o.line) {
		return o.line[o.at]
	}
	return 0
}

func (o *object) space() {
	for o.at < len(o.line) {
		switch o.line[o.at] {
		case ' ', '\t', '\r', '\n':
			o.at++
		default:
			return
		}
	}
}

func (o *object) wrong(what string) error {
	return refuse(ReasonNotJSON, fmt.Sprintf("not JSON at byte %d: %s", o.at+1, what))
}

// viaEncodingJSON spells a value by way of the reference.
func (o *object) viaEncodingJSON(raw []byte) ([]byte, error) {
	canonical, err := schemas.CanonicalJSON(raw)
	if err != nil {
		return nil, o.wrong("a malformed value")
	}
	return canonical, nil
}
