package document

import "strings"

// flow reads a list or a map in brackets.
func (p *parser) flow(depth int) *Node {
	if depth > MaxDepth {
		p.fail(p.pos, "yaml/limit", "", "nested more than %d deep", MaxDepth)
		return nil
	}
	if p.text[p.pos] == '[' {
		return p.flowList(depth)
	}
	return p.flowMap(depth)
}

func (p *parser) flowList(depth int) *Node {
	list := p.node(KindList, p.pos)
	for p.pos++; p.flowNext(list); {
		if p.at(']') {
			p.pos++
			return list
		}
		item := p.flowItem(depth + 1)
		if p.stopped {
			return nil
		}
		if p.flowNext(list) && p.at(':') {
			item = p.flowPair(item, depth)
		}
		if p.stopped || !p.flowComma(list, ']') {
			return nil
		}
		list.Items = append(list.Items, item)
		list.size += item.size
	}
	return nil
}

// flowPair reads the value of an entry that is a map of one key.
func (p *parser) flowPair(key *Node, depth int) *Node {
	if !key.Scalar() {
		p.failAt(key.Line, key.Column, "yaml/key", "write key: value", "a key must be a text")
		return nil
	}
	m := p.node(KindMap, p.pos)
	m.Line, m.Column = key.Line, key.Column
	p.pos++
	value := p.flowValue(m, depth+1)
	if p.stopped {
		return nil
	}
	p.add(m, &seen{}, key, value)
	return m
}

func (p *parser) flowMap(depth int) *Node {
	m := p.node(KindMap, p.pos)
	seen := seen{}
	for p.pos++; p.flowNext(m); {
		if p.at('}') {
			p.pos++
			return m
		}
		key := p.flowKey()
		if p.stopped || !p.flowNext(m) {
			return nil
		}
		var value *Node
		if p.at(':') {
			p.pos++
			value = p.flowValue(m, depth+1)
		} else {
			value = p.node(KindNull, p.pos)
		}
		if p.stopped {
			return nil
		}
		p.add(m, &seen, key, value)
		if !p.flowComma(m, '}') {
			return nil
		}
	}
	return nil
}

// flowKey reads a key of a map in brackets.
func (p *parser) flowKey() *Node {
	switch c := p.text[p.pos]; {
	case c == '"' || c == '\'':
		return p.quoted(-1)
	case c == '?' && p.indicator(1):
		p.fail(p.pos, "yaml/key", "write key: value", "keys of the form \"? key\" are not supported")
	case c == '[' || c == '{' || c == '&' || c == '*':
		p.fail(p.pos, "yaml/key", "write key: value", "a key must be a plain text")
	case c != ':' && p.refused():
	default:
		from := p.pos
		key := p.plainKey(true)
		if p.text[from:p.pos] == "<<" {
			p.fail(from, "yaml/merge", "write the entries out", "merge keys are not supported")
		}
		if p.pos == from && !p.at(':') {
			p.fail(from, "yaml/syntax", "", "want a key here")
		}
		return key
	}
	return nil
}

// flowValue reads what stands behind a colon, maybe nothing.
func (p *parser) flowValue(open *Node, depth int) *Node {
	if !p.flowNext(open) {
		return nil
	}
	if p.at(',') || p.at('}') || p.at(']') {
		return p.node(KindNull, p.pos)
	}
	return p.flowItem(depth)
}

// flowItem reads a value inside brackets.
func (p *parser) flowItem(depth int) *Node {
	switch p.text[p.pos] {
	case '"', '\'':
		return p.quoted(-1)
	case '[', '{':
		return p.flow(depth)
	case '*':
		return p.alias()
	case '&':
		name, ok := p.anchor()
		if ok && !p.content() {
			p.fail(p.pos, "yaml/syntax", "", "the text ends behind an anchor")
		}
		if p.stopped {
			return nil
		}
		n := p.flowItem(depth)
		p.remember(name, n)
		return n
	}
	if p.refused() {
		return nil
	}
	return p.flowPlain()
}

// flowPlain reads a plain text inside brackets, which may go on on further
// lines.
func (p *parser) flowPlain() *Node {
	n := p.node(KindText, p.pos)
	end, goesOn := p.plainEnd(true)
	n.Text = p.text[p.pos:end]
	p.pos = end
	var text strings.Builder
	for goesOn && p.pos < len(p.text) {
		pos, line, start := p.pos, p.line, p.start
		p.blanks()
		breaks := p.breaks()
		if breaks == 0 || p.pos >= len(p.text) || p.at('#') {
			p.pos, p.line, p.start = pos, line, start
			break
		}
		if end, goesOn = p.plainEnd(true); end == p.pos {
			break
		}
		if n.inline == 0 {
			text.WriteString(n.Text)
			n.inline = -1
		}
		fold(&text, breaks)
		text.WriteString(p.text[p.pos:end])
		p.pos = end
	}
	if n.inline < 0 {
		n.Text = text.String()
	}
	if n.inline == 0 {
		plainKind(n)
	}
	return n
}

// flowNext goes to the next thing inside brackets; it fails at the end of the
// text or of the document.
func (p *parser) flowNext(open *Node) bool {
	if p.stopped {
		return false
	}
	if !p.content() || p.marker("---") || p.marker("...") {
		p.failAt(open.Line, open.Column, "yaml/syntax", "", "the bracket that opens here is not closed")
		return false
	}
	return true
}

// flowComma goes past a comma, or stays at the closing bracket.
func (p *parser) flowComma(open *Node, closing byte) bool {
	if !p.flowNext(open) {
		return false
	}
	if p.at(',') {
		p.pos++
		return true
	}
	if !p.at(closing) {
		p.fail(p.pos, "yaml/syntax", "", "want a comma or %q here", string(closing))
		return false
	}
	return true
}
