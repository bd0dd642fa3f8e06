package packtest

import (
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/processors/facts"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
)

// What is printed, searched for or commented out does not run: each positive
// example of a rule, put that way, must leave its rule silent.
func TestTextThatDoesNotRunIsNoCommand(t *testing.T) {
	t.Parallel()
	units := load(t)
	set, problems := rules.NewSet(units, nil, 0)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	var scratch rules.Scratch
	for _, rule := range set.Rules() {
		for _, line := range positiveLines(rule) {
			for _, inert := range inertForms(line) {
				if finds(t, set, &scratch, rule, inert) {
					t.Errorf("%s: matches %q, which runs nothing of it", rule.File, inert)
				}
			}
		}
	}
}

// positiveLines returns the command lines that a rule's tests say it matches.
func positiveLines(rule *rules.Rule) []string {
	var lines []string
	for _, test := range rule.Tests {
		line, ok := test.Given["command"].(string)
		if ok && test.SourceKind == schemas.KindCommand && len(test.Tags) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// inertForms returns lines that hold a command and do not run it.
func inertForms(line string) []string {
	quoted := "'" + strings.ReplaceAll(line, "'", `'\''`) + "'"
	forms := []string{
		"echo " + quoted,
		"printf '%s\\n' " + quoted,
		"note=" + quoted,
		"git commit -m " + quoted,
	}
	if !strings.Contains(line, "\n") {
		forms = append(forms, "true # "+line)
	}
	return forms
}

// finds reports whether the rule finds something in the line.
func finds(t *testing.T, set *rules.Set, scratch *rules.Scratch, rule *rules.Rule, line string) bool {
	t.Helper()
	ev, err := facts.Lift(schemas.KindCommand, map[string]any{"command": line})
	if err != nil {
		t.Fatalf("%s: %q: %v", rule.File, line, err)
	}
	for _, f := range set.Judge(ev, scratch) {
		if f.Rule.ID == rule.ID {
			return true
		}
	}
	return false
}
