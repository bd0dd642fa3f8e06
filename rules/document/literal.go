package document

import "strings"

// literal reads a block text, behind | or >.
func (p *parser) literal(indent int) *Node {
	n := p.node(KindText, p.pos)
	n.inline = -1
	folded := p.at('>')
	p.pos++
	chomp, given := p.literalHead()
	if p.stopped {
		return nil
	}
	width := 0
	if given > 0 {
		width = max(indent, 0) + given
	} else if width = p.literalWidth(indent); p.stopped {
		return nil
	}
	lines := p.literalLines(width)
	n.Text = joinLines(lines, folded, chomp)
	return n
}

// literalHead reads what stands behind | or >: how line breaks at the end are
// kept, and how far the text is indented, both optional.
func (p *parser) literalHead() (chomp byte, indent int) {
	for p.pos < len(p.text) {
		switch c := p.text[p.pos]; {
		case (c == '-' || c == '+') && chomp == 0:
			chomp = c
		case '1' <= c && c <= '9' && indent == 0:
			indent = int(c - '0')
		default:
			p.ended()
			return chomp, indent
		}
		p.pos++
	}
	return chomp, indent
}

// literalWidth returns how far the first line that is not empty is indented,
// which is how far all are; 0 if nothing belongs to the text.
func (p *parser) literalWidth(indent int) int {
	most := 0
	for i := p.pos; i < len(p.text); {
		i = pastBreak(p.text, i)
		from := i
		for i < len(p.text) && p.text[i] == ' ' {
			i++
		}
		switch {
		case i == len(p.text):
			return max(most, i-from, indent+1, 1)
		case isBreak(p.text[i]):
			most = max(most, i-from)
			continue
		case i-from < max(indent+1, 1):
			return max(most, indent+1, 1)
		case most > i-from:
			p.fail(p.pos, "yaml/syntax", "", "an empty line before the text is indented more than the text")
		}
		return i - from
	}
	return max(indent+1, 1)
}

func pastBreak(text string, i int) int {
	if i < len(text) && text[i] == '\r' {
		i++
	}
	if i < len(text) && text[i] == '\n' {
		i++
	}
	return i
}

// literalLines reads the lines of the text without their indentation. An empty
// one stands last if the text ends with a line break.
func (p *parser) literalLines(width int) []string {
	var lines []string
	for p.pos < len(p.text) {
		end, line, start := p.pos, p.line, p.start
		p.newline()
		spaces := 0
		for spaces < width && p.peek(spaces) == ' ' {
			spaces++
		}
		c := p.peek(spaces)
		atEnd := p.pos+spaces >= len(p.text)
		if spaces < width && !atEnd && !isBreak(c) || width == 0 && (p.marker("---") || p.marker("...")) {
			p.pos, p.line, p.start = end, line, start
			return append(lines, "")
		}
		p.pos += spaces
		to := strings.IndexAny(p.text[p.pos:], "\r\n")
		if to < 0 {
			to = len(p.text) - p.pos
			if to == 0 {
				return append(lines, "")
			}
			lines = append(lines, p.text[p.pos:])
			p.pos = len(p.text)
			return lines
		}
		lines = append(lines, p.text[p.pos:p.pos+to])
		p.pos += to
	}
	return append(lines, "")
}

// joinLines makes a text of lines: as they are, or folded.
func joinLines(lines []string, folded bool, chomp byte) string {
	closed := len(lines) > 0 && lines[len(lines)-1] == ""
	if closed {
		lines = lines[:len(lines)-1]
	}
	filled := len(lines)
	for filled > 0 && lines[filled-1] == "" {
		filled--
	}
	empty := len(lines) - filled
	var text strings.Builder
	for i := 0; i < filled; i++ {
		text.WriteString(lines[i])
		if i+1 == filled {
			break
		}
		blank := 0
		for lines[i+1+blank] == "" {
			blank++
		}
		if next := lines[i+1+blank]; folded && lines[i] != "" && !isBlank(lines[i][0]) && !isBlank(next[0]) {
			fold(&text, blank+1)
		} else {
			text.WriteString(strings.Repeat("\n", blank+1))
		}
		i += blank
	}
	if filled > 0 && chomp != '-' && (closed || empty > 0) {
		text.WriteByte('\n')
	}
	if chomp == '+' {
		text.WriteString(strings.Repeat("\n", empty))
	}
	return text.String()
}
