package lint

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/detection"
)

var checkForgottenExpand = &Check{
	ID:       "match/forgotten-expand",
	Severity: rules.SeverityWarning,
	Doc:      "A value is the name of a value list between percent signs, and the field has no expand.",
	rule: func(p *pass, rule *rules.Rule) {
		eachItem(rule, func(it detection.Item) {
			for _, v := range it.Values {
				name, ok := strings.CutPrefix(v.Text, "%")
				name, closed := strings.CutSuffix(name, "%")
				if _, known := p.lists[name]; ok && closed && known && !it.Expands() {
					p.report(rule.File, v, "write "+it.Key.Text+"|expand", "%s stands for itself here, not for the value list", v.Text)
				}
			}
		})
	},
}
