package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// Set is the rules in force: immutable, safe for concurrent use, named by its
// revision. The zero value is not ready; NewSet(nil, nil, -1) is the empty one.
type Set struct {
	revision int64
	// units are all that the set was made of, by id.
	units map[string]*Unit
	// states holds what is not simply enabled, by rule id.
	states map[string]State
	// held are the units that are left out, by id, and why.
	held map[string]Problems
	// rules in force, by id; compiled runs along, as do the engine's
	// conditions.
	rules    []*Rule
	compiled []*compiled
	engine   *match.Engine
}

// NewSet makes a set of units and of states by rule id; states of rules that
// do not exist do no harm. A unit that cannot be used (a list is missing, an
// id is taken) is left out, and problems says so; the others are in force. A
// state that makes no sense disables its rule and is a problem too.
func NewSet(units []*Unit, states map[string]State, revision int64) (*Set, Problems) {
	byID := make(map[string]*Unit, len(units))
	var problems Problems
	for _, u := range units {
		if other, taken := byID[u.ID]; taken {
			problems = append(problems, Problem{File: u.File, Check: "rule/duplicate-id", Message: fmt.Sprintf("%s is in %s already", u.ID, other.File)})
			continue
		}
		byID[u.ID] = u
	}
	s, more := newSet(byID, states, revision, nil)
	problems = append(problems, more...)
	problems.Sort()
	return s, problems
}

// Change is a difference between two sets.
type Change struct {
	// Put adds units, in place of those of the same id.
	Put []*Unit
	// Remove takes units away by id.
	Remove []string
	// States sets states by rule id; nil means enabled again.
	States map[string]*State
	// Revision names the new set.
	Revision int64
}

// With returns the set with a change. Only what changed is compiled; the
// problems are those of the whole new set.
func (s *Set) With(c Change) (*Set, Problems) {
	units, states := maps.Clone(s.units), maps.Clone(s.states)
	for _, id := range c.Remove {
		delete(units, id)
	}
	for _, u := range c.Put {
		units[u.ID] = u
	}
	for id, state := range c.States {
		if delete(states, id); state != nil {
			states[id] = *state
		}
	}
	return newSet(units, states, c.Revision, s)
}

func newSet(units map[string]*Unit, states map[string]State, revision int64, before *Set) (*Set, Problems) {
	s := &Set{revision: revision, units: units, states: map[string]State{}, held: map[string]Problems{}}
	var problems Problems
	for id, state := range states {
		if err := state.valid(); err != nil {
			problems = append(problems, Problem{File: id, Check: "rule/state", Message: fmt.Sprintf("state of rule %s: %v; it is disabled", id, err)})
			state = State{Mode: Disabled}
		}
		if state.Mode != "" && state.Mode != Enabled {
			s.states[id] = state
		}
	}
	s.fill()
	s.build(before)
	for _, held := range s.held {
		problems = append(problems, held...)
	}
	problems.Sort()
	return s, problems
}

// fill compiles the units, in the order of their ids, so that of two that
// exclude each other always the same one is left out.
func (s *Set) fill() {
	ids := slices.Sorted(maps.Keys(s.units))
	lists := s.lists(ids)
	owner := map[string]string{}
	type entry struct {
		rule     *Rule
		compiled *compiled
	}
	var entries []entry
	for _, id := range ids {
		u := s.units[id]
		var added []entry
		for _, rule := range u.Rules {
			if other, taken := owner[rule.ID]; taken {
				s.hold(u, rule.Node, "rule/duplicate-id", fmt.Sprintf("rule %s is in %s already", rule.ID, other))
				continue
			}
			c, problems := rule.compile(lists)
			if len(problems) > 0 {
				s.held[id] = append(s.held[id], problems...)
				continue
			}
			added = append(added, entry{rule, c})
		}
		if len(s.held[id]) > 0 {
			continue
		}
		for _, e := range added {
			owner[e.rule.ID] = id
		}
		entries = append(entries, added...)
	}
	slices.SortFunc(entries, func(a, b entry) int { return compareIDs(a.rule, b.rule) })
	for _, e := range entries {
		s.rules, s.compiled = append(s.rules, e.rule), append(s.compiled, e.compiled)
	}
}

func compareIDs(a, b *Rule) int {
	switch {
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	}
	return 0
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

// build makes the engine, or takes that of the set before if nothing that it
// depends on has changed.
func (s *Set) build(before *Set) {
	if before != nil && slices.Equal(s.compiled, before.compiled) && slices.Equal(s.rules, before.rules) {
		s.engine = before.engine
		return
	}
	conditions := make([]match.Condition, len(s.rules))
	for i, rule := range s.rules {
		conditions[i] = match.Condition{Targets: rule.Targets, Expr: s.compiled[i].expr}
	}
	s.engine = match.Build(conditions)
}

// Revision names the set: the offset of the last record of ttp.rule.history
// that is in it, -1 for none.
func (s *Set) Revision() int64 { return s.revision }

// Len returns the number of rules in force, disabled ones included.
func (s *Set) Len() int { return len(s.rules) }

// Rules returns the rules in force by id. The slice is the caller's.
func (s *Set) Rules() []*Rule { return slices.Clone(s.rules) }

// Unit returns the unit of that id, in force or held.
func (s *Set) Unit(id string) (*Unit, bool) {
	u, ok := s.units[id]
	return u, ok
}

// Units returns every unit by id, held ones included. The slice is the
// caller's.
func (s *Set) Units() []*Unit {
	units := make([]*Unit, 0, len(s.units))
	for _, id := range slices.Sorted(maps.Keys(s.units)) {
		units = append(units, s.units[id])
	}
	return units
}

// Held returns the units that are left out, by id, and why. The map is the
// caller's.
func (s *Set) Held() map[string]Problems { return maps.Clone(s.held) }

// State returns the state of a rule.
func (s *Set) State(ruleID string) State {
	if state, ok := s.states[ruleID]; ok {
		return state
	}
	return State{Mode: Enabled}
}
