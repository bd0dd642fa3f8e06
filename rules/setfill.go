package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
)

// filling is a set while it is filled: unit by unit, in the order of their
// ids, so that of two that exclude each other always the same one is left out.
type filling struct {
	*Set
	ids  []string
	with with
	// owner is the unit of each rule, correlation and filter.
	owner map[string]string
	// added are the rules of the units that are in force so far.
	added map[string][]filled
}

type filled struct {
	rule     *Rule
	compiled *compiled
}

// fill compiles the units.
func (s *Set) fill() {
	f := &filling{Set: s, ids: slices.Sorted(maps.Keys(s.units)), owner: make(map[string]string, len(s.units)), added: make(map[string][]filled, len(s.units))}
	f.with.lists = s.lists(f.ids)
	for _, id := range f.ids {
		f.claim(s.units[id])
	}
	f.filters()
	for _, id := range f.ids {
		f.compile(s.units[id])
	}
	s.windows = f.correlate()
	all := make([]filled, 0, len(f.ids))
	for _, id := range f.ids {
		if len(s.held[id]) == 0 {
			all = append(all, f.added[id]...)
		}
	}
	slices.SortFunc(all, func(a, b filled) int { return strings.Compare(a.rule.ID, b.rule.ID) })
	s.rules, s.compiled = make([]*Rule, 0, len(all)), make([]*compiled, 0, len(all))
	for _, e := range all {
		s.rules, s.compiled = append(s.rules, e.rule), append(s.compiled, e.compiled)
	}
}

// claim notes the ids of a unit, and holds it back if one is taken.
func (f *filling) claim(u *Unit) {
	taken := false
	for id := range u.ids() {
		_, before := f.owner[id]
		taken = taken || before
	}
	if taken {
		for _, e := range u.entries() {
			if other, before := f.owner[e.id]; before {
				f.hold(u, e.node, "rule/duplicate-id", fmt.Sprintf("%s %s is in %s already", e.kind, e.id, other))
			}
		}
	}
	if len(f.held[u.ID]) > 0 {
		return
	}
	for id := range u.ids() {
		f.owner[id] = u.ID
	}
}

// filters collects the filters that can be used. One that cannot is held back
// with its unit; the rules it is about go on without it.
func (f *filling) filters() {
	for _, id := range f.ids {
		u := f.units[id]
		for _, filter := range u.Filters {
			f.held[id] = append(f.held[id], filter.check(f.with)...)
		}
		if len(f.held[id]) == 0 {
			delete(f.held, id)
			f.with.filters = append(f.with.filters, u.Filters...)
		}
	}
}

// compile compiles the rules of a unit, or holds it back.
func (f *filling) compile(u *Unit) {
	if len(f.held[u.ID]) > 0 {
		return
	}
	added := make([]filled, 0, len(u.Rules))
	for _, rule := range u.Rules {
		c, problems := rule.compile(f.with)
		if len(problems) > 0 {
			f.held[u.ID] = append(f.held[u.ID], problems...)
			continue
		}
		added = append(added, filled{rule, c})
	}
	f.added[u.ID] = added
}

// lists collects the value lists of all units. Those that are published by
// themselves come before those that came along with a rule.
func (s *Set) lists(ids []string) map[string]*List {
	ids = slices.Clone(ids)
	slices.SortStableFunc(ids, func(a, b string) int { return alongside(a) - alongside(b) })
	lists := map[string]*List{}
	owner := map[string]string{}
	for _, id := range ids {
		for _, list := range s.units[id].Lists {
			if other, taken := owner[list.Name]; taken {
				s.hold(s.units[id], list.Node, "rule/duplicate-id", fmt.Sprintf("list %s is in %s already", list.Name, other))
				continue
			}
			owner[list.Name], lists[list.Name] = id, list
		}
	}
	return lists
}

// alongside is 0 for the id of a value list, 1 for any other.
func alongside(id string) int {
	if strings.HasPrefix(id, listPrefix) {
		return 0
	}
	return 1
}

func (s *Set) hold(u *Unit, at *document.Node, check, message string) {
	r := &document.Reader{File: u.File}
	r.Errorf(at, check, "", "%s", message)
	s.held[u.ID] = append(s.held[u.ID], r.Problems()...)
}
