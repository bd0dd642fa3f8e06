package eval

import (
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// plainRules are the rules of a set that can judge events taken as they are:
// an engine over their conditions in their own field names. The set's engine
// has all rules in all views; it judges what is lifted.
type plainRules struct {
	engine *match.Engine
	// ruleOf is, per condition of the engine, the number of its rule.
	ruleOf []int32
}

func newPlainRules(set *rules.Set, ruleList []*rules.Rule, ev *match.Event) plainRules {
	lists := map[string][]*document.Node{}
	for _, u := range set.Units() {
		for _, l := range u.Lists {
			lists[l.Name] = l.Values
		}
	}
	list := func(name string) ([]*document.Node, bool) { values, ok := lists[name]; return values, ok }
	exprs := make([]match.Expr, len(ruleList))
	eachParallel(len(ruleList), func(i int) {
		if rule := ruleList[i]; rule.Detection != nil && accepted(rule.Targets, ev) {
			exprs[i] = rule.Detection.Compile(&document.Reader{}, list)
		}
	})
	var p plainRules
	var conditions []match.Condition
	for i, rule := range ruleList {
		if exprs[i] != nil {
			conditions = append(conditions, match.Condition{Targets: rule.Targets, Expr: exprs[i]})
			p.ruleOf = append(p.ruleOf, int32(i))
		}
	}
	p.engine = match.Build(conditions)
	return p
}

func accepted(targets []match.Target, ev *match.Event) bool {
	for _, t := range targets {
		if t.Accepts(ev) {
			return true
		}
	}
	return false
}

// filtered reports whether Sigma filters narrow the rules of a set. They are
// not in the plain rules' conditions: the set has the last word.
func filtered(set *rules.Set) bool {
	for _, u := range set.Units() {
		if len(u.Filters) > 0 {
			return true
		}
	}
	return false
}
