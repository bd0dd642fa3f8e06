package rules_test

import (
	"testing"

	"github.com/ttpstream/ttpstream/rules"
)

func TestValueLists(t *testing.T) {
	t.Parallel()
	expand := ruleWith("R1", 1, "command|contains|expand: '%shells%'")
	network := ruleWith("R2", 1, "command|cidr|expand: '%nets%'")
	p := newPlane(t)
	expect(t, p.rule("R1", expand), `refused: match/list: rule R1: there is no value list "shells"`)
	expect(t, p.rule("list/shells", listText("shells", "bash")), "admitted: list")
	expect(t, p.rule("R1", expand), "admitted: rule")
	if got := finds(p.fold, "bash"); got != "R1" {
		t.Errorf("with the list: %q", got)
	}
	expect(t, p.publish(rules.InboxRules, "list/shells", nil),
		`refused: list/in-use: rule R1 uses it and would no longer work: rule R1: there is no value list "shells"`)
	expect(t, p.rule("list/shells", listText("shells", "zsh")), "admitted: list")
	if got := finds(p.fold, "bash") + "," + finds(p.fold, "zsh"); got != ",R1" {
		t.Errorf("after the list changed: %q", got)
	}
	expect(t, p.rule("list/shells", listText("shells", "zsh")), "ignored: version 1 of list/shells is in force already")

	expect(t, p.rule("list/nets", listText("nets", "10.0.0.0/8")), "admitted: list")
	expect(t, p.rule("R2", network), "admitted: rule")
	expect(t, p.rule("list/nets", listText("nets", "10.0.0.0/8", "everywhere")), "refused: list/in-use: rule R2 uses it and would no longer work: ")
	expect(t, p.rule("R3", ruleWith("R3", 1, "command|cidr|expand: '%shells%'")), "refused: match/")
	expect(t, p.rule("R4", ruleText("R4", 1, "x")+"---\n"+listText("nets", "10.0.0.0/8")), "refused: rule/duplicate-id: value list nets is in the text published under list/nets")
	expect(t, p.publish(rules.InboxRules, "R1", nil), "admitted: removal")
	expect(t, p.publish(rules.InboxRules, "list/shells", nil), "admitted: removal")
	if _, problems := p.fold.Set(); len(problems) > 0 {
		t.Errorf("admitted, but not in force: %v", problems)
	}
}

// A list that comes with a rule belongs to the rule's text, and others may use
// it as long as it is there.
func TestAListInARulesTextIsHeldByItsUsers(t *testing.T) {
	t.Parallel()
	p := newPlane(t)
	with := func(version int, list string) string { return ruleText("A", version, "one") + "---\n" + list }
	expect(t, p.rule("A", with(1, listText("words", "w1"))), "admitted: rule")
	expect(t, p.rule("B", ruleWith("B", 1, "command|contains|expand: '%words%'")), "admitted: rule")
	expect(t, p.rule("A", ruleText("A", 2, "one")), "refused: list/in-use: rule B uses it")
	expect(t, p.publish(rules.InboxRules, "A", nil), "refused: list/in-use: rule B uses it")
	expect(t, p.rule("A", with(2, listText("words", "w2"))), "admitted: rule")
	if got := finds(p.fold, "w1") + "," + finds(p.fold, "w2"); got != ",B" {
		t.Errorf("after the list changed: %q", got)
	}
}
