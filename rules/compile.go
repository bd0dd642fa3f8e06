package rules

import (
	"slices"
	"sync/atomic"

	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/document"
	"github.com/ttpstream/ttpstream/rules/match"
)

// compiled is a rule with its lists filled in.
type compiled struct {
	expr match.Expr
	// lists are those that were filled in, in the order of ListNames.
	lists []*List
}

// cache remembers the last compiled form of a rule, so that a set that changes
// one rule compiles one rule.
type cache struct{ last atomic.Pointer[compiled] }

// compileEarly compiles a rule that needs no list, so that whatever is wrong
// with it is a problem of its text.
func (rule *Rule) compileEarly(r *document.Reader) {
	if rule.Detection == nil || len(rule.Detection.ListNames()) > 0 {
		return
	}
	if e := rule.Detection.Compile(r, func(string) ([]*document.Node, bool) { return nil, false }); e != nil {
		rule.compiled.last.Store(&compiled{expr: e})
	}
}

// compile returns the rule with the lists filled in, or what is wrong: a list
// is missing, or does not fit.
func (rule *Rule) compile(lists map[string]*List) (*compiled, Problems) {
	names := rule.Detection.ListNames()
	r := &document.Reader{File: rule.File}
	used := make([]*List, len(names))
	for i, name := range names {
		list, ok := lists[name]
		if !ok {
			r.Errorf(rule.Detection.ListUse(name), "match/list", "publish it under "+listPrefix+name, "rule %s: there is no value list %q", rule.ID, name)
			continue
		}
		used[i] = list
	}
	if problems := r.Problems(); len(problems) > 0 {
		return nil, problems
	}
	if last := rule.compiled.last.Load(); last != nil && slices.Equal(last.lists, used) {
		return last, nil
	}
	e := rule.Detection.Compile(r, func(name string) ([]*document.Node, bool) {
		list, ok := lists[name]
		if !ok {
			return nil, false
		}
		return list.Values, true
	})
	if e == nil {
		return nil, r.Problems()
	}
	c := &compiled{expr: e, lists: used}
	rule.compiled.last.Store(c)
	return c, nil
}

// Lists returns the names of the value lists that the rule refers to, sorted.
func (rule *Rule) Lists() []string { return rule.Detection.ListNames() }

// Expr returns what the rule looks for with the lists filled in, nil if a list
// is missing or does not fit.
func (rule *Rule) Expr(lists detection.Lists) match.Expr {
	return rule.Detection.Compile(&document.Reader{}, lists)
}
