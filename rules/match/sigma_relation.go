package match

import "strings"

// Relation is an [Expr] beside the predicates: a test of one field against
// another ([Refers]) or of a part of a date ([InDate]). It has no literal that
// an index could look for. Relations are immutable.
type Relation struct {
	field string
	// other is the field that is compared with; empty for a date.
	other string
	op    Op
	cased bool
	part  DatePart
	// number is what the part of the date is compared with.
	number int
}

func (*Relation) expr() {}

// Refers returns the test that a value of field stands to a value of other as
// op says: OpEquals, or OpContains, OpPrefix, OpSuffix with the other's value
// as the shorter text. Without either field, or without a value in one, it
// does not hold. Any other op never holds.
func Refers(field, other string, op Op, cased bool) *Relation {
	return &Relation{field: field, other: other, op: op, cased: cased}
}

// InDate returns the test that a value of field is a date of which the part
// compares so: OpEquals, OpLess to OpGreaterEqual. Any other op never holds.
func InDate(field string, part DatePart, op Op, number int) *Relation {
	return &Relation{field: field, op: op, part: part, number: number}
}

// Field returns the name of the field that is tested.
func (r *Relation) Field() string { return r.field }

// Other returns the field that is compared with, empty for a date.
func (r *Relation) Other() string { return r.other }

// holds decides the relation for one scope over its base.
func (r *Relation) holds(ev *Event, scope *Fields) bool {
	for _, v := range valuesOf(ev, scope, r.field) {
		if r.other == "" {
			if n, ok := r.part.of(v); ok && compareInts(r.op, n, r.number) {
				return true
			}
			continue
		}
		for _, w := range valuesOf(ev, scope, r.other) {
			if r.relates(v, w) {
				return true
			}
		}
	}
	return false
}

func (r *Relation) relates(v, w Value) bool {
	text, other := capText(v.String()), capText(w.String())
	if !r.cased {
		text, other = Fold(text), Fold(other)
	}
	switch r.op {
	case OpEquals:
		return text == other
	case OpContains:
		return strings.Contains(text, other)
	case OpPrefix:
		return strings.HasPrefix(text, other)
	case OpSuffix:
		return strings.HasSuffix(text, other)
	}
	return false
}

func compareInts(op Op, n, with int) bool {
	switch op {
	case OpEquals:
		return n == with
	case OpLess:
		return n < with
	case OpLessEqual:
		return n <= with
	case OpGreater:
		return n > with
	case OpGreaterEqual:
		return n >= with
	}
	return false
}

func capText(text string) string { return text[:min(len(text), MaxValueBytes)] }

func valuesOf(ev *Event, scope *Fields, field string) []Value {
	if scope != nil {
		if values, there := scope.Lookup(field); there {
			return values
		}
	}
	values, _ := ev.Base.Lookup(field)
	return values
}
