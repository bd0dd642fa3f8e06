package document

import "fmt"

// block reads a node that stands below or behind one of the given indentation;
// the reader is at its first letter. It returns nil when it has stopped.
func (p *parser) block(indent, depth int) *Node {
	if depth > MaxDepth {
		p.fail(p.pos, "yaml/limit", "", "nested more than %d deep", MaxDepth)
		return nil
	}
	switch p.text[p.pos] {
	case '-':
		if p.indicator(1) {
			return p.sequence(p.column(), depth)
		}
	case '?':
		if p.indicator(1) {
			p.fail(p.pos, "yaml/key", "write key: value", "keys of the form \"? key\" are not supported")
			return nil
		}
	case '&':
		if name, ok := p.anchorBefore(); ok {
			return p.anchored(name, indent, depth)
		}
		return nil
	}
	if p.isKey() {
		return p.mapping(p.column(), depth)
	}
	return p.value(indent, depth)
}

// indicator reports whether what is i places ahead ends a mark like - or :.
func (p *parser) indicator(i int) bool {
	c := p.peek(i)
	return c == 0 || isBlank(c) || isBreak(c)
}

// sequence reads the entries that begin with a dash in one column.
func (p *parser) sequence(column, depth int) *Node {
	if !p.indentedEntry() {
		return nil
	}
	list := p.node(KindList, p.pos)
	for !p.stopped {
		p.pos++
		p.blanks()
		item := p.entry(column, depth, false)
		if p.stopped {
			return nil
		}
		list.Items = append(list.Items, item)
		list.size += item.size
		if !p.next(column) || !p.at('-') || !p.indicator(1) {
			break
		}
	}
	return list
}

// indentedEntry checks the indentation of the first entry of a line.
func (p *parser) indentedEntry() bool {
	for i := p.start; i < p.pos; i++ {
		if p.text[i] != ' ' {
			return p.text[i] == '-' || p.indented() // the entry of an entry
		}
	}
	return true
}

// next goes to the next line with content and reports whether it goes on in
// that column.
func (p *parser) next(column int) bool {
	if !p.content() || p.stopped || p.marker("---") || p.marker("...") {
		return false
	}
	if p.column() == column {
		return p.indented()
	}
	if p.column() > column {
		p.fail(p.pos, "yaml/syntax", "an indentation may be wrong, or a key without a space after its colon", "this belongs to nothing above it")
	}
	return false
}

// entry reads what follows a dash or a colon: on the line, or on the lines
// below, indented. A list below a key may stand in the key's own column.
func (p *parser) entry(column, depth int, key bool) *Node {
	mark := p.pos
	if !p.lineEnd() {
		if key {
			return p.inlineValue(column, depth+1)
		}
		return p.block(column, depth+1)
	}
	pos, line, start := p.pos, p.line, p.start // where nothing follows, the entry is null and stands here
	if p.content() && !p.marker("---") && !p.marker("...") {
		if p.column() > column || key && p.column() == column && p.at('-') && p.indicator(1) {
			if !p.indented() {
				return nil
			}
			return p.block(column, depth+1)
		}
	}
	p.pos, p.line, p.start = pos, line, start
	for mark > p.start && isBlank(p.text[mark-1]) {
		mark--
	}
	return p.node(KindNull, mark)
}

// inlineValue reads the value that begins on the line of its key.
func (p *parser) inlineValue(column, depth int) *Node {
	switch {
	case depth > MaxDepth:
		p.fail(p.pos, "yaml/limit", "", "nested more than %d deep", MaxDepth)
		return nil
	case p.at('-') && p.indicator(1):
		p.fail(p.pos, "yaml/syntax", "write it on the next line", "a list cannot begin behind a key")
		return nil
	case p.at('&'):
		if name, ok := p.anchor(); ok {
			return p.anchored(name, column, depth)
		}
		return nil
	}
	return p.value(column, depth)
}

