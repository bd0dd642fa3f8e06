package match

// Holds reports whether an expression holds for an event in at least one
// scope. It works from the definition, one predicate and one value after the
// other, without an index: right, slow, and free of any [Engine].
func Holds(e Expr, ev *Event) bool {
	_, ok := firstScope(e, ev)
	return ok
}

// view is one scope over its base, as predicates see it.
type view struct {
	// scope is nil where the base stands alone.
	scope, base *Fields
	// folds remembers the folds of the values of the field that was looked at
	// last: lists of alternatives ask for the same ones again and again.
	folds struct {
		of    *Value
		texts []string
	}
}

// firstScope returns the number of the first scope in which e holds, -1 for
// the base alone, and whether there is one.
func firstScope(e Expr, ev *Event) (int32, bool) {
	if len(ev.Scopes) == 0 {
		return -1, viewOf(ev, -1).holds(e)
	}
	for i := range ev.Scopes {
		if viewOf(ev, int32(i)).holds(e) {
			return int32(i), true
		}
	}
	return -1, false
}

func viewOf(ev *Event, scope int32) *view {
	w := &view{base: &ev.Base}
	if scope >= 0 {
		w.scope = &ev.Scopes[scope]
	}
	return w
}

func (w *view) holds(e Expr) bool {
	switch e := e.(type) {
	case And:
		for _, part := range e {
			if !w.holds(part) {
				return false
			}
		}
		return true
	case Or:
		for _, part := range e {
			if w.holds(part) {
				return true
			}
		}
		return false
	case Not:
		return !w.holds(e.Expr)
	case *Predicate:
		if e != nil {
			_, ok := w.passes(e)
			return ok
		}
	case *Relation:
		return e != nil && e.holds(&Event{Base: *w.base}, w.scope)
	}
	return false
}

// passed is where a predicate held: the field, and the value that passed.
// Tests of the field itself name its first value, if any.
type passed struct {
	field string
	value Value
}

func (w *view) passes(p *Predicate) (passed, bool) {
	if p.field == AnyField {
		return w.passesAny(p)
	}
	values, there := w.lookup(p.field)
	return w.passesValues(p, p.field, values, there)
}

func (w *view) lookup(field string) ([]Value, bool) {
	if w.scope != nil {
		if values, there := w.scope.Lookup(field); there {
			return values, true
		}
	}
	return w.base.Lookup(field)
}

// passesAny tries every field of scope and base.
func (w *view) passesAny(p *Predicate) (passed, bool) {
	for _, fields := range []*Fields{w.scope, w.base} {
		if fields == nil {
			continue
		}
		for i := range fields.list {
			f := &fields.list[i]
			got, ok := w.passesValues(p, f.Name, f.Values, true)
			if ok != (p.op == OpNull) {
				return got, ok
			}
		}
	}
	return passed{}, p.op == OpNull
}

func (w *view) passesValues(p *Predicate, field string, values []Value, there bool) (passed, bool) {
	got := passed{field: field}
	if p.op == OpExists || p.op == OpNull {
		if len(values) > 0 {
			got.value = values[0]
		}
		return got, p.op == OpExists && there || p.op == OpNull && len(values) == 0
	}
	for i := range values {
		if w.fits(p, values, i) {
			got.value = values[i]
			return got, true
		}
	}
	return got, false
}

// fits tests one value, folding it at most once for a run of predicates.
func (w *view) fits(p *Predicate, values []Value, i int) bool {
	if p.cased || p.op >= OpRegex {
		ok, _ := p.matches(values[i], nil)
		return ok
	}
	if w.folds.of != &values[0] {
		w.folds.of = &values[0]
		w.folds.texts = w.folds.texts[:0]
	}
	for len(w.folds.texts) <= i {
		w.folds.texts = append(w.folds.texts, Fold(capped(values[len(w.folds.texts)])))
	}
	return p.fits(w.folds.texts[i])
}
