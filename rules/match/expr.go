package match

// Expr is a condition as a tree: [And], [Or], [Not] and [*Predicate], and
// nothing else. Trees are immutable once built and may share parts. A nil
// Expr never holds.
type Expr interface{ expr() }

// And holds when every part holds; an empty one always does.
type And []Expr

// Or holds when at least one part holds; an empty one never does.
type Or []Expr

// Not holds when its part does not.
type Not struct{ Expr Expr }

func (And) expr()        {}
func (Or) expr()         {}
func (Not) expr()        {}
func (*Predicate) expr() {}

// Walk calls f for each predicate of the tree, in order, with whether it
// stands under an odd number of negations.
func Walk(e Expr, f func(p *Predicate, negated bool)) { walk(e, false, f) }

func walk(e Expr, negated bool, f func(*Predicate, bool)) {
	switch e := e.(type) {
	case And:
		for _, part := range e {
			walk(part, negated, f)
		}
	case Or:
		for _, part := range e {
			walk(part, negated, f)
		}
	case Not:
		walk(e.Expr, !negated, f)
	case *Predicate:
		if e != nil {
			f(e, negated)
		}
	}
}
