package sigma

import "github.com/ttpstream/ttpstream/rules/document"

// Actions resolves the actions of a text of several documents: global gives
// its keys to the rules behind it, reset takes them away again, repeat is the
// document before it with changes. A key of the global document wins over the
// rule's own, as it does in the tools of Sigma. Correlations and filters are
// left alone. Without any action the documents come back as they are.
func Actions(r *document.Reader, docs []*document.Node) []*document.Node {
	if !anyAction(docs) {
		return docs
	}
	var out []*document.Node
	var global, before *document.Node
	for _, doc := range docs {
		action, ok := doc.Get("action")
		_, detects := doc.Get("detection")
		switch {
		case !ok && global != nil && (detects || !stands(doc)):
			before = doc
			out = append(out, document.Merge(doc, global))
		case !ok:
			before = doc
			out = append(out, doc)
		case action.Text == "global":
			global = doc.Without("action")
			before = global
		case action.Text == "reset":
			global = nil
		case action.Text == "repeat" && before != nil:
			before = document.Merge(before, doc.Without("action"))
			out = append(out, before)
		case action.Text == "repeat":
			r.Errorf(action, "sigma/action", "", "action repeat: there is no document before it")
		default:
			r.Errorf(action, "sigma/action", "", "unknown action %q, want global, reset or repeat", clip(action.Text))
		}
	}
	if len(out) == 0 && len(r.Problems()) == 0 {
		r.Errorf(docs[0], "sigma/action", "", "there is no rule behind the global document")
	}
	return out
}

func anyAction(docs []*document.Node) bool {
	for _, doc := range docs {
		if doc.Kind != document.KindMap {
			return false
		}
		if _, native := doc.Get("rule_id"); native {
			continue
		}
		if _, ok := doc.Get("action"); ok {
			return true
		}
	}
	return false
}

// stands reports whether a document is complete without a global one.
func stands(doc *document.Node) bool {
	for _, key := range []string{"correlation", "filter", "rule_id", "list"} {
		if _, ok := doc.Get(key); ok {
			return true
		}
	}
	return false
}
