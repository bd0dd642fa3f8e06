package lint

import (
	"errors"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

var checkOutdated = &Check{
	ID:       "attack/outdated",
	Severity: rules.SeverityWarning,
	Doc:      "What the rule emits is right in the release that it names, and not in the one in use.",
	rule: func(p *pass, rule *rules.Rule) {
		if rule.AttackRelease == p.options.Release {
			return
		}
		catalogue, err := attack.Release(p.options.Release)
		if err != nil {
			return // the caller's to find out
		}
		for _, e := range rule.Emits {
			err := catalogue.Check(e.Tactic, e.TechniqueID, e.SubTechniqueID)
			if err == nil {
				continue
			}
			hint := ""
			var wrong *attack.CheckError
			if errors.As(err, &wrong) && wrong.Successor != "" {
				hint = "write " + wrong.Successor + " and attack_release: " + p.options.Release
			}
			p.report(rule.File, e.Node, hint, "%s", err)
		}
	},
}
