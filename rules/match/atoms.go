package match

import (
	"encoding/binary"
	"math"
	"slices"
)

// fieldBuild collects what is looked for in one field, in the order of first
// use.
type fieldBuild struct {
	number int32
	texts  map[literal]int32 // to atoms
	order  []literal
	// present and valued are atoms, 0 for none.
	present, valued int32
}

// literal is a text to look for.
type literal struct {
	op   Op
	text string
}

// literal interns the atom that a text is where op says. An empty text is in
// every value.
func (b *builder) literal(f *fieldBuild, l literal) int32 {
	if l.text == "" && l.op != OpEquals {
		if f.valued == 0 {
			f.valued = b.newAtom(f, atom{kind: atomLiteral}, costPresent)
		}
		return f.valued
	}
	id, seen := f.texts[l]
	if !seen {
		id = b.newAtom(f, atom{kind: atomLiteral}, costOf(l))
		f.texts[l] = id
		f.order = append(f.order, l)
	}
	return id
}

// present interns the atom that a field is there.
func (b *builder) present(f *fieldBuild) int32 {
	if f.present == 0 {
		f.present = b.newAtom(f, atom{kind: atomExists}, costPresent)
	}
	return f.present
}

// anyOf makes a node of the literals of one field, of which one suffices.
func (b *builder) anyOf(field string, all []literal) int32 {
	f := b.field(field)
	ids := make([]int32, len(all))
	for i, l := range all {
		ids[i] = b.literal(f, l)
		b.atoms[ids[i]].uses++
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 1 {
		return b.push(node{op: nodeAtom, from: ids[0]}, 1)
	}
	from := int32(len(b.shard.kids))
	b.shard.kids = append(b.shard.kids, ids...)
	return b.push(node{op: nodeAnyOf, from: from, to: int32(len(b.shard.kids))}, 1+len(ids)/4)
}

func (b *builder) anyText(field string, op Op, texts ...string) int32 {
	all := make([]literal, len(texts))
	for i, text := range texts {
		all[i] = literal{op: op, text: text}
	}
	return b.anyOf(field, all)
}

// predicate compiles a test. What it cannot do without is looked for by the
// index, and is asked for before the test is run.
func (b *builder) predicate(p *Predicate) int32 {
	if p.indexed() {
		return b.anyText(p.field, p.op, p.text)
	}
	switch p.op {
	case OpExists:
		return b.push(node{op: nodeAtom, from: b.present(b.field(p.field))}, 1)
	case OpNull:
		b.predicateKey(p)
		return b.push(node{op: nodeAtom, from: b.keyed(p.field, atom{kind: atomNull})}, 1)
	}
	b.predicateKey(p)
	kids := []int32{b.push(node{op: nodeAtom, from: b.keyed(p.field, atom{kind: atomConfirm, test: p})}, costTest)}
	switch {
	case p.op >= OpEquals && p.op <= OpSuffix:
		kids = append(kids, b.anyText(p.field, p.op, Fold(p.text)))
	case len(p.needs) > 0:
		for _, c := range p.needs {
			kids = append(kids, b.anyText(p.field, OpContains, c...))
		}
	default:
		kids = append(kids, b.push(node{op: nodeAtom, from: b.present(b.field(p.field))}, 1))
	}
	return b.parent(nodeAnd, kids)
}

// relation compiles a relation, which is tried where its fields are there.
func (b *builder) relation(r *Relation) int32 {
	cased := byte(0)
	if r.cased {
		cased = 1
	}
	b.key = appendKey(appendKey(append(b.key[:0], 'r', byte(r.op), cased, byte(r.part)), r.field), r.other)
	b.key = binary.AppendVarint(b.key, int64(r.number))
	test := b.push(node{op: nodeAtom, from: b.keyed(r.field, atom{kind: atomRelation, relation: r})}, costTest)
	there := b.push(node{op: nodeAtom, from: b.present(b.field(r.field))}, 1)
	kids := []int32{there, test}
	if r.other != "" {
		kids = append(kids, b.push(node{op: nodeAtom, from: b.present(b.field(r.other))}, 1))
	}
	return b.parent(nodeAnd, kids)
}

// predicateKey spells a predicate so that no other one looks the same.
func (b *builder) predicateKey(p *Predicate) {
	cased := byte(0)
	if p.cased {
		cased = 1
	}
	b.key = appendKey(append(b.key[:0], 't', byte(p.op), cased), p.field)
	b.key = appendKey(appendKey(b.key, p.text), p.source)
	for _, part := range p.parts {
		b.key = appendKey(append(b.key, byte(part.kind)), part.text)
	}
	b.key = binary.LittleEndian.AppendUint64(b.key, math.Float64bits(p.number))
	b.key, _ = p.net.AppendBinary(b.key)
}

// appendKey appends a text so that no other text, or two, look the same.
func appendKey(dst []byte, text string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(text)))
	return append(dst, text...)
}

// keyed interns the atom that b.key spells.
func (b *builder) keyed(field string, a atom) int32 {
	if id, seen := b.atomIDs[string(b.key)]; seen {
		return id
	}
	key := string(b.key)
	id := b.newAtom(b.field(field), a, costPresent)
	b.atomIDs[key] = id
	return id
}

func (b *builder) newAtom(f *fieldBuild, a atom, cost int) int32 {
	a.field = f.number
	b.shard.atoms = append(b.shard.atoms, a)
	b.atoms = append(b.atoms, atomBuild{cost: cost})
	return int32(len(b.atoms) - 1)
}

// field interns a field.
func (b *builder) field(name string) *fieldBuild {
	number := int32(anyField)
	if name != AnyField {
		number = b.names[name]
	}
	f := b.fields[number]
	if f == nil {
		f = &fieldBuild{number: number, texts: map[literal]int32{}}
		b.fields[number] = f
		b.order = append(b.order, f)
	}
	return f
}

// index builds the field's index.
func (f *fieldBuild) index() fieldIndex {
	x := fieldIndex{present: f.present, valued: f.valued, texts: len(f.order) > 0}
	var inside []gramEntry
	var prefixes, suffixes []endEntry
	for _, l := range f.order {
		id := f.texts[l]
		switch l.op {
		case OpEquals:
			if x.whole == nil {
				x.whole = map[string]int32{}
			}
			x.whole[l.text] = id
			x.lengths |= lengthBit(len(l.text))
		case OpPrefix:
			prefixes = append(prefixes, endEntry{l.text, id})
		case OpSuffix:
			suffixes = append(suffixes, endEntry{l.text, id})
		default:
			inside = append(inside, gramEntry{text: l.text, atom: id})
		}
	}
	if len(prefixes) > 0 {
		x.prefixes = newEnds(false, prefixes)
	}
	if len(suffixes) > 0 {
		x.suffixes = newEnds(true, suffixes)
	}
	if len(inside) > 0 {
		x.inside = newGrams(inside)
	}
	return x
}
