package rules

import (
	"slices"

	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/sigma"
)

// Filter is a Sigma filter: a condition that is added to rules of others, so
// that they need no change.
type Filter struct {
	sigma.Filter
	// Hash and File are those of the text it came in.
	Hash, File string
}

// applies reports whether the filter is about the rule: it names it, by id or
// by name, or any rule, and its log source covers the rule's.
func (f *Filter) applies(rule *Rule) bool {
	if !rule.Sigma || !sigma.Covers(f.Logsource, rule.Logsource) {
		return false
	}
	return f.Any || slices.Contains(f.Rules, rule.ID) || rule.Alias != "" && slices.Contains(f.Rules, rule.Alias)
}

// check returns why the filter cannot be used: a list is missing, or does not
// fit.
func (f *Filter) check(w with) Problems {
	r := &document.Reader{File: f.File}
	for _, name := range f.Detection.ListNames() {
		if _, ok := w.lists[name]; !ok {
			r.Errorf(f.Detection.ListUse(name), "match/list", "publish it under "+listPrefix+name, "filter %s: there is no value list %q", f.ID, name)
		}
	}
	if problems := r.Problems(); len(problems) > 0 {
		return problems
	}
	f.Detection.Compile(r, w.list)
	return r.Problems()
}

// filtersOf returns the filters that apply to the rule.
func (rule *Rule) filtersOf(all []*Filter) []*Filter {
	var mine []*Filter
	for _, f := range all {
		if f.applies(rule) {
			mine = append(mine, f)
		}
	}
	return mine
}
