package lint

import (
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
)

var checkSlow = &Check{
	ID:       "match/slow",
	Severity: rules.SeverityInfo,
	Doc:      "No text has to be there for the rule to match, so it is evaluated for every event.",
	rule: func(p *pass, rule *rules.Rule) {
		if e := rule.Expr(p.values); e != nil && !match.Indexed(e) {
			p.report(rule.File, matchNode(rule), "add a field with a text to look for", "rule %s is evaluated for every event", rule.ID)
		}
	},
}
