package document

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted reads a text in quotes, which may go on on lines that are indented
// more than indent; an indent of -1 also allows none.
func (p *parser) quoted(indent int) *Node {
	n := p.node(KindText, p.pos)
	if end := quotedEnd(p.text, p.pos); end > 0 {
		if inner := p.text[p.pos+1 : end-1]; strings.IndexByte(inner, '\'') < 0 && strings.IndexByte(inner, '\\') < 0 || p.text[p.pos] == '\'' && strings.IndexByte(inner, '\'') < 0 {
			n.Text, n.inline, p.pos = inner, 1, end
			return n
		}
	}
	quote := p.text[p.pos]
	n.inline = -1
	var text quotedText
	p.pos++
	for p.pos < len(p.text) && !p.stopped {
		switch c := p.text[p.pos]; {
		case c == quote && quote == '\'' && p.peek(1) == '\'':
			text.escape("'")
			p.pos += 2
		case c == quote:
			p.pos++
			n.Text = string(text.bytes)
			return n
		case c == '\\' && quote == '"':
			p.escaped(&text)
		case isBreak(c):
			p.quotedBreak(&text, indent)
		default:
			text.bytes = append(text.bytes, c)
			p.pos++
		}
	}
	p.failAt(n.Line, n.Column, "yaml/syntax", "", "the quote that begins here is not closed")
	return nil
}

// quotedText is the text of quotes as far as it was read.
type quotedText struct {
	bytes []byte
	// firm is how many bytes are not blanks that a line break takes away.
	firm int
}

func (t *quotedText) escape(meaning string) {
	t.bytes = append(t.bytes, meaning...)
	t.firm = len(t.bytes)
}

// fold writes what line breaks stand for; the blanks before them go.
func (t *quotedText) fold(breaks int) {
	end := len(t.bytes)
	for end > t.firm && isBlank(t.bytes[end-1]) {
		end--
	}
	t.bytes = t.bytes[:end]
	if breaks == 1 {
		t.escape(" ")
		return
	}
	for range breaks - 1 {
		t.escape("\n")
	}
}

// quotedBreak folds the line breaks inside quotes.
func (p *parser) quotedBreak(text *quotedText, indent int) {
	text.fold(p.breaks())
	if p.pos < len(p.text) && (p.column() <= indent || p.marker("---") || p.marker("...")) {
		p.fail(p.pos, "yaml/syntax", "indent it, or close the quote", "a text in quotes goes on here")
	}
}

// breaks goes past line breaks and the indentations behind them, and returns
// how many there were.
func (p *parser) breaks() (n int) {
	for p.pos < len(p.text) && isBreak(p.text[p.pos]) {
		p.newline()
		p.blanks()
		n++
	}
	return n
}

// escapes of a text in double quotes.
var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

// escaped reads an escape.
func (p *parser) escaped(text *quotedText) {
	c := p.peek(1)
	switch {
	case isBreak(c):
		p.pos++
		text.firm = len(text.bytes) // blanks before the backslash stay
		if n := p.breaks(); n > 1 {
			text.fold(n)
		}
		return
	case c == 'x' || c == 'u' || c == 'U':
		digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
		if p.pos+2+digits <= len(p.text) {
			code, err := strconv.ParseUint(p.text[p.pos+2:p.pos+2+digits], 16, 32)
			if err == nil && utf8.ValidRune(rune(code)) {
				text.escape(string(rune(code)))
				p.pos += 2 + digits
				return
			}
		}
	default:
		if meaning, ok := escapes[c]; ok {
			text.escape(meaning)
			p.pos += 2
			return
		}
	}
	p.fail(p.pos, "yaml/syntax", "in single quotes a backslash is itself", "unknown escape")
}
