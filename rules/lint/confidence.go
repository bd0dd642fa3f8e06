package lint

import "github.com/ttpstream/ttpstream/rules"

// certain is where a confidence begins to need a reason.
const certain = 0.95

var checkHighConfidence = &Check{
	ID:       "emits/unexplained-certainty",
	Severity: rules.SeverityInfo,
	Doc:      "A confidence of 0.95 or more has no confidence_reason.",
	rule: func(p *pass, rule *rules.Rule) {
		for _, e := range rule.Emits {
			if e.Confidence >= certain && e.Reason == "" {
				p.report(rule.File, e.Node, "say why in confidence_reason", "%s at %.2f without a reason", e.ID(), e.Confidence)
			}
		}
	},
}
