package document

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Reader takes nodes apart and collects what is wrong with them, so that a
// text with five mistakes gives five problems. The zero value, with a File, is
// ready.
type Reader struct {
	// File is the name that problems carry.
	File     string
	problems Problems
}

// Problems returns what was found so far, sorted.
func (r *Reader) Problems() Problems {
	r.problems.Sort()
	return r.problems
}

// Errorf reports an error at a node. hint may be empty.
func (r *Reader) Errorf(n *Node, check, hint, format string, args ...any) {
	r.Report(n, Problem{Check: check, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// Report adds a problem at a node; nil stands for the whole text.
func (r *Reader) Report(n *Node, p Problem) {
	p.File = r.File
	if n != nil {
		p.Line, p.Column = n.Line, n.Column
	}
	r.problems = append(r.problems, p)
}

// Map is a map of which each key is asked for once; what nobody asked for is
// unknown.
type Map struct {
	// Node is the map itself, for its place.
	Node *Node
	r    *Reader
	// what names the map in problems: "rule", "emits[1]".
	what  string
	known []string
}

// Map reads a node as a map; it reports any other kind and returns an empty
// map then. what names it in problems.
func (r *Reader) Map(n *Node, what string) *Map {
	if n.Kind != KindMap {
		r.wrongKind(n, what, KindMap)
		n = &Node{Kind: KindMap, Line: n.Line, Column: n.Column}
	}
	return &Map{Node: n, r: r, what: what}
}

// Get returns the value of an optional key.
func (m *Map) Get(key string) (*Node, bool) {
	m.known = append(m.known, key)
	return m.Node.Get(key)
}

// Need returns the value of a key, and reports that it is missing.
func (m *Map) Need(key string) (*Node, bool) {
	n, ok := m.Get(key)
	if !ok {
		m.r.Errorf(m.Node, "rule/missing-key", "", "%s: %s is missing", m.what, key)
	}
	return n, ok
}

// Text returns an optional text of at most limit bytes, empty if it is not
// there or wrong. Numbers and truth values count as the text they are written
// as.
func (m *Map) Text(key string, limit int) string {
	n, ok := m.Get(key)
	if !ok {
		return ""
	}
	return m.r.Text(n, key, limit)
}

// NeedText is Text for a key that must be there and not be empty.
func (m *Map) NeedText(key string, limit int) string {
	n, ok := m.Need(key)
	if !ok {
		return ""
	}
	text := m.r.Text(n, key, limit)
	if text == "" && (n.Kind == KindNull || n.Kind == KindText) {
		m.r.Errorf(n, "rule/value", "", "%s is empty", key)
	}
	return text
}

// NeedInt returns a whole number from low to high that must be there, low if
// it is not.
func (m *Map) NeedInt(key string, low, high int64) int64 {
	n, ok := m.Need(key)
	if !ok {
		return low
	}
	return m.r.int(n, key, low, high)
}

// Int is NeedInt for a key that may be missing, which means low.
func (m *Map) Int(key string, low, high int64) int64 {
	n, ok := m.Get(key)
	if !ok {
		return low
	}
	return m.r.int(n, key, low, high)
}

// NeedFloat returns a number that must be there, NaN if it is not.
func (m *Map) NeedFloat(key string) float64 {
	n, ok := m.Need(key)
	if !ok {
		return math.NaN()
	}
	f, ok := n.Float()
	if !ok {
		m.r.wrongKind(n, key, KindFloat)
		return math.NaN()
	}
	return f
}

// Texts returns an optional list of texts; a single text is a list of one.
func (m *Map) Texts(key string, limit int) []string {
	n, ok := m.Get(key)
	if !ok {
		return nil
	}
	if n.Scalar() {
		return []string{m.r.Text(n, key, limit)}
	}
	return m.r.Texts(n, key, limit)
}

// OneOf returns an optional text that is one of the choices, empty if not.
func (m *Map) OneOf(key string, choices ...string) string {
	n, ok := m.Get(key)
	if !ok {
		return ""
	}
	text := m.r.Text(n, key, 64)
	if !slices.Contains(choices, text) {
		m.r.Errorf(n, "rule/value", suggest(text, choices), "%s: unknown value %q, want one of %s", key, text, strings.Join(choices, ", "))
		return ""
	}
	return text
}

// Done reports every key that nobody asked for.
func (m *Map) Done() {
	for _, key := range m.Node.Keys {
		if !slices.Contains(m.known, key.Text) {
			m.r.Errorf(key, "rule/unknown-key", suggest(key.Text, m.known), "%s: unknown key %q", m.what, key.Text)
		}
	}
}

// Text reads a node as a text; see Map.Text.
func (r *Reader) Text(n *Node, what string, limit int) string {
	if !n.Scalar() {
		r.wrongKind(n, what, KindText)
		return ""
	}
	if len(n.Text) > limit {
		r.Errorf(n, "rule/limit", "", "%s: %d bytes, at most %d", what, len(n.Text), limit)
		return ""
	}
	return n.Text
}

// Texts reads a node as a list of texts.
func (r *Reader) Texts(n *Node, what string, limit int) []string {
	if n.Kind != KindList {
		r.wrongKind(n, what, KindList)
		return nil
	}
	out := make([]string, 0, len(n.Items))
	for _, item := range n.Items {
		out = append(out, r.Text(item, what, limit))
	}
	return out
}

// List reads a node as a list and reports any other kind.
func (r *Reader) List(n *Node, what string) []*Node {
	if n.Kind != KindList {
		r.wrongKind(n, what, KindList)
		return nil
	}
	return n.Items
}

func (r *Reader) int(n *Node, what string, low, high int64) int64 {
	i, ok := n.Int()
	switch {
	case !ok:
		r.wrongKind(n, what, KindInt)
	case i < low || i > high:
		r.Errorf(n, "rule/value", "", "%s: %d is not from %d to %d", what, i, low, high)
	default:
		return i
	}
	return low
}

func (r *Reader) wrongKind(n *Node, what string, want Kind) {
	r.Errorf(n, "rule/kind", "", "%s: want %s, not %s", what, want, n.Kind)
}
