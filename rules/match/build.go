package match

import "slices"

// builder makes one shard: it interns what conditions have in common, then
// chooses what each condition hangs on, and last builds the indexes.
type builder struct {
	shard   *shard
	names   map[string]int32
	atomIDs map[string]int32
	fields  map[int32]*fieldBuild
	order   []*fieldBuild // for indexes that do not depend on a map's order
	atoms   []atomBuild
	// weights says what each node costs to evaluate.
	weights []int
	key     []byte
}

// atomBuild is what decides whether a condition hangs on an atom: what that
// costs, and how many others ask for it.
type atomBuild struct {
	cost, uses int
	covers     []int32
}

// costTest is the weight of a test that runs code, against a look at what the
// index has found.
const costTest = 1000

func newBuilder(sh *shard, names map[string]int32) *builder {
	b := &builder{shard: sh, names: names, atomIDs: map[string]int32{}, fields: map[int32]*fieldBuild{}}
	// Atom 0 is none.
	sh.atoms, b.atoms = append(sh.atoms, atom{}), append(b.atoms, atomBuild{})
	return b
}

// buildShard makes the index of those of a layer's conditions whose numbers are
// given.
func buildShard(conditions []Condition, numbers []int32, names map[string]int32) *shard {
	b := newBuilder(&shard{}, names)
	for _, number := range numbers {
		b.shard.conds = append(b.shard.conds, cond{number: number, root: b.node(conditions[number].Expr)})
	}
	for i := range b.shard.conds {
		hangsOn := b.cover(b.shard.conds[i].root)
		b.shard.conds[i] = b.guarded(b.shard.conds[i], hangsOn)
		if !hangsOn.known {
			b.shard.always = append(b.shard.always, int32(i))
			continue
		}
		for _, a := range hangsOn.atoms {
			b.atoms[a].covers = append(b.atoms[a].covers, int32(i))
		}
	}
	b.finish()
	return b.shard
}

// node compiles a tree and returns the id of its root.
func (b *builder) node(e Expr) int32 {
	switch e := e.(type) {
	case And:
		kids := make([]int32, 0, len(e))
		for _, part := range e {
			kids = append(kids, b.node(part))
		}
		return b.parent(nodeAnd, kids)
	case Or:
		return b.or(e)
	case Not:
		kid := b.node(e.Expr)
		return b.push(node{op: nodeNot, from: kid}, b.weights[kid]+1)
	case *Predicate:
		if e != nil {
			return b.predicate(e)
		}
	case *Relation:
		if e != nil {
			return b.relation(e)
		}
	}
	return b.parent(nodeOr, nil)
}

// or takes the parts that the index decides by itself, field by field, from
// the rest.
func (b *builder) or(parts Or) int32 {
	kids := make([]int32, 0, len(parts))
	var fields []string
	groups := map[string][]literal{}
	for _, part := range parts {
		p, ok := part.(*Predicate)
		if !ok || p == nil || !p.indexed() {
			kids = append(kids, b.node(part))
			continue
		}
		if groups[p.field] == nil {
			fields = append(fields, p.field)
		}
		groups[p.field] = append(groups[p.field], literal{op: p.op, text: p.text})
	}
	for _, field := range fields {
		kids = append(kids, b.anyOf(field, groups[field]))
	}
	return b.parent(nodeOr, kids)
}

// indexed reports whether the index alone decides the predicate.
func (p *Predicate) indexed() bool {
	return p.op >= OpEquals && p.op <= OpSuffix && !p.cased
}

// parent makes a node over the kids, the cheapest first.
func (b *builder) parent(op nodeOp, kids []int32) int32 {
	if len(kids) == 1 {
		return kids[0]
	}
	slices.SortStableFunc(kids, func(x, y int32) int { return b.weights[x] - b.weights[y] })
	from, weight := int32(len(b.shard.kids)), 1
	b.shard.kids = append(b.shard.kids, kids...)
	for _, kid := range kids {
		weight += b.weights[kid]
	}
	return b.push(node{op: op, from: from, to: int32(len(b.shard.kids))}, weight)
}

func (b *builder) push(n node, weight int) int32 {
	b.shard.nodes = append(b.shard.nodes, n)
	b.weights = append(b.weights, weight)
	return int32(len(b.shard.nodes) - 1)
}

// finish builds the indexes and lays out what the atoms lead to.
func (b *builder) finish() {
	sh := b.shard
	sh.fields = make([]fieldIndex, 1, len(b.order)+1)
	for _, f := range b.order {
		index := f.index()
		if f.number == anyField {
			sh.any = &index
			continue
		}
		for len(sh.local) <= int(f.number) {
			sh.local = append(sh.local, 0)
		}
		sh.local[f.number] = int32(len(sh.fields))
		sh.fields = append(sh.fields, index)
	}
	for i := range b.atoms {
		from := int32(len(sh.covers))
		sh.covers = append(sh.covers, b.atoms[i].covers...)
		sh.atoms[i].covers = span{from, int32(len(sh.covers))}
	}
}
