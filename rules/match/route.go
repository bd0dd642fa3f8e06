package match

import "github.com/ttpstream/ttpstream/schemas"

// routes remembers which shards accept the events of a source kind and log
// source. A stream has few of either, and the last ones come again.
type routes struct {
	known [maxRoutes]route
	last  int
	next  int
}

// maxRoutes is how many are remembered.
const maxRoutes = 8

type route struct {
	valid     bool
	kind      schemas.SourceKind
	logsource Logsource
	states    []*state
	// plans say, by a field's number, where its values are looked up; any is
	// for fields that are only looked at by no name.
	plans []plan
	any   []lookup
}

// plan is nil until the field is first seen.
type plan []lookup

// lookup is one index that a field's values go through.
type lookup struct {
	st    *state
	index *fieldIndex
}

// noLookups is the plan of a field that nothing here looks at.
var noLookups = plan{}

// plan returns where a field's values are looked up.
func (r *route) plan(field int32) []lookup {
	if field < 0 {
		return r.any
	}
	if p := r.plans[field]; p != nil {
		return p
	}
	p := noLookups
	for _, st := range r.states {
		if sh := st.shard; int(field) < len(sh.local) && sh.local[field] != 0 {
			p = append(p, lookup{st, &sh.fields[sh.local[field]]})
		}
	}
	r.plans[field] = append(p, r.any...)
	return r.plans[field]
}

func (r *route) is(ev *Event) bool {
	return r.valid && r.kind == ev.SourceKind && r.logsource == ev.Logsource
}

// route returns the shards that accept the event.
func (s *Scratch) route(ev *Event) *route {
	r := &s.routes
	if last := &r.known[r.last]; last.is(ev) {
		return last
	}
	for i := range r.known {
		if r.known[i].is(ev) {
			r.last = i
			return &r.known[i]
		}
	}
	r.last, r.next = r.next, (r.next+1)%maxRoutes
	at := &r.known[r.last]
	*at = route{valid: true, kind: ev.SourceKind, logsource: ev.Logsource, plans: make([]plan, len(s.base))}
	for i, p := range s.engine.shards {
		if anyAccepts(p.targets, ev) {
			st := s.state(i)
			at.states = append(at.states, st)
			if any := st.shard.any; any != nil {
				at.any = append(at.any, lookup{st, any})
			}
		}
	}
	return at
}
