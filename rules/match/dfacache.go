package match

import (
	"regexp/syntax"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Bounds on what automata remember. An automaton that has run over its share
// forgets everything and begins anew; one that does so again and again works
// out states more often than it uses them, and is given up for package regexp.
const (
	maxDFABytes   = 256 << 10 // of one automaton
	maxDFAFlushes = 8
	maxAllDFAs    = 64 << 20 // of all automata of the process
)

// dfaTotal is what all automata hold, in bytes.
var dfaTotal atomic.Int64

// dfaCache holds an automaton's states. Only who has the lock adds to it.
type dfaCache struct {
	mu      sync.Mutex
	states  map[string]*dfaState
	used    *atomic.Int64
	flushes int
	// Room to work in.
	key     []byte
	stack   []uint32
	visited []bool
	core    []uint32
}

func (c *dfaCache) init(d *dfa) {
	c.states = map[string]*dfaState{}
	c.used = new(atomic.Int64)
	c.visited = make([]bool, len(d.prog.Inst))
	runtime.AddCleanup(d, func(used *atomic.Int64) { dfaTotal.Add(-used.Load()) }, c.used)
}

// restart sets the state before the first character.
func (d *dfa) restart() bool {
	start := d.intern([]uint32{uint32(d.prog.Start)}, lookEdge&d.alphabet.looks)
	d.start.Store(start)
	return start != nil
}

// step works out the state after a class, nil if there is no room for it.
func (d *dfa) step(from *dfaState, class uint8) *dfaState {
	d.cache.mu.Lock()
	defer d.cache.mu.Unlock()
	if d.off.Load() {
		return nil
	}
	if known := from.next[class].Load(); known != nil {
		return known
	}
	next := d.follow(from, class)
	if next != nil {
		from.next[class].Store(next)
		return next
	}
	d.flush()
	return nil
}

// follow is step without the memory.
func (d *dfa) follow(from *dfaState, class uint8) *dfaState {
	after, r := lookEdge, rune(-1)
	if class != d.alphabet.end {
		r = d.alphabet.sample[class]
		after = lookAt(r)
	}
	core, found := d.closure(from, after, r)
	switch {
	case found:
		return dfaFound
	case class == d.alphabet.end:
		return dfaDead
	}
	if !d.anchored {
		core = append(core, uint32(d.prog.Start))
	}
	if len(core) == 0 {
		return dfaDead
	}
	slices.Sort(core)
	return d.intern(slices.Compact(core), after&d.alphabet.looks)
}

// closure follows what takes no character from the state's places, given both
// sides, and returns where those that take r go on; r is below 0 at the end.
func (d *dfa) closure(from *dfaState, after look, r rune) (core []uint32, found bool) {
	c := &d.cache
	clear(c.visited)
	c.stack = append(c.stack[:0], from.insts...)
	core = c.core[:0]
	for len(c.stack) > 0 && !found {
		pc := c.stack[len(c.stack)-1]
		c.stack = c.stack[:len(c.stack)-1]
		if c.visited[pc] {
			continue
		}
		c.visited[pc] = true
		inst := &d.prog.Inst[pc]
		switch inst.Op {
		case syntax.InstMatch:
			found = true
		case syntax.InstAlt, syntax.InstAltMatch:
			c.stack = append(c.stack, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop:
			c.stack = append(c.stack, inst.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(inst.Arg)&^seen(from.before, after) == 0 {
				c.stack = append(c.stack, inst.Out)
			}
		default:
			if r >= 0 && takes(inst, r) {
				core = append(core, inst.Out)
			}
		}
	}
	c.core = core
	return core, found
}

// seen returns the empty-width tests that hold between two sides.
func seen(before, after look) (op syntax.EmptyOp) {
	if before&lookEdge != 0 {
		op |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	}
	if before&lookNewline != 0 {
		op |= syntax.EmptyBeginLine
	}
	if after&lookEdge != 0 {
		op |= syntax.EmptyEndText | syntax.EmptyEndLine
	}
	if after&lookNewline != 0 {
		op |= syntax.EmptyEndLine
	}
	if (before^after)&lookWord != 0 {
		return op | syntax.EmptyWordBoundary
	}
	return op | syntax.EmptyNoWordBoundary
}

// intern returns the state of those places, nil if there is no room for it.
func (d *dfa) intern(insts []uint32, before look) *dfaState {
	c := &d.cache
	c.key = append(c.key[:0], byte(before))
	for _, pc := range insts {
		c.key = append(c.key, byte(pc), byte(pc>>8))
	}
	if state, known := c.states[string(c.key)]; known {
		return state
	}
	classes := len(d.alphabet.sample) + 1
	size := int64(classes)*int64(unsafe.Sizeof(atomic.Pointer[dfaState]{})) + int64(4*len(insts)+len(c.key)) + 160
	if c.used.Load()+size > maxDFABytes || dfaTotal.Load()+size > maxAllDFAs {
		return nil
	}
	c.used.Add(size)
	dfaTotal.Add(size)
	state := &dfaState{next: make([]atomic.Pointer[dfaState], classes), insts: slices.Clone(insts), before: before}
	c.states[string(c.key)] = state
	return state
}

// flush forgets all states. Who is under way on one of them may go on.
func (d *dfa) flush() {
	c := &d.cache
	dfaTotal.Add(-c.used.Swap(0))
	clear(c.states)
	if c.flushes++; c.flushes > maxDFAFlushes || !d.restart() {
		d.start.Store(nil)
		c.states = nil
		d.off.Store(true)
	}
}
