package verify

import (
	"fmt"
	"slices"
	"time"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// Lift makes the facts of an event, given its kind and its own fields. An
// error fails the test. The event must not be changed afterwards.
type Lift func(kind schemas.SourceKind, given map[string]any) (*match.Event, error)

// Options tune a run. The zero value is ready.
type Options struct {
	// Now is the clock for the timings. Defaults to time.Now.
	Now func() time.Time
}

// Run runs the tests of every rule of the units, which are one rule set; value
// lists must be among them. Results are in the order of rule ids.
func Run(units []*rules.Unit, lift Lift, opts Options) *Report {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	set, _ := rules.NewSet(units, nil, 0)
	r := &runner{set: set, held: set.Held(), lift: lift, now: opts.Now}
	report := &Report{Rules: []RuleResult{}}
	for _, u := range units {
		for _, rule := range u.Rules {
			report.add(r.rule(u, rule))
		}
	}
	slices.SortStableFunc(report.Rules, func(a, b RuleResult) int {
		switch {
		case a.RuleID < b.RuleID:
			return -1
		case a.RuleID > b.RuleID:
			return 1
		}
		return 0
	})
	return report
}

type runner struct {
	set     *rules.Set
	held    map[string]rules.Problems
	lift    Lift
	now     func() time.Time
	scratch rules.Scratch
}

func (r *runner) rule(u *rules.Unit, rule *rules.Rule) RuleResult {
	result := RuleResult{RuleID: rule.ID, Version: rule.Version, Name: rule.Name, File: rule.File, Outcome: Passed, Tests: []TestResult{}}
	start := r.now()
	problems := r.held[u.ID]
	switch {
	case len(problems) > 0:
		result.Outcome, result.Problem = Failed, "not in force: "+problems.Error()
	case len(rule.Tests) == 0:
		result.Outcome = Untested
	default:
		for i, test := range rule.Tests {
			t := r.test(i, rule, test)
			if t.Outcome == Failed {
				result.Outcome = Failed
			}
			result.Tests = append(result.Tests, t)
		}
	}
	result.Elapsed = r.now().Sub(start)
	return result
}

func (r *runner) test(i int, rule *rules.Rule, test rules.Test) TestResult {
	t := TestResult{
		Number: i + 1, Name: test.Name, Line: test.Node.Line, Column: test.Node.Column,
		SourceKind: test.SourceKind, Given: test.Given, Want: sorted(test.Tags), Got: []string{}, Outcome: Failed,
	}
	ev, err := r.lifted(test)
	if err != nil {
		t.Problem = err.Error()
		return t
	}
	for _, f := range r.set.Judge(ev, &r.scratch) {
		switch {
		case f.Rule != rule:
		case f.Suppressed != "":
			t.Suppressed = append(t.Suppressed, fmt.Sprintf("%s at %.2f: %s", f.Emit.ID(), f.Confidence, f.Suppressed))
		default:
			t.Got = append(t.Got, f.Emit.ID())
			t.Hits = f.Hits
		}
	}
	for _, f := range r.scratch.Failures() {
		if f.RuleID == rule.ID || f.RuleID == "" {
			t.Problem = "the rule panicked: " + f.Reason
			return t
		}
	}
	slices.Sort(t.Got)
	if slices.Equal(t.Want, t.Got) {
		t.Outcome = Passed
	}
	return t
}

// lifted calls Lift. A panic of it fails the test alone.
func (r *runner) lifted(test rules.Test) (ev *match.Event, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("the lifter panicked: %v", reason)
		}
	}()
	ev, err = r.lift(test.SourceKind, test.Given)
	if err == nil && ev == nil {
		err = fmt.Errorf("no lifter for source_kind %q", test.SourceKind)
	}
	return ev, err
}

func sorted(tags []string) []string {
	tags = append([]string{}, tags...)
	slices.Sort(tags)
	return tags
}
