package document

import (
	"regexp"
	"strings"
)

// value reads a scalar, an alias or a flow collection; a plain or quoted text
// may go on on lines that are indented more than indent.
func (p *parser) value(indent, depth int) *Node {
	switch c := p.text[p.pos]; c {
	case '"', '\'':
		n := p.quoted(indent)
		p.ended()
		return n
	case '[', '{':
		n := p.flow(depth)
		p.ended()
		return n
	case '|', '>':
		return p.literal(indent)
	case '*':
		n := p.alias()
		p.ended()
		return n
	}
	if p.refused() {
		return nil
	}
	return p.plain(indent)
}

// refused reports what no plain text may begin with.
func (p *parser) refused() bool {
	switch c := p.text[p.pos]; {
	case c == '!':
		end := p.pos
		for end < len(p.text) && !isBlank(p.text[end]) && !isBreak(p.text[end]) && strings.IndexByte(",]}", p.text[end]) < 0 {
			end++
		}
		p.fail(p.pos, "yaml/tag", "write the value without "+clipped(p.text[p.pos:end]), "tags are not supported")
	case strings.IndexByte("@`%&,]}|>#", c) >= 0, (c == ':' || c == '?' || c == '-') && p.indicator(1):
		p.fail(p.pos, "yaml/syntax", "put the text into quotes", "a text cannot begin with %q", string(c))
	default:
		return false
	}
	return true
}

func clipped(s string) string { return s[:min(len(s), 64)] }

// ended checks that nothing else stands on the line of a value.
func (p *parser) ended() {
	if p.stopped {
		return
	}
	p.blanks()
	if !p.lineEnd() {
		p.fail(p.pos, "yaml/syntax", "put the whole value into quotes", "want the end of the line behind the value")
	}
}

// plainEnd returns where a plain text ends on its line, spaces cut off, and
// whether what follows allows it to go on on the next line.
func (p *parser) plainEnd(flow bool) (end int, goesOn bool) {
	text := p.text
	i := p.pos
scan:
	for i < len(text) {
		switch c := text[i]; c {
		case '\n', '\r':
			break scan
		case '#':
			if i > p.pos && isBlank(text[i-1]) {
				return trimmed(text, p.pos, i), false
			}
		case ':':
			if i+1 == len(text) || isBlank(text[i+1]) || isBreak(text[i+1]) || flow && strings.IndexByte(",[]{}", text[i+1]) >= 0 {
				return trimmed(text, p.pos, i), false
			}
		case ',', '[', ']', '{', '}':
			if flow {
				return trimmed(text, p.pos, i), false
			}
		}
		i++
	}
	return trimmed(text, p.pos, i), true
}

// trimmed returns end with the blanks before it cut off.
func trimmed(text string, from, end int) int {
	for end > from && isBlank(text[end-1]) {
		end--
	}
	return end
}

// plainKey reads a plain text up to its colon.
func (p *parser) plainKey(flow bool) *Node {
	end, _ := p.plainEnd(flow)
	n := p.node(KindText, p.pos)
	n.Text = p.text[p.pos:end]
	p.pos = end
	plainKind(n)
	return n
}

// plain reads a plain text, which may go on on more indented lines.
func (p *parser) plain(indent int) *Node {
	n := p.node(KindText, p.pos)
	end, goesOn := p.plainEnd(false)
	n.Text = p.text[p.pos:end]
	p.pos = end
	if goesOn {
		p.plainLines(n, indent)
	} else {
		p.plainStop(n)
	}
	if n.inline == 0 {
		plainKind(n)
	}
	return n
}

// plainStop reports a plain text that a colon ends, which makes it a key where
// none may be.
func (p *parser) plainStop(n *Node) {
	p.blanks()
	if p.at(':') && !p.stopped {
		p.failAt(n.Line, n.Column, "yaml/syntax", "put the text into quotes", "a colon and a space inside a plain text")
	}
}

// plainLines appends the lines on which a plain text goes on.
func (p *parser) plainLines(n *Node, indent int) {
	var text strings.Builder
	for {
		pos, line, start, breaks := p.pos, p.line, p.start, 0
		for p.pos < len(p.text) {
			p.blanks()
			if p.pos >= len(p.text) || !isBreak(p.text[p.pos]) {
				break
			}
			p.newline()
			breaks++
		}
		if breaks == 0 || p.pos >= len(p.text) || p.column() <= indent || p.at('#') || p.marker("---") || p.marker("...") {
			p.pos, p.line, p.start = pos, line, start
			break
		}
		if text.Len() == 0 {
			text.WriteString(n.Text)
			n.inline = -1
		}
		fold(&text, breaks)
		end, goesOn := p.plainEnd(false)
		text.WriteString(p.text[p.pos:end])
		p.pos = end
		if !goesOn {
			p.plainStop(n)
			break
		}
	}
	if n.inline < 0 {
		n.Text = text.String()
	}
}

// fold writes what line breaks stand for inside a text: one is a space, of
// several the first is nothing.
func fold(text *strings.Builder, breaks int) {
	if breaks == 1 {
		text.WriteByte(' ')
		return
	}
	for range breaks - 1 {
		text.WriteByte('\n')
	}
}

// Spellings of numbers that mean the same as text and as a number.
var (
	wholeNumber   = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	decimalNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?$`)
)

// plainKind says what a plain text is.
func plainKind(n *Node) {
	if n.Text == "" {
		n.Kind = KindNull
		return
	}
	switch c := n.Text[0]; {
	case c == '-' || '0' <= c && c <= '9':
		if len(n.Text) > 64 {
			return
		}
		if wholeNumber.MatchString(n.Text) {
			n.Kind = KindInt
		} else if decimalNumber.MatchString(n.Text) {
			n.Kind = KindFloat
		}
	case len(n.Text) <= 5 && strings.IndexByte("~ntfNTF", c) >= 0:
		switch n.Text {
		case "~", "null", "Null", "NULL":
			n.Kind, n.Text = KindNull, ""
		case "true", "True", "TRUE", "false", "False", "FALSE":
			n.Kind = KindBool
		}
	}
}
