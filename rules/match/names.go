package match

import "maps"

// names numbers the fields that conditions look at. Numbers are never taken
// back, so what was resolved by one list is right for every later one that
// grew out of it.
type names struct {
	ids    map[string]int32
	shared bool // with an engine: copied before it grows
}

func newNames() *names { return &names{ids: map[string]int32{}} }

func (n *names) intern(name string) int32 {
	if id, known := n.ids[name]; known {
		return id
	}
	if n.shared {
		n.ids, n.shared = maps.Clone(n.ids), false
	}
	id := int32(len(n.ids))
	n.ids[name] = id
	return id
}

// Ref is a field's name as an engine knows it, looked up once and for all.
// The zero Ref names no field.
type Ref struct {
	name string
	id   int32
	of   *Engine
}

// Ref resolves a name for [Fields.AddRef]. It is right for this engine, and
// harmless for any other.
func (e *Engine) Ref(name string) Ref {
	id, known := e.names[name]
	if !known {
		id = unknownField
	}
	return Ref{name: name, id: id, of: e}
}

// unknownField is the number of a field that no condition looks at.
const unknownField = -2

// Name returns the field's name.
func (r Ref) Name() string { return r.name }
