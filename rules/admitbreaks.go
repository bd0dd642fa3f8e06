package rules

import (
	"fmt"
	"maps"
	"slices"
)

// breaks returns the rules, filters and correlations of other texts that work
// now and would not if after came in place of before. Either may be nil.
func (f *Fold) breaks(before, after *Unit) Problems {
	key, changed := listsOf(before, after)
	problems := f.breaksLists(key, changed, after)
	if before != nil {
		problems = append(problems, f.breaksRules(before, after)...)
	}
	problems.Sort()
	return problems
}

func (f *Fold) breaksLists(key string, changed map[string]bool, after *Unit) Problems {
	if len(changed) == 0 {
		return nil
	}
	uses := func(name string) bool { return changed[name] }
	now, then := with{lists: f.lists("", nil)}, with{lists: f.lists(key, after)}
	var problems Problems
	broken := func(what, id string, already, wrong Problems) {
		if len(already) == 0 && len(wrong) > 0 {
			problems = append(problems, Problem{
				File: key, Check: "list/in-use", Severity: SeverityError,
				Message: fmt.Sprintf("%s %s uses it and would no longer work: %s", what, id, wrong[0].Message),
				Hint:    "change or remove that " + what + " first",
			})
		}
	}
	for other, unit := range f.units {
		if other == key {
			continue
		}
		for _, rule := range unit.Rules {
			if slices.ContainsFunc(rule.Lists(), uses) {
				_, already := rule.compile(now)
				_, wrong := rule.compile(then)
				broken("rule", rule.ID, already, wrong)
			}
		}
		for _, filter := range unit.Filters {
			if slices.ContainsFunc(filter.Detection.ListNames(), uses) {
				broken("filter", filter.ID, filter.check(now), filter.check(then))
			}
		}
	}
	return problems
}

// breaksRules returns the correlations of other texts that would no longer
// find what they refer to.
func (f *Fold) breaksRules(before, after *Unit) Problems {
	var now, then *references
	var problems Problems
	for other, unit := range f.units {
		if other == before.ID || len(unit.Correlations) == 0 {
			continue
		}
		if now == nil {
			now, then = newReferences(f.without("", nil)), newReferences(f.without(before.ID, after))
		}
		for _, c := range unit.Correlations {
			_, already := now.resolve(unit, c)
			_, wrong := then.resolve(unit, c)
			if len(already) == 0 && len(wrong) > 0 {
				problems = append(problems, Problem{
					File: before.ID, Check: "rule/in-use", Severity: SeverityError,
					Message: fmt.Sprintf("it would no longer serve others: %s", wrong[0].Message),
					Hint:    "change or remove that correlation first",
				})
			}
		}
	}
	return problems
}

// listsOf returns the id that two versions of a text share, and the names of
// the lists in either. One of them may be nil.
func listsOf(before, after *Unit) (id string, names map[string]bool) {
	names = map[string]bool{}
	for _, unit := range []*Unit{before, after} {
		if unit == nil {
			continue
		}
		id = unit.ID
		for _, list := range unit.Lists {
			names[list.Name] = true
		}
	}
	return id, names
}

// lists returns the value lists by name as they are when unit, which may be
// nil, stands under key. Of two of one name that of the lower key counts, as
// in a [Set].
func (f *Fold) lists(key string, unit *Unit) map[string]*List {
	with := map[string]*Unit{}
	for other, u := range f.units {
		if other != key && len(u.Lists) > 0 {
			with[other] = u
		}
	}
	if unit != nil {
		with[key] = unit
	}
	lists := map[string]*List{}
	for _, other := range slices.Sorted(maps.Keys(with)) {
		for _, list := range with[other].Lists {
			if lists[list.Name] == nil {
				lists[list.Name] = list
			}
		}
	}
	return lists
}
