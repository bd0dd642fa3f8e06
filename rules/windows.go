package rules

import (
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/match"
)

// windows are the correlations of a set, and what leads to them.
type windows struct {
	// all are those in force, by id.
	all []*Correlation
	// ofRule and ofWindow are what a match of a rule, or a window of a
	// correlation, feeds: by the id of either.
	ofRule   map[string][]feed
	ofWindow map[string][]feed
}

// feed is one place of a correlation that a rule fills.
type feed struct {
	correlation *Correlation
	// place is the number of the rule in the correlation, from 0.
	place int
	// group and values name the fields as the rule's events have them.
	group, values []string
}

// correlate resolves the correlations of the units in force and holds back
// those that refer to what is not. Holding one back may take away what another
// refers to, so it is done until nothing changes.
func (f *filling) correlate() windows {
	for {
		refs := newReferences(f.inForce())
		held := false
		for _, u := range refs.units {
			for _, c := range u.Correlations {
				_, problems := refs.resolve(u, c)
				if len(problems) == 0 && refs.circular(u, c) {
					f.hold(u, c.Node, "correlation/rules", "correlation "+c.ID+" refers to itself by way of others")
					held = true
				}
				if len(problems) > 0 {
					f.held[u.ID] = append(f.held[u.ID], problems...)
					held = true
				}
			}
		}
		if !held {
			return refs.windows()
		}
	}
}

func (f *filling) inForce() []*Unit {
	units := make([]*Unit, 0, len(f.ids))
	for _, id := range f.ids {
		if len(f.held[id]) == 0 {
			units = append(units, f.units[id])
		}
	}
	return units
}

// circular reports whether a correlation feeds itself by way of others.
func (refs *references) circular(u *Unit, start *Correlation) bool {
	seen := map[*Correlation]bool{}
	var visit func(c *Correlation) bool
	visit = func(c *Correlation) bool {
		if seen[c] {
			return false
		}
		seen[c] = true
		found, _ := refs.resolve(refs.home(u, c), c)
		for _, ref := range found {
			if ref.correlation == start || ref.correlation != nil && visit(ref.correlation) {
				return true
			}
		}
		return false
	}
	return visit(start)
}

// home returns the unit of a correlation, u if it is in none.
func (refs *references) home(u *Unit, c *Correlation) *Unit {
	for _, other := range refs.units {
		if slices.Contains(other.Correlations, c) {
			return other
		}
	}
	return u
}

// windows returns what feeds what, once everything resolves.
func (refs *references) windows() windows {
	w := windows{ofRule: map[string][]feed{}, ofWindow: map[string][]feed{}}
	for _, u := range refs.units {
		for _, c := range u.Correlations {
			w.all = append(w.all, c)
			found, _ := refs.resolve(u, c)
			for place, ref := range found {
				next := feed{correlation: c, place: place, group: c.fields(c.Sigma.GroupBy, place), values: c.fields(c.Sigma.Fields, place)}
				if ref.rule != nil {
					w.ofRule[ref.rule.ID] = append(w.ofRule[ref.rule.ID], next)
				} else {
					w.ofWindow[ref.correlation.ID] = append(w.ofWindow[ref.correlation.ID], next)
				}
			}
		}
	}
	slices.SortFunc(w.all, func(a, b *Correlation) int { return strings.Compare(a.ID, b.ID) })
	return w
}

// fields returns what fields of the correlation are called in the events of
// rule i.
func (c *Correlation) fields(names []string, i int) []string {
	out := make([]string, len(names))
	for j, name := range names {
		out[j], _ = c.Sigma.Field(name, i) // it resolved
	}
	return out
}

// Correlations returns the correlations in force by id. The slice is the
// caller's.
func (s *Set) Correlations() []*Correlation { return slices.Clone(s.windows.all) }

// Match is a match of a rule, or a window of a correlation, as a correlation
// counts it.
type Match struct {
	Correlation *Correlation
	// Place is the number of the rule in the correlation, from 0.
	Place int
	// Rule is the id of the rule, or of the inner correlation.
	Rule string
	// Group are the values of group-by, in its order.
	Group []string
	// Values are those of the correlation's fields, in their order; none if it
	// has none.
	Values []string
}

// The fields that a correlation may group by although they are no facts: they
// belong to the event's envelope, which the caller knows.
const (
	FieldAttacker = "attacker_uuid"
	FieldIdentity = "identity_uuid"
	FieldSession  = "session_id"
)

