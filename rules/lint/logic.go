package lint

import (
	"fmt"
	"sort"
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
)

// maxAtoms is how many independent tests a condition may have to be worked
// through: 2 to that many cases.
const maxAtoms = 14

// satisfiable reports whether some event may satisfy e. It looks at every
// combination of the tests in e, so it finds what contradicts itself whatever
// the form; conditions of too many tests count as satisfiable. Tests of one
// field that has one value exclude each other where no value can pass both.
func satisfiable(e match.Expr, multi func(field string) bool) bool {
	l := &logic{ids: map[string]int{}}
	f := l.formula(e)
	if len(l.atoms) > maxAtoms {
		return true
	}
	excluded := l.exclusions(multi)
	for truth := uint(0); truth < 1<<len(l.atoms); truth++ {
		if f(truth) && !contradicts(truth, excluded) {
			return true
		}
	}
	return false
}

func contradicts(truth uint, excluded []uint) bool {
	for _, pair := range excluded {
		if truth&pair == pair {
			return true
		}
	}
	return false
}

// logic turns an expression into a formula over atoms. An atom is a predicate,
// or a list of alternatives on one field.
type logic struct {
	ids   map[string]int
	atoms [][]*match.Predicate
}

// formula is true or false for a set of true atoms.
type formula func(truth uint) bool

func (l *logic) formula(e match.Expr) formula {
	switch e := e.(type) {
	case match.And:
		parts := l.formulas(e)
		return func(truth uint) bool {
			for _, part := range parts {
				if !part(truth) {
					return false
				}
			}
			return true
		}
	case match.Or:
		if list := predicates(e); list != nil {
			return l.atom(list)
		}
		parts := l.formulas(e)
		return func(truth uint) bool {
			for _, part := range parts {
				if part(truth) {
					return true
				}
			}
			return false
		}
	case match.Not:
		part := l.formula(e.Expr)
		return func(truth uint) bool { return !part(truth) }
	case *match.Predicate:
		return l.atom([]*match.Predicate{e})
	}
	return func(uint) bool { return false }
}

func (l *logic) formulas(es []match.Expr) []formula {
	parts := make([]formula, len(es))
	for i, e := range es {
		parts[i] = l.formula(e)
	}
	return parts
}

// predicates returns the parts of e if all are predicates of one field.
func predicates(e match.Or) []*match.Predicate {
	var list []*match.Predicate
	for _, part := range e {
		p, ok := part.(*match.Predicate)
		if !ok || len(list) > 0 && p.Field() != list[0].Field() {
			return nil
		}
		list = append(list, p)
	}
	return list
}

func (l *logic) atom(list []*match.Predicate) formula {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = fmt.Sprintf("%q %v %v %q %q", p.Field(), p.Op(), p.Cased(), p.Text(), p.Source())
	}
	sort.Strings(names)
	key := strings.Join(names, "\n")
	id, seen := l.ids[key]
	if !seen {
		id = len(l.atoms)
		l.ids[key] = id
		l.atoms = append(l.atoms, list)
	}
	return func(truth uint) bool { return id < maxAtoms && truth&(1<<id) != 0 }
}

// exclusions returns the pairs of atoms that cannot both be true.
func (l *logic) exclusions(multi func(field string) bool) []uint {
	var pairs []uint
	for i, a := range l.atoms {
		for j, b := range l.atoms {
			if i != j && exclude(a, b) && !multi(a[0].Field()) {
				pairs = append(pairs, 1<<i|1<<j)
			}
		}
	}
	return pairs
}

// exclude reports whether no value passes a test of both lists, where a is a
// list of whole values.
func exclude(a, b []*match.Predicate) bool {
	if a[0].Field() != b[0].Field() {
		return false
	}
	for _, whole := range a {
		if whole.Op() != match.OpEquals {
			return false
		}
		for _, other := range b {
			if other.Op() == match.OpExists || other.Op() == match.OpRegex || other.Cased() || other.Passes(match.Text(whole.Text())) {
				return false
			}
		}
	}
	return true
}
