package lint

import "github.com/ttpstream/ttpstream/rules"

var checkNoNegative = &Check{
	ID:       "tests/no-negative",
	Severity: rules.SeverityError,
	Doc:      "No test shows a harmless event that the rule leaves alone.",
	OwnPack:  true,
	rule: func(p *pass, rule *rules.Rule) {
		for _, t := range rule.Tests {
			if len(t.Tags) == 0 {
				return
			}
		}
		p.report(rule.File, rule.Node, "add {given: {…}, tags: []} to tests", "rule %s has no test of what it leaves alone", rule.ID)
	},
}
