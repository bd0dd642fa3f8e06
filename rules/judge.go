package rules

import "github.com/ttpstream/ttpstream/rules/match"

// Finding is one technique that one rule sees in one event.
type Finding struct {
	Rule *Rule
	Emit Emit
	// Confidence is the emit's times the event's weight, at most what the
	// rule's state allows, in steps of 0.01.
	Confidence float64
	// Suppressed is empty for a tag, else one of schemas.SuppressedDisabled,
	// SuppressedClipped and SuppressedFloor.
	Suppressed string
	// Hits say why. Findings of one rule share them: do not change them.
	Hits []match.Hit
}

// Scratch is the working memory of Judge, reused from event to event, by one
// goroutine at a time. The zero value is ready, for any set.
type Scratch struct {
	match    match.Scratch
	failures []Failure
	// held are the rules that held in the last Judge, by index.
	held []heldRule
}

// heldRule is a rule that held for an event.
type heldRule struct {
	// rule and condition are indexes; view is the rule's view that held.
	rule, view int32
	condition  int
}

// Failure is a rule that panicked on an event, which is a bug.
type Failure struct {
	// RuleID is empty when the index broke that all rules share; every rule
	// was then judged on its own.
	RuleID string
	Reason string
}

// Failures returns what failed in the last Judge. Valid until the next.
func (s *Scratch) Failures() []Failure { return s.failures }

// Judge returns what the rules find in an event, by rule id, technique and
// sub-technique, and nothing if they find nothing. Suppressed findings are
// there too, and say so. The result is the caller's and depends on the event
// and the set alone.
func (s *Set) Judge(ev *match.Event, scratch *Scratch) []Finding {
	held := s.engine.Match(ev, &scratch.match)
	scratch.failures = s.failures(scratch.failures[:0], scratch.match.Failures())
	scratch.held = scratch.held[:0]
	if len(held) == 0 {
		return nil
	}
	s.settle(ev, held, scratch)
	var findings []Finding
	weight := weightOf(ev.Weight)
	for _, h := range scratch.held {
		rule := s.rules[h.rule]
		if rule.Silent || len(rule.Emits) == 0 {
			continue
		}
		state := s.states[rule.ID]
		hits := scratch.match.Hits(h.condition)
		for _, e := range rule.Emits {
			confidence, suppressed := state.judge(e, weight)
			findings = append(findings, Finding{Rule: rule, Emit: e, Confidence: confidence, Suppressed: suppressed, Hits: hits})
		}
	}
	return findings
}

// Matched returns the ids of the rules that held in the last Judge, also of
// those that name no technique or only feed a correlation, each once, in order.
func (s *Set) Matched(scratch *Scratch) []*Rule {
	matched := make([]*Rule, len(scratch.held))
	for i, h := range scratch.held {
		matched[i] = s.rules[h.rule]
	}
	return matched
}

// settle notes which rules hold, given which conditions of the engine do: a
// rule holds once, in its first view that does. Facts may be of a log source
// too: a rule whose names are mapped to them judges them by the mapped names
// alone, for under its own it would find every field absent.
func (s *Set) settle(ev *match.Event, held []int, scratch *Scratch) {
	for _, i := range held {
		c := &s.conditions[i]
		if n := len(scratch.held); n > 0 && scratch.held[n-1].rule == c.rule {
			continue
		}
		if c.view == 0 && ev.SourceKind != "" && s.rules[c.rule].leaves(ev) {
			continue
		}
		scratch.held = append(scratch.held, heldRule{rule: c.rule, view: c.view, condition: i})
	}
}

// leaves reports whether the rule's first view is not for these facts: another
// view is, or the rule is unrouted and they are of another log source.
func (rule *Rule) leaves(ev *match.Event) bool {
	if rule.Sigma && len(rule.views[0].targets) == 1 && rule.views[0].targets[0] == (match.Target{}) {
		return true
	}
	for _, v := range rule.views[1:] {
		for _, t := range v.targets {
			if t.Accepts(ev) {
				return true
			}
		}
	}
	return false
}

// failures names the rules of the engine's failures.
func (s *Set) failures(dst []Failure, from []match.Failure) []Failure {
	for _, f := range from {
		failure := Failure{Reason: f.Reason}
		if f.Condition >= 0 {
			failure.RuleID = s.rules[s.conditions[f.Condition].rule].ID
		}
		dst = append(dst, failure)
	}
	return dst
}
