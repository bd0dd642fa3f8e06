package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
)

func TestVersionsGoUpAndKeepTheirContent(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	expect(t, p.rule("R1", ruleText("R1", 2, "one")), "admitted: rule")
	expect(t, p.rule("R1", ruleText("R1", 2, "one")), "ignored: version 2 of R1 is in force already")
	expect(t, p.rule("R1", ruleText("R1", 2, "two")), "refused: version: R1: version 2 was published with other content (sha256 ")
	expect(t, p.rule("R1", ruleText("R1", 1, "one")), "refused: version: R1: version 1 is below 2, which was published already")
	expect(t, p.rule("R1", "rule_id: R1\nrule_version: 3\n"), "refused: rule/missing-key: ")
	if got := finds(p.fold, "one two"); got != "R1" {
		t.Errorf("in force after refusals: %q", got)
	}
	expect(t, p.rule("R1", ruleText("R1", 7, "two")), "admitted: rule")
	if unit, ok := p.fold.Unit("R1"); !ok || unit.Version != 7 {
		t.Errorf("in force: %+v", unit)
	}
	problem := p.rule("R1", ruleText("R1", 3, "three")).Refused[0]
	if problem.Line != 2 || problem.Column != 15 || problem.Hint != "publish the text with rule_version 8" {
		t.Errorf("the refusal does not point at the version: %+v", problem)
	}
}

func TestARemovedRulesNumberKeepsItsContent(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	p.rule("R1", ruleText("R1", 1, "one"))
	p.rule("R1", ruleText("R1", 2, "two"))
	expect(t, p.publish(rules.InboxRules, "R1", nil), "admitted: removal")
	expect(t, p.publish(rules.InboxRules, "R1", nil), `ignored: nothing is published under "R1"`)
	expect(t, p.rule("R1", ruleText("R1", 2, "three")), "refused: version: R1: version 2 was published with other content")
	expect(t, p.rule("R1", ruleText("R1", 1, "one")), "refused: version: R1: version 1 is below 2")
	expect(t, p.rule("R1", ruleText("R1", 2, "two")), "admitted: rule")
	if got := finds(p.fold, "two"); got != "R1" {
		t.Errorf("the same content came back and %q is in force", got)
	}
}

// A rule that stands second in a text is a rule: tags bear its id and version.
func TestEveryRuleOfATextKeepsItsVersions(t *testing.T) {
	t.Parallel()
	text := func(first int, second string) string {
		return ruleText("A", first, "one") + "---\n" + second
	}
	p := newPlane(t)
	expect(t, p.rule("A", text(1, ruleText("B", 4, "two"))), "admitted: rule")
	expect(t, p.rule("A", text(2, ruleText("B", 4, "other"))), "refused: version: B: version 4 was published with other content")
	expect(t, p.rule("B", ruleText("B", 5, "two")), "refused: rule/duplicate-id: rule B is in the text published under A")
	expect(t, p.rule("list/x", listText("x", "y")+"---\n"+ruleText("B", 9, "z")), "refused: rule/duplicate-id: rule B is in the text published under A")
	expect(t, p.publish(rules.InboxRules, "B", nil), `ignored: nothing is published under "B"`)
	expect(t, p.publish(rules.InboxRules, "A", nil), "admitted: removal")
	expect(t, p.rule("B", ruleText("B", 4, "other")), "refused: version: B: version 4 was published with other content")
	expect(t, p.rule("B", ruleText("B", 5, "other")), "admitted: rule")
}

func TestTheKeyIsTheDocumentsID(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	expect(t, p.rule("R2", ruleText("R1", 1, "one")), `refused: key: the record's key is "R2", the document's id "R1"`)
	expect(t, p.rule("", ruleText("R1", 1, "one")), `refused: key: the record's key is "", the document's id "R1"`)
	expect(t, p.rule("shells", listText("shells", "sh")), `refused: key: the record's key is "shells", the document's id "list/shells"`)
	expect(t, p.rule("R1", ""), "refused: yaml/empty")
	expect(t, p.rule("R1", strings.Repeat("#\n", schemas.MaxRuleText)), fmt.Sprintf("refused: size: text of %d bytes, at most", 2*schemas.MaxRuleText))
	if revision := p.fold.Revision(); revision != -1 {
		t.Errorf("refusals made revision %d", revision)
	}
}

