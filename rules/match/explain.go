package match

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds on what is shown of a field's values.
const (
	// MaxFound is the most values that are shown of one field.
	MaxFound = 8
)

// Explained says how one part of an expression came out for an event.
type Explained struct {
	// Kind is and, or, not, or test for a predicate.
	Kind string `json:"kind"`
	// Name is what the author calls the part, if the caller knows.
	Name  string `json:"name,omitempty"`
	Holds bool   `json:"holds"`
	// Field, Test and Want say what a test asks for: startswith, "/tmp/". The
	// field is empty for a test of every field.
	Field string `json:"field,omitempty"`
	Test  string `json:"test,omitempty"`
	Want  string `json:"want,omitempty"`
	// Why says in words how a test came out.
	Why string `json:"why,omitempty"`
	// Found are the values that were looked at, or for a test that holds the
	// one that passed; secrets are masked.
	Found []string `json:"found,omitempty"`
	// Parts are those of and, or and not.
	Parts []Explained `json:"parts,omitempty"`
}

// Explanation is how an expression came out for an event, in one scope.
type Explanation struct {
	Holds bool `json:"holds"`
	// Scope is the scope that is explained, from 0, of Scopes; -1 where the
	// base stands alone. It is the first in which the expression holds, or else
	// the one in which most of its tests do.
	Scope  int       `json:"scope"`
	Scopes int       `json:"scopes"`
	Root   Explained `json:"condition"`
}

// Explain works out every part of an expression, also those that decide
// nothing. It works from the definition, as [Holds] does.
func Explain(e Expr, ev *Event) Explanation {
	number, holds := firstScope(e, ev)
	out := Explanation{Holds: holds, Scope: int(number), Scopes: len(ev.Scopes)}
	if !holds && len(ev.Scopes) > 0 {
		out.Scope = nearestScope(e, ev)
	}
	out.Root = (&explainer{view: viewOf(ev, int32(out.Scope)), ev: ev}).explain(e)
	return out
}

// nearestScope returns the scope in which most predicates come out as the
// expression would have them.
func nearestScope(e Expr, ev *Event) int {
	best, most := 0, -1
	for i := range ev.Scopes {
		w, right := viewOf(ev, int32(i)), 0
		walk(e, false, func(p *Predicate, negated bool) {
			if _, ok := w.passes(p); ok != negated {
				right++
			}
		})
		if right > most {
			best, most = i, right
		}
	}
	return best
}

type explainer struct {
	*view
	ev *Event
}

func (x *explainer) explain(e Expr) Explained {
	switch e := e.(type) {
	case And:
		out := Explained{Kind: "and", Holds: true}
		for _, part := range e {
			out.Parts = append(out.Parts, x.explain(part))
			out.Holds = out.Holds && out.Parts[len(out.Parts)-1].Holds
		}
		return out
	case Or:
		out := Explained{Kind: "or"}
		for _, part := range e {
			out.Parts = append(out.Parts, x.explain(part))
			out.Holds = out.Holds || out.Parts[len(out.Parts)-1].Holds
		}
		return out
	case Not:
		part := x.explain(e.Expr)
		return Explained{Kind: "not", Holds: !part.Holds, Parts: []Explained{part}}
	case *Predicate:
		if e != nil {
			return x.predicate(e)
		}
	case *Relation:
		if e != nil {
			return x.relation(e)
		}
	}
	return Explained{Kind: "or"}
}

func (x *explainer) predicate(p *Predicate) Explained {
	out := Explained{Kind: "test", Field: p.field, Test: p.op.String(), Want: clip(p.source)}
	if p.cased && p.op < OpRegex {
		out.Test += " cased"
	}
	if p.op == OpExists || p.op == OpNull {
		out.Want = ""
	}
	got, ok := x.passes(p)
	out.Holds = ok
	if ok && p.op != OpExists && p.op != OpNull {
		hit := newHit(p, got, x.ev.Secrets)
		out.Found, out.Want = []string{hit.Value}, hit.Pattern
		out.Why = "found"
		if p.field == AnyField {
			out.Why = "found in " + got.field
		}
		return out
	}
	out.Found, out.Why = x.values(p.field)
	return out
}

func (x *explainer) relation(r *Relation) Explained {
	out := Explained{Kind: "test", Field: r.field, Test: r.op.String(), Holds: r.holds(x.ev, x.scope)}
	if r.other == "" {
		out.Test, out.Want = r.part.String()+" "+out.Test, fmt.Sprint(r.number)
	} else {
		others, why := x.values(r.other)
		if why == "" {
			why = strings.Join(others, ", ")
		}
		out.Test, out.Want = out.Test+" field", r.other+" ("+why+")"
	}
	out.Found, out.Why = x.values(r.field)
	return out
}

// values returns what a field has, or in words why there is nothing.
func (x *explainer) values(field string) (found []string, why string) {
	if field == AnyField {
		return nil, "in no field"
	}
	values, there := x.lookup(field)
	switch {
	case !there:
		return nil, "the field is not there"
	case len(values) == 0:
		return nil, "the field has no value"
	}
	for _, v := range values[:min(len(values), MaxFound)] {
		text := capped(v)
		shown, _ := mask(text, 0, len(text), x.ev.Secrets)
		found = append(found, clip(shown))
	}
	if len(values) > MaxFound {
		why = fmt.Sprintf("the first %d of %d values", MaxFound, len(values))
	}
	return found, why
}

// Equal reports whether two expressions are the same tree of the same tests.
func Equal(a, b Expr) bool {
	switch a := a.(type) {
	case And:
		other, ok := b.(And)
		return ok && slices.EqualFunc(a, other, Equal)
	case Or:
		other, ok := b.(Or)
		return ok && slices.EqualFunc(a, other, Equal)
	case Not:
		other, ok := b.(Not)
		return ok && Equal(a.Expr, other.Expr)
	case *Predicate:
		other, ok := b.(*Predicate)
		if !ok || a == nil || other == nil {
			return ok && a == other
		}
		x, y := &builder{}, &builder{}
		x.predicateKey(a)
		y.predicateKey(other)
		return slices.Equal(x.key, y.key)
	case *Relation:
		other, ok := b.(*Relation)
		return ok && (a == other || a != nil && other != nil && *a == *other)
	}
	return a == nil && b == nil
}
