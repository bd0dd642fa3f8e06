package document

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// parser reads YAML, the part of it that rules are written in, in one pass by
// recursive descent. It stops at the first mistake in the syntax; what is
// merely unwanted is collected.
type parser struct {
	text string
	// pos is where it is; line counts from 1, start is where the line begins.
	pos, line, start int
	problems         Problems
	// stopped: nothing more can be read.
	stopped bool
	anchors map[string]*Node
	// count is how many nodes there are, aliases unfolded; keys how many
	// entries of maps.
	count, keys int
	// room is memory for the nodes to come.
	room []Node
	// counted is a place of this line, or of an earlier one, of which the
	// column is known.
	counted, countedColumn int
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }
func isBreak(c byte) bool { return c == '\n' || c == '\r' }

// at reports whether the next byte is c.
func (p *parser) at(c byte) bool { return p.pos < len(p.text) && p.text[p.pos] == c }

// peek returns the byte i places ahead, 0 at the end.
func (p *parser) peek(i int) byte {
	if p.pos+i < len(p.text) {
		return p.text[p.pos+i]
	}
	return 0
}

// column returns how far the place is from the beginning of its line, in
// bytes: indentations consist of spaces.
func (p *parser) column() int { return p.pos - p.start }

// blanks goes past spaces and tabs.
func (p *parser) blanks() {
	for p.pos < len(p.text) && isBlank(p.text[p.pos]) {
		p.pos++
	}
}

// lineEnd reports whether nothing but a comment is left on the line, and goes
// past the comment.
func (p *parser) lineEnd() bool {
	if p.pos >= len(p.text) || isBreak(p.text[p.pos]) {
		return true
	}
	if p.text[p.pos] == '#' && (p.pos == p.start || isBlank(p.text[p.pos-1])) {
		end := strings.IndexAny(p.text[p.pos:], "\r\n")
		if end < 0 {
			end = len(p.text) - p.pos
		}
		p.pos += end
		return true
	}
	return false
}

// newline goes past one line break.
func (p *parser) newline() {
	if p.at('\r') {
		p.pos++
	}
	if p.at('\n') {
		p.pos++
	}
	p.line++
	p.start = p.pos
}

// content goes to the next thing that is neither space nor comment, on this
// line or a later one, and reports whether there is one.
func (p *parser) content() bool {
	for {
		p.blanks()
		if !p.lineEnd() {
			return true
		}
		if p.pos >= len(p.text) {
			return false
		}
		p.newline()
	}
}

// indented reports whether the line has only spaces before this place, as a
// block must.
func (p *parser) indented() bool {
	for i := p.start; i < p.pos; i++ {
		if p.text[i] == '\t' {
			p.fail(i, "yaml/syntax", "indent with spaces", "a tab in an indentation")
			return false
		}
	}
	return true
}

// place returns line and column of a place on this line, the column in
// characters from 1.
func (p *parser) place(pos int) (line, column int) {
	if p.counted < p.start || p.counted > pos {
		p.counted, p.countedColumn = min(p.start, pos), 1
	}
	p.countedColumn += utf8.RuneCountInString(p.text[p.counted:pos])
	p.counted = pos
	return p.line, p.countedColumn
}

// fail reports a mistake after which nothing can be read.
func (p *parser) fail(pos int, check, hint, format string, args ...any) {
	line, column := p.place(pos)
	p.failAt(line, column, check, hint, format, args...)
}

func (p *parser) failAt(line, column int, check, hint, format string, args ...any) {
	if !p.stopped {
		p.problems = append(p.problems, Problem{Line: line, Column: column, Check: check, Message: fmt.Sprintf(format, args...), Hint: hint})
	}
	p.stopped = true
}

// maxProblems is how many mistakes are told before it stops.
const maxProblems = 50

// problem reports a mistake after which reading goes on.
func (p *parser) problem(n *Node, check, message, hint string) {
	p.stopped = p.stopped || len(p.problems) >= maxProblems
	p.problems = append(p.problems, Problem{Line: n.Line, Column: n.Column, Check: check, Message: message, Hint: hint})
}

// limit reports a limit and stops.
func (p *parser) limit(n *Node, message string) {
	p.failAt(n.Line, n.Column, "yaml/limit", "split the text into several files", "%s", message)
}

// node returns a new node that begins at a place of this line.
func (p *parser) node(kind Kind, pos int) *Node {
	if len(p.room) == 0 {
		p.room = make([]Node, min(256, 16+len(p.text)/64))
	}
	n := &p.room[0]
	p.room = p.room[1:]
	n.Kind, n.size = kind, 1
	n.Line, n.Column = p.place(pos)
	if p.count++; p.count > MaxNodes {
		p.limit(n, fmt.Sprintf("more than %d nodes, aliases unfolded", MaxNodes))
	}
	return n
}
