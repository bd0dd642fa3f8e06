package window

// Expr is a condition over which rules have matched: exactly one of its fields
// is set.
type Expr struct {
	// Rule is the number of a rule, counted from 1.
	Rule int     `json:"rule,omitempty"`
	And  []*Expr `json:"and,omitempty"`
	Or   []*Expr `json:"or,omitempty"`
	Not  *Expr   `json:"not,omitempty"`
}

// Holds decides the expression; seen says of a rule, counted from 0, whether
// it matched.
func (e *Expr) Holds(seen func(rule int) bool) bool {
	switch {
	case e.Rule > 0:
		return seen(e.Rule - 1)
	case e.Not != nil:
		return !e.Not.Holds(seen)
	case len(e.Or) > 0:
		for _, part := range e.Or {
			if part.Holds(seen) {
				return true
			}
		}
		return false
	}
	for _, part := range e.And {
		if !part.Holds(seen) {
			return false
		}
	}
	return true
}

// maxDepth bounds the nesting of an expression.
const maxDepth = 32

func (e *Expr) valid(rules, depth int) bool {
	set := 0
	for _, is := range []bool{e.Rule != 0, len(e.And) > 0, len(e.Or) > 0, e.Not != nil} {
		if is {
			set++
		}
	}
	if set != 1 || e.Rule < 0 || e.Rule > rules || depth > maxDepth {
		return false
	}
	for _, part := range e.parts() {
		if part == nil || !part.valid(rules, depth+1) {
			return false
		}
	}
	return true
}

// monotone reports whether more matches can only make the expression true.
func (e *Expr) monotone() bool {
	if e.Not != nil {
		return false
	}
	for _, part := range e.parts() {
		if !part.monotone() {
			return false
		}
	}
	return true
}

func (e *Expr) parts() []*Expr {
	if e.Not != nil {
		return []*Expr{e.Not}
	}
	return append(e.And[:len(e.And):len(e.And)], e.Or...)
}