func TestAnAccidentalNullRemovesExactlyOneRule(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	for i := range 5 {
		id := fmt.Sprintf("R%d", i)
		expect(t, p.rule(id, ruleText(id, 1, "one")), "admitted: rule")
	}
	expect(t, p.publish(rules.InboxRules, "R3", []byte{}), "refused: yaml/empty")
	expect(t, p.publish(rules.InboxRules, "R3", nil), "admitted: removal")
	if got := finds(p.fold, "one"); got != "R0 R1 R2 R4" {
		t.Errorf("in force: %s", got)
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	state := func(id, mode, more string) rules.Admission {
		return p.publish(rules.InboxStates, id, stateJSON(id, mode, more))
	}
	expect(t, state("R1", "disabled", ""), "admitted: state")
	expect(t, p.rule("R1", ruleText("R1", 1, "one")), "admitted: rule")
	if got := finds(p.fold, "one"); got != "" {
		t.Errorf("a state that precedes its rule is not heeded: %s", got)
	}
	expect(t, state("R1", "disabled", ""), "ignored: this state of rule R1 is in force already")
	expect(t, state("R1", "clipped", ""), "refused: state: confidence_max: required for mode clipped")
	expect(t, state("R1", "disabled", `,"confidence_max":0.5`), "refused: state: confidence_max: only for mode clipped")
	expect(t, state("R1", "clipped", `,"confidence_max":1.5`), "refused: state: confidence_max: ")
	expect(t, state("R1", "clipped", `,"confidence_max":0.5`), "admitted: state")
	set, _ := p.fold.Set()
	if diff := cmp.Diff(rules.State{Mode: rules.Clipped, ConfidenceMax: 0.5}, set.State("R1")); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	expect(t, state("R1", "muted", ""), "refused: state: mode: ")
	expect(t, state("R1", "disabled", `,"expires_at":"2026-04-14T12:00:00Z"`), "refused: state: expires_at 2026-04-14T12:00:00Z is past")
	expect(t, p.publish(rules.InboxStates, "R2", stateJSON("R1", "disabled", "")), `refused: key: the record's key is "R2", its rule_id "R1"`)
	expect(t, state("no rule", "disabled", ""), `refused: state: rule_id: "no rule" cannot be the id of a rule`)
	expect(t, p.publish(rules.InboxStates, "R1", []byte("disabled")), "refused: state: not a ")
	expect(t, p.publish(rules.InboxStates, "R1", []byte{}), "refused: state: not a ")
	expect(t, p.publish(rules.InboxStates, "R9", nil), `ignored: rule "R9" has no state`)
	expect(t, state("R9", "enabled", ""), "ignored: rule R9 is enabled already")
	expect(t, state("R1", "enabled", ""), "admitted: state")
	if got := finds(p.fold, "one"); got != "R1" || len(p.fold.States()) > 0 {
		t.Errorf("enabled again: %q, states %v", got, p.fold.States())
	}
}

func TestAStateExpiresOnce(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	until := func(at string) []byte { return stateJSON("R1", "disabled", `,"expires_at":"2026-04-14T`+at+`Z"`) }
	p.rule("R1", ruleText("R1", 1, "one"))
	expect(t, p.publish(rules.InboxStates, "R1", until("13:00:00")), "admitted: state")
	if due, next := p.fold.Expired("ttp.rule.state", noon); len(due) > 0 || !next.Equal(noon.Add(time.Hour)) {
		t.Fatalf("at noon due %v, next %v", due, next)
	}
	p.now = noon.Add(30 * time.Minute)
	expect(t, p.publish(rules.InboxStates, "R1", until("14:00:00")), "admitted: state")
	p.now = noon.Add(time.Hour)
	if n := p.expire(); n != 0 {
		t.Errorf("the state that was prolonged expired at its first time")
	}
	p.now = noon.Add(2 * time.Hour)
	stale, _ := p.fold.Expired("ttp.rule.state", p.now)
	if n := p.expire(); n != 1 || finds(p.fold, "one") != "R1" {
		t.Errorf("%d expiries, in force %q", n, finds(p.fold, "one"))
	}
	if n := p.expire(); n != 0 {
		t.Errorf("it expired again")
	}
	// A zombie says it again, after somebody has set another state.
	expect(t, p.publish(rules.InboxStates, "R1", stateJSON("R1", "disabled", "")), "admitted: state")
	if p.append(stale[0]) || len(p.fold.States()) != 1 {
		t.Errorf("the expiry of a state no longer in force reverted another: %v", p.fold.States())
	}
}

func TestRetractions(t *testing.T) {
	t.Parallel()
	const attacker = "attacker/2f1e9c55-3a0d-5c77-9f0e-0c1d2e3f4a5b"
	body := func(more string) []byte {
		return fmt.Appendf(nil, `{"target":"attacker","id":"2f1e9c55-3a0d-5c77-9f0e-0c1d2e3f4a5b","set_at":"2026-04-14T12:00:00Z"%s}`, more)
	}
	p := newPlane(t)
	p.rule("R1", ruleText("R1", 1, "one"))
	publish := func(key string, value []byte) rules.Admission { return p.publish(rules.InboxRetractions, key, value) }
	expect(t, publish(attacker, nil), "refused: retraction: null takes nothing back")
	expect(t, publish(attacker, body(`,"sequence":7`)), "refused: retraction: sequence is the registrar's to give")
	expect(t, publish("attacker/x", body("")), `refused: key: the record's key is "attacker/x", its target's "`+attacker+`"`)
	expect(t, publish(attacker, []byte(`{"target":"attacker"}`)), "refused: retraction: id: required for target attacker")
	expect(t, publish(attacker, body("")), "admitted: retraction")
	expect(t, publish(attacker, body(`,"restore":true`)), "admitted: retraction")
	last, ok := p.fold.Retraction(attacker)
	if !ok || !last.Restore || last.Sequence != 2 || last.InboxOffset != 5 {
		t.Errorf("last word %+v", last)
	}
	if revision := p.fold.Revision(); revision != 2 {
		t.Errorf("revision %d; a retraction's sequence is its revision", revision)
	}
}

// What a client puts beside a record must not get into the history as it is:
// a record that nobody can decode would stand there for ever.
func TestTheSourceHeaderIsBounded(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	a := p.fold.Admit(rules.Publication{
		Topic: "ttp.rules", Key: "R1", Value: []byte(ruleText("R1", 1, "one")), Source: strings.Repeat("\xff€", 1000),
	}, noon)
	if a.Record == nil || a.Record.Validate() != nil || len(a.Record.Source) < 1000 {
		t.Errorf("%s; %v", outcome(a), a.Record)
	}
}
