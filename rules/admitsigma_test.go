package rules_test

import (
	"fmt"
	"testing"

	"github.com/ttpstream/ttpstream/rules"
)

func sigmaRuleText(id string, version int) string {
	return fmt.Sprintf("title: T\nid: %s\nrule_version: %d\nlogsource: {product: linux}\ndetection:\n  s: [one]\n  condition: s\n", id, version)
}

func sigmaCorrelation(id, rule, condition string) string {
	return fmt.Sprintf("title: C\nid: %s\ncorrelation: {type: event_count, rules: [%s], timespan: 5m, condition: {%s}}\n", id, rule, condition)
}

func TestSigmaIsAdmitted(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	expect(t, p.rule("s1", sigmaRuleText("s1", 1)), "admitted: rule")
	expect(t, p.rule("s1", sigmaRuleText("s1", 1)+"author: me\n"), "refused: version: s1: version 1 was published with other content")
	expect(t, p.rule("wrong", sigmaRuleText("s1", 2)), "refused: key: ")
	expect(t, p.rule("s1", sigmaRuleText("s1", 2)), "admitted: rule")
}

// Conditions that more events can undo run over finite input only: live they
// are refused by name, with their place.
func TestOnlyLiveCorrelationsAreAdmitted(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	expect(t, p.rule("c", sigmaCorrelation("c", "s1", "gte: 5")), `refused: correlation/rules: correlation c: there is no rule "s1"`)
	p.rule("s1", sigmaRuleText("s1", 1))
	refused := p.rule("c", sigmaCorrelation("c", "s1", "lt: 5"))
	expect(t, refused, "refused: correlation/not-live: correlation c: window: this condition can be undone by more events")
	if problem := refused.Refused[0]; problem.Line != 1 || problem.Hint == "" {
		t.Errorf("%+v", problem)
	}
	expect(t, p.rule("c", sigmaCorrelation("c", "s1", "gte: 5")), "admitted: rule")
	if set, problems := p.fold.Set(); len(problems) > 0 || len(set.Correlations()) != 1 {
		t.Errorf("%d correlations, %v", len(set.Correlations()), problems)
	}
	// What it refers to stays as long as it does.
	expect(t, p.publish(rules.InboxRules, "s1", nil), `refused: rule/in-use: it would no longer serve others: correlation c: there is no rule "s1"`)
	expect(t, p.publish(rules.InboxRules, "c", nil), "admitted: removal")
	expect(t, p.publish(rules.InboxRules, "s1", nil), "admitted: removal")
}

func TestFiltersAreAdmitted(t *testing.T) {
	t.Parallel()
	const filter = "title: F\nid: f\nlogsource: {product: linux}\nfilter: {rules: any, s: {g|expand: '%gs%'}, condition: not s}\n"
	p := newPlane(t)
	expect(t, p.rule("f", filter), `refused: match/list: filter f: there is no value list "gs"`)
	p.rule("list/gs", listText("gs", "x"))
	expect(t, p.rule("f", filter), "admitted: rule")
	expect(t, p.publish(rules.InboxRules, "list/gs", nil), `refused: list/in-use: filter f uses it and would no longer work`)
	expect(t, p.publish(rules.InboxRules, "f", nil), "admitted: removal")
}
