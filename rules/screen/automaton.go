package screen

// automaton looks for words in one pass (Aho and Corasick, 1975). States are
// numbered; next holds 256 successors of each, filled in so that no failure is
// followed while a text is read.
type automaton struct {
	next []int32
	// found lists the expressions whose words end in a state.
	found [][]int
}

func newAutomaton(words map[string][]int) *automaton {
	a := &automaton{next: make([]int32, 256), found: make([][]int, 1)}
	for word, expressions := range words {
		state := int32(0)
		for _, c := range []byte(word) {
			to := &a.next[int(state)<<8|int(c)]
			if *to == 0 {
				*to = int32(len(a.found))
				created := *to
				a.next = append(a.next, make([]int32, 256)...)
				a.found = append(a.found, nil)
				state = created
				continue
			}
			state = *to
		}
		a.found[state] = append(a.found[state], expressions...)
	}
	a.link()
	return a
}

// link fills in, breadth first, where a state goes on a byte that continues
// none of its words: where the longest end of what was read goes.
func (a *automaton) link() {
	fail := make([]int32, len(a.found))
	var queue []int32
	for c := range 256 {
		if to := a.next[c]; to != 0 {
			queue = append(queue, to)
		}
	}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		back := fail[state]
		a.found[state] = append(a.found[state], a.found[back]...)
		for c := range 256 {
			at := int(state)<<8 | c
			along := a.next[int(back)<<8|c]
			if a.next[at] == 0 {
				a.next[at] = along
				continue
			}
			fail[a.next[at]] = along
			queue = append(queue, a.next[at])
		}
	}
}

// scan calls hit for every expression of which a word ends at text[:end].
func (a *automaton) scan(text string, hit func(end, expression int)) {
	state := int32(0)
	for i := range len(text) {
		state = a.next[int(state)<<8|int(text[i])]
		for _, e := range a.found[state] {
			hit(i+1, e)
		}
	}
}
