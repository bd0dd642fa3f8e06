package lint

import (
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
)

var checkUnsatisfiable = &Check{
	ID:       "match/unsatisfiable",
	Severity: rules.SeverityError,
	Doc:      "No event can satisfy the condition: a selection and its own negation, or a field that would have to be two things at once.",
	rule: func(p *pass, rule *rules.Rule) {
		e := rule.Expr(p.values)
		if e == nil {
			return
		}
		if !satisfiable(e, multiFields(rule)) {
			p.report(rule.File, matchNode(rule), "", "rule %s can never match", rule.ID)
		}
	},
}

// multiFields returns the fields that may have several values at once; every
// field of a kind that is not laid down may.
func multiFields(rule *rules.Rule) func(field string) bool {
	single := map[string]bool{}
	for _, t := range rule.Targets {
		for _, f := range rules.Fields(t.SourceKind) {
			if !f.Multi {
				single[f.Name] = true
			}
		}
	}
	return func(field string) bool { return !single[field] }
}

// matchNode is where the rule says what it looks for.
func matchNode(rule *rules.Rule) *document.Node {
	for _, key := range rule.Node.Keys {
		if key.Text == "match" || key.Text == detection.PatternName {
			return key
		}
	}
	return rule.Node
}
