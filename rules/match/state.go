package match

// state is what a [Scratch] knows of one shard.
type state struct {
	shard   *shard
	numbers []int32
	base    layer
	scope   layer
	// confirmed says in which generation an atom's test was last run, and
	// verdict what it said.
	confirmed []uint32
	verdict   []bool
}

// layer is what one set of fields, the base or a scope, has touched.
type layer struct {
	generation uint32
	touches    []uint32
	// proposed lists the conditions whose cover was touched; proposals marks
	// them.
	proposed  []int32
	proposals []uint32
}

func newState(sh *shard) state {
	return state{
		shard: sh, base: newLayer(sh), scope: newLayer(sh),
		confirmed: make([]uint32, len(sh.atoms)), verdict: make([]bool, len(sh.atoms)),
	}
}

func newLayer(sh *shard) layer {
	return layer{touches: make([]uint32, len(sh.atoms)), proposals: make([]uint32, len(sh.conds))}
}

func (l *layer) begin(generation uint32) {
	l.generation = generation
	l.proposed = l.proposed[:0]
}

func (l *layer) touched(atom int32) bool { return l.touches[atom] == l.generation }

// touch marks an atom and proposes the conditions that hang on it.
func (l *layer) touch(sh *shard, a int32) {
	if l.touches[a] != l.generation {
		l.touches[a] = l.generation
		if at := sh.atoms[a].covers; at.from != at.to {
			l.propose(sh.covers[at.from:at.to])
		}
	}
}

func (l *layer) propose(conditions []int32) {
	for _, c := range conditions {
		if l.proposals[c] != l.generation {
			l.proposals[c] = l.generation
			l.proposed = append(l.proposed, c)
		}
	}
}

// holds evaluates a node in the scope that s is set to.
func (st *state) holds(n int32, s *Scratch) bool {
	nd := &st.shard.nodes[n]
	switch nd.op {
	case nodeAnd:
		return st.allHold(st.shard.kids[nd.from:nd.to], s)
	case nodeOr:
		for _, kid := range st.shard.kids[nd.from:nd.to] {
			if st.holds(kid, s) {
				return true
			}
		}
		return false
	case nodeNot:
		return !st.holds(nd.from, s)
	case nodeAnyOf:
		return st.anyTouched(st.shard.kids[nd.from:nd.to], s)
	default:
		return st.atomHolds(nd.from, s)
	}
}

// allHold is holds for several nodes. What the index has found is looked at on
// the spot: it stands first, and mostly says no.
func (st *state) allHold(nodes []int32, s *Scratch) bool {
	for _, n := range nodes {
		nd := &st.shard.nodes[n]
		switch nd.op {
		case nodeAnyOf:
			if !st.anyTouched(st.shard.kids[nd.from:nd.to], s) {
				return false
			}
		case nodeAtom:
			if !st.atomHolds(nd.from, s) {
				return false
			}
		default:
			if !st.holds(n, s) {
				return false
			}
		}
	}
	return true
}

func (st *state) atomHolds(id int32, s *Scratch) bool {
	a := &st.shard.atoms[id]
	if a.field == anyField {
		return st.anyHolds(id, a, s)
	}
	switch a.kind {
	case atomExists:
		_, there := s.lookup(a.field)
		return there
	case atomNull:
		values, _ := s.lookup(a.field)
		return len(values) == 0
	}
	l, at := &st.base, &s.base[a.field]
	if inner := &s.scope[a.field]; inner.generation == s.scopeGen {
		l, at = &st.scope, inner
	}
	switch a.kind {
	case atomLiteral:
		return l.touched(id)
	case atomRelation:
		return a.relation.holds(s.event, s.fields)
	}
	return at.generation == l.generation && st.confirm(id, a, l, at.values, s)
}

// anyTouched reports whether the index touched one of the atoms, which are all
// of one field.
func (st *state) anyTouched(ids []int32, s *Scratch) bool {
	field := st.shard.atoms[ids[0]].field
	if field == anyField {
		for _, id := range ids {
			if st.base.touched(id) || st.scope.touched(id) {
				return true
			}
		}
		return false
	}
	l := &st.base
	if s.scope[field].generation == s.scopeGen {
		l = &st.scope
	}
	for _, id := range ids {
		if l.touched(id) {
			return true
		}
	}
	return false
}

// confirm runs an atom's test, once per layer.
func (st *state) confirm(id int32, a *atom, l *layer, values []Value, s *Scratch) bool {
	if st.confirmed[id] == l.generation {
		return st.verdict[id]
	}
	ok := false
	for _, v := range values {
		if ok, s.text = a.test.matches(v, s.text); ok {
			break
		}
	}
	st.confirmed[id], st.verdict[id] = l.generation, ok
	return ok
}

// anyHolds decides an atom of AnyField, which sees every field of the scope
// and of the base.
func (st *state) anyHolds(id int32, a *atom, s *Scratch) bool {
	switch a.kind {
	case atomExists:
		return s.fields != nil && s.fields.Len() > 0 || s.event.Base.Len() > 0
	case atomNull:
		return !hasValue(s.fields) && !hasValue(&s.event.Base)
	}
	if a.kind == atomLiteral {
		return st.base.touched(id) || st.scope.touched(id)
	}
	return anyValue(a.test, s.fields) || anyValue(a.test, &s.event.Base)
}

func anyValue(test *Predicate, fields *Fields) bool {
	if fields == nil {
		return false
	}
	for i := range fields.list {
		for _, v := range fields.list[i].Values {
			if ok, _ := test.matches(v, nil); ok {
				return true
			}
		}
	}
	return false
}

func hasValue(fields *Fields) bool {
	if fields == nil {
		return false
	}
	for i := range fields.list {
		if len(fields.list[i].Values) > 0 {
			return true
		}
	}
	return false
}
