package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/schemas"
)

// refusals counts what was refused, by reason, with the first of each.
type refusals struct {
	mu     sync.Mutex
	counts map[string]*projections.Refusal
	rules  []*schemas.RuleStatus
}

func newRefusals() *refusals { return &refusals{counts: map[string]*projections.Refusal{}} }

// letter counts a dead letter.
func (r *refusals) letter(letter *schemas.DeadLetter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	counted, ok := r.counts[letter.Reason]
	if !ok {
		counted = &projections.Refusal{Reason: letter.Reason, First: letter.Key(), Detail: letter.Detail}
		r.counts[letter.Reason] = counted
	}
	counted.Count++
}

// rule remembers a refused rule.
func (r *refusals) rule(status *schemas.RuleStatus) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rules = append(r.rules, status)
}

// list returns the counts, the most frequent first.
func (r *refusals) list() []projections.Refusal {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []projections.Refusal
	for _, counted := range r.counts {
		out = append(out, *counted)
	}
	slices.SortFunc(out, func(a, b projections.Refusal) int {
		if a.Count != b.Count {
			return int(b.Count - a.Count)
		}
		return strings.Compare(a.Reason, b.Reason)
	})
	return out
}

// ruleError returns an error that names the refused rules, or nil.
func (r *refusals) ruleError() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.rules) == 0 {
		return nil
	}
	var lines []string
	for _, status := range r.rules {
		for _, problem := range status.Problems {
			lines = append(lines, status.RuleID+": "+problemText(status.RuleID, problem))
		}
	}
	return fmt.Errorf("rules were refused:\n  %s", strings.Join(lines, "\n  "))
}

// problemText says where in the rule what is wrong, and what to do about it.
func problemText(ruleID string, p schemas.RuleProblem) string {
	text := strings.TrimPrefix(p.Message, "rule "+ruleID+": ")
	if p.Line > 0 {
		text = fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, text)
	}
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	return text
}
