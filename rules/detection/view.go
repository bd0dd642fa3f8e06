package detection

import (
	"slices"

	"github.com/ttpstream/ttpstream/rules/match"
)

// View says where in an event the fields that a detection names are to be
// found. Sigma has names of its own (CommandLine); a source of events has
// others (cmd.line), or knows nothing of a field at all. The zero View leaves
// every name as it is.
type View struct {
	// Field returns what a name stands for. nil: itself.
	Field func(name string) Source
	// Raw are the fields that keywords look into, in place of those of
	// [Options]. nil: those.
	Raw []string
}

// Source is what a field's name stands for. The zero Source is a field that no
// event of the view can have: only null and exists: false hold of it.
type Source struct {
	// Fields are looked at together, as if they were one field with the values
	// of all.
	Fields []string
	// Programs are such fields that hold programs as they were called, where
	// the rule means the path of an image: a bare name is taken to lie in one
	// of the usual directories.
	Programs []string
	// Values are what the field has in every event of the view.
	Values []match.Value
}

// all returns Fields and Programs.
func (s Source) all() []string {
	if len(s.Programs) == 0 {
		return s.Fields
	}
	return slices.Concat(s.Fields, s.Programs)
}

// at returns what an item looks at.
func (v View) at(it Item) Source {
	switch {
	case it.Field == "" && v.Raw != nil:
		return Source{Fields: v.Raw}
	case it.Field == "":
		return Source{Fields: it.raw}
	case v.Field != nil:
		return v.Field(it.Field)
	}
	return Source{Fields: []string{it.Field}}
}

// some returns the test of the source that holds when it holds of one of its
// fields or of one of its values.
func (s Source) some(test func(field string) (match.Expr, string)) (match.Expr, string) {
	fields := s.all()
	parts := make([]match.Expr, 0, len(fields)+1)
	for _, field := range fields {
		part, message := test(field)
		if message != "" {
			return nil, message
		}
		parts = append(parts, part)
	}
	if len(s.Values) == 0 && len(fields) > 0 {
		return anyOfExprs(parts), ""
	}
	// What is known beforehand is decided beforehand. A view without the field
	// still has its values checked.
	const constant = "constant"
	part, message := test(constant)
	if message != "" {
		return nil, message
	}
	ev := &match.Event{}
	for _, v := range s.Values {
		ev.Base.Add(constant, v.String())
	}
	if len(s.Values) > 0 && match.Holds(part, ev) {
		return match.And{}, ""
	}
	return anyOfExprs(parts), ""
}

// every is some for tests that must hold of each field: null is that none of
// them has a value.
func (s Source) every(test func(field string) match.Expr) match.Expr {
	if len(s.Values) > 0 {
		return match.Or{}
	}
	fields := s.all()
	parts := make([]match.Expr, 0, len(fields))
	for _, field := range fields {
		parts = append(parts, test(field))
	}
	return allOfExprs(parts)
}

// anyOfExprs and allOfExprs make the least expression: constants (an empty And
// always holds, an empty Or never) decide or vanish.
func anyOfExprs(parts []match.Expr) match.Expr {
	out := make(match.Or, 0, len(parts))
	for _, part := range parts {
		switch {
		case always(part):
			return match.And{}
		case !never(part):
			out = append(out, part)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

func allOfExprs(parts []match.Expr) match.Expr {
	out := make(match.And, 0, len(parts))
	for _, part := range parts {
		switch {
		case never(part):
			return match.Or{}
		case !always(part):
			out = append(out, part)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

func notExpr(e match.Expr) match.Expr {
	switch {
	case always(e):
		return match.Or{}
	case never(e):
		return match.And{}
	}
	return match.Not{Expr: e}
}

func always(e match.Expr) bool { and, ok := e.(match.And); return ok && len(and) == 0 }

func never(e match.Expr) bool { or, ok := e.(match.Or); return ok && len(or) == 0 }

// Never reports whether an expression that Compile returned holds for no event
// at all, by its form.
func Never(e match.Expr) bool { return never(e) }
