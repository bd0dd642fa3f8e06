package eval

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
)

// maxKeys bounds how many names a decoder remembers, in all places. One that
// has seen more forgets them all before the next event.
const maxKeys = 8192

// key is a name at a place: the root, or within an object of a name. A decoder
// has a tree of them, which grows as it sees events.
type key struct {
	name string
	// odd names are not spelt in JSON as they are.
	odd bool
	// keep says that some rule wants the values, deep that it may want those
	// of names inside.
	keep, deep bool
	*field
	// kids by name, and as they came in the last object.
	kids  map[string]*key
	order []*key
}

// field is what keys stand for: {"a.b":1} and {"a":{"b":1}} are one.
type field struct {
	path string // the names, joined by dots
	ref  match.Ref
	// place is where the event of this generation has the field.
	generation uint32
	place      int
}

// kid returns the key of a name within k that came as the i-th of its object.
func (d *decoder) kid(k *key, name []byte, i int) *key {
	found := k.kids[string(name)]
	if found == nil {
		found = d.newKey(k, string(name))
		d.keys++
		if k.kids == nil {
			k.kids = map[string]*key{}
		}
		k.kids[found.name] = found
	}
	if i < len(k.order) {
		k.order[i] = found
	} else if i == len(k.order) {
		k.order = append(k.order, found)
	}
	return found
}

func (d *decoder) newKey(parent *key, name string) *key {
	path := name
	if parent.path != "" {
		path = parent.path + "." + name
	}
	at := d.byPath[path]
	if at == nil {
		at = &field{path: path, ref: d.fields.engine.Ref(path)}
		d.byPath[path] = at
	}
	return &key{
		name: name, field: at, odd: strings.ContainsAny(name, `"\`) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }),
		keep: d.fields.all || d.fields.names[path], deep: d.fields.all || d.fields.inside[path],
	}
}

// forget begins with an empty tree.
func (d *decoder) forget() {
	d.root = key{deep: true, field: &field{}}
	d.byPath, d.keys = map[string]*field{}, 0
}

// wanted says which fields of an event an engine looks at.
type wanted struct {
	engine *match.Engine
	names  map[string]bool
	// all says that some rule looks at every field.
	all bool
	// inside holds every name within which, by a dot, a rule wants another.
	inside map[string]bool
}

// newWanted looks up what events like ev are asked for.
func newWanted(engine *match.Engine, ev *match.Event) wanted {
	names, all := engine.FieldsFor(ev)
	w := wanted{engine: engine, names: names, all: all, inside: map[string]bool{}}
	for name := range names {
		for i := range len(name) {
			if name[i] == '.' {
				w.inside[name[:i]] = true
			}
		}
	}
	return w
}
