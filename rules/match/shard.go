package match

// shard is the index over the conditions of one set of targets: all that an
// event goes through once its source kind and log source are known. It is
// immutable, so engines that differ in a few rules share most of them.
type shard struct {
	conds []cond
	// always lists the conditions that can hold without any atom touched.
	always []int32

	nodes []node
	kids  []int32
	atoms []atom
	// covers lists, for the atoms' spans, conditions to evaluate.
	covers []int32
	// fields holds an index per field looked at, and local where to find it by
	// the number that the dictionary gives the field; 0 is no field at all.
	fields []fieldIndex
	local  []int32
	// any is the index of AnyField, nil when no condition uses it.
	any *fieldIndex
}

// node is one step of a compiled tree: the nodes kids[from:to] for nodeAnd and
// nodeOr, the atoms kids[from:to], all of one field, for nodeAnyOf, the node or
// atom from for nodeNot and nodeAtom.
type node struct {
	op       nodeOp
	from, to int32
}

type nodeOp uint8

const (
	nodeAnd nodeOp = iota
	nodeOr
	nodeNot
	nodeAtom
	nodeAnyOf
)

// atom is a test of one field that is decided once per scope.
type atom struct {
	field int32 // of the dictionary, anyField for AnyField
	kind  atomKind
	// test is the predicate of atomConfirm, relation that of atomRelation.
	test     *Predicate
	relation *Relation
	// covers are the conditions to evaluate once the atom is touched.
	covers span
}

// anyField stands for the number of AnyField, which is no field.
const anyField = -1

type atomKind uint8

const (
	// atomLiteral holds when the index touched it: a text is where it should
	// be.
	atomLiteral atomKind = iota
	// atomExists holds when the field is there, and is touched then.
	atomExists
	// The others are never touched: atomConfirm and atomRelation hold when
	// their test says so, atomNull when the field has no value.
	atomConfirm
	atomRelation
	atomNull
)

// fieldIndex is what is looked for in the values of one field. Atom 0 is none.
type fieldIndex struct {
	// present is touched when the field is there, valued when it has a value.
	present, valued int32
	// whole is touched when a value's fold is the key; lengths has a bit for
	// each length of a key, the last for all that are longer.
	whole   map[string]int32
	lengths uint64
	// nil where nothing of the kind is looked for.
	prefixes, suffixes *ends
	inside             *grams
	// texts says that a value's text has to be looked at.
	texts bool
}

// search touches the atoms of every literal that the fold of a value holds.
func (x *fieldIndex) search(text []byte, l *layer, sh *shard) {
	if x.lengths&lengthBit(len(text)) != 0 {
		if atom, found := x.whole[string(text)]; found {
			l.touch(sh, atom)
		}
	}
	if x.prefixes != nil {
		x.prefixes.search(text, l, sh)
	}
	if x.suffixes != nil {
		x.suffixes.search(text, l, sh)
	}
	if x.inside != nil {
		x.inside.search(text, l, sh)
	}
}

func lengthBit(n int) uint64 { return 1 << min(n, 63) }
