package lint

import (
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
)

var checkAlways = &Check{
	ID:       "match/always",
	Severity: rules.SeverityError,
	Doc:      "The rule matches an event of which nothing is known: its condition only says what must not be there.",
	rule: func(p *pass, rule *rules.Rule) {
		if e := rule.Expr(p.values); e != nil && match.Holds(e, &match.Event{}) {
			p.report(rule.File, matchNode(rule), "add a selection of what must be there", "rule %s matches an event without any field", rule.ID)
		}
	},
}
