package lint

import "github.com/ttpstream/ttpstream/rules"

var checkBelowFloor = &Check{
	ID:       "emits/below-floor",
	Severity: rules.SeverityWarning,
	Doc:      "A confidence is below the floor, so that the rule can never give that tag.",
	rule: func(p *pass, rule *rules.Rule) {
		for _, e := range rule.Emits {
			if e.Confidence < rules.Floor {
				p.report(rule.File, e.Node, "", "%s at %.2f is never written: the floor is %.2f", e.ID(), e.Confidence, rules.Floor)
			}
		}
	},
}
