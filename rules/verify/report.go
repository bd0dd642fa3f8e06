package verify

import (
	"encoding/json"
	"io"
	"time"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// Outcome is how a test or a rule came out.
type Outcome string

// The outcomes. Untested is only for rules.
const (
	Passed   Outcome = "ok"
	Failed   Outcome = "fail"
	Untested Outcome = "no tests"
)

// Report is what a run found. Its JSON form is for machines.
type Report struct {
	Rules []RuleResult `json:"rules"`
	// Passed, Failed and Untested count rules; Tests and FailedTests tests.
	Passed      int `json:"passed"`
	Failed      int `json:"failed"`
	Untested    int `json:"untested"`
	Tests       int `json:"tests"`
	FailedTests int `json:"failed_tests"`
}

// RuleResult is how one rule did.
type RuleResult struct {
	RuleID  string  `json:"rule_id"`
	Version int64   `json:"rule_version"`
	Name    string  `json:"name"`
	File    string  `json:"file"`
	Outcome Outcome `json:"outcome"`
	// Problem says why no test could be run. Mostly empty.
	Problem string        `json:"problem,omitempty"`
	Tests   []TestResult  `json:"tests"`
	Elapsed time.Duration `json:"elapsed_ns"`
}

// TestResult is how one test came out.
type TestResult struct {
	// Number is the test's place in the rule, from 1.
	Number     int                `json:"number"`
	Name       string             `json:"name,omitempty"`
	Line       int                `json:"line"`
	Column     int                `json:"column"`
	SourceKind schemas.SourceKind `json:"source_kind,omitempty"`
	Given      map[string]any     `json:"given"`
	Outcome    Outcome            `json:"outcome"`
	// Want and Got are sorted ids.
	Want []string `json:"want"`
	Got  []string `json:"got"`
	// Suppressed are findings that were held back, with the reason.
	Suppressed []string `json:"suppressed,omitempty"`
	// Hits say why the rule matched, if it did.
	Hits []match.Hit `json:"hits,omitempty"`
	// Problem says why the event could not be judged. Mostly empty.
	Problem string `json:"problem,omitempty"`
}

// OK reports whether nothing failed. Rules without tests do not fail.
func (r *Report) OK() bool { return r.Failed == 0 }

// WriteJSON writes the report as one indented JSON document.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

func (r *Report) add(result RuleResult) {
	r.Rules = append(r.Rules, result)
	switch result.Outcome {
	case Passed:
		r.Passed++
	case Failed:
		r.Failed++
	default:
		r.Untested++
	}
	r.Tests += len(result.Tests)
	for _, t := range result.Tests {
		if t.Outcome == Failed {
			r.FailedTests++
		}
	}
}
