package match

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"
)

// A rebuilt engine keeps its base until what has changed is more than one part
// in maxDelta of it, and more than minDelta conditions.
const (
	minDelta = 64
	maxDelta = 16
)

// Build makes an engine of the conditions. It cannot fail: whatever could be
// wrong with a predicate was refused when the predicate was made.
func Build(conditions []Condition) *Engine {
	e := &Engine{conditions: slices.Clone(conditions)}
	names := newNames()
	numbers := make([]int32, len(conditions))
	for i := range numbers {
		numbers[i] = int32(i)
	}
	e.layers = []layerIndex{newLayerIndex(e.conditions, numbers, names)}
	e.place(names)
	return e
}

// Rebuild is Build for conditions most of which are those of an engine that is
// there: the same Expr, not an equal one, and equal targets, in any order. Its
// time depends on the difference, but for a small part; when differences have
// grown, it is Build. before may be nil.
func Rebuild(before *Engine, conditions []Condition) *Engine {
	if before == nil {
		return Build(conditions)
	}
	moved, added := before.compare(conditions)
	base := &before.layers[0]
	delta := added
	for _, later := range before.layers[1:] {
		for _, number := range later.numbers {
			if number >= 0 && moved[number] >= 0 {
				delta = append(delta, moved[number])
			}
		}
	}
	live := len(conditions) - len(delta)
	if size := len(delta) + len(base.conditions) - live; size > max(minDelta, len(base.conditions)/maxDelta) {
		return Build(conditions)
	}
	slices.Sort(delta)
	e := &Engine{conditions: slices.Clone(conditions)}
	names := &names{ids: before.names, shared: true}
	e.layers = []layerIndex{{conditions: base.conditions, shards: base.shards, numbers: make([]int32, len(base.numbers))}}
	for i, number := range base.numbers {
		e.layers[0].numbers[i] = -1
		if number >= 0 {
			e.layers[0].numbers[i] = moved[number]
		}
	}
	if len(delta) > 0 {
		few := make([]Condition, len(delta))
		for i, number := range delta {
			few[i] = conditions[number]
		}
		e.layers = append(e.layers, newLayerIndex(few, delta, names))
	}
	e.place(names)
	return e
}

// compare returns, per condition of the engine, its place among others, -1 for
// none, and which of the others the engine does not have.
func (e *Engine) compare(conditions []Condition) (moved, added []int32) {
	at := make(map[identity][]int32, len(e.conditions))
	moved = make([]int32, len(e.conditions))
	for i, c := range e.conditions {
		moved[i] = -1
		if id, ok := identify(c.Expr); ok {
			at[id] = append(at[id], int32(i))
		}
	}
	for j, c := range conditions {
		id, ok := identify(c.Expr)
		found := -1
		if ok {
			found = slices.IndexFunc(at[id], func(i int32) bool { return moved[i] < 0 && slices.Equal(e.conditions[i].Targets, c.Targets) })
		}
		if found < 0 {
			added = append(added, int32(j))
			continue
		}
		moved[at[id][found]] = int32(j)
	}
	return moved, added
}

// identity tells trees apart that are not the same in memory.
type identity struct {
	at   unsafe.Pointer
	size int
	nots int
}

// identify returns the identity of a tree; false for one that has none.
func identify(e Expr) (id identity, ok bool) {
	for {
		switch x := e.(type) {
		case Not:
			e = x.Expr
			id.nots++
			continue
		case And:
			id.at, id.size = unsafe.Pointer(unsafe.SliceData(x)), len(x)<<1
		case Or:
			id.at, id.size = unsafe.Pointer(unsafe.SliceData(x)), len(x)<<1|1
		case *Predicate:
			id.at = unsafe.Pointer(x)
		case *Relation:
			id.at = unsafe.Pointer(x)
		}
		return id, id.at != nil && id.size != 1
	}
}

// newLayerIndex makes a shard for each set of targets.
func newLayerIndex(conditions []Condition, numbers []int32, names *names) layerIndex {
	layer := layerIndex{conditions: conditions, numbers: numbers}
	groups := map[string][]int32{}
	var order []string
	var key strings.Builder
	for i, c := range conditions {
		key.Reset()
		for _, t := range c.Targets {
			fmt.Fprintf(&key, "%q %q %q %q\n", t.SourceKind, t.Logsource.Category, t.Logsource.Product, t.Logsource.Service)
		}
		if groups[key.String()] == nil {
			order = append(order, key.String())
		}
		groups[key.String()] = append(groups[key.String()], int32(i))
	}
	for _, k := range order {
		z := &lazyShard{targets: conditions[groups[k][0]].Targets, conditions: conditions, members: groups[k], fields: map[int32]bool{}}
		for _, number := range groups[k] {
			z.note(conditions[number].Expr, names)
		}
		layer.shards = append(layer.shards, z)
	}
	for _, z := range layer.shards {
		z.names = names.ids // complete, and not written to any more
	}
	names.shared = true
	return layer
}

// place completes an engine whose layers are there.
func (e *Engine) place(names *names) {
	e.names = names.ids
	for _, layer := range e.layers {
		for _, sh := range layer.shards {
			e.shards = append(e.shards, placed{sh, layer.numbers})
		}
	}
}
