package match

import "slices"

// maxGuard is how many literals a guard has at most.
const maxGuard = 4

// cond is what has to be known of a condition that was proposed, in as few
// bytes as possible: most proposals are in vain, and each memory access costs
// more than what is done with it.
type cond struct {
	// number is the condition's in the layer, root its tree.
	number, root int32
	// guard are literals of guardField, filled up with 0, of which one has to
	// be there besides what the condition hangs on. Without a guard the first
	// is 0.
	guard      [maxGuard]int32
	guardField int32
}

// guarded sets a condition's guard: of the literals that its tree cannot do
// without, other than those it hangs on, the most telling.
func (b *builder) guarded(c cond, hangsOn cover) cond {
	best := cover{}
	for _, ids := range b.clauses(c.root, nil) {
		kind, field := b.shard.atoms[ids[0]].kind, b.shard.atoms[ids[0]].field
		if kind != atomLiteral || field == anyField || len(ids) > maxGuard || slices.Equal(ids, hangsOn.atoms) {
			continue
		}
		if next := b.coverAtoms(kind, ids); !best.known || next.cost < best.cost {
			best = next
		}
	}
	if best.known {
		copy(c.guard[:], best.atoms)
		c.guardField = b.shard.atoms[best.atoms[0]].field
	}
	return c
}

// clauses returns the sets of atoms, one of each of which a tree needs.
func (b *builder) clauses(n int32, all [][]int32) [][]int32 {
	nd := b.shard.nodes[n]
	switch nd.op {
	case nodeAtom:
		all = append(all, []int32{nd.from})
	case nodeAnyOf:
		all = append(all, b.shard.kids[nd.from:nd.to])
	case nodeAnd:
		for _, kid := range b.shard.kids[nd.from:nd.to] {
			all = b.clauses(kid, all)
		}
	}
	return all
}

// bars reports whether a condition's guard says that it cannot hold.
func (s *Scratch) bars(st *state, c *cond) bool {
	if c.guard[0] == 0 {
		return false
	}
	l := &st.base
	if s.scope[c.guardField].generation == s.scopeGen {
		l = &st.scope
	}
	for _, atom := range c.guard {
		if l.touches[atom] == l.generation {
			return false
		}
	}
	return true
}
