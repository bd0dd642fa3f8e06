package detection

import (
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// conditionNode is a parsed condition: what to make of the selections.
type conditionNode interface {
	expr(selections map[string]match.Expr) match.Expr
}

type (
	allOf  []conditionNode
	anyOf  []conditionNode
	noneOf struct{ conditionNode }
	named  string
)

func (c allOf) expr(s map[string]match.Expr) match.Expr {
	all := make([]match.Expr, len(c))
	for i, part := range c {
		all[i] = part.expr(s)
	}
	return allOfExprs(all)
}

func (c anyOf) expr(s map[string]match.Expr) match.Expr {
	some := make([]match.Expr, len(c))
	for i, part := range c {
		some[i] = part.expr(s)
	}
	return anyOfExprs(some)
}

func (c noneOf) expr(s map[string]match.Expr) match.Expr {
	return notExpr(c.conditionNode.expr(s))
}

func (c named) expr(s map[string]match.Expr) match.Expr { return s[string(c)] }

// conditions reads the condition of a detection, or the list of them.
func (p *parser) conditions(d *Detection, n *document.Node) (conditionNode, bool) {
	c, there := n.Get("condition")
	switch {
	case !there && len(d.Selections) == 1:
		d.used[d.Selections[0].Name] = true
		return named(d.Selections[0].Name), true
	case !there:
		if len(d.Selections) > 0 {
			p.r.Errorf(n, "match/condition", "", "condition is missing, and there are %d selections", len(d.Selections))
		}
		return nil, false
	case c.Kind == document.KindText:
		return p.condition(d, c)
	case c.Kind != document.KindList || len(c.Items) == 0 || len(c.Items) > MaxConditions:
		p.r.Errorf(c, "match/condition", "", "condition: want a text or a list of 1 to %d", MaxConditions)
		return nil, false
	}
	var alternatives anyOf
	for _, item := range c.Items {
		if item.Kind != document.KindText {
			p.r.Errorf(item, "match/condition", "", "condition: want a text, not %s", item.Kind)
			continue
		}
		if parsed, ok := p.condition(d, item); ok {
			alternatives = append(alternatives, parsed)
		}
	}
	return alternatives, len(alternatives) == len(c.Items)
}

// condition reads one condition.
func (p *parser) condition(d *Detection, n *document.Node) (conditionNode, bool) {
	if len(n.Text) > MaxConditionBytes {
		p.r.Errorf(n, "match/condition", "", "condition of %d bytes, at most %d", len(n.Text), MaxConditionBytes)
		return nil, false
	}
	c := &conditionParser{d: d, tokens: conditionTokens(n.Text)}
	parsed, err := c.parse()
	if err != nil {
		p.errorAt(n, err.at, "match/condition", err.hint, "%s", err.message)
		return nil, false
	}
	return parsed, true
}
