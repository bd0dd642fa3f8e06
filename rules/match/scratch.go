package match

import "fmt"

// Scratch is the working memory of [Engine.Match], reused from event to
// event. The zero value is ready. It serves one goroutine at a time, and any
// engine.
type Scratch struct {
	engine     *Engine
	generation uint32
	// event and fields are what is being judged; fields is nil where the base
	// stands alone, number the scope's or -1.
	event  *Event
	fields *Fields
	number int32
	// base and scope say where fields are, by number; baseGen and scopeGen
	// which of it is about this event and this scope.
	base, scope       []slot
	baseGen, scopeGen uint32
	// states are of the engine's shards, active says which accept the event.
	states []state
	active *route
	routes routes
	// heldIn marks the conditions in held; heldBy is the scope of each.
	heldIn   []uint32
	heldBy   []int32
	held     []int
	text     []byte
	failures []Failure
}

// Failure is a condition that panicked, which is a bug.
type Failure struct {
	// Condition is its index, or -1 for the index that all share, in which
	// case every condition was then judged on its own.
	Condition int
	// Reason is what it panicked with.
	Reason string
}

// maxFailures bounds what one event can report.
const maxFailures = 64

// slot is where a field's values are, if generation is that of what is judged.
type slot struct {
	generation uint32
	values     []Value
}

// Failures returns what panicked in the last Match. Valid until the next.
func (s *Scratch) Failures() []Failure { return s.failures }

// begin prepares for one event of one engine.
func (s *Scratch) begin(e *Engine) {
	if s.engine != e || s.generation > 1<<31 {
		s.adopt(e)
	}
	s.held, s.failures = s.held[:0], s.failures[:0]
}

// adopt makes the memory fit an engine. What belongs to a shard that the last
// engine had too is kept.
func (s *Scratch) adopt(e *Engine) {
	known := map[*shard]state{}
	if s.generation <= 1<<31 {
		for _, st := range s.states {
			if st.shard != nil {
				known[st.shard] = st
			}
		}
	}
	generation := s.generation
	if generation > 1<<31 {
		generation = 0
	}
	*s = Scratch{
		engine: e, generation: generation, text: s.text, states: make([]state, len(e.shards)),
		base: make([]slot, len(e.names)), scope: make([]slot, len(e.names)),
		heldIn: make([]uint32, len(e.conditions)), heldBy: make([]int32, len(e.conditions)),
	}
	for i, p := range e.shards {
		s.states[i] = known[p.built()]
		s.states[i].numbers = p.numbers
	}
}

// state returns what is known of the engine's i-th shard, which is built if
// need be.
func (s *Scratch) state(i int) *state {
	st := &s.states[i]
	if st.shard == nil {
		numbers := st.numbers
		*st = newState(s.engine.shards[i].get())
		st.numbers = numbers
	}
	return st
}

func (s *Scratch) nextGeneration() uint32 {
	s.generation++
	return s.generation
}

func (s *Scratch) fail(condition int, reason any) {
	for _, f := range s.failures {
		if f.Condition == condition {
			return
		}
	}
	if len(s.failures) < maxFailures {
		s.failures = append(s.failures, Failure{Condition: condition, Reason: fmt.Sprint(reason)})
	}
}

func (s *Scratch) isHeld(c int32) bool { return s.heldIn[c] == s.baseGen }

func (s *Scratch) hold(c int32) {
	s.heldIn[c], s.heldBy[c] = s.baseGen, s.number
	s.held = append(s.held, int(c))
}

// lookup returns a field's values, and whether it is there: the scope's if it
// has the field, else the base's.
func (s *Scratch) lookup(field int32) ([]Value, bool) {
	if at := &s.scope[field]; at.generation == s.scopeGen {
		return at.values, true
	}
	if at := &s.base[field]; at.generation == s.baseGen {
		return at.values, true
	}
	return nil, false
}
