package pack

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
)

// load returns the units of the pack, which must be free of problems.
func load(tb testing.TB) []*rules.Unit {
	tb.Helper()
	units, problems := rules.LoadFS(FS, rules.Options{})
	if len(problems) > 0 {
		tb.Fatalf("the pack does not load:\n%v", problems)
	}
	return units
}

func packRules(tb testing.TB) []*rules.Rule {
	tb.Helper()
	var all []*rules.Rule
	for _, u := range load(tb) {
		all = append(all, u.Rules...)
	}
	return all
}

func TestEveryUnitIsInForce(t *testing.T) {
	t.Parallel()
	units := load(t)
	set, problems := rules.NewSet(units, nil, 0)
	if len(problems) > 0 || len(set.Held()) > 0 {
		t.Errorf("left out of the set: %v\n%v", set.Held(), problems)
	}
	if set.Len() == 0 {
		t.Error("the set is empty")
	}
}

// A rule or list that is published by its id must be found in a file by that
// name, alone.
func TestOneUnitAFile(t *testing.T) {
	t.Parallel()
	for _, u := range load(t) {
		name := strings.TrimSuffix(path.Base(u.File), ".yaml")
		switch {
		case len(u.Rules) == 1 && len(u.Lists) == 0:
			id, _, _ := strings.Cut(name, "_")
			if id != u.Rules[0].ID {
				t.Errorf("%s holds rule %s", u.File, u.Rules[0].ID)
			}
		case len(u.Lists) == 1 && len(u.Rules) == 0:
			if "lists/"+u.Lists[0].Name+".yaml" != u.File {
				t.Errorf("%s holds list %s", u.File, u.Lists[0].Name)
			}
		default:
			t.Errorf("%s: %d rules and %d lists, want one of either", u.File, len(u.Rules), len(u.Lists))
		}
	}
}

func TestEveryYAMLFileIsLoaded(t *testing.T) {
	t.Parallel()
	files := 0
	err := fs.WalkDir(FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if units := len(load(t)); units != files {
		t.Errorf("%d files, %d units: a name is not one that LoadFS takes", files, units)
	}
}

func TestRulesFollowTheHouse(t *testing.T) {
	t.Parallel()
	for _, rule := range packRules(t) {
		if rule.AttackRelease != AttackRelease {
			t.Errorf("%s: release %s, the pack's is %s", rule.File, rule.AttackRelease, AttackRelease)
		}
		if rule.Description == "" || len(rule.EvidenceFields) == 0 {
			t.Errorf("%s: no description or no evidence_fields", rule.File)
		}
		for _, e := range rule.Emits {
			page := "https://attack.mitre.org/techniques/" + strings.ReplaceAll(e.ID(), ".", "/")
			if !slices.Contains(rule.References, page) {
				t.Errorf("%s: emits %s and does not refer to %s", rule.File, e.ID(), page)
			}
			if e.Confidence < rules.Floor {
				t.Errorf("%s: %s at %.2f is never written", rule.File, e.ID(), e.Confidence)
			}
		}
	}
}

func TestEveryRuleHasTestsBothWays(t *testing.T) {
	t.Parallel()
	for _, rule := range packRules(t) {
		positive, negative := 0, 0
		for _, test := range rule.Tests {
			if len(test.Tags) > 0 {
				positive++
			} else {
				negative++
			}
		}
		if positive == 0 || negative == 0 {
			t.Errorf("%s: %d positive and %d negative tests", rule.File, positive, negative)
		}
		if judgesCommands(rule) && !echoes(rule) {
			t.Errorf("%s: no test of a line that prints the command and does not run it", rule.File)
		}
	}
}

func judgesCommands(rule *rules.Rule) bool {
	for _, target := range rule.Targets {
		if target.SourceKind == schemas.KindCommand {
			return true
		}
	}
	return false
}

// echoes reports whether a negative test is a line that prints or searches for
// text.
func echoes(rule *rules.Rule) bool {
	for _, test := range rule.Tests {
		line, _ := test.Given["command"].(string)
		for _, printer := range []string{"echo ", "printf ", "grep ", "cp ", "man "} {
			if len(test.Tags) == 0 && strings.HasPrefix(line, printer) {
				return true
			}
		}
	}
	return false
}
