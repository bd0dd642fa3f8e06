package rules_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/schemas"
)

// FuzzAdmit publishes anything at all: one of the three things becomes of it,
// twice the same, and what is admitted can be read back and folded.
func FuzzAdmit(f *testing.F) {
	for _, text := range []string{
		ruleText("R1", 2, "two"), listText("shells", "sh"), "rule_id: *a", "a: &a [*a]", "{", "list: shells\nvalues: []",
		ruleText("A", 1, "x") + "---\n" + ruleText("B", 1, "y"), string(stateJSON("R1", "clipped", `,"confidence_max":0.1`)),
		`{"target":"rule","rule_id":"R1","set_at":"2026-04-14T12:00:00Z"}`, "\xff\xfe", "null",
	} {
		for inbox := range inboxTopics {
			f.Add(int(inbox), "R1", []byte(text), false, "dir:a.yaml")
		}
	}
	f.Add(0, "list/shells", []byte(nil), true, "")
	base := newPlane(f)
	base.rule("list/shells", listText("shells", "bash"))
	base.rule("R1", ruleText("R1", 1, "one"))
	base.rule("R2", ruleWith("R2", 1, "command|contains|expand: '%shells%'"))
	base.publish(rules.InboxStates, "R1", stateJSON("R1", "disabled", ""))
	f.Fuzz(func(t *testing.T, inbox int, key string, value []byte, null bool, source string) {
		at := rules.Inbox(uint(inbox) % 3)
		p := rules.Publication{Inbox: at, Topic: inboxTopics[at], Offset: 100, Key: key, Value: slices.Clone(value), Source: source}
		if null {
			p.Value = nil
		}
		fold := rules.NewFold(rules.Options{})
		for i, change := range base.history {
			fold.Apply(int64(i), change)
		}
		a := fold.Admit(p, noon)
		if again := fold.Admit(p, noon); outcome(again) != outcome(a) {
			t.Fatalf("first %s\nthen  %s", outcome(a), outcome(again))
		}
		if n := count(a.Record != nil) + count(len(a.Refused) > 0) + count(a.Ignored != ""); n != 1 {
			t.Fatalf("%d outcomes: %+v", n, a)
		}
		if a.Record == nil {
			return
		}
		raw, err := json.Marshal(a.Record)
		if err != nil {
			t.Fatal(err)
		}
		read, err := schemas.Decode[schemas.RuleHistory](raw)
		if err != nil {
			t.Fatalf("admitted, but cannot be read back: %v", err)
		}
		clear(p.Value)
		if read.Content != a.Record.Content {
			t.Fatal("the record changed with the publication's bytes, or on the wire")
		}
		fold.Apply(100, read)
		if _, problems := fold.Set(); len(problems) > 0 {
			t.Fatalf("admitted, but not in force: %v", problems)
		}
	})
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
