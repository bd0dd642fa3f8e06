package match

// scan looks up every field of fields that some condition asks for, and
// touches the atoms that its values lead to.
func (e *Engine) scan(fields *Fields, l *layer, s *Scratch) {
	for i := range fields.list {
		f := &fields.list[i]
		id, known := e.names[f.Name]
		if known {
			l.slots[id] = slot{generation: l.generation, values: f.Values}
			e.scanValues(id, f.Values, l, s)
		}
		if e.anyField >= 0 {
			l.slots[e.anyField].generation = l.generation
			e.scanValues(e.anyField, f.Values, l, s)
		}
	}
}

func (e *Engine) scanValues(id int32, values []Value, l *layer, s *Scratch) {
	index := &e.fields[id]
	for _, a := range index.present {
		l.touch(e, a)
	}
	if len(values) == 0 {
		return
	}
	for _, a := range index.valued {
		l.touch(e, a)
	}
	if index.whole == nil && index.inside == nil {
		return
	}
	for _, v := range values {
		s.text = foldValue(s.text[:0], v)
		for _, a := range index.whole[string(s.text)] {
			l.touch(e, a)
		}
		if index.inside != nil {
			l.search(e, index.inside, s.text)
		}
	}
}

// foldValue appends the fold of the part of v that is looked at.
func foldValue(dst []byte, v Value) []byte {
	if v.kind == KindText {
		return appendFold(dst, capped(v))
	}
	at := len(dst)
	dst = v.AppendText(dst)
	for i := at; i < len(dst); i++ {
		dst[i] = lower[dst[i]&0x7f] // ASCII; capitals in NaN and +Inf only
	}
	return dst
}

// holds evaluates a node in the scope that s is set to.
func (e *Engine) holds(n int32, s *Scratch) bool {
	nd := &e.nodes[n]
	switch nd.op {
	case nodeAnd:
		for _, kid := range e.kids[nd.from:nd.to] {
			if !e.holds(kid, s) {
				return false
			}
		}
		return true
	case nodeOr:
		for _, kid := range e.kids[nd.from:nd.to] {
			if e.holds(kid, s) {
				return true
			}
		}
		return false
	case nodeNot:
		return !e.holds(nd.from, s)
	default:
		return e.atomHolds(nd.from, s)
	}
}

func (e *Engine) atomHolds(id int32, s *Scratch) bool {
	a := &e.atoms[id]
	switch a.kind {
	case atomExists:
		_, there := s.lookup(a.field)
		return there
	case atomNull:
		if a.field == e.anyField {
			return !hasValue(s.fields) && !hasValue(&s.event.Base)
		}
		values, _ := s.lookup(a.field)
		return len(values) == 0
	}
	if a.field == e.anyField {
		return (s.base.touched(id) || s.scope.touched(id)) && (a.kind == atomLiteral || e.confirmAny(a.test, s))
	}
	l := s.layerOf(a.field)
	if !l.touched(id) {
		return false
	}
	return a.kind == atomLiteral || s.confirm(id, a, l)
}

// confirmAny runs the test on every value of scope and base.
func (e *Engine) confirmAny(test *Predicate, s *Scratch) bool {
	return anyValue(test, s.fields) || anyValue(test, &s.event.Base)
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
