package rules

import (
	"fmt"
	"slices"

	"github.com/ttpstream/ttpstream/rules/sigma"
	"github.com/ttpstream/ttpstream/rules/window"
)

// Correlation is a Sigma correlation: what it says of several matches of other
// rules (or windows of other correlations) that belong together. It is
// immutable.
type Correlation struct {
	// Rule is its id, version, techniques and the like. It has no detection and
	// is in no set of rules that judge events.
	*Rule
	// Sigma is what it asks for.
	Sigma *sigma.Correlation
}

// Spec returns what the windows of the correlation are run by, as a match
// carries it. Where neither attacker nor identity is grouped by, each attacker
// that completes a window is reported.
func (c *Correlation) Spec() window.Spec {
	spec := c.Sigma.Window
	spec.PerOwner = !slices.Contains(c.Sigma.GroupBy, FieldAttacker) && !slices.Contains(c.Sigma.GroupBy, FieldIdentity)
	return spec
}

// Live returns why the correlation cannot run on events as they come, or nil.
func (c *Correlation) Live() error {
	spec := c.Spec()
	return spec.Live()
}

// silence makes the rules of the text that only feed its correlations say
// nothing of their own.
func (u *Unit) silence() {
	for _, c := range u.Correlations {
		if c.Sigma.Generate {
			continue
		}
		for _, ref := range c.Sigma.Rules {
			for _, rule := range u.Rules {
				rule.Silent = rule.Silent || rule.called(ref)
			}
			for _, other := range u.Correlations {
				other.Silent = other.Silent || other.called(ref)
			}
		}
	}
}

// called reports whether a reference means the rule.
func (rule *Rule) called(ref string) bool {
	return rule.ID == ref || rule.Alias != "" && rule.Alias == ref
}

// reference is what a correlation refers to: exactly one field is set.
type reference struct {
	rule        *Rule
	correlation *Correlation
}

// references finds what correlations refer to.
type references struct {
	// units are those that are in force, in the order of their ids.
	units []*Unit
	// byID and byAlias are the rules and correlations of all of them. More than
	// one of an alias are ambiguous.
	byID    map[string]reference
	byAlias map[string][]reference
}

func newReferences(units []*Unit) *references {
	refs := &references{units: units, byID: map[string]reference{}, byAlias: map[string][]reference{}}
	for _, u := range units {
		for _, rule := range u.Rules {
			refs.add(rule, reference{rule: rule})
		}
		for _, c := range u.Correlations {
			refs.add(c.Rule, reference{correlation: c})
		}
	}
	return refs
}

func (refs *references) add(rule *Rule, ref reference) {
	refs.byID[rule.ID] = ref
	if rule.Alias != "" {
		refs.byAlias[rule.Alias] = append(refs.byAlias[rule.Alias], ref)
	}
}

// resolve returns what correlation c of unit u refers to, in the order of its
// rules, or what is wrong. A text's own rules come before those of others.
func (refs *references) resolve(u *Unit, c *Correlation) ([]reference, Problems) {
	own := newReferencesOf(u)
	var found []reference
	var problems Problems
	for i, name := range c.Sigma.Rules {
		ref, message := own.find(name)
		if message != "" {
			ref, message = refs.find(name)
		}
		if message == "" {
			message = c.fits(i, ref)
		}
		if message != "" {
			at := c.Sigma.RuleNodes[i]
			problems = append(problems, Problem{
				File: u.File, Line: at.Line, Column: at.Column, Check: "correlation/rules",
				Message: fmt.Sprintf("correlation %s: %s", c.ID, message), Hint: "publish that rule first",
			})
		}
		found = append(found, ref)
	}
	return found, problems
}

func newReferencesOf(u *Unit) *references { return newReferences([]*Unit{u}) }

func (refs *references) find(name string) (reference, string) {
	if ref, ok := refs.byID[name]; ok {
		return ref, ""
	}
	switch named := refs.byAlias[name]; len(named) {
	case 0:
		return reference{}, fmt.Sprintf("there is no rule %q", name)
	case 1:
		return named[0], ""
	default:
		return reference{}, fmt.Sprintf("%d rules are called %q: refer to one by its id", len(named), name)
	}
}

// fits returns why what rule i refers to cannot feed the correlation, empty if
// it can. Of a window only the values it is grouped by are known to the next.
func (c *Correlation) fits(i int, ref reference) string {
	if ref.correlation == c {
		return "it refers to itself"
	}
	for _, name := range slices.Concat(c.Sigma.GroupBy, c.Sigma.Fields) {
		field, err := c.Sigma.Field(name, i)
		if err != nil {
			return err.Error()
		}
		if ref.correlation != nil && !slices.Contains(ref.correlation.Sigma.GroupBy, field) {
			return fmt.Sprintf("%s is not what correlation %s groups by, so its windows have none", field, ref.correlation.ID)
		}
	}
	return ""
}
