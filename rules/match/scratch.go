package match

import "fmt"

// Scratch is the working memory of [Engine.Match], reused from event to
// event. The zero value is ready. It serves one goroutine at a time, and any
// engine.
type Scratch struct {
	engine     *Engine
	generation uint32
	// event and fields are what is being judged; fields is nil where the base
	// stands alone.
	event  *Event
	fields *Fields
	base   layer
	scope  layer
	// confirmed says in which generation an atom's test was last run, and
	// verdict what it said.
	confirmed []uint32
	verdict   []bool
	// asked and allowed are the same for sets of targets.
	asked   []uint32
	allowed []bool
	// heldIn marks the conditions in held; heldBy is the scope of each, -1 for
	// the base alone, and scope's number the one that is being judged.
	heldIn   []uint32
	heldBy   []int32
	number   int32
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

// layer is what one set of fields, the base or a scope, has touched.
type layer struct {
	generation uint32
	slots      []slot
	touches    []uint32
	// proposed lists the conditions whose cover was touched; proposals marks
	// them.
	proposed  []int32
	proposals []uint32
}

// slot is where a layer holds a field, if generation is the layer's.
type slot struct {
	generation uint32
	values     []Value
}

// Failures returns what panicked in the last Match. Valid until the next.
func (s *Scratch) Failures() []Failure { return s.failures }

// begin prepares for one event of one engine.
func (s *Scratch) begin(e *Engine) {
	if s.engine != e || s.generation > 1<<31 {
		*s = Scratch{
			engine: e, base: newLayer(e), scope: newLayer(e), text: s.text,
			confirmed: make([]uint32, len(e.atoms)), verdict: make([]bool, len(e.atoms)),
			asked: make([]uint32, len(e.sets)), allowed: make([]bool, len(e.sets)),
			heldIn: make([]uint32, len(e.conditions)), heldBy: make([]int32, len(e.conditions)),
		}
	}
	s.held, s.failures = s.held[:0], s.failures[:0]
}

func newLayer(e *Engine) layer {
	return layer{
		slots: make([]slot, len(e.fields)), touches: make([]uint32, len(e.atoms)),
		proposals: make([]uint32, len(e.conditions)),
	}
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

func (s *Scratch) isHeld(c int32) bool { return s.heldIn[c] == s.base.generation }

func (s *Scratch) hold(c int32) {
	s.heldIn[c], s.heldBy[c] = s.base.generation, s.number
	s.held = append(s.held, int(c))
}

// accepted reports whether a set of targets accepts the event.
func (s *Scratch) accepted(set int32) bool {
	if s.asked[set] != s.base.generation {
		s.asked[set] = s.base.generation
		s.allowed[set] = anyAccepts(s.engine.sets[set], s.event)
	}
	return s.allowed[set]
}

// layerOf returns the layer in which a field is looked up: the scope's if it
// is there, else the base's.
func (s *Scratch) layerOf(field int32) *layer {
	if s.scope.slots[field].generation == s.scope.generation {
		return &s.scope
	}
	return &s.base
}

// lookup returns a field's values, and whether it is there.
func (s *Scratch) lookup(field int32) ([]Value, bool) {
	l := s.layerOf(field)
	if at := &l.slots[field]; at.generation == l.generation {
		return at.values, true
	}
	return nil, false
}

// confirm runs the test of a touched atom, once per layer.
func (s *Scratch) confirm(id int32, a *atom, l *layer) bool {
	if s.confirmed[id] == l.generation {
		return s.verdict[id]
	}
	ok := false
	for _, v := range l.slots[a.field].values {
		if ok, s.text = a.test.matches(v, s.text); ok {
			break
		}
	}
	s.confirmed[id], s.verdict[id] = l.generation, ok
	return ok
}

func (l *layer) begin(generation uint32) {
	l.generation = generation
	l.proposed = l.proposed[:0]
}

func (l *layer) touched(atom int32) bool { return l.touches[atom] == l.generation }

// touch marks an atom and proposes the conditions that hang on it.
func (l *layer) touch(e *Engine, atom int32) {
	if l.touches[atom] == l.generation {
		return
	}
	l.touches[atom] = l.generation
	for _, c := range e.atoms[atom].covers {
		l.propose(c)
	}
}

func (l *layer) propose(c int32) {
	if l.proposals[c] != l.generation {
		l.proposals[c] = l.generation
		l.proposed = append(l.proposed, c)
	}
}