// mapping reads the entries whose keys stand in one column.
func (p *parser) mapping(column, depth int) *Node {
	if !p.indentedEntry() {
		return nil
	}
	m := p.node(KindMap, p.pos)
	seen := seen{}
	for !p.stopped {
		key := p.key(false)
		if p.stopped {
			return nil
		}
		p.blanks()
		value := p.entry(column, depth, true)
		if p.stopped {
			return nil
		}
		p.add(m, &seen, key, value)
		if !p.next(column) {
			break
		}
		if !p.isKey() {
			if !p.stopped {
				p.fail(p.pos, "yaml/syntax", "a key ends with a colon and a space", "want a key here")
			}
			return nil
		}
	}
	return m
}

// seen finds repeated keys, of small maps by looking at all.
type seen struct{ keys map[string]*Node }

func (s *seen) before(m *Node, key string) *Node {
	if s.keys == nil && len(m.Keys) <= 16 {
		for _, k := range m.Keys {
			if k.Text == key {
				return k
			}
		}
		return nil
	}
	if s.keys == nil {
		s.keys = make(map[string]*Node, 2*len(m.Keys))
		for _, k := range m.Keys {
			s.keys[k.Text] = k
		}
	}
	return s.keys[key]
}

// add adds an entry to a map, unless there is something wrong with its key.
func (p *parser) add(m *Node, seen *seen, key, value *Node) {
	if p.keys++; p.keys > MaxKeys {
		p.limit(key, fmt.Sprintf("more than %d keys", MaxKeys))
		return
	}
	if before := seen.before(m, key.Text); before != nil {
		p.problem(key, "yaml/duplicate-key", fmt.Sprintf("key %q is there already, at line %d", key.Text, before.Line), "remove one of them")
		return
	}
	if seen.keys != nil {
		seen.keys[key.Text] = key
	}
	m.Keys, m.Values = append(m.Keys, key), append(m.Values, value)
	m.size += key.size + value.size
}

// isKey reports whether a key and its colon stand here, on one line.
func (p *parser) isKey() bool {
	switch c := p.text[p.pos]; c {
	case '"', '\'':
		end := quotedEnd(p.text, p.pos)
		if end < 0 {
			return false
		}
		for end < len(p.text) && isBlank(p.text[end]) {
			end++
		}
		return end < len(p.text) && p.text[end] == ':' && (end+1 == len(p.text) || isBlank(p.text[end+1]) || isBreak(p.text[end+1]))
	case '[', '{', '|', '>', '#', '!', '%', '@', '`', ',', ']', '}':
		return false
	case '-', '?', ':':
		if p.indicator(1) {
			return false
		}
	}
	for i := p.pos; i < len(p.text) && !isBreak(p.text[i]); i++ {
		switch p.text[i] {
		case ':':
			if i+1 == len(p.text) || isBlank(p.text[i+1]) || isBreak(p.text[i+1]) {
				return true
			}
		case '#':
			if i > p.pos && isBlank(p.text[i-1]) {
				return false
			}
		}
	}
	return false
}

// quotedEnd returns where a quoted text ends, -1 if not on its line.
func quotedEnd(text string, from int) int {
	quote := text[from]
	for i := from + 1; i < len(text) && !isBreak(text[i]); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return -1
}

// key reads a key and goes past its colon.
func (p *parser) key(flow bool) *Node {
	from := p.pos
	var key *Node
	switch p.text[p.pos] {
	case '"', '\'':
		key = p.quoted(-1)
	case '*', '&', '!', '?':
		if p.text[p.pos] != '?' || p.indicator(1) {
			p.fail(p.pos, "yaml/key", "write key: value", "a key must be a plain text")
			return nil
		}
		fallthrough
	default:
		key = p.plainKey(flow)
	}
	if p.stopped {
		return nil
	}
	if p.text[from:p.pos] == "<<" {
		p.fail(from, "yaml/merge", "write the entries out", "merge keys are not supported")
		return nil
	}
	p.blanks()
	if !p.at(':') {
		p.fail(p.pos, "yaml/syntax", "", "want a colon behind the key")
		return nil
	}
	p.pos++
	return key
}
