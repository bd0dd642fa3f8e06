package rules

import (
	"fmt"
	"maps"
	"slices"
)

// fits returns why a text cannot be in force beside the others: one of them
// has a rule or a list of that name, a list or a rule that it refers to is
// missing or of no use, a correlation cannot run live, or something that others
// refer to would no longer serve them.
func (f *Fold) fits(unit *Unit) Problems {
	if problems := f.taken(unit); len(problems) > 0 {
		return problems
	}
	if problems := notLive(unit); len(problems) > 0 {
		return problems
	}
	var problems Problems
	w := with{}
	for _, rule := range unit.Rules {
		if len(rule.Lists()) == 0 {
			continue // Parse has compiled it
		}
		if w.lists == nil {
			w.lists = f.lists(unit.ID, unit)
		}
		_, wrong := rule.compile(w)
		problems = append(problems, wrong...)
	}
	for _, filter := range unit.Filters {
		problems = append(problems, filter.check(with{lists: f.lists(unit.ID, unit)})...)
	}
	problems = append(problems, f.resolves(unit)...)
	return append(problems, f.breaks(f.units[unit.ID], unit)...)
}

// notLive returns the correlations that only finite input can decide.
func notLive(unit *Unit) Problems {
	var problems Problems
	for _, c := range unit.Correlations {
		if err := c.Live(); err != nil {
			problems = append(problems, Problem{
				File: unit.File, Line: c.Node.Line, Column: c.Node.Column, Check: "correlation/not-live", Severity: SeverityError,
				Message: fmt.Sprintf("correlation %s: %v", c.ID, err),
				Hint:    "run it with eval or backtest, or ask for at least so many (gte) within the timespan",
			})
		}
	}
	return problems
}

// resolves returns what the correlations of a text refer to and is not there.
func (f *Fold) resolves(unit *Unit) Problems {
	if len(unit.Correlations) == 0 {
		return nil
	}
	refs := newReferences(f.without(unit.ID, unit))
	var problems Problems
	for _, c := range unit.Correlations {
		_, wrong := refs.resolve(unit, c)
		problems = append(problems, wrong...)
		if len(wrong) == 0 && refs.circular(unit, c) {
			problems = append(problems, Problem{
				File: unit.File, Line: c.Node.Line, Column: c.Node.Column, Check: "correlation/rules", Severity: SeverityError,
				Message: fmt.Sprintf("correlation %s refers to itself by way of others", c.ID),
			})
		}
	}
	return problems
}

// without returns the texts in force with that of key replaced, or taken away
// for nil, by the order of their keys.
func (f *Fold) without(key string, unit *Unit) []*Unit {
	units := maps.Clone(f.units)
	if delete(units, key); unit != nil {
		units[key] = unit
	}
	out := make([]*Unit, 0, len(units))
	for _, k := range slices.Sorted(maps.Keys(units)) {
		out = append(out, units[k])
	}
	return out
}

// taken returns the rules and lists of a text that other texts have.
func (f *Fold) taken(unit *Unit) Problems {
	ids := map[string]string{}
	for _, e := range unit.entries() {
		ids[e.id] = e.kind + " " + e.id
	}
	lists := map[string]bool{}
	for _, list := range unit.Lists {
		lists[list.Name] = true
	}
	var problems Problems
	for key, other := range f.units {
		if key == unit.ID {
			continue
		}
		for id := range other.ids() {
			if what, taken := ids[id]; taken {
				problems = append(problems, takenBy(unit, what, key))
			}
		}
		for _, list := range other.Lists {
			if lists[list.Name] {
				problems = append(problems, takenBy(unit, "value list "+list.Name, key))
			}
		}
	}
	problems.Sort()
	return problems
}

// ids goes through the ids of rules, correlations and filters.
func (u *Unit) ids() func(yield func(id string) bool) {
	return func(yield func(string) bool) {
		for _, rule := range u.Rules {
			if !yield(rule.ID) {
				return
			}
		}
		for _, c := range u.Correlations {
			if !yield(c.ID) {
				return
			}
		}
		for _, f := range u.Filters {
			if !yield(f.ID) {
				return
			}
		}
	}
}

func takenBy(unit *Unit, what, key string) Problem {
	return Problem{
		File: unit.File, Check: "rule/duplicate-id", Severity: SeverityError,
		Message: fmt.Sprintf("%s is in the text published under %s", what, key),
		Hint:    "take another id, or remove it there first",
	}
}
