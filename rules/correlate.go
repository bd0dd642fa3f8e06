package rules

import (
	"slices"
	"strconv"

	"github.com/ttpstream/ttpstream/rules/detection"
	"github.com/ttpstream/ttpstream/rules/match"
)

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

// Value returns the values as the one text that a window counts: a single
// value as it is, several so that no two lists of values give one text.
func (m Match) Value() string {
	switch len(m.Values) {
	case 0:
		return ""
	case 1:
		return m.Values[0]
	}
	var joined []byte
	for _, v := range m.Values {
		joined = append(strconv.AppendQuote(joined, v), ' ')
	}
	return string(joined)
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
