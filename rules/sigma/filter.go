package sigma

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// Filter is a Sigma filter: a condition that events must meet as well for the
// rules it names. To leave events out its condition says what they are not
// (`condition: not selection`), as all tools read it.
type Filter struct {
	Meta
	Logsource match.Logsource
	// Rules are ids and names; Any means every rule whose log source the
	// filter's covers.
	Rules     []string
	Any       bool
	Detection *detection.Detection
}

// maxRules is the most rules that a filter or a correlation may name.
const maxRules = 256

// ReadFilter reads a document with a filter.
func ReadFilter(r *document.Reader, doc *document.Node) *Filter {
	meta, m := readMeta(r, doc)
	f := &Filter{Meta: meta}
	if source, ok := need(r, m, "logsource"); ok {
		f.Logsource = readLogsource(r, source)
	}
	body, ok := need(r, m, "filter")
	if !ok {
		return f
	}
	if body.Kind != document.KindMap {
		r.Errorf(body, "rule/kind", "", "filter: want a map, not %s", body.Kind)
		return f
	}
	// The filter is a detection that also says which rules it is about.
	rest := &document.Node{Kind: document.KindMap, Line: body.Line, Column: body.Column}
	for i, key := range body.Keys {
		if key.Text == "rules" {
			f.readRules(r, body.Values[i])
			continue
		}
		rest.Keys, rest.Values = append(rest.Keys, key), append(rest.Values, body.Values[i])
	}
	if !f.Any && len(f.Rules) == 0 && len(r.Problems()) == 0 {
		r.Errorf(body, "rule/missing-key", "name the rules, or write rules: any", "filter: rules is missing")
	}
	if condition, ok := rest.Get("condition"); !ok || condition.Kind != document.KindText {
		r.Errorf(body, "match/condition", "", "filter: want one condition")
		return f
	} else if !negates(condition.Text) {
		place := *condition
		r.Report(&place, document.Problem{
			Severity: document.SeverityWarning, Check: "sigma/filter",
			Message: "the rules will match only what the filter's condition holds for",
			Hint:    "to leave those events out, write not " + condition.Text,
		})
	}
	f.Detection = readDetection(r, rest)
	return f
}

// negates reports whether a condition says what must not be.
func negates(condition string) bool {
	for word := range strings.FieldsFuncSeq(condition, func(c rune) bool { return c == '(' || c == ')' || c == ' ' || c == '\t' || c == '\n' }) {
		if strings.EqualFold(word, "not") {
			return true
		}
	}
	return false
}

func (f *Filter) readRules(r *document.Reader, n *document.Node) {
	names, any := readNames(r, n, "filter: rules")
	f.Rules, f.Any = names, any
}

// readNames reads the ids and names of rules: a list, or one of them. any says
// that all are meant: the word any, or an empty list.
func readNames(r *document.Reader, n *document.Node, what string) (names []string, any bool) {
	switch {
	case n.Kind == document.KindText && strings.EqualFold(n.Text, "any"), n.Kind == document.KindList && len(n.Items) == 0:
		return nil, true
	case n.Kind == document.KindText:
		return []string{r.Text(n, what, maxShort)}, false
	case n.Kind == document.KindList && len(n.Items) > maxRules:
		r.Errorf(n, "rule/limit", "", "%s: %d, at most %d", what, len(n.Items), maxRules)
		return nil, false
	}
	for _, item := range r.List(n, what) {
		text := r.Text(item, what, maxShort)
		if text == "" {
			r.Errorf(item, "rule/value", "", "%s: want an id or a name", what)
			continue
		}
		names = append(names, text)
	}
	return names, false
}
