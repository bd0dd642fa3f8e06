package match

import (
	"regexp/syntax"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// dfa decides whether an expression is found in a text, by a deterministic
// automaton whose states are worked out when a text first needs them and
// shared by all who use the expression. It is the subset construction over
// the program of regexp/syntax, so time is linear in the text whatever the
// expression; a step over a known state is one load per character. What it
// remembers is bounded (dfacache.go); where that does not do, find says so and
// the caller takes package regexp, which decides the same.
//
// Its letters are classes of runes that the program cannot tell apart, and a
// last one for the end of the text. A byte that is not UTF-8 reads as U+FFFD,
// as it does for package regexp.
type dfa struct {
	source string
	once   sync.Once
	// off is set for good where the automaton cannot serve the expression.
	off   atomic.Bool
	start atomic.Pointer[dfaState]

	prog     *syntax.Prog
	anchored bool // at the text's begin
	alphabet alphabet
	cache    dfaCache
}

// dfaState is a set of places in the program, between two characters.
type dfaState struct {
	// next holds the state after each class; nil: not yet known. The two final
	// states have none.
	next []atomic.Pointer[dfaState]
	// insts are the places, ascending, empty-width ones not yet followed: what
	// they see depends on the next character too.
	insts []uint32
	// before says what the last character was, as far as the program asks.
	before look
}

// The final states.
var (
	dfaFound = &dfaState{}
	dfaDead  = &dfaState{}
)

// look is what empty-width tests see on one side of a place.
type look uint8

const (
	lookEdge    look = 1 << iota // the text begins or ends
	lookNewline                  // a line feed
	lookWord                     // a letter, digit or underscore of ASCII
)

func newDFA(source string) *dfa { return &dfa{source: source} }

// find reports whether the expression is found in text. ok is false when the
// automaton cannot say.
func (d *dfa) find(text string) (found, ok bool) {
	d.once.Do(d.compile)
	if d.off.Load() {
		return false, false
	}
	state := d.start.Load()
	if state == nil {
		return false, false
	}
	for i := 0; i < len(text); {
		var class uint8
		if c := text[i]; c < utf8.RuneSelf {
			class = d.alphabet.ascii[c]
			i++
		} else {
			r, width := utf8.DecodeRuneInString(text[i:])
			class = d.alphabet.class(r)
			i += width
		}
		next := state.next[class].Load()
		if next == nil {
			if next = d.step(state, class); next == nil {
				return false, false
			}
		}
		if len(next.next) == 0 {
			return next == dfaFound, true
		}
		state = next
	}
	next := state.next[d.alphabet.end].Load()
	if next == nil {
		if next = d.step(state, d.alphabet.end); next == nil {
			return false, false
		}
	}
	return next == dfaFound, true
}

// compile makes ready for the first text.
func (d *dfa) compile() {
	tree, err := syntax.Parse(d.source, syntax.Perl)
	if err != nil {
		d.off.Store(true)
		return
	}
	prog, err := syntax.Compile(tree.Simplify())
	if err != nil || len(prog.Inst) > maxDFAInsts || !d.alphabet.fill(prog) {
		d.off.Store(true)
		return
	}
	d.prog = prog
	d.anchored = prog.StartCond()&syntax.EmptyBeginText != 0
	d.cache.init(d)
	if !d.restart() {
		d.off.Store(true)
	}
}
