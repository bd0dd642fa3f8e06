package attack_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

func TestTechnique(t *testing.T) {
	t.Parallel()
	c := release(t, "")
	got, ok := c.Technique("T1059.004")
	want := attack.Technique{
		ID: "T1059.004", Name: "Unix Shell", Parent: "T1059",
		Tactics: []string{"TA0002"}, Platforms: []string{"ESXi", "Linux", "macOS", "Network Devices"},
		STIXID: "attack-pattern--a9d4b653-6915-42af-98b2-5758c4ceee56",
	}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("T1059.004: %v, %s", ok, diff)
	}
	cron, _ := c.Technique("T1053.003")
	if diff := cmp.Diff([]string{"TA0002", "TA0003", "TA0004"}, cron.Tactics); diff != "" {
		t.Errorf("tactics are not in matrix order: %s", diff)
	}
	tools, _ := c.Technique("T1685")
	if tools.STIXID != "attack-pattern--1b28967b-ce29-51d2-a751-894c9aeeae98" || !tools.STIXDerived {
		t.Errorf("T1685: STIX id %s, derived %v", tools.STIXID, tools.STIXDerived)
	}
	for _, id := range []string{"", "T9999", "t1059", "T1059.", "T1562.001", "T1086", "TA0002", "T0801"} {
		if got, ok := c.Technique(id); ok {
			t.Errorf("Technique(%q) = %v, want none", id, got)
		}
	}
}

func TestTactic(t *testing.T) {
	t.Parallel()
	v19, v18 := release(t, "enterprise-v19.1"), release(t, "enterprise-v18.1")
	evasion, _ := v18.TacticByShortName("defense-evasion")
	stealth, _ := v19.Tactic("TA0005")
	if evasion.ID != "TA0005" || stealth.ShortName != "stealth" || evasion.STIXID != stealth.STIXID {
		t.Errorf("TA0005: v18 %+v, v19 %+v", evasion, stealth)
	}
	if _, ok := v19.TacticByShortName("defense-evasion"); ok {
		t.Error("v19 has defense-evasion")
	}
	if impair, ok := v19.Tactic("TA0112"); !ok || !impair.STIXDerived || impair.Name != "Defense Impairment" {
		t.Errorf("TA0112: %v %+v", ok, impair)
	}
	for _, c := range []*attack.Catalogue{v18, v19} {
		if _, ok := c.Tactic("execution"); ok {
			t.Error("Tactic takes a short name")
		}
		if _, ok := c.TacticByShortName("TA0002"); ok {
			t.Error("TacticByShortName takes an id")
		}
	}
	if _, ok := v18.Tactic("TA0112"); ok {
		t.Error("v18.1 has TA0112")
	}
}

func TestHoldsTactic(t *testing.T) {
	t.Parallel()
	v19, v18 := release(t, "enterprise-v19.1"), release(t, "enterprise-v18.1")
	for _, row := range []struct {
		technique, tactic string
		v18, v19          bool
	}{
		{"T1222.002", "TA0005", true, false}, // file permissions: now defense impairment
		{"T1222.002", "TA0112", false, true},
		{"T1548.001", "TA0004", true, true},
		{"T1548.001", "TA0005", true, false}, // setuid: privilege escalation alone
		{"T1070.003", "TA0005", true, true},
		{"T1562.001", "TA0005", true, false},
		{"T9999", "TA0005", false, false},
		{"T1059", "", false, false},
	} {
		if got := v18.HoldsTactic(row.technique, row.tactic); got != row.v18 {
			t.Errorf("v18.1: HoldsTactic(%s, %s) = %v", row.technique, row.tactic, got)
		}
		if got := v19.HoldsTactic(row.technique, row.tactic); got != row.v19 {
			t.Errorf("v19.1: HoldsTactic(%s, %s) = %v", row.technique, row.tactic, got)
		}
	}
}

func TestSubTechniques(t *testing.T) {
	t.Parallel()
	c := release(t, "")
	var ids []string
	for _, sub := range c.SubTechniques("T1685") {
		ids = append(ids, sub.ID)
	}
	want := []string{"T1685.001", "T1685.002", "T1685.003", "T1685.004", "T1685.005", "T1685.006"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Error(diff)
	}
	for _, id := range []string{"T1082", "T1059.004", "T9999"} {
		if got := c.SubTechniques(id); len(got) != 0 {
			t.Errorf("SubTechniques(%s) = %v, want none", id, got)
		}
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	v19, v18 := release(t, "enterprise-v19.1"), release(t, "enterprise-v18.1")
	if v19.GroupsRelease() != "enterprise-v18.1" {
		t.Errorf("GroupsRelease() = %q", v19.GroupsRelease())
	}
	if diff := cmp.Diff(v18.Groups("T1059.004"), v19.Groups("T1059.004")); diff != "" {
		t.Errorf("an id that stayed lost groups: %s", diff)
	}
	// T1685 took the place of T1562, T1562.001 and T1562.006: it has the groups
	// of all three, each once and by id.
	union := map[string]bool{}
	for _, id := range []string{"T1562", "T1562.001", "T1562.006"} {
		for _, g := range v18.Groups(id) {
			union[g.ID] = true
		}
	}
	got := v19.Groups("T1685")
	if len(got) != len(union) || len(union) < 10 {
		t.Errorf("T1685: %d groups, want %d", len(got), len(union))
	}
	for i, g := range got {
		if !union[g.ID] || g.Name == "" || i > 0 && got[i-1].ID >= g.ID {
			t.Errorf("T1685: %v is unknown, nameless or out of order", g)
		}
	}
	if len(v19.Groups("T9999")) != 0 {
		t.Error("an unknown technique has groups")
	}
}
