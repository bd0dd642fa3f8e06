package match

import (
	"strings"
	"unicode/utf8"
)

// Pattern is text with wildcards, as Sigma writes them: * stands for any
// text, also none, ? for one character. A backslash takes the meaning from a
// wildcard or from another backslash; before anything else it stands for
// itself.
type Pattern struct {
	// parts alternate as written. Neighbouring texts and stars are merged.
	parts []part
	// source is what was written, for people.
	source string
}

// part is one step of a pattern.
type part struct {
	kind partKind
	text string // for partText
}

type partKind uint8

const (
	partText partKind = iota
	partOne           // ?
	partAny           // *
)

// ParsePattern reads wildcards and escapes. Every text is a pattern.
func ParsePattern(s string) Pattern {
	p := Pattern{source: s}
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			p.push(part{text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(`\*?`, s[i+1]) >= 0:
			i++
			text.WriteByte(s[i])
		case c == '*':
			flush()
			p.push(part{kind: partAny})
		case c == '?':
			flush()
			p.push(part{kind: partOne})
		default:
			text.WriteByte(c)
		}
	}
	flush()
	return p
}

// Literal returns the pattern that stands for exactly s.
func Literal(s string) Pattern {
	p := Pattern{source: s}
	if s != "" {
		p.parts = []part{{text: s}}
	}
	return p
}

// Contains returns the pattern with any text allowed on both sides.
func (p Pattern) Contains() Pattern { return p.StartsWith().EndsWith() }

// StartsWith returns the pattern with any text allowed after it.
func (p Pattern) StartsWith() Pattern {
	out := Pattern{source: p.source, parts: append([]part(nil), p.parts...)}
	out.push(part{kind: partAny})
	return out
}

// EndsWith returns the pattern with any text allowed before it.
func (p Pattern) EndsWith() Pattern {
	out := Pattern{source: p.source}
	out.push(part{kind: partAny})
	for _, next := range p.parts {
		out.push(next)
	}
	return out
}

// Source returns the pattern as it was written, before Contains and the like.
func (p Pattern) Source() string { return p.source }

// Text returns the text that the pattern stands for, and whether it stands
// for one text only.
func (p Pattern) Text() (string, bool) {
	switch {
	case len(p.parts) == 0:
		return "", true
	case len(p.parts) == 1 && p.parts[0].kind == partText:
		return p.parts[0].text, true
	}
	return "", false
}

func (p *Pattern) push(next part) {
	if n := len(p.parts); n > 0 && next.kind == partAny && p.parts[n-1].kind == partAny {
		return
	}
	p.parts = append(p.parts, next)
}

// shape returns the cheapest operation that tests the pattern, with its text.
// Only OpGlob needs the parts.
func (p Pattern) shape() (Op, string) {
	text, front, back := "", false, false
	for i, part := range p.parts {
		switch {
		case part.kind == partText && text == "":
			text = part.text
		case part.kind == partAny && i == 0:
			front = true
		case part.kind == partAny && i == len(p.parts)-1:
			back = true
		default:
			return OpGlob, ""
		}
	}
	switch {
	case len(p.parts) == 1 && front, front && back:
		return OpContains, text
	case front:
		return OpSuffix, text
	case back:
		return OpPrefix, text
	}
	return OpEquals, text
}

// folded returns the parts with their texts folded.
func (p Pattern) folded() []part {
	out := make([]part, len(p.parts))
	for i, next := range p.parts {
		out[i] = part{kind: next.kind, text: Fold(next.text)}
	}
	return out
}

// glob reports whether text is made of the parts: the textbook walk that goes
// back to the last star only, in time len(text) × length of parts at worst.
func glob[T string | []byte](parts []part, text T) bool {
	at, retry, from := 0, -1, 0
	for i := 0; ; {
		if i == len(parts) {
			if at == len(text) {
				return true
			}
		} else if parts[i].kind == partAny {
			retry, from = i+1, at
			i++
			continue
		} else if n := take(parts[i], text[at:]); n >= 0 {
			at += n
			i++
			continue
		}
		if retry < 0 || from >= len(text) {
			return false
		}
		from += width(text[from:])
		i, at = retry, from
	}
}

// take returns how many bytes of text the part uses up, -1 if it does not fit.
func take[T string | []byte](p part, text T) int {
	if p.kind == partText {
		if len(text) >= len(p.text) && string(text[:len(p.text)]) == p.text {
			return len(p.text)
		}
		return -1
	}
	if len(text) == 0 {
		return -1
	}
	return width(text)
}

// width returns how many bytes the first character of text has.
func width[T string | []byte](text T) int {
	if text[0] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(string(text[:min(len(text), utf8.UTFMax)]))
	return n
}
