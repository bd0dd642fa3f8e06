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
	if len(held) == 0 {
		return nil
	}
	var findings []Finding
	weight := weightOf(ev.Weight)
	for _, i := range held {
		rule := s.rules[i]
		state := s.states[rule.ID]
		hits := scratch.match.Hits(i)
		for _, e := range rule.Emits {
			confidence, suppressed := state.judge(e, weight)
			findings = append(findings, Finding{Rule: rule, Emit: e, Confidence: confidence, Suppressed: suppressed, Hits: hits})
		}
	}
	return findings
}

// failures names the rules of the engine's failures.
func (s *Set) failures(dst []Failure, from []match.Failure) []Failure {
	for _, f := range from {
		failure := Failure{Reason: f.Reason}
		if f.Condition >= 0 {
			failure.RuleID = s.rules[f.Condition].ID
		}
		dst = append(dst, failure)
	}
	return dst
}
