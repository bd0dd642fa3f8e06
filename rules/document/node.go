package document

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is what a node is.
type Kind uint8

// The kinds. Text that merely looks odd (0777, 0x1f, 1_000, .inf) is KindText.
const (
	KindNull Kind = iota
	KindText
	KindInt
	KindFloat
	KindBool
	KindList
	KindMap
)

var kindNames = [...]string{"null", "a text", "a whole number", "a number", "true or false", "a list", "a map"}

// String names the kind in a sentence: "a text", "a list".
func (k Kind) String() string { return kindNames[k] }

// Node is a part of a document. Nodes are immutable; aliases share them.
type Node struct {
	Kind Kind
	// Line and Column are where it begins, from 1, in characters.
	Line, Column int
	// Text is a scalar as it was written: quotes and escapes resolved, numbers
	// as they were spelt. Empty for null.
	Text string
	// Items are the entries of a list.
	Items []*Node
	// Keys and Values are the entries of a map, in order. Keys are scalars.
	// A repeated key is a problem, and only the first is here.
	Keys, Values []*Node
	// inline is how many characters lie between the node's place and its first
	// letter, or -1 for a text that is not on one line as it stands.
	inline int
	// size counts the nodes below and this one, aliases unfolded.
	size int
}

// Get returns the value of a key of a map.
func (n *Node) Get(key string) (*Node, bool) {
	for i, k := range n.Keys {
		if k.Text == key {
			return n.Values[i], true
		}
	}
	return nil, false
}

// At returns the place of byte i of a scalar's text, as well as it is known:
// for a text that is folded, escaped or on several lines, where it begins.
func (n *Node) At(i int) (line, column int) {
	if n.inline < 0 || i > len(n.Text) {
		return n.Line, n.Column
	}
	return n.Line, n.Column + n.inline + utf8.RuneCountInString(n.Text[:i])
}

// Scalar reports whether the node is a text, a number, a truth value or null.
func (n *Node) Scalar() bool { return n.Kind < KindList }

// Int returns a KindInt as a number. It is false for other kinds and for
// numbers that 64 bits do not hold.
func (n *Node) Int() (int64, bool) {
	if n.Kind != KindInt {
		return 0, false
	}
	i, err := strconv.ParseInt(n.Text, 10, 64)
	return i, err == nil
}

// Float returns a KindInt or KindFloat as a number.
func (n *Node) Float() (float64, bool) {
	if n.Kind != KindInt && n.Kind != KindFloat {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	return f, err == nil
}

// Bool returns a KindBool.
func (n *Node) Bool() (value, ok bool) {
	return strings.EqualFold(n.Text, "true"), n.Kind == KindBool
}

// Value returns the node as plain Go: nil, string, int64, float64, bool, []any
// or map[string]any. Numbers beyond 64 bits become float64.
func (n *Node) Value() any {
	switch n.Kind {
	case KindText:
		return n.Text
	case KindInt, KindFloat:
		if i, ok := n.Int(); ok {
			return i
		}
		f, _ := n.Float()
		return f
	case KindBool:
		b, _ := n.Bool()
		return b
	case KindList:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Value()
		}
		return list
	case KindMap:
		m := make(map[string]any, len(n.Keys))
		for i, key := range n.Keys {
			m[key.Text] = n.Values[i].Value()
		}
		return m
	}
	return nil
}
