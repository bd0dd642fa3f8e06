package lint

import (
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
)

var checkFields = &Check{
	ID:       "match/unknown-field",
	Severity: rules.SeverityError,
	Doc:      "No event that the rule applies to has a field of that name.",
	rule: func(p *pass, rule *rules.Rule) {
		known := fieldNames(rule)
		if known == nil {
			return
		}
		eachItem(rule, func(it detection.Item) {
			if it.Field == "" || slices.Contains(known, it.Field) {
				return
			}
			hint := ""
			if near := document.Nearest(it.Field, known); near != "" {
				hint = "did you mean " + near + "?"
			}
			p.report(rule.File, it.Key, hint, "no event of source_kind %s has a field %q", kinds(rule), it.Field)
		})
	},
}

// fieldNames returns the fields that events of the rule's kinds have, nil if
// that is not known of one of them.
func fieldNames(rule *rules.Rule) []string {
	var names []string
	for _, t := range rule.Targets {
		fields := rules.Fields(t.SourceKind)
		if fields == nil {
			return nil
		}
		for _, f := range fields {
			names = append(names, f.Name)
		}
	}
	return names
}

func kinds(rule *rules.Rule) string {
	var names []string
	for _, t := range rule.Targets {
		names = append(names, string(t.SourceKind))
	}
	return strings.Join(names, " or ")
}

func eachItem(rule *rules.Rule, f func(detection.Item)) {
	for _, s := range rule.Detection.Selections {
		for _, items := range s.Alternatives {
			for _, it := range items {
				f(it)
			}
		}
	}
}
