package lint

import "github.com/ttpstream/ttpstream/rules"

var checkListUnused = &Check{
	ID:       "list/unused",
	Severity: rules.SeverityInfo,
	Doc:      "No rule refers to a value list.",
	set: func(p *pass, units []*rules.Unit) {
		used := map[string]bool{}
		for _, u := range units {
			for _, rule := range u.Rules {
				for _, name := range rule.Lists() {
					used[name] = true
				}
			}
		}
		for _, u := range units {
			for _, list := range u.Lists {
				if !used[list.Name] {
					p.report(u.File, list.Node, "", "no rule refers to list %s", list.Name)
				}
			}
		}
	},
}
