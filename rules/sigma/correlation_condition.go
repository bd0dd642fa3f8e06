package sigma

import (
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/window"
)

// operators of a correlation's condition.
var operators = []string{"gt", "gte", "lt", "lte", "eq", "neq"}

// readCondition reads what must hold of the matches in a window: a map of
// comparisons, or for temporal types also words over the names of rules.
func (c *Correlation) readCondition(r *document.Reader, b *document.Map) {
	n, ok := b.Get("condition")
	switch {
	case !ok && !c.temporal():
		r.Errorf(b.Node, "rule/missing-key", "", "correlation: condition is missing")
	case !ok:
	case n.Kind == document.KindText:
		c.readWords(r, n)
	default:
		c.readBounds(r, n)
	}
}

func (c *Correlation) readBounds(r *document.Reader, n *document.Node) {
	m := r.Map(n, "condition")
	for _, op := range operators {
		value, ok := m.Get(op)
		if !ok {
			continue
		}
		number, is := value.Float()
		if !is {
			r.Errorf(value, "correlation/condition", "", "condition: %s wants a number, not %s", op, value.Kind)
		}
		c.Window.Bounds = append(c.Window.Bounds, window.Bound{Op: op, Value: number})
	}
	if len(c.Window.Bounds) == 0 && n.Kind == document.KindMap {
		r.Errorf(n, "correlation/condition", "write gte: 5", "condition: no comparison")
	}
	c.Fields = c.readFields(r, m, "field")
	c.readPercentile(r, m)
	c.checkFields(r, n)
	m.Done()
}

func (c *Correlation) readPercentile(r *document.Reader, m *document.Map) {
	n, ok := m.Get("percentile")
	if !ok {
		return
	}
	p, is := n.Float()
	if !is || p < 0 || p > 100 || c.Window.Type != window.ValuePercentile {
		r.Errorf(n, "correlation/condition", "", "condition: percentile belongs to value_percentile and is a number from 0 to 100")
		return
	}
	c.Window.Percentile = &p
}

// checkFields reports a field that is missing, or that nothing is done with.
func (c *Correlation) checkFields(r *document.Reader, n *document.Node) {
	switch c.Window.Type {
	case window.EventCount, window.Temporal, window.TemporalOrdered:
		if len(c.Fields) > 0 {
			r.Errorf(n, "correlation/field", "use value_count", "condition: %s looks at no field", c.Window.Type)
		}
	case "":
	default:
		switch {
		case len(c.Fields) == 0:
			r.Errorf(n, "rule/missing-key", "", "condition: field is missing")
		case len(c.Fields) > 1 && c.Window.Type.Numeric() && !(c.Window.Type == window.ValuePercentile && c.Window.Percentile == nil):
			r.Errorf(n, "correlation/field", "", "condition: %s takes one field", c.Window.Type)
		}
	}
}

// readWords reads a condition such as "a and (b or not c)".
func (c *Correlation) readWords(r *document.Reader, n *document.Node) {
	if !c.temporal() {
		r.Errorf(n, "correlation/condition", "", "condition: words over rules need type temporal or temporal_ordered")
		return
	}
	if c.Window.Type == window.TemporalOrdered {
		r.Errorf(n, "correlation/condition", "use type temporal, or leave the condition out", "condition: words over rules say nothing of an order")
		return
	}
	if len(n.Text) > maxShort {
		r.Errorf(n, "rule/limit", "", "condition of %d bytes, at most %d", len(n.Text), maxShort)
		return
	}
	given := len(c.Rules) > 0
	p := &wordParser{c: c, given: given, words: split(n.Text)}
	e, message := p.or(0)
	if message == "" && len(p.words) > 0 {
		message = "want and, or, or the end, not " + p.words[0]
	}
	if message != "" {
		r.Errorf(n, "correlation/condition", "", "condition: %s", message)
		return
	}
	if !given {
		for range c.Rules {
			c.RuleNodes = append(c.RuleNodes, n)
		}
	}
	for i, rule := range c.Rules {
		if !slices.Contains(p.used, i+1) {
			r.Errorf(c.RuleNodes[i], "correlation/rules", "", "condition does not speak of rule %s", clip(rule))
		}
	}
	c.Window.Expr = e
}

func split(text string) []string {
	text = strings.NewReplacer("(", " ( ", ")", " ) ").Replace(text)
	return strings.Fields(text)
}

// wordParser is a recursive descent over or, and, not, brackets and names.
type wordParser struct {
	c *Correlation
	// given says that the rules are listed, so that a condition adds none.
	given bool
	words []string
	used  []int
}

func (p *wordParser) take(word string) bool {
	if len(p.words) > 0 && strings.EqualFold(p.words[0], word) {
		p.words = p.words[1:]
		return true
	}
	return false
}

func (p *wordParser) or(depth int) (*window.Expr, string) {
	first, message := p.and(depth)
	if message != "" {
		return nil, message
	}
	parts := []*window.Expr{first}
	for p.take("or") {
		next, message := p.and(depth)
		if message != "" {
			return nil, message
		}
		parts = append(parts, next)
	}
	if len(parts) == 1 {
		return first, ""
	}
	return &window.Expr{Or: parts}, ""
}

func (p *wordParser) and(depth int) (*window.Expr, string) {
	first, message := p.not(depth)
	if message != "" {
		return nil, message
	}
	parts := []*window.Expr{first}
	for p.take("and") {
		next, message := p.not(depth)
		if message != "" {
			return nil, message
		}
		parts = append(parts, next)
	}
	if len(parts) == 1 {
		return first, ""
	}
	return &window.Expr{And: parts}, ""
}

func (p *wordParser) not(depth int) (*window.Expr, string) {
	switch {
	case depth > 16:
		return nil, "nested more than 16 deep"
	case len(p.words) == 0:
		return nil, "ends where a rule should stand"
	case p.take("not"):
		e, message := p.not(depth + 1)
		return &window.Expr{Not: e}, message
	case p.take("("):
		e, message := p.or(depth + 1)
		if message == "" && !p.take(")") {
			message = "want )"
		}
		return e, message
	}
	return p.name()
}

func (p *wordParser) name() (*window.Expr, string) {
	word := p.words[0]
	p.words = p.words[1:]
	if slices.Contains([]string{"and", "or", ")", "("}, strings.ToLower(word)) {
		return nil, "want the name of a rule, not " + word
	}
	i := slices.Index(p.c.Rules, word)
	if i < 0 && p.given {
		return nil, "rules does not name " + clip(word)
	}
	if i < 0 {
		i = len(p.c.Rules)
		p.c.Rules = append(p.c.Rules, word)
	}
	p.used = append(p.used, i+1)
	return &window.Expr{Rule: i + 1}, ""
}
