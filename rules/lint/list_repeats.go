package lint

import (
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
)

var checkListRepeats = &Check{
	ID:       "list/repeated-value",
	Severity: rules.SeverityInfo,
	Doc:      "A value list holds a value twice, but for case.",
	set: func(p *pass, units []*rules.Unit) {
		for _, u := range units {
			for _, list := range u.Lists {
				first := map[string]int{}
				for _, v := range list.Values {
					fold := match.Fold(v.Text)
					if line, seen := first[fold]; seen {
						p.report(u.File, v, "remove one of them", "list %s has %q at line %d already", list.Name, v.Text, line)
						continue
					}
					first[fold] = v.Line
				}
			}
		}
	},
}
