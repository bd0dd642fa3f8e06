package match

import "slices"

// Engine decides many conditions at once. It is immutable and safe for
// concurrent use, each goroutine with a [Scratch] of its own. Made by [Build].
type Engine struct {
	conditions []Condition
	// Per condition: the root of its tree, and its set of targets.
	roots   []int32
	targets []int32
	// sets are the distinct sets of targets; always lists, per set, the
	// conditions that can hold without any atom touched.
	sets   [][]Target
	always [][]int32

	nodes  []node
	kids   []int32
	atoms  []atom
	fields []fieldIndex
	names  map[string]int32
	// anyField is the id of AnyField, -1 when no condition uses it.
	anyField int32
}

// node is one step of a compiled tree: kids[from:to] for nodeAnd and nodeOr,
// the node or atom from for nodeNot and nodeAtom.
type node struct {
	op       nodeOp
	from, to int32
}

type nodeOp uint8

const (
	nodeAnd nodeOp = iota
	nodeOr
	nodeNot
	nodeAtom
)

// atom is a test that is decided once per scope: a group of literals of one
// field of which one suffices, or a single predicate.
type atom struct {
	field int32
	kind  atomKind
	// test is the predicate of atomConfirm.
	test *Predicate
	// covers lists the conditions to evaluate once the atom is touched.
	covers []int32
}

type atomKind uint8

const (
	// atomLiteral holds when it was touched.
	atomLiteral atomKind = iota
	// atomConfirm can hold only when it was touched; the test decides.
	atomConfirm
	atomExists
	atomNull
)

// fieldIndex is what is looked for in the values of one field.
type fieldIndex struct {
	// present is touched when the field is there, valued when it has a value.
	present, valued []int32
	// whole is touched when a value's fold is the key.
	whole map[string][]int32
	// inside is nil when nothing is looked for inside values.
	inside *automaton
}

// Len returns the number of conditions.
func (e *Engine) Len() int { return len(e.conditions) }

// Match returns the indexes of the conditions that hold for ev, ascending.
// The slice is s's and valid until its next use. Conditions that panicked, by
// a bug, are in [Scratch.Failures] and not in the result.
func (e *Engine) Match(ev *Event, s *Scratch) []int {
	s.begin(e)
	if !e.matchIndexed(ev, s) {
		e.matchEach(ev, s)
	}
	slices.Sort(s.held)
	return s.held
}

// matchIndexed does the work of Match. It returns false if the index, which
// all conditions share, panicked.
func (e *Engine) matchIndexed(ev *Event, s *Scratch) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			s.fail(-1, r)
			ok = false
		}
	}()
	s.event = ev
	s.base.begin(s.nextGeneration())
	e.scan(&ev.Base, &s.base, s)
	e.addAlways(ev, s)
	if len(ev.Scopes) == 0 {
		s.number = -1
		e.judgeScope(nil, s)
	}
	for i := range ev.Scopes {
		s.number = int32(i)
		e.judgeScope(&ev.Scopes[i], s)
	}
	return true
}

// addAlways makes candidates of the conditions that no atom leads to.
func (e *Engine) addAlways(ev *Event, s *Scratch) {
	for set, conditions := range e.always {
		if len(conditions) == 0 || !s.accepted(int32(set)) {
			continue
		}
		for _, c := range conditions {
			s.base.propose(c)
		}
	}
}

// judgeScope evaluates what the base and the scope have proposed.
func (e *Engine) judgeScope(fields *Fields, s *Scratch) {
	s.scope.begin(s.nextGeneration())
	if fields != nil {
		e.scan(fields, &s.scope, s)
	}
	s.fields = fields
	for _, c := range s.base.proposed {
		e.judge(c, s)
	}
	for _, c := range s.scope.proposed {
		if s.base.proposals[c] != s.base.generation {
			e.judge(c, s)
		}
	}
}

func (e *Engine) judge(c int32, s *Scratch) {
	if s.isHeld(c) || !s.accepted(e.targets[c]) {
		return
	}
	if e.try(c, s) {
		s.hold(c)
	}
}

// try evaluates one condition, so that a panic costs no other.
func (e *Engine) try(c int32, s *Scratch) (holds bool) {
	defer func() {
		if r := recover(); r != nil {
			s.fail(int(c), r)
			holds = false
		}
	}()
	return e.holds(e.roots[c], s)
}

// matchEach is Match without the index: each condition on its own, from the
// definition.
func (e *Engine) matchEach(ev *Event, s *Scratch) {
	s.event, s.held = ev, s.held[:0]
	for i, c := range e.conditions {
		if !anyAccepts(c.Targets, ev) {
			continue
		}
		holds, reason := contained(func() (ok bool) {
			s.number, ok = firstScope(c.Expr, ev)
			return ok
		})
		if reason != nil {
			s.fail(i, reason)
		} else if holds {
			s.hold(int32(i))
		}
	}
}

// contained calls f and returns what it panicked with, if it did.
func contained(f func() bool) (result bool, reason any) {
	defer func() { reason = recover() }()
	return f(), nil
}
