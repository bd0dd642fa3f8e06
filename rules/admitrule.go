package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

func (f *Fold) admitRule(p Publication) Admission {
	if p.Value == nil {
		return f.admitRemoval(p)
	}
	content := string(p.Value)
	unit, problems := f.parse(p.Key, []byte(content))
	if unit == nil {
		return Admission{Refused: problems}
	}
	if unit.ID != p.Key {
		return refused("key", fmt.Sprintf("the record's key is %.128q, the document's id %q", p.Key, unit.ID),
			"publish under the document's id")
	}
	if problems := f.checkVersions(unit); len(problems) > 0 {
		return Admission{Refused: problems}
	}
	if inForce, ok := f.units[p.Key]; ok && inForce.Hash == unit.Hash {
		return ignored("version %d of %s is in force already", unit.Version, unit.ID)
	}
	if problems := f.fits(unit); len(problems) > 0 {
		return Admission{Refused: problems}
	}
	change := schemas.ChangeRule
	if strings.HasPrefix(unit.ID, listPrefix) {
		change = schemas.ChangeList
	}
	return Admission{Record: &schemas.RuleHistory{Change: change, Content: content, Version: unit.Version, Hash: unit.Hash}}
}

// checkVersions compares version and hash of each rule in a text with the
// highest that was ever published of that rule.
func (f *Fold) checkVersions(unit *Unit) Problems {
	var problems Problems
	for _, rule := range unit.Rules {
		highest := f.highest[rule.ID]
		hint := fmt.Sprintf("publish the text with rule_version %d", highest.Version+1)
		at := Problem{File: unit.File, Check: "version", Severity: SeverityError, Hint: hint}
		if version, ok := rule.Node.Get("rule_version"); ok {
			at.Line, at.Column = version.Line, version.Column
		}
		switch {
		case rule.Version < highest.Version:
			at.Message = fmt.Sprintf("%s: version %d is below %d, which was published already", rule.ID, rule.Version, highest.Version)
			problems = append(problems, at)
		case rule.Version == highest.Version && unit.Hash != highest.Hash:
			at.Message = fmt.Sprintf("%s: version %d was published with other content (sha256 %.12s, now %.12s)", rule.ID, rule.Version, highest.Hash, unit.Hash)
			problems = append(problems, at)
		}
	}
	return problems
}

func (f *Fold) admitRemoval(p Publication) Admission {
	unit, inForce := f.units[p.Key]
	if _, broken := f.broken[p.Key]; !inForce && !broken {
		return ignored("nothing is published under %.128q", p.Key)
	}
	if inForce {
		if problems := f.breaks(unit, nil); len(problems) > 0 {
			return Admission{Refused: problems}
		}
	}
	return Admission{Record: &schemas.RuleHistory{Change: schemas.ChangeRemoval}}
}

// fits returns why a text cannot be in force beside the others: one of them
// has a rule or a list of that name, a list is missing or of no use to the
// rule, or a list that changes is used by a rule which cannot bear the change.
func (f *Fold) fits(unit *Unit) Problems {
	if problems := f.taken(unit); len(problems) > 0 {
		return problems
	}
	var problems Problems
	var lists map[string]*List
	for _, rule := range unit.Rules {
		if len(rule.Lists()) == 0 {
			continue // Parse has compiled it
		}
		if lists == nil {
			lists = f.lists(unit.ID, unit)
		}
		_, wrong := rule.compile(lists)
		problems = append(problems, wrong...)
	}
	return append(problems, f.breaks(f.units[unit.ID], unit)...)
}

// taken returns the rules and lists of a text that other texts have.
func (f *Fold) taken(unit *Unit) Problems {
	var problems Problems
	for key, other := range f.units {
		if key == unit.ID {
			continue
		}
		for _, rule := range unit.Rules {
			if slices.ContainsFunc(other.Rules, func(o *Rule) bool { return o.ID == rule.ID }) {
				problems = append(problems, takenBy(unit, "rule "+rule.ID, key))
			}
		}
		for _, list := range unit.Lists {
			if slices.ContainsFunc(other.Lists, func(o *List) bool { return o.Name == list.Name }) {
				problems = append(problems, takenBy(unit, "value list "+list.Name, key))
			}
		}
	}
	problems.Sort()
	return problems
}

func takenBy(unit *Unit, what, key string) Problem {
	return Problem{
		File: unit.File, Check: "rule/duplicate-id", Severity: SeverityError,
		Message: fmt.Sprintf("%s is in the text published under %s", what, key),
		Hint:    "take another id, or remove it there first",
	}
}

// breaks returns the rules of other texts that work now and would not if
// after came in place of before. Either may be nil.
func (f *Fold) breaks(before, after *Unit) Problems {
	key, changed := listsOf(before, after)
	if len(changed) == 0 {
		return nil
	}
	now, then := f.lists("", nil), f.lists(key, after)
	var problems Problems
	for other, unit := range f.units {
		for _, rule := range unit.Rules {
			if other == key || !slices.ContainsFunc(rule.Lists(), func(name string) bool { return changed[name] }) {
				continue
			}
			if _, already := rule.compile(now); len(already) > 0 {
				continue
			}
			if _, wrong := rule.compile(then); len(wrong) > 0 {
				problems = append(problems, Problem{
					File: key, Check: "list/in-use", Severity: SeverityError,
					Message: fmt.Sprintf("rule %s uses it and would no longer work: %s", rule.ID, wrong[0].Message),
					Hint:    "change or remove that rule first",
				})
			}
		}
	}
	problems.Sort()
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