// maxCombinations bounds the groups that one event may belong to because its
// fields have several values.
const maxCombinations = 16

// Correlate returns what the event means for the correlations, by the order of
// rules. Call it after Judge, with the same event and scratch. A rule that is
// disabled feeds nothing. An event without a field that is grouped by or
// counted does not count; one with several values in a field counts for each
// of them. envelope returns the values of the fields that are no facts; nil is
// none.
func (s *Set) Correlate(ev *match.Event, scratch *Scratch, envelope func(field string) string) []Match {
	if len(s.windows.ofRule) == 0 {
		return nil
	}
	var out []Match
	for _, held := range scratch.held {
		rule := s.rules[held.rule]
		feeds := s.windows.ofRule[rule.ID]
		if len(feeds) == 0 || s.states[rule.ID].Mode == Disabled {
			continue
		}
		l := looker{ev: ev, scope: s.scopeOf(held, ev), view: rule.views[held.view].fields, envelope: envelope}
		for _, f := range feeds {
			for _, group := range l.combinations(f.group) {
				for _, values := range l.combinations(f.values) {
					out = append(out, Match{Correlation: f.correlation, Place: f.place, Rule: rule.ID, Group: group, Values: values})
				}
			}
		}
	}
	return out
}

// Chain returns what a window of a correlation means for others: group are the
// values of its own group-by.
func (s *Set) Chain(c *Correlation, group []string) []Match {
	var out []Match
	value := func(names []string) ([]string, bool) {
		values := make([]string, 0, len(names))
		for _, name := range names {
			at := slices.Index(c.Sigma.GroupBy, name)
			if at < 0 || at >= len(group) {
				return nil, false
			}
			values = append(values, group[at])
		}
		return values, true
	}
	for _, f := range s.windows.ofWindow[c.ID] {
		outer, ok := value(f.group)
		values, also := value(f.values)
		if ok && also {
			out = append(out, Match{Correlation: f.correlation, Place: f.place, Rule: c.ID, Group: outer, Values: values})
		}
	}
	return out
}

// Fire returns what a correlation finds in a window: its techniques, under the
// state in force.
func (s *Set) Fire(c *Correlation) []Finding {
	if c.Silent {
		return nil
	}
	state := s.states[c.ID]
	findings := make([]Finding, 0, len(c.Emits))
	for _, e := range c.Emits {
		confidence, suppressed := state.judge(e, 1)
		findings = append(findings, Finding{Rule: c.Rule, Emit: e, Confidence: confidence, Suppressed: suppressed})
	}
	return findings
}

// scopeOf returns the scope in which a rule held, nil for the base alone.
func (s *Set) scopeOf(held heldRule, ev *match.Event) *match.Fields {
	for i := range ev.Scopes {
		one := match.Event{SourceKind: ev.SourceKind, Logsource: ev.Logsource, Base: ev.Base, Scopes: ev.Scopes[i : i+1]}
		if len(ev.Scopes) == 1 || match.Holds(s.compiled[held.rule].expr(held.view), &one) {
			return &ev.Scopes[i]
		}
	}
	return nil
}

// looker looks fields up as a rule names them.
type looker struct {
	ev       *match.Event
	scope    *match.Fields
	view     detection.View
	envelope func(string) string
}

// combinations returns the values of fields, one list for each combination of
// their values, none if a field has no value.
func (l looker) combinations(fields []string) [][]string {
	out := [][]string{nil}
	for _, name := range fields {
		values := l.values(name)
		next := make([][]string, 0, len(out)*len(values))
		for _, before := range out {
			for _, v := range values {
				if len(next) < maxCombinations {
					next = append(next, append(slices.Clip(before), v))
				}
			}
		}
		out = next
	}
	return out
}

func (l looker) values(name string) []string {
	if l.envelope != nil && (name == FieldAttacker || name == FieldIdentity || name == FieldSession) {
		if v := l.envelope(name); v != "" {
			return []string{v}
		}
	}
	fields := []string{name}
	if l.view.Field != nil {
		source := l.view.Field(name)
		fields = slices.Concat(source.Fields, source.Programs)
		if len(fields) == 0 {
			fields = []string{name} // a fact by its own name
		}
	}
	var out []string
	for _, field := range fields {
		for _, v := range l.lookup(field) {
			if text := v.String(); !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

func (l looker) lookup(field string) []match.Value {
	if l.scope != nil {
		if values, there := l.scope.Lookup(field); there {
			return values
		}
	}
	values, _ := l.ev.Base.Lookup(field)
	return values
}
