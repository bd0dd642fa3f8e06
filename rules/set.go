package rules

import (
	"fmt"
	"maps"
	"slices"

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
	// rules in force, by id; compiled runs along.
	rules    []*Rule
	compiled []*compiled
	engine   *match.Engine
	// conditions are the engine's: which rule each belongs to.
	conditions []engineCondition
	windows    windows
}

// engineCondition is what the engine decides, as part of a rule.
type engineCondition struct {
	// rule is the index of the rule.
	rule int32
	// view is the rule's view.
	view int32
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

// build makes the engine, or takes that of the set before if nothing that it
// depends on has changed.
func (s *Set) build(before *Set) {
	if before != nil && slices.Equal(s.compiled, before.compiled) && slices.Equal(s.rules, before.rules) {
		s.engine, s.conditions = before.engine, before.conditions
		return
	}
	conditions := make([]match.Condition, 0, len(s.rules))
	for i := range s.rules {
		for _, c := range s.compiled[i].conditions {
			conditions = append(conditions, match.Condition{Targets: c.targets, Expr: c.expr})
			s.conditions = append(s.conditions, engineCondition{rule: int32(i), view: c.view})
		}
	}
	if before != nil {
		s.engine = match.Rebuild(before.engine, conditions)
		return
	}
	s.engine = match.Build(conditions)
}

// Engine returns the engine of the set, for callers that want to know which
// rules hold for events taken as they are, without a source kind, and nothing
// else: a rule has a condition for each sort of events it judges, and holds
// when one of them does. For facts ask Judge and Matched.
func (s *Set) Engine() *match.Engine { return s.engine }

// RuleOf returns the rule that a condition of [Set.Engine] belongs to. The
// conditions of one rule stand side by side.
func (s *Set) RuleOf(condition int) *Rule { return s.rules[s.conditions[condition].rule] }

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
