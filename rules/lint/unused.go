package lint

import "github.com/ttpstream/ttpstream/rules"

var checkUnused = &Check{
	ID:       "match/unused-selection",
	Severity: rules.SeverityWarning,
	Doc:      "The condition does not speak of a selection.",
	rule: func(p *pass, rule *rules.Rule) {
		for _, s := range rule.Detection.Unused() {
			p.report(rule.File, s.Key, "name it in the condition, or remove it", "the condition does not speak of %s", s.Name)
		}
	},
}
