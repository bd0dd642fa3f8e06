package document

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// builder makes nodes of the library's tree.
type builder struct {
	anchors  map[string]*Node
	problems Problems
	// count is how many nodes there are so far, aliases unfolded. Past a limit
	// nothing more is built.
	count int
	full  bool
	// scalars is how many scalars of the text have become nodes.
	scalars int
}

func (b *builder) node(n ast.Node, depth int) *Node {
	out := b.shape(n, depth)
	if b.count += 1; b.count > MaxNodes {
		b.limit(n, fmt.Sprintf("more than %d nodes, aliases unfolded", MaxNodes))
	}
	return out
}

func (b *builder) shape(n ast.Node, depth int) *Node {
	out := at(n)
	if depth > MaxDepth {
		b.limit(n, fmt.Sprintf("nested more than %d deep", MaxDepth))
	}
	if b.full {
		return out
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		b.fill(out, n.Values, depth)
	case *ast.MappingValueNode:
		b.fill(out, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		out.Kind = KindList
		for _, item := range n.Values {
			out.add(b.node(item, depth+1))
		}
	case *ast.AnchorNode:
		out = b.shape(n.Value, depth)
		b.anchors[n.Name.GetToken().Value] = out
	case *ast.AliasNode:
		return b.alias(n)
	default:
		b.scalar(out, n)
	}
	return out
}

// at returns an empty node where n begins.
func at(n ast.Node) *Node {
	out := &Node{size: 1}
	if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		out.Line, out.Column = t.Position.Line, t.Position.Column
	}
	return out
}

func (n *Node) add(item *Node) {
	n.Items = append(n.Items, item)
	n.size += item.size
}

// fill makes a map of the entries.
func (b *builder) fill(out *Node, entries []*ast.MappingValueNode, depth int) {
	out.Kind = KindMap
	first := make(map[string]*Node, len(entries))
	for _, entry := range entries {
		key := b.node(entry.Key, depth+1)
		value := b.node(entry.Value, depth+1)
		if b.full {
			return
		}
		if !key.Scalar() {
			b.problem(key, "yaml/key", "a key must be a text", "")
			continue
		}
		if before, seen := first[key.Text]; seen {
			b.problem(key, "yaml/duplicate-key", fmt.Sprintf("key %q is there already, at line %d", key.Text, before.Line), "remove one of them")
			continue
		}
		first[key.Text] = key
		out.Keys = append(out.Keys, key)
		out.Values = append(out.Values, value)
		out.size += key.size + value.size
	}
}

// alias returns a copy of what the anchor stands for, at the alias's place.
func (b *builder) alias(n *ast.AliasNode) *Node {
	place := at(n)
	name := n.Value.GetToken().Value
	target, ok := b.anchors[name]
	if !ok {
		b.problem(place, "yaml/alias", fmt.Sprintf("alias *%s has no anchor above it in this document", name), "")
		return place
	}
	if b.count += target.size - 1; b.count > MaxNodes {
		b.limit(n, fmt.Sprintf("more than %d nodes, aliases unfolded", MaxNodes))
		return place
	}
	out := *target
	out.Line, out.Column = place.Line, place.Column
	return &out
}

// Spellings of numbers that mean the same as text and as a number.
var (
	wholeNumber   = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	decimalNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?$`)
)

func (b *builder) scalar(out *Node, n ast.Node) {
	if t := n.GetToken(); t != nil && t.Type != token.ImplicitNullType {
		b.scalars++
	}
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.StringNode:
		out.Kind, out.Text = KindText, n.Value
		out.inline = inline(n.Token)
	case *ast.LiteralNode:
		out.Kind, out.Text, out.inline = KindText, n.Value.Value, -1
	case *ast.BoolNode:
		out.Kind, out.Text = KindBool, n.Token.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		out.Text = n.GetToken().Value
		out.Kind = numberKind(n.GetToken())
	case *ast.MappingKeyNode:
		b.problem(out, "yaml/key", "keys of the form \"? key\" are not supported", "write key: value")
	default:
		b.problem(out, "yaml/node", fmt.Sprintf("%s is not supported", n.Type()), "")
	}
}

// inline returns how far a scalar's first letter is from its token, -1 if its
// text is not the source's letter by letter.
func inline(t *token.Token) int {
	quotes := 0
	if t.Type == token.SingleQuoteType || t.Type == token.DoubleQuoteType {
		quotes = 1
	}
	written := strings.TrimSpace(t.Origin)
	if len(written) != len(t.Value)+2*quotes || written[quotes:len(written)-quotes] != t.Value {
		return -1
	}
	return quotes
}

func numberKind(t *token.Token) Kind {
	switch {
	case wholeNumber.MatchString(t.Value):
		return KindInt
	case decimalNumber.MatchString(t.Value):
		return KindFloat
	}
	return KindText
}

func (b *builder) problem(n *Node, check, message, hint string) {
	b.problems = append(b.problems, Problem{Line: n.Line, Column: n.Column, Check: check, Message: message, Hint: hint})
}

// limit reports a limit, once, and stops the building.
func (b *builder) limit(n ast.Node, message string) {
	if !b.full {
		b.problem(at(n), "yaml/limit", message, "split the text into several files")
	}
	b.full = true
}
