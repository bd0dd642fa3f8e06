package detection

import (
	"fmt"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// Selection is a named part of a detection.
type Selection struct {
	Name string
	// Key is where it stands.
	Key *document.Node
	// Alternatives are its maps; the items of each must all hold. Keywords are
	// items without a field.
	Alternatives [][]Item
}

// selectionName reports whether a condition can speak of name.
func selectionName(name string) bool {
	return name != "" && !strings.ContainsAny(name, " \t\r\n()|*,") && !keyword(name)
}

// selection reads the value of a selection as alternatives.
func (p *parser) selection(key, n *document.Node) (alternatives [][]Item, ok bool) {
	if key.Text == PatternName && p.opts.Pattern {
		return p.pattern(n)
	}
	switch {
	case n.Kind == document.KindMap:
		items, ok := p.items(n)
		return [][]Item{items}, ok
	case n.Kind == document.KindList && len(n.Items) == 0, n.Kind == document.KindNull:
		p.r.Errorf(n, "match/empty", "", "selection %s is empty", key.Text)
		return nil, false
	case n.Scalar():
		return p.alternatives([]*document.Node{n})
	}
	return p.alternatives(n.Items)
}

// alternatives reads maps and keywords of a list; keywords in a row are one.
func (p *parser) alternatives(list []*document.Node) (alternatives [][]Item, ok bool) {
	ok = true
	var words []*document.Node
	flush := func() {
		if len(words) > 0 {
			place := &document.Node{Line: words[0].Line, Column: words[0].Column}
			item, good := p.item(place, &document.Node{Kind: document.KindList, Items: words})
			alternatives, ok = append(alternatives, []Item{item}), ok && good
			words = nil
		}
	}
	for _, n := range list {
		switch {
		case n.Kind == document.KindMap:
			flush()
			items, good := p.items(n)
			alternatives, ok = append(alternatives, items), ok && good
		case n.Kind == document.KindList:
			p.r.Errorf(n, "match/value", "", "a list in a list means nothing here")
			ok = false
		default:
			words = append(words, n)
		}
	}
	flush()
	return alternatives, ok
}

// items reads a map, the entries of which must all hold.
func (p *parser) items(n *document.Node) ([]Item, bool) {
	if len(n.Keys) == 0 {
		p.r.Errorf(n, "match/empty", "", "an empty map would match everything")
		return nil, false
	}
	items, ok := make([]Item, 0, len(n.Keys)), true
	for i, key := range n.Keys {
		item, good := p.item(key, n.Values[i])
		items, ok = append(items, item), ok && good
	}
	return items, ok
}

// pattern reads the short form: regular expressions on the raw text.
func (p *parser) pattern(n *document.Node) ([][]Item, bool) {
	key := &document.Node{Line: n.Line, Column: n.Column, Text: "|re"}
	p.label = PatternName
	item, ok := p.item(key, n)
	p.label = "keywords"
	return [][]Item{{item}}, ok
}

// Compile returns the selection as an expression, nil if a list is missing or
// does not fit.
func (s Selection) Compile(lists Lists) match.Expr {
	tests := 0
	e, _, _ := s.compile(lists, View{}, &tests)
	return e
}

func (s Selection) compile(lists Lists, view View, tests *int) (e match.Expr, message string, at *document.Node) {
	alternatives := make([]match.Expr, 0, len(s.Alternatives))
	for _, items := range s.Alternatives {
		all := make([]match.Expr, 0, len(items))
		for _, it := range items {
			values, message := it.expand(lists)
			if message == "" {
				e, message = it.expr(values, view, tests)
			}
			if message != "" {
				return nil, fmt.Sprintf("%s: %s", it.name(), message), it.Key
			}
			all = append(all, e)
		}
		alternatives = append(alternatives, allOfExprs(all))
	}
	return anyOfExprs(alternatives), "", nil
}
