package document

import (
	"fmt"
	"strings"
)

// anchorBefore reads an anchor if it belongs to the whole block that follows,
// and not to a first key: nothing else is on its line.
func (p *parser) anchorBefore() (name string, ok bool) {
	back := p.pos
	if name, ok = p.anchor(); !ok {
		return "", false
	}
	if p.lineEnd() || !p.isKey() {
		return name, true
	}
	p.fail(back, "yaml/key", "write the anchor on a line of its own", "a key cannot have an anchor")
	return "", false
}

// anchor reads &name and the spaces behind it.
func (p *parser) anchor() (name string, ok bool) {
	from := p.pos
	p.pos++
	if name, ok = p.name(); !ok {
		p.fail(from, "yaml/syntax", "", "an anchor without a name")
	}
	p.blanks()
	if ok && p.at('&') {
		p.fail(p.pos, "yaml/syntax", "", "two anchors for one value")
		return "", false
	}
	return name, ok
}

// name reads the name of an anchor or alias.
func (p *parser) name() (string, bool) {
	from := p.pos
	for p.pos < len(p.text) && !isBlank(p.text[p.pos]) && !isBreak(p.text[p.pos]) && strings.IndexByte("[]{},", p.text[p.pos]) < 0 {
		p.pos++
	}
	return p.text[from:p.pos], p.pos > from
}

// anchored reads the block that an anchor names.
func (p *parser) anchored(name string, indent, depth int) *Node {
	var n *Node
	if p.lineEnd() {
		n = p.entry(indent, depth-1, indent >= 0)
	} else {
		n = p.block(indent, depth)
	}
	p.remember(name, n)
	return n
}

func (p *parser) remember(name string, n *Node) {
	if n == nil || p.stopped {
		return
	}
	if p.anchors == nil {
		p.anchors = map[string]*Node{}
	}
	p.anchors[name] = n
}

// alias returns a copy of what an anchor stands for, at the alias's place.
func (p *parser) alias() *Node {
	place := p.node(KindNull, p.pos)
	p.pos++
	name, ok := p.name()
	if !ok {
		p.failAt(place.Line, place.Column, "yaml/syntax", "", "an alias without a name")
		return nil
	}
	target, ok := p.anchors[name]
	if !ok {
		p.problem(place, "yaml/alias", fmt.Sprintf("alias *%s has no anchor above it in this document", name), "")
		return place
	}
	if p.count += target.size - 1; p.count > MaxNodes {
		p.limit(place, fmt.Sprintf("more than %d nodes, aliases unfolded", MaxNodes))
		return nil
	}
	line, column := place.Line, place.Column
	*place = *target
	place.Line, place.Column = line, column
	return place
}
