package match

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// What it costs, roughly, to hang a condition on an atom: how often it will be
// touched by events that the condition is not about. What many atoms ask for
// is common in events too.
const (
	costWhole   = 1
	costPresent = 10_000
)

// costInside rates a literal inside a value by its length: what is short is
// everywhere.
func costInside(text string) int {
	switch len(text) {
	case 0:
		return costPresent
	case 1:
		return 2000
	case 2:
		return 200
	case 3:
		return 40
	case 4:
		return 15
	}
	return 5
}

// literals interns the atom that one of the predicates holds, all of one field
// and decided by the index.
func (b *builder) literals(group []*Predicate) int32 {
	names := make([]string, len(group))
	for i, p := range group {
		names[i] = string(appendKey([]byte{byte(p.op)}, p.text))
	}
	slices.Sort(names)
	names = slices.Compact(names)
	key := string(appendKey([]byte("literals"), group[0].field)) + strings.Join(names, "")
	return b.atom(key, group[0].field, func(id int32) (atom, int) {
		cost := 0
		for _, p := range group {
			cost += b.feed(id, p.field, literal{op: p.op, text: p.text})
		}
		return atom{kind: atomLiteral}, cost
	})
}

// test interns the atom of one predicate.
func (b *builder) test(p *Predicate) int32 {
	if p.indexed() {
		return b.literals([]*Predicate{p})
	}
	key := fmt.Sprintf("test %q %d %t %q %q %q %v %v", p.field, p.op, p.cased, p.text, p.source, p.parts, p.number, p.net)
	return b.atom(key, p.field, func(id int32) (atom, int) {
		switch p.op {
		case OpNull:
			return atom{kind: atomNull}, costPresent
		case OpExists:
			return atom{kind: atomExists}, b.feedPresent(id, p.field)
		case OpEquals, OpContains, OpPrefix, OpSuffix:
			return atom{kind: atomConfirm, test: p}, b.feed(id, p.field, literal{op: p.op, text: Fold(p.text)})
		}
		return atom{kind: atomConfirm, test: p}, b.feedNeeds(id, p)
	})
}

// feedNeeds hangs a test on the literals that it cannot do without.
func (b *builder) feedNeeds(id int32, p *Predicate) int {
	if len(p.needs) == 0 {
		return b.feedPresent(id, p.field)
	}
	cost := 0
	for _, need := range p.needs {
		cost += b.feed(id, p.field, literal{op: OpContains, text: need})
	}
	return cost
}

// appendKey appends a text so that no other text, or two, look the same.
func appendKey(dst []byte, text string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(text)))
	return append(dst, text...)
}

func (b *builder) atom(key, field string, make func(id int32) (atom, int)) int32 {
	if id, seen := b.atomIDs[key]; seen {
		return id
	}
	id := int32(len(b.engine.atoms))
	b.atomIDs[key] = id
	fieldID := b.field(field)
	a, cost := make(id)
	a.field = fieldID
	b.engine.atoms = append(b.engine.atoms, a)
	b.costs = append(b.costs, cost)
	return id
}

// field interns a field's name.
func (b *builder) field(name string) int32 {
	if id, seen := b.engine.names[name]; seen {
		return id
	}
	id := int32(len(b.fields))
	b.engine.names[name] = id
	if name == AnyField {
		b.engine.anyField = id
	}
	b.fields = append(b.fields, fieldBuild{whole: map[string][]int32{}, inside: map[literal][]int32{}})
	return id
}

func (b *builder) feedPresent(id int32, field string) int {
	f := &b.fields[b.field(field)]
	f.present = append(f.present, id)
	return costPresent
}

// feed has the index touch the atom where the literal is, and returns the
// cost of that.
func (b *builder) feed(id int32, field string, l literal) int {
	f := &b.fields[b.field(field)]
	switch {
	case l.op == OpEquals:
		f.whole[l.text] = appendNew(f.whole[l.text], id)
		return costWhole * len(f.whole[l.text])
	case l.text == "":
		f.valued = appendNew(f.valued, id)
		return costPresent
	}
	if _, seen := f.inside[l]; !seen {
		f.literals = append(f.literals, l)
	}
	f.inside[l] = appendNew(f.inside[l], id)
	return costInside(l.text) + len(f.inside[l])
}

// appendNew appends id, which is never smaller than what is there.
func appendNew(ids []int32, id int32) []int32 {
	if n := len(ids); n > 0 && ids[n-1] == id {
		return ids
	}
	return append(ids, id)
}

// index builds the fields' indexes of what was fed.
func (b *builder) index() {
	b.engine.fields = make([]fieldIndex, len(b.fields))
	for i, f := range b.fields {
		index := &b.engine.fields[i]
		index.present, index.valued = f.present, f.valued
		if len(f.whole) > 0 {
			index.whole = f.whole
		}
		if len(f.literals) > 0 {
			index.inside = newAutomaton(f.literals, f.inside)
		}
	}
	delete(b.engine.names, AnyField)
}
