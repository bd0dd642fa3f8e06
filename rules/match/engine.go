package match

import "slices"

// Engine decides many conditions at once. It is immutable and safe for
// concurrent use, each goroutine with a [Scratch] of its own. Made by [Build]
// and [Rebuild].
type Engine struct {
	conditions []Condition
	// layers are the base and, after a [Rebuild], what has changed since it was
	// built; shards are those of all layers.
	layers []layerIndex
	shards []placed
	// names numbers the fields that conditions look at.
	names map[string]int32
}

// layerIndex is an index over some of the conditions.
type layerIndex struct {
	conditions []Condition
	shards     []*lazyShard
	// numbers is, per condition of the layer, what the engine calls it, -1 if
	// it is no longer one of the engine's.
	numbers []int32
}

// placed is a shard in its layer.
type placed struct {
	*lazyShard
	numbers []int32
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
	s.active = s.route(ev)
	s.baseGen = s.nextGeneration()
	for _, st := range s.active.states {
		st.base.begin(s.baseGen)
	}
	e.scan(&ev.Base, s, s.base, s.baseGen, false)
	if len(ev.Scopes) == 0 {
		e.judgeScope(-1, nil, s)
	}
	for i := range ev.Scopes {
		e.judgeScope(int32(i), &ev.Scopes[i], s)
	}
	return true
}

// judgeScope evaluates what the base and the scope have proposed.
func (e *Engine) judgeScope(number int32, fields *Fields, s *Scratch) {
	s.number, s.fields = number, fields
	s.scopeGen = s.nextGeneration()
	for _, st := range s.active.states {
		st.scope.begin(s.scopeGen)
	}
	if fields != nil {
		e.scan(fields, s, s.scope, s.scopeGen, true)
	}
	for _, st := range s.active.states {
		s.judge(st, st.shard.always)
		s.judge(st, st.base.proposed)
		s.judge(st, st.scope.proposed)
	}
}

// judge evaluates conditions of a shard. A panic costs the one it happened in
// and no other.
func (s *Scratch) judge(st *state, conditions []int32) {
	for at := 0; at < len(conditions); {
		at = s.judgeFrom(st, conditions, at)
	}
}

// judgeFrom evaluates conditions from a place on, to the end or to behind one
// that panicked, and returns where to go on.
func (s *Scratch) judgeFrom(st *state, conditions []int32, at int) (next int) {
	defer func() {
		if r := recover(); r != nil {
			s.fail(int(st.numbers[st.shard.conds[conditions[at]].number]), r)
			next = at + 1
		}
	}()
	for ; at < len(conditions); at++ {
		c := &st.shard.conds[conditions[at]]
		if s.bars(st, c) {
			continue
		}
		if number := st.numbers[c.number]; number >= 0 && !s.isHeld(number) && st.holds(c.root, s) {
			s.hold(number)
		}
	}
	return at
}

// matchEach is Match without the index: each condition on its own, from the
// definition.
func (e *Engine) matchEach(ev *Event, s *Scratch) {
	s.event, s.held = ev, s.held[:0]
	s.baseGen = s.nextGeneration()
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
