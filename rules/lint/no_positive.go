package lint

import "github.com/ttpstream/ttpstream/rules"

var checkNoPositive = &Check{
	ID:       "tests/no-positive",
	Severity: rules.SeverityWarning,
	Doc:      "No test shows an event that the rule matches.",
	rule: func(p *pass, rule *rules.Rule) {
		for _, t := range rule.Tests {
			if len(t.Tags) > 0 {
				return
			}
		}
		p.report(rule.File, rule.Node, "add {given: {…}, tags: […]} to tests", "rule %s has no test of what it finds", rule.ID)
	},
}
