package match

import "slices"

// cover is a set of atoms of which at least one is touched whenever an
// expression holds. It is not known for what can hold on nothing at all.
type cover struct {
	known bool
	atoms []int32
	cost  int
}

// What it costs, roughly, to hang a condition on an atom: how often it will be
// touched by events that the condition is not about. What many rules ask for
// is common in events too.
const (
	costPresent = 10_000
	// costUse is what each further use of a literal adds.
	costUse = 3
)

// costOf rates a literal: a whole value is telling, one of a value's ends is
// less so, and what is short is everywhere.
func costOf(l literal) int {
	if l.op == OpEquals {
		return 1
	}
	cost := 5
	switch len(l.text) {
	case 0:
		return costPresent
	case 1:
		cost = 2000
	case 2:
		cost = 200
	case 3:
		cost = 40
	case 4:
		cost = 15
	}
	if l.op != OpContains {
		return cost/4 + 1
	}
	return cost
}

// cover works out what a tree hangs on. It is asked when all conditions of the
// shard are compiled, so that uses are known.
func (b *builder) cover(n int32) cover {
	nd := b.shard.nodes[n]
	switch nd.op {
	case nodeAtom:
		return b.coverAtoms(b.shard.atoms[nd.from].kind, []int32{nd.from})
	case nodeAnyOf:
		return b.coverAtoms(atomLiteral, slices.Clone(b.shard.kids[nd.from:nd.to]))
	case nodeAnd:
		best := cover{}
		for _, kid := range b.shard.kids[nd.from:nd.to] {
			if c := b.cover(kid); c.known && (!best.known || c.cost < best.cost) {
				best = c
			}
		}
		return best
	case nodeOr:
		all := cover{known: true}
		for _, kid := range b.shard.kids[nd.from:nd.to] {
			c := b.cover(kid)
			if !c.known {
				return cover{}
			}
			all.atoms = append(all.atoms, c.atoms...)
			all.cost += c.cost
		}
		slices.Sort(all.atoms)
		all.atoms = slices.Compact(all.atoms)
		return all
	}
	return cover{} // not: holds where nothing is touched
}

// coverAtoms is the cover of atoms of which one has to hold. Those that are
// not touched by the index cover nothing: what they cannot do without stands
// beside them.
func (b *builder) coverAtoms(kind atomKind, ids []int32) cover {
	if kind != atomLiteral && kind != atomExists {
		return cover{}
	}
	c := cover{known: true, atoms: ids}
	for _, id := range ids {
		a := &b.atoms[id]
		c.cost += a.cost + costUse*max(0, a.uses-1) + 2*len(a.covers)
	}
	return c
}

// Indexed reports whether an engine can tell from literals when the expression
// is worth evaluating. If not, it is evaluated for every event that has the
// field, or for every event.
func Indexed(e Expr) bool {
	names := newNames()
	(&lazyShard{fields: map[int32]bool{}}).note(e, names)
	b := newBuilder(&shard{}, names.ids)
	c := b.cover(b.node(e))
	return c.known && c.cost < costPresent
}
