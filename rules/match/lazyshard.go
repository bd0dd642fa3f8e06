package match

import (
	"sync"
	"sync/atomic"
)

// lazyShard is a shard that is built when the first event needs it. A rule set
// has many log sources, and a process sees events of few. Which fields it looks
// at is known before.
type lazyShard struct {
	targets    []Target
	conditions []Condition
	// members are the layer's conditions that are the shard's.
	members []int32
	names   map[string]int32
	// fields are those that are looked at, every says that all are.
	fields map[int32]bool
	every  bool
	once   sync.Once
	shard  atomic.Pointer[shard]
}

// get returns the shard. It is safe for concurrent use.
func (z *lazyShard) get() *shard {
	z.once.Do(func() { z.shard.Store(buildShard(z.conditions, z.members, z.names)) })
	return z.shard.Load()
}

// built returns the shard if it is there already.
func (z *lazyShard) built() *shard { return z.shard.Load() }

// note interns the fields that an expression looks at.
func (z *lazyShard) note(e Expr, names *names) {
	switch e := e.(type) {
	case And:
		for _, part := range e {
			z.note(part, names)
		}
	case Or:
		for _, part := range e {
			z.note(part, names)
		}
	case Not:
		z.note(e.Expr, names)
	case *Predicate:
		if e != nil {
			z.noteField(e.field, names)
		}
	case *Relation:
		if e != nil {
			z.noteField(e.field, names)
			if e.other != "" {
				z.noteField(e.other, names)
			}
		}
	}
}

func (z *lazyShard) noteField(name string, names *names) {
	if name == AnyField {
		z.every = true
		return
	}
	z.fields[names.intern(name)] = true
}

// Prepare builds what events of that source kind and log source need, so that
// the first of them does not wait for it. A nil event stands for all.
func (e *Engine) Prepare(ev *Event) {
	for _, p := range e.shards {
		if ev == nil || anyAccepts(p.targets, ev) {
			p.get()
		}
	}
}

// FieldsFor returns the names of the fields that are looked at in events of
// that source kind and log source, and whether every field is ([AnyField]).
// Such an event need not have others for [Engine.Match] to be right, nor for
// hits. A nil event stands for all.
func (e *Engine) FieldsFor(ev *Event) (names map[string]bool, every bool) {
	numbers := map[int32]bool{}
	for _, p := range e.shards {
		if ev != nil && !anyAccepts(p.targets, ev) {
			continue
		}
		every = every || p.every
		for number := range p.fields {
			numbers[number] = true
		}
	}
	names = map[string]bool{}
	for name, number := range e.names {
		if numbers[number] {
			names[name] = true
		}
	}
	return names, every
}
