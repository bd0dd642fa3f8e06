package match

// automaton finds every literal of one field in one pass over folded text:
// Aho-Corasick with all transitions worked out, over classes of bytes that no
// literal tells apart.
type automaton struct {
	class   [256]uint16
	classes uint32
	// next holds, per state and class, the offset of the following state's
	// row, with reports set where that state has something to report.
	next []uint32
	// found holds, per state, where its reports lie in hits.
	found []span
	hits  []found
}

// reports marks a transition into a state that has hits.
const reports = 1 << 31

type span struct{ from, to int32 }

// found is one literal that ends here: the atom to touch, if it may end here.
type found struct {
	atom   int32
	length int32
	op     Op // OpContains, OpPrefix or OpSuffix
}

// literal is a text to look for. Texts are not empty.
type literal struct {
	op   Op
	text string
}

// newAutomaton builds the automaton for the literals, each of which touches
// some atoms. The order of literals decides nothing but the order of reports.
func newAutomaton(literals []literal, atoms map[literal][]int32) *automaton {
	a := &automaton{classes: 1}
	for _, l := range literals {
		for i := range len(l.text) {
			if c := l.text[i]; a.class[c] == 0 {
				a.class[c] = uint16(a.classes)
				a.classes++
			}
		}
	}
	t := &trie{a: a, ends: [][]found{nil}, rows: make([]int32, a.classes)}
	for _, l := range literals {
		state := t.insert(l.text)
		for _, atom := range atoms[l] {
			t.ends[state] = append(t.ends[state], found{atom: atom, length: int32(len(l.text)), op: l.op})
		}
	}
	t.link()
	t.flatten()
	return a
}

// trie is the automaton while it is built. State 0 is the root, and a row
// entry of 0 means no child until link has run.
type trie struct {
	a    *automaton
	rows []int32
	ends [][]found
}

func (t *trie) row(state int32) []int32 {
	n := int32(t.a.classes)
	return t.rows[state*n : (state+1)*n]
}

func (t *trie) insert(text string) int32 {
	state := int32(0)
	for i := range len(text) {
		class := t.a.class[text[i]]
		next := t.row(state)[class]
		if next == 0 {
			next = int32(len(t.ends))
			t.row(state)[class] = next
			t.ends = append(t.ends, nil)
			t.rows = append(t.rows, make([]int32, t.a.classes)...)
		}
		state = next
	}
	return state
}

// link fills the missing transitions, breadth first, from the state that
// stands for the longest proper suffix, and passes that state's ends on.
func (t *trie) link() {
	suffix := make([]int32, len(t.ends))
	queue := make([]int32, 0, len(t.ends))
	for _, next := range t.row(0) {
		if next != 0 {
			queue = append(queue, next)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		t.ends[state] = append(t.ends[state], t.ends[suffix[state]]...)
		row, fallback := t.row(state), t.row(suffix[state])
		for class, next := range row {
			if next == 0 {
				row[class] = fallback[class]
				continue
			}
			suffix[next] = fallback[class]
			queue = append(queue, next)
		}
	}
}

func (t *trie) flatten() {
	t.a.found = make([]span, len(t.ends))
	for state, ends := range t.ends {
		from := int32(len(t.a.hits))
		t.a.hits = append(t.a.hits, ends...)
		t.a.found[state] = span{from, int32(len(t.a.hits))}
	}
	t.a.next = make([]uint32, len(t.rows))
	for i, state := range t.rows {
		t.a.next[i] = uint32(state) * t.a.classes
		if len(t.ends[state]) > 0 {
			t.a.next[i] |= reports
		}
	}
}

// search touches the atom of every literal that is in text where its operation
// wants it.
func (l *layer) search(e *Engine, a *automaton, text []byte) {
	state := uint32(0)
	for i, c := range text {
		state = a.next[state+uint32(a.class[c])]
		if state&reports == 0 {
			continue
		}
		state &^= reports
		ends := a.found[state/a.classes]
		for _, f := range a.hits[ends.from:ends.to] {
			switch {
			case f.op == OpPrefix && int(f.length) != i+1:
			case f.op == OpSuffix && i+1 != len(text):
			default:
				l.touch(e, f.atom)
			}
		}
	}
}
