package match

import (
	"fmt"
	"slices"
	"strings"
)

// Build makes an engine of the conditions. It cannot fail: whatever could be
// wrong with a predicate was refused when the predicate was made.
func Build(conditions []Condition) *Engine {
	b := &builder{
		engine:  &Engine{conditions: slices.Clone(conditions), names: map[string]int32{}, anyField: -1},
		atomIDs: map[string]int32{},
		setIDs:  map[string]int32{},
	}
	for i, c := range conditions {
		root, cover := b.node(c.Expr)
		set := b.targets(c.Targets)
		b.engine.roots = append(b.engine.roots, root)
		b.engine.targets = append(b.engine.targets, set)
		if !cover.known {
			b.engine.always[set] = append(b.engine.always[set], int32(i))
			continue
		}
		for _, a := range cover.atoms {
			at := &b.engine.atoms[a]
			at.covers = append(at.covers, int32(i))
		}
	}
	b.index()
	return b.engine
}

// builder interns what conditions have in common.
type builder struct {
	engine  *Engine
	atomIDs map[string]int32
	setIDs  map[string]int32
	// fields is what each field's index will be made of.
	fields []fieldBuild
	// costs rates each atom by how often it will be touched in vain.
	costs []int
}

// fieldBuild collects the literals of one field, in the order of first use.
type fieldBuild struct {
	present, valued []int32
	whole           map[string][]int32
	literals        []literal
	inside          map[literal][]int32
}

// cover is a set of atoms of which at least one is touched whenever an
// expression holds. It is not known for what can hold on nothing at all.
type cover struct {
	known bool
	atoms []int32
	cost  int
}

// node compiles a tree and returns the id of its root, and its cover.
func (b *builder) node(e Expr) (int32, cover) {
	switch e := e.(type) {
	case And:
		return b.and(e)
	case Or:
		return b.or(e)
	case Not:
		kid, _ := b.node(e.Expr)
		return b.push(node{op: nodeNot, from: kid}), cover{}
	case *Predicate:
		if e != nil {
			return b.leaf(b.test(e))
		}
	}
	return b.parent(nodeOr, nil), cover{known: true}
}

func (b *builder) and(parts And) (int32, cover) {
	kids := make([]kid, 0, len(parts))
	best := cover{}
	for _, part := range parts {
		id, c := b.node(part)
		kids = append(kids, kid{id, b.weigh(id)})
		if c.known && (!best.known || c.cost < best.cost) {
			best = c
		}
	}
	return b.parent(nodeAnd, kids), best
}

func (b *builder) or(parts Or) (int32, cover) {
	kids := make([]kid, 0, len(parts))
	all := cover{known: true}
	add := func(id int32, c cover) {
		kids = append(kids, kid{id, b.weigh(id)})
		all.known = all.known && c.known
		all.atoms = append(all.atoms, c.atoms...)
		all.cost += c.cost
	}
	groups, rest := groupLiterals(parts)
	for _, group := range groups {
		add(b.leaf(b.literals(group)))
	}
	for _, part := range rest {
		add(b.node(part))
	}
	slices.Sort(all.atoms)
	all.atoms = slices.Compact(all.atoms)
	return b.parent(nodeOr, kids), all
}

// groupLiterals takes the parts that the index decides by itself, field by
// field, from the rest.
func groupLiterals(parts Or) (groups [][]*Predicate, rest []Expr) {
	at := map[string]int{}
	for _, part := range parts {
		p, ok := part.(*Predicate)
		if !ok || p == nil || !p.indexed() {
			rest = append(rest, part)
			continue
		}
		i, seen := at[p.field]
		if !seen {
			i = len(groups)
			at[p.field] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	return groups, rest
}

// indexed reports whether the index alone decides the predicate.
func (p *Predicate) indexed() bool {
	return p.op >= OpEquals && p.op <= OpSuffix && !p.cased
}

// kid is a node under a parent, with what it costs to evaluate.
type kid struct {
	id     int32
	weight int
}

// parent makes a node over the kids, the cheapest first.
func (b *builder) parent(op nodeOp, kids []kid) int32 {
	if len(kids) == 1 {
		return kids[0].id
	}
	slices.SortStableFunc(kids, func(x, y kid) int { return x.weight - y.weight })
	from := int32(len(b.engine.kids))
	for _, k := range kids {
		b.engine.kids = append(b.engine.kids, k.id)
	}
	return b.push(node{op: op, from: from, to: int32(len(b.engine.kids))})
}

func (b *builder) push(n node) int32 {
	b.engine.nodes = append(b.engine.nodes, n)
	return int32(len(b.engine.nodes) - 1)
}

// weigh rates what a node costs to evaluate: trees by their size, tests that
// run code far above the rest.
func (b *builder) weigh(id int32) int {
	const test = 1000
	n := b.engine.nodes[id]
	switch n.op {
	case nodeNot:
		return 1 + b.weigh(n.from)
	case nodeAtom:
		if b.engine.atoms[n.from].kind == atomConfirm {
			return test
		}
		return 1
	}
	sum := 1
	for _, k := range b.engine.kids[n.from:n.to] {
		sum += b.weigh(k)
	}
	return sum
}

// leaf makes a node of an atom.
func (b *builder) leaf(id int32) (int32, cover) {
	c := cover{known: true, atoms: []int32{id}, cost: b.costs[id] + 2*len(b.engine.atoms[id].covers)}
	if b.engine.atoms[id].kind == atomNull {
		c = cover{}
	}
	return b.push(node{op: nodeAtom, from: id}), c
}

// targets interns a set of targets.
func (b *builder) targets(set []Target) int32 {
	var key strings.Builder
	for _, t := range set {
		fmt.Fprintf(&key, "%q %q %q %q\n", t.SourceKind, t.Logsource.Category, t.Logsource.Product, t.Logsource.Service)
	}
	id, seen := b.setIDs[key.String()]
	if !seen {
		id = int32(len(b.engine.sets))
		b.setIDs[key.String()] = id
		b.engine.sets = append(b.engine.sets, slices.Clone(set))
		b.engine.always = append(b.engine.always, nil)
	}
	return id
}

// Indexed reports whether an engine can tell from literals when the expression
// is worth evaluating. If not, it is evaluated for every event that has the
// field, or for every event.
func Indexed(e Expr) bool {
	b := &builder{engine: &Engine{names: map[string]int32{}, anyField: -1}, atomIDs: map[string]int32{}}
	_, c := b.node(e)
	return c.known && c.cost < costPresent
}
