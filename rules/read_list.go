package rules

import (
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// readList reads a document that is a value list.
func readList(r *document.Reader, doc *document.Node) *List {
	m := r.Map(doc, "list")
	list := &List{
		Node:        doc,
		Name:        m.NeedText("list", maxShort),
		Version:     m.Int("list_version", 1, maxVersion),
		Description: m.Text("description", maxLong),
	}
	if name, ok := doc.Get("list"); ok && list.Name != "" && !detection.ListName.MatchString(list.Name) {
		r.Errorf(name, "rule/value", "letters, digits, dot, dash and underscore; a letter or digit first", "%q cannot be the name of a list", list.Name)
	}
	if values, ok := m.Need("values"); ok {
		list.Values = readValues(r, values)
	}
	m.Done()
	return list
}

func readValues(r *document.Reader, n *document.Node) []*document.Node {
	items := r.List(n, "values")
	switch {
	case n.Kind != document.KindList:
	case len(items) == 0:
		r.Errorf(n, "rule/value", "", "values: a list of nothing")
	case len(items) > detection.MaxTests:
		r.Errorf(n, "rule/limit", "", "values: %d, at most %d", len(items), detection.MaxTests)
	}
	for _, item := range items {
		switch {
		case !item.Scalar() || item.Kind == document.KindNull:
			r.Errorf(item, "rule/kind", "", "values: want a text, not %s", item.Kind)
		case item.Text == "":
			r.Errorf(item, "rule/value", "", "values: an empty text")
		case len(item.Text) > match.MaxPatternBytes:
			r.Errorf(item, "rule/limit", "", "values: text of %d bytes, at most %d", len(item.Text), match.MaxPatternBytes)
		}
	}
	return items
}
