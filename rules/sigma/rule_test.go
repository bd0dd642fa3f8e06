package sigma

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/rules/match"
)

func TestConfidence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		level, status string
		want          float64
	}{
		{"critical", "stable", 0.9}, {"high", "stable", 0.75}, {"high", "test", 0.71}, {"high", "experimental", 0.64},
		{"medium", "test", 0.57}, {"low", "stable", 0.4}, {"low", "experimental", 0.34}, {"low", "deprecated", 0.28},
		{"informational", "stable", 0.2}, {"", "", 0.48}, {"critical", "unsupported", 0.45}, {"?", "?", 0.48},
	} {
		if got := Confidence(c.level, c.status); got != c.want {
			t.Errorf("level %q, status %q: %v, want %v", c.level, c.status, got, c.want)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{
		"":                                       1,
		"date: 2023-01-02":                       20230102,
		"date: 2023-01-02\nmodified: 2024-05-06": 20240506,
		"date: 2023/1/2":                         20230102,
		"modified: 2024-05-06\nrule_version: 7":  7,
	} {
		r, problems := rule(t, base+in, "")
		if len(problems) > 0 || r.Version != want {
			t.Errorf("%q: version %d, want %d; %v", in, r.Version, want, problems)
		}
	}
}

// emits writes what a rule emits, and the warnings.
func emits(t testing.TB, tags, release string) string {
	r, problems := rule(t, base+"tags: ["+tags+"]", release)
	var all []string
	for _, e := range r.Emits {
		id := e.TechniqueID
		if e.SubTechniqueID != "" {
			id += "/" + e.SubTechniqueID
		}
		all = append(all, e.Tactic+" "+id)
	}
	for _, p := range problems {
		all = append(all, p.String())
	}
	return strings.Join(all, "; ")
}

func TestTechniques(t *testing.T) {
	t.Parallel()
	const v18 = "enterprise-v18.1"
	for _, c := range []struct{ tags, release, want string }{
		{"", "", ""},
		{"attack.execution, attack.t1059.004", "", "TA0002 T1059/T1059.004"},
		{"attack.t1059.004", "", "TA0002 T1059/T1059.004"},
		{"attack.T1059, attack.t1059.004, attack.t1059", "", "TA0002 T1059; TA0002 T1059/T1059.004"},
		// The first of the rule's tactics that holds the technique, not the catalogue's first.
		{"attack.t1053.003, attack.persistence, attack.execution", "", "TA0003 T1053/T1053.003"},
		{"attack.t1053.003, attack.discovery, attack.privilege-escalation", "", "TA0004 T1053/T1053.003"},
		{"attack.t1053.003, attack.discovery", "", "TA0002 T1053/T1053.003"},
		{"attack.privilege_escalation, attack.t1053.003", "", "TA0004 T1053/T1053.003"},
		{"attack.ta0003, attack.t1053.003", "", "TA0003 T1053/T1053.003"},
		// Groups, software and other namespaces are no techniques.
		{"attack.g0001, attack.s0002, cve.2021-44228, detection.emerging-threats, attack.t1x59", "", ""},
		// ATT&CK v19 split a tactic in two, and moved what stood under it.
		{"attack.defense-evasion, attack.t1070.004", "", "TA0005 T1070/T1070.004"},
		{"attack.defense-evasion, attack.t1562.001", "", "TA0112 T1685; f:5:32: warning: T1562.001 is not in enterprise-v19.1 any more: taken for T1685"},
		{"attack.defense-evasion, attack.t1562.001", v18, "TA0005 T1562/T1562.001"},
		{"attack.stealth, attack.t1070.004", v18, "TA0005 T1070/T1070.004"},
		{"attack.t1562.001, attack.t1562", "", "TA0112 T1685; f:5:8: warning: T1562.001 is not in enterprise-v19.1 any more: taken for T1685; f:5:26: warning: T1562 is not in enterprise-v19.1 any more: taken for T1685, the parent only: its sub-techniques went to T1685, T1686, T1688, T1689 and T1690"},
		{"attack.t9999", "", "f:5:8: warning: T9999 is not in enterprise-v19.1: no tag is written for it"},
	} {
		if diff := cmp.Diff(c.want, emits(t, c.tags, c.release)); diff != "" {
			t.Errorf("%s under %s\n%s", c.tags, c.release, diff)
		}
	}
}

func TestRuleProblems(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a: b":                       "f:1:1: rule: detection is missing\nf:1:1: rule: logsource is missing\nf:1:1: rule: title is missing",
		base + "level: urgent":       `f:5:8: level: unknown value "urgent", want one of informational, low, medium, high, critical`,
		base + "status: stabel":      `f:5:9: status: unknown value "stabel", want one of stable, test, experimental, deprecated, unsupported (did you mean stable?)`,
		base + "date: yesterday":     `f:5:7: date: "yesterday" is no date (write YYYY-MM-DD)`,
		base + "date: 2023-13-01":    `f:5:7: date: "2023-13-01" is no date (write YYYY-MM-DD)`,
		base + "rule_version: 0":     "f:5:15: rule_version: 0 is not from 1 to 9007199254740991",
		base + "status: unsupported": "f:5:9: warning: the rule calls itself unsupported (its author says that it cannot be used as it is)",
		strings.Replace(base, "{product: linux}", "{definition: x}", 1): "f:3:12: logsource: want a category, a product or a service",
		strings.Replace(base, "{product: linux}", "linux", 1):           "f:3:12: logsource: want a map, not a text",
		strings.Replace(base, "id: i\n", "", 1):                         "f:1:1: warning: there is no id, so it is called " + titleID("T") + ", after its title (give it an id: with another title it would be another rule)",
		base + "custom: {a: b}\nfields: [x]\nrelated: []\nlevel:":       "",
	} {
		_, problems := rule(t, in, "")
		if diff := cmp.Diff(want, problems.Error()); diff != "" {
			t.Errorf("%s\n%s", in, diff)
		}
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	r, problems := rule(t, base+"name: n\ndescription: d\nauthor: a\nlicense: DRL-1.1\nreferences: [x, '']\nfalsepositives: none\ntaxonomy: sigma\ndate: 2024-01-02\n", "")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := fmt.Sprintf("%s|%s|%s|%s|%s|%q|%q|%q", r.Name, r.Title, r.Description, r.Author, r.License, r.References, r.FalsePositives, r.Taxonomy)
	if want := `n|T|d|a|DRL-1.1|["x"]|["none"]|""`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if r.Logsource != (match.Logsource{Product: "linux"}) || Spell(r.Logsource) != "linux//" {
		t.Errorf("log source %+v", r.Logsource)
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	all, linux := match.Logsource{}, match.Logsource{Product: "linux"}
	process := match.Logsource{Product: "linux", Category: "process_creation"}
	for _, c := range []struct {
		wide, narrow match.Logsource
		want         bool
	}{{all, process, true}, {linux, process, true}, {process, process, true}, {process, linux, false}, {match.Logsource{Product: "windows"}, process, false}} {
		if got := Covers(c.wide, c.narrow); got != c.want {
			t.Errorf("%+v covers %+v: %v", c.wide, c.narrow, got)
		}
	}
}
