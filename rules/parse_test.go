package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// suidSearch is a rule with everything in it.
const suidSearch = `rule_id: R0015
rule_version: 3
name: suid_search
description: Looks for files with the SUID bit.
attack_release: enterprise-v19.1
level: medium
status: test
author: us
license: Apache-2.0
date: 2026-01-02
modified: 2026-02-03
references: [https://example.org/a, https://example.org/b]
falsepositives: [administrators]
tags: [cve.2021-4034]
applies_to: [{source_kind: command}]
match:
  find: {cmd.name: find, cmd.args|re: '^-?[0-7]*4[0-7]{3}$|u[=+]s'}
emits:
  - {tactic: TA0004, technique_id: T1548, sub_technique_id: T1548.001, confidence: 0.95, confidence_reason: nothing else asks for it}
  - {tactic: TA0007, technique_id: T1083, confidence: 0.85}
evidence_fields: [matched_tokens]
tests:
  - {name: classic, given: {command: find / -perm -u=s}, tags: [T1083, T1548.001]}
  - {given: {command: find . -name x}, tags: []}
`

func TestParseRule(t *testing.T) {
	t.Parallel()
	u, problems := Parse("suid.yaml", []byte(suidSearch), Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	sum := sha256.Sum256([]byte(suidSearch))
	if u.ID != "R0015" || u.Version != 3 || u.Hash != hex.EncodeToString(sum[:]) || string(u.Text) != suidSearch || len(u.Rules) != 1 {
		t.Errorf("unit %+v", u)
	}
	rule := u.Rules[0]
	if rule.Hash != u.Hash || rule.Name != "suid_search" || rule.AttackRelease != "enterprise-v19.1" || rule.Level != "medium" ||
		rule.Status != "test" || rule.Author != "us" || rule.License != "Apache-2.0" || rule.Date != "2026-01-02" || rule.Modified != "2026-02-03" {
		t.Errorf("rule %+v", rule)
	}
	if diff := cmp.Diff([]match.Target{{SourceKind: schemas.KindCommand}}, rule.Targets); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"T1083", "T1548.001"}, []string{rule.Emits[0].ID(), rule.Emits[1].ID()}); diff != "" {
		t.Errorf("emits are sorted: %s", diff)
	}
	if e := rule.Emits[1]; e.Tactic != "TA0004" || e.TechniqueID != "T1548" || e.Confidence != 0.95 || e.Reason == "" {
		t.Errorf("emit %+v", e)
	}
	want := []string{"classic/find / -perm -u=s/T1083 T1548.001", "/find . -name x/"}
	var got []string
	for _, test := range rule.Tests {
		if test.SourceKind != schemas.KindCommand {
			t.Errorf("source kind %q", test.SourceKind)
		}
		got = append(got, test.Name+"/"+test.Given["command"].(string)+"/"+strings.Join(test.Tags, " "))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseList(t *testing.T) {
	t.Parallel()
	text := "list: shells\nlist_version: 2\ndescription: what runs commands\nvalues: [sh, bash, 22]\n"
	u, problems := Parse("f", []byte(text), Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if u.ID != "list/shells" || u.Version != 2 || len(u.Lists) != 1 || len(u.Lists[0].Values) != 3 || len(u.Rules) != 0 {
		t.Errorf("unit %+v", u)
	}
	u, _ = Parse("f", []byte("list: x\nvalues: [a]"), Options{})
	if u == nil || u.Version != 1 {
		t.Errorf("without list_version: %+v", u)
	}
}

func TestParseSeveralDocuments(t *testing.T) {
	t.Parallel()
	u, problems := Parse("f", []byte(minimal("A", 7)+"---\n"+minimal("B", 2)+"---\nlist: x\nvalues: [a]\n"), Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if u.ID != "A" || u.Version != 7 || len(u.Rules) != 2 || len(u.Lists) != 1 || u.Rules[1].Hash != u.Hash {
		t.Errorf("unit %+v", u)
	}
}

// minimal returns a rule with nothing in it that may be left out. It looks for
// its own id in the command.
func minimal(id string, version int) string {
	return strings.NewReplacer("ID", id, "VERSION", string(rune('0'+version))).Replace(`rule_id: ID
rule_version: VERSION
name: a rule
attack_release: enterprise-v19.1
applies_to: [{source_kind: command}]
match: {s: {command|contains: ID}}
emits: [{tactic: TA0007, technique_id: T1083, confidence: 0.8}]
`)
}

func TestParseProblems(t *testing.T) {
	t.Parallel()
	base := minimal("R1", 1)
	for _, c := range []struct{ from, to, want string }{
		{"rule_id: R1", "rule_id: 'R 1'", `f:1:10: "R 1" cannot be the id of a rule (letters, digits, dot, dash and underscore, at most 128; a letter or digit first)`},
		{"rule_id: R1", "rule_id: ''", "f:1:10: rule_id is empty"},
		{"rule_version: 1", "rule_version: 0", "f:2:15: rule_version: 0 is not from 1 to 9007199254740991"},
		{"rule_version: 1", "rule_version: '1'", "f:2:15: rule_version: want a whole number, not a text"},
		{"rule_version: 1", "rule_verison: 1", "f:1:1: rule: rule_version is missing\nf:2:1: rule: unknown key \"rule_verison\" (did you mean rule_version?)"},
		{"name: a rule", "name: a rule\nname: b", `f:4:1: key "name" is there already, at line 3 (remove one of them)`},
		{"enterprise-v19.1", "enterprise-v7", `f:4:17: unknown ATT&CK release "enterprise-v7": this build has enterprise-v19.1, enterprise-v18.1`},
		{"source_kind: command", "source_kind: comand", "f:5:28: source_kind: unknown value \"comand\", want one of " + strings.Join(kindNames(), ", ") + " (did you mean command?)"},
		{"{source_kind: command}", "{}", "f:5:14: applies_to: want a source_kind, a logsource or both"},
		{"[{source_kind: command}]", "[]", "f:5:13: applies_to: the rule would judge nothing"},
		{"[{source_kind: command}]", "command", "f:5:13: applies_to: want a list, not a text"},
		{"match: {s: {command|contains: R1}}", "match: {s: [x]}\npattern: x", "f:7:10: match and pattern exclude each other (move it into match, as a selection)"},
		{"match: {s: {command|contains: R1}}\n", "", "f:1:1: rule: match is missing, or pattern"},
		{"match: {s: {command|contains: R1}}", "match: {s: {command|contain: R1}}", `f:6:21: unknown modifier "contain" (did you mean contains?)`},
		{"match: {s: {command|contains: R1}}", "pattern: '('", "f:6:10: pattern: error parsing regexp: missing closing ): `(`"},
		{"emits: [{tactic: TA0007, technique_id: T1083, confidence: 0.8}]", "emits: []", "f:7:8: emits: the rule would say nothing"},
		{"T1083, c", "T9999, c", `f:7:40: technique "T9999" is not in enterprise-v19.1`},
		{"TA0007", "TA0002", "f:7:18: TA0002 does not hold T1083 in enterprise-v19.1: use TA0007"},
		{"TA0007", "TA9999", `f:7:18: tactic "TA9999" is not in enterprise-v19.1`},
		{"TA0007, technique_id: T1083", "TA0005, technique_id: T1562", "f:7:40: T1562 is not in enterprise-v19.1 any more: use T1685 (TA0112), the parent only: its sub-techniques went to T1685, T1686, T1688, T1689 and T1690"},
		{"technique_id: T1083", "technique_id: T1059.004", "f:7:40: technique_id is always the parent technique (write technique_id: T1059, sub_technique_id: T1059.004)"},
		{"technique_id: T1083", "technique_id: T1083, sub_technique_id: T1059.004", "f:7:65: T1059.004 belongs to technique T1059"},
		{"technique_id: T1083", "technique_id: T1083, sub_technique_id: ''", "f:7:65: sub_technique_id is empty (leave it out)"},
		{"confidence: 0.8", "confidence: 1.2", "f:7:59: confidence: 1.2 is not above 0 and at most 1"},
		{"confidence: 0.8", "confidence: 0", "f:7:59: confidence: 0 is not above 0 and at most 1"},
		{"confidence: 0.8", "confidence: 0.815", "f:7:59: confidence: 0.815 is finer than steps of 0.01"},
		{"confidence: 0.8", "confidence: high", "f:7:59: confidence: want a number, not a text"},
		{"confidence: 0.8}]", "confidence: 0.8}, {tactic: TA0007, technique_id: T1083, confidence: 0.5}]", "f:7:65: emits: T1083 is there already, at line 7"},
		{"emits:", "tests: [{given: {command: x}, tags: [T1082]}]\nemits:", "f:7:38: tags: the rule never emits T1082 (it emits T1083)"},
		{"emits:", "tests: [{given: {command: x}, tags: [T1083, T1083]}]\nemits:", "f:7:45: tags: T1083 is there twice"},
		{"emits:", "tests: [{given: {command: x}, tags: [x]}]\nemits:", `f:7:38: tags: "x" is not the id of a technique`},
		{"emits:", "tests: [{given: x, tags: []}]\nemits:", "f:7:17: given: want a map of the event's fields"},
		{"emits:", "tests: [{given: {command: x}}]\nemits:", "f:7:9: tests: tags is missing"},
		{"emits:", "level: hihg\nemits:", `f:7:8: level: unknown value "hihg", want one of informational, low, medium, high, critical (did you mean high?)`},
	} {
		if !strings.Contains(base, c.from) {
			t.Errorf("%q is not in the rule", c.from)
		}
		u, problems := Parse("f", []byte(strings.Replace(base, c.from, c.to, 1)), Options{})
		if diff := cmp.Diff(c.want, problems.Error()); diff != "" || u != nil {
			t.Errorf("%q for %q: unit %v\n%s", c.to, c.from, u, diff)
		}
	}
}

func TestParseOtherDocuments(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"id: i\ntitle: x\nlogsource: {product: linux}\ndetection: {}": "f:4:12: no selection",
		"correlation: {}":                           "f:1:1: rule: title is missing\nf:1:14: correlation: condition is missing\nf:1:14: correlation: rules is missing\nf:1:14: correlation: timespan is missing\nf:1:14: correlation: type is missing",
		"a: b":                                      "f:1:1: neither a rule nor a value list (a rule has a rule_id, or a detection as Sigma's have, a value list a list)",
		"title: x\ndetecton: {}":                    "f:1:1: neither a rule nor a value list (did you mean detection?)",
		"[a]":                                       "f:1:1: a rule is a map, not a list",
		"list: 'a b'\nvalues: [a]":                  `f:1:7: "a b" cannot be the name of a list (letters, digits, dot, dash and underscore; a letter or digit first)`,
		"list: a\nvalues: []":                       "f:2:9: values: a list of nothing",
		"list: a\nvalues: [[x], '', ~]":             "f:2:10: values: want a text, not a list\nf:2:15: values: an empty text\nf:2:19: values: want a text, not null",
		"list: a\nvalue: [x]":                       "f:1:1: list: values is missing\nf:2:1: list: unknown key \"value\" (did you mean values?)",
		"list: a\nvalues: [x]\nversion: 2":          `f:3:1: list: unknown key "version"`,
		minimal("A", 1) + "---\n" + minimal("A", 2): "f:9:1: rule A is in this text twice",
		"list: a\nvalues: [x]\n---\nlist: a\nvalues: [x]": "f:4:1: list a is in this text twice",
	} {
		u, problems := Parse("f", []byte(in), Options{})
		if diff := cmp.Diff(want, problems.Error()); diff != "" || u != nil {
			t.Errorf("%s\n%s", in, diff)
		}
	}
}

func TestParseTellsEverything(t *testing.T) {
	t.Parallel()
	text := "rule_id: ''\nrule_version: x\nnam: y\nattack_release: z\napplies_to: 1\nmatch: {s: {f|foo: 1}, condition: t}\nemits: {}\ntests: 5\n"
	_, problems := Parse("f", []byte(text), Options{})
	if len(problems) < 9 {
		t.Errorf("%d problems:\n%v", len(problems), problems)
	}
	for i := 1; i < len(problems); i++ {
		if problems[i].Line < problems[i-1].Line {
			t.Errorf("not sorted:\n%v", problems)
		}
	}
}

func TestPatternNeedsRawText(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("source_kind: command", "source_kind: session", "match: {s: {command|contains: R1}}", "pattern: x").Replace(minimal("R1", 1))
	_, problems := Parse("f", []byte(text), Options{})
	want := "f:6:10: keywords and patterns look into the raw text, and events of source_kind session have none (name a field instead)"
	if diff := cmp.Diff(want, problems.Error()); diff != "" {
		t.Error(diff)
	}
	text = strings.Replace(text, "source_kind: session", "logsource: {product: linux}", 1)
	if _, problems := Parse("f", []byte(text), Options{}); len(problems) > 0 {
		t.Errorf("the raw text of a log source is all its fields: %v", problems)
	}
}
