package rules

import (
	"slices"
	"sync/atomic"

	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// compiled is a rule with its lists filled in and its filters added.
type compiled struct {
	// conditions are what the engine is built of, one for each view of the
	// rule in which it can hold at all.
	conditions []condition
	// lists are those that were filled in, in the order of their names.
	lists []*List
	// filters are those that apply.
	filters []*Filter
}

// condition is a rule in one of its views.
type condition struct {
	targets []match.Target
	expr    match.Expr
	// view is which of the rule's views it is.
	view int32
}

// expr returns the whole condition of a view.
func (c *compiled) expr(view int32) match.Expr {
	for _, next := range c.conditions {
		if next.view == view {
			return next.expr
		}
	}
	return nil
}

// cache remembers the last compiled form of a rule, so that a set that changes
// one rule compiles one rule.
type cache struct{ last atomic.Pointer[compiled] }

// with is what a rule is compiled with.
type with struct {
	lists   map[string]*List
	filters []*Filter
}

func (w with) list(name string) ([]*document.Node, bool) {
	list, ok := w.lists[name]
	if !ok {
		return nil, false
	}
	return list.Values, true
}

// compileEarly compiles a rule that needs no list, so that whatever is wrong
// with it is a problem of its text.
func (rule *Rule) compileEarly(r *document.Reader) {
	if rule.Detection == nil || len(rule.Detection.ListNames()) > 0 {
		return
	}
	if c := rule.build(r, with{}); c != nil {
		rule.compiled.last.Store(c)
	}
}

// compile returns the rule with lists and filters, or what is wrong: a list is
// missing, or does not fit.
func (rule *Rule) compile(w with) (*compiled, Problems) {
	filters := rule.filtersOf(w.filters)
	if last := rule.compiled.last.Load(); last != nil && len(filters)+len(last.filters)+len(last.lists)+len(rule.Lists()) == 0 {
		return last, nil // which is what nearly all rules need nearly always
	}
	names := rule.listNames(filters)
	r := &document.Reader{File: rule.File}
	used := make([]*List, len(names))
	for i, name := range names {
		list, ok := w.lists[name]
		if !ok {
			r.Errorf(rule.listUse(name), "match/list", "publish it under "+listPrefix+name, "rule %s: there is no value list %q", rule.ID, name)
			continue
		}
		used[i] = list
	}
	if problems := r.Problems(); len(problems) > 0 {
		return nil, problems
	}
	if last := rule.compiled.last.Load(); last != nil && slices.Equal(last.lists, used) && slices.Equal(last.filters, filters) {
		return last, nil
	}
	c := rule.build(r, with{lists: w.lists, filters: filters})
	if c == nil {
		return nil, r.Problems()
	}
	c.lists = used
	rule.compiled.last.Store(c)
	return c, nil
}

// build compiles every view of the rule. It returns nil if a list does not
// fit, which r then has.
func (rule *Rule) build(r *document.Reader, w with) *compiled {
	c := &compiled{filters: w.filters, conditions: make([]condition, 0, len(rule.views))}
	for i, v := range rule.views {
		e := rule.Detection.CompileFor(r, w.list, v.fields)
		if e == nil {
			return nil
		}
		for _, f := range w.filters {
			keep := f.Detection.CompileFor(r, w.list, v.fields)
			if keep == nil {
				return nil
			}
			e = match.And{e, keep}
		}
		if detection.Never(e) {
			continue
		}
		c.conditions = append(c.conditions, condition{targets: v.targets, expr: e, view: int32(i)})
	}
	return c
}

// Lists returns the names of the value lists that the rule refers to, sorted.
// The slice is shared: do not change it.
func (rule *Rule) Lists() []string { return rule.Detection.ListNames() }

// listNames returns the lists that the rule and its filters refer to.
func (rule *Rule) listNames(filters []*Filter) []string {
	if len(filters) == 0 {
		return rule.Lists()
	}
	names := slices.Clone(rule.Lists())
	for _, f := range filters {
		names = append(names, f.Detection.ListNames()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (rule *Rule) listUse(name string) *document.Node {
	if use := rule.Detection.ListUse(name); use != nil {
		return use
	}
	return rule.Node // a filter uses it
}

// Expr returns what the rule looks for with the lists filled in, in the names
// that the rule itself uses, nil if a list is missing or does not fit. Filters
// are not in it.
func (rule *Rule) Expr(lists detection.Lists) match.Expr {
	return rule.Detection.Compile(&document.Reader{}, lists)
}
