package eval

import (
	"unsafe"

	"github.com/ttpstream/ttpstream/rules/match"
)

// value reads any value. k is nil where it is not wanted.
func (d *decoder) value(k *key, depth int) error {
	if d.at == len(d.line) {
		return errEnd
	}
	switch c := d.line[d.at]; c {
	case '"':
		return d.textValue(k, depth)
	case '{':
		if k != nil && k.keep {
			d.slot(k)
		}
		if k != nil && !k.deep {
			k = nil
		}
		return d.object(k, depth)
	case '[':
		return d.list(k, depth)
	case 't':
		return d.word("true", k, match.Bool(true))
	case 'f':
		return d.word("false", k, match.Bool(false))
	case 'n':
		if k != nil && k.keep {
			d.slot(k)
		}
		return d.word("null", nil, match.Value{})
	}
	return d.numberValue(k)
}

func (d *decoder) textValue(k *key, depth int) error {
	keep := k != nil && k.keep
	isKind := depth == 1 && k != nil && k.name == "source_kind"
	text, err := d.text(keep || isKind)
	if err != nil {
		return err
	}
	if isKind {
		d.kind = text
	}
	if !keep {
		return nil
	}
	return d.add(k, match.Text(unsafe.String(unsafe.SliceData(text), len(text))))
}

func (d *decoder) list(k *key, depth int) error {
	if depth == maxDepth {
		return errDeep
	}
	if k != nil && k.keep {
		d.slot(k)
	}
	d.at++
	d.space()
	if d.at < len(d.line) && d.line[d.at] == ']' {
		d.at++
		return nil
	}
	for {
		if err := d.value(k, depth+1); err != nil {
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
		case ']':
			d.at++
			return nil
		default:
			return errComma
		}
	}
}

func (d *decoder) word(word string, k *key, v match.Value) error {
	if len(d.line)-d.at < len(word) || string(d.line[d.at:d.at+len(word)]) != word {
		return errValue
	}
	d.at += len(word)
	if k == nil || !k.keep {
		return nil
	}
	return d.add(k, v)
}

func (d *decoder) numberValue(k *key) error {
	if c := d.line[d.at]; c != '-' && c-'0' > 9 {
		return errValue
	}
	end, whole, err := number(d.line, d.at)
	if err != nil {
		return err
	}
	text := d.line[d.at:end]
	d.at = end
	if k == nil || !k.keep {
		return nil
	}
	if n, exact := parseNumber(text, whole); exact {
		return d.add(k, match.Number(n))
	}
	// A number of many digits is compared as it is written.
	return d.add(k, match.Text(unsafe.String(unsafe.SliceData(text), len(text))))
}

// slot returns where the event has the field, and adds it if it has not.
func (d *decoder) slot(k *key) int {
	if k.generation != d.generation {
		k.generation, k.place = d.generation, d.into.AddRef(k.ref)
	}
	return k.place
}

func (d *decoder) add(k *key, v match.Value) error {
	if d.values++; d.values > maxValues {
		return errTooMany
	}
	d.into.Append(d.slot(k), v)
	return nil
}
