package eval

import "github.com/ttpstream/ttpstream/rules/match"

// Bounds of one event.
const (
	maxDepth  = 64
	maxValues = 1 << 16
)

// decoder makes facts of JSON lines. It serves one goroutine.
type decoder struct {
	fields wanted
	root   key
	byPath map[string]*field
	keys   int
	// line is being read, at is the next byte; texts are valid until the next
	// line.
	line []byte
	at   int
	// unescaped holds texts that had escapes.
	unescaped  []byte
	generation uint32
	values     int
	into       *match.Fields
	// kind is the value of source_kind at the root.
	kind []byte
}

func newDecoder(fields wanted) *decoder {
	d := &decoder{fields: fields}
	d.forget()
	return d
}

// decode fills into with the line's fields. lifted is the event's source_kind
// if it has one: then into is of no use.
func (d *decoder) decode(line []byte, into *match.Fields) (lifted []byte, err error) {
	d.line, d.at, d.into, d.kind, d.values = line, 0, into, nil, 0
	d.unescaped = d.unescaped[:0]
	if d.generation++; d.keys > maxKeys || d.generation == 0 {
		d.forget()
		d.generation = 1
	}
	d.space()
	if d.at == len(d.line) || d.line[d.at] != '{' {
		return nil, errObject
	}
	if err := d.object(&d.root, 0); err != nil {
		return nil, err
	}
	d.space()
	if d.at != len(d.line) {
		return nil, errRest
	}
	return d.kind, nil
}

// space skips white space.
func (d *decoder) space() {
	for d.at < len(d.line) {
		if c := d.line[d.at]; c > ' ' || c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return
		}
		d.at++
	}
}

// object reads an object whose bracket is next. k is nil where nothing inside
// is wanted.
func (d *decoder) object(k *key, depth int) error {
	if depth == maxDepth {
		return errDeep
	}
	d.at++
	d.space()
	if d.at < len(d.line) && d.line[d.at] == '}' {
		d.at++
		return nil
	}
	for i := 0; ; i++ {
		kid := d.guess(k, i)
		if kid == nil {
			name, err := d.name()
			if err != nil {
				return err
			}
			if i == maxValues {
				return errTooMany
			}
			if k != nil {
				kid = d.kid(k, name, i)
			}
		}
		d.space()
		if err := d.value(kid, depth+1); err != nil {
			return err
		}
		d.space()
		if d.at == len(d.line) {
			return errEnd
		}
		switch c := d.line[d.at]; c {
		case ',':
			d.at++
			d.space()
		case '}':
			d.at++
			return nil
		default:
			return errComma
		}
	}
}

// guess reads the i-th name of an object, and the colon behind it, if it is the
// one that was there in the last object of this place.
func (d *decoder) guess(k *key, i int) *key {
	if k == nil || i >= len(k.order) {
		return nil
	}
	kid := k.order[i]
	end := d.at + len(kid.name) + 1
	if end+1 >= len(d.line) || d.line[end+1] != ':' || d.line[end] != '"' || d.line[d.at] != '"' || string(d.line[d.at+1:end]) != kid.name || kid.odd {
		return nil
	}
	d.at = end + 2
	return kid
}

// name reads a name and the colon behind it.
func (d *decoder) name() ([]byte, error) {
	if d.at == len(d.line) {
		return nil, errEnd
	}
	if d.line[d.at] != '"' {
		return nil, errKey
	}
	name, err := d.text(true)
	if err != nil {
		return nil, err
	}
	d.space()
	if d.at == len(d.line) || d.line[d.at] != ':' {
		return nil, errKey
	}
	d.at++
	return name, nil
}

// text reads a text whose quote is next. It is resolved only if it is wanted,
// and checked if not.
func (d *decoder) text(want bool) ([]byte, error) {
	from := d.at + 1
	end, escaped, err := quoted(d.line, from)
	if err != nil {
		return nil, err
	}
	d.at = end + 1
	text := d.line[from:end]
	if !escaped {
		return text, nil
	}
	begin := len(d.unescaped)
	if d.unescaped, err = unescape(d.unescaped, text); err != nil {
		return nil, err
	}
	text = d.unescaped[begin:]
	if !want {
		d.unescaped = d.unescaped[:begin]
	}
	return text, nil
}
