package ingest

import (
	"bytes"
	"encoding/json"

	"github.com/ttpstream/ttpstream/schemas"
)

// parseValue takes the value at hand into m.
func (o *object) parseValue(m *member) (err error) {
	switch c := o.peek(); {
	case c == '"':
		text, err := o.parseString()
		m.kind, m.text, m.canonical = kindString, text.text, text.canonical
		return err
	case c == '-' || '0' <= c && c <= '9':
		m.kind = kindNumber
		m.text, m.canonical, err = o.parseNumber()
	case c == '[':
		m.kind = kindArray
		m.text, m.canonical, err = o.parseArray()
	case c == '{':
		m.kind = kindObject
		m.text, m.canonical, err = o.parseNested()
	default:
		m.kind, m.text, err = o.parseLiteral()
		m.canonical = m.text
	}
	return err
}

func (o *object) parseLiteral() (valueKind, []byte, error) {
	for _, literal := range [...]struct {
		text string
		kind valueKind
	}{{"null", kindNull}, {"true", kindBool}, {"false", kindBool}} {
		if bytes.HasPrefix(o.line[o.at:], []byte(literal.text)) {
			start := o.at
			o.at += len(literal.text)
			return literal.kind, o.line[start:o.at], nil
		}
	}
	return kindNull, nil, o.wrong("no value where one should be")
}

// jsonString is a string, decoded and in canonical spelling.
type jsonString struct{ text, canonical []byte }

// parseString takes the string at hand, which starts with a quote.
func (o *object) parseString() (jsonString, error) {
	start := o.at
	plain, err := o.skipString()
	if err != nil {
		return jsonString{}, err
	}
	raw := o.line[start:o.at]
	if plain {
		return jsonString{raw[1 : len(raw)-1], raw}, nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return jsonString{}, o.wrong("a malformed string")
	}
	canonical, err := schemas.EncodeJSON(text)
	return jsonString{[]byte(text), canonical}, err
}

// skipString goes past the string at hand. plain says that its bytes are
// their own canonical spelling.
func (o *object) skipString() (plain bool, err error) {
	plain = true
	for i := o.at + 1; i < len(o.line); i++ {
		switch c := o.line[i]; {
		case c == '"':
			o.at = i + 1
			return plain, nil
		case c == '\\':
			plain = false
			i++
		case c < ' ':
			o.at = i
			return false, o.wrong("a control character in a string")
		case c == 0xE2:
			// U+2028 and U+2029, which are escaped, begin with E2. There is
			// nothing else that canonical spelling changes: the line is UTF-8.
			plain = false
		}
	}
	o.at = len(o.line)
	return false, o.wrong("a string without end")
}

// parseNumber takes the number at hand. A whole number is its own canonical
// spelling.
func (o *object) parseNumber() (text, canonical []byte, err error) {
	start, whole := o.at, true
	for ; o.at < len(o.line); o.at++ {
		c := o.line[o.at]
		if '0' <= c && c <= '9' || c == '-' && o.at == start {
			continue
		}
		if c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-' {
			break
		}
		whole = false
	}
	text = o.line[start:o.at]
	digits := bytes.TrimPrefix(text, []byte("-"))
	if whole && len(digits) > 0 && digits[0] != '0' || len(text) == 1 && text[0] == '0' {
		return text, text, nil
	}
	canonical, err = o.viaEncodingJSON(text)
	return text, canonical, err
}

// parseArray takes the list at hand. One of plain strings, such as an SSH
// client's algorithms, is spelt here; any other by the reference.
func (o *object) parseArray() (text, canonical []byte, err error) {
	start := o.at
	o.at++
	tight := true // no white space: the bytes are their own canonical spelling
	for o.at < len(o.line) && o.line[o.at] == '"' {
		plain, err := o.skipString()
		if err != nil {
			return nil, nil, err
		}
		if !plain {
			break
		}
		if o.peek() == ',' {
			o.at++
			if o.peek() == ' ' {
				o.at++
				tight = false
			}
			continue
		}
		if o.peek() != ']' {
			break
		}
		o.at++
		text = o.line[start:o.at]
		if tight {
			return text, text, nil
		}
		return text, untighten(text), nil
	}
	o.at = start
	return o.parseNested()
}

// untighten removes the one blank after each comma between the strings of a
// list. The strings are plain: a quote ends one.
func untighten(list []byte) []byte {
	out := make([]byte, 0, len(list))
	inside := false
	for _, c := range list {
		if c == '"' {
			inside = !inside
		}
		if c == ' ' && !inside {
			continue
		}
		out = append(out, c)
	}
	return out
}

// parseNested takes the list or object at hand, whatever is in it.
func (o *object) parseNested() (text, canonical []byte, err error) {
	start, depth := o.at, 0
	for o.at < len(o.line) {
		switch o.line[o.at] {
		case '"':
			if _, err := o.skipString(); err != nil {
				return nil, nil, err
			}
			continue
		case '[', '{':
			if depth++; depth > maxDepth {
				return nil, nil, refuse(ReasonTooDeep, "values nest too deep")
			}
		case ']', '}':
			depth--
		}
		o.at++
		if depth == 0 {
			text = o.line[start:o.at]
			canonical, err = o.viaEncodingJSON(text)
			return text, canonical, err
		}
	}
	return nil, nil, o.wrong("a list or object without end")
}
