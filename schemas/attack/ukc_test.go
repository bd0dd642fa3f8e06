package attack_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

// Every tactic of every release has one phase, but for the two that are over
// before a sensor can see anything.
func TestUKCPhases(t *testing.T) {
	t.Parallel()
	for _, name := range attack.Releases() {
		for _, tactic := range release(t, name).Tactics() {
			phases := attack.UKCPhases(tactic.ID)
			want := 1
			if tactic.ID == "TA0042" || tactic.ID == "TA0043" {
				want = 0
			}
			if len(phases) != want {
				t.Errorf("%s: UKCPhases(%s) = %v, want %d", name, tactic.ID, phases, want)
			}
			for _, p := range phases {
				if p.PreTarget() || !slices.Contains(attack.Phases(), p) {
					t.Errorf("%s yields %s", tactic.ID, p)
				}
			}
		}
	}
	for _, id := range []string{"TA0005", "TA0112"} {
		if got := attack.UKCPhases(id); len(got) != 1 || got[0] != attack.PhaseDefenseEvasion {
			t.Errorf("UKCPhases(%s) = %v", id, got)
		}
	}
	if got := attack.UKCPhases("TA9999"); got != nil {
		t.Errorf("an unknown tactic yields %v", got)
	}
}

// The inverse, with its losses pinned: whoever changes one changes this table.
func TestTacticsOf(t *testing.T) {
	t.Parallel()
	lossy := map[attack.Phase][]string{
		attack.PhaseReconnaissance:      {"TA0043"},
		attack.PhaseResourceDevelopment: {"TA0042"},
		attack.PhaseSocialEngineering:   nil,
		attack.PhaseExploitation:        nil,
		attack.PhasePivoting:            nil,
		attack.PhaseObjectives:          nil,
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(attack.Phases())))); n != 18 {
		t.Errorf("%d phases, want 18", n)
	}
	for _, p := range attack.Phases() {
		tactics := attack.TacticsOf(p)
		if want, ok := lossy[p]; ok {
			if diff := cmp.Diff(want, tactics); diff != "" {
				t.Errorf("TacticsOf(%s): %s", p, diff)
			}
			continue
		}
		if len(tactics) != 1 || !slices.Equal(attack.UKCPhases(tactics[0]), []attack.Phase{p}) {
			t.Errorf("%s → %v does not lead back", p, tactics)
		}
	}
	if got := attack.TacticsOf(attack.PhaseDefenseEvasion); !slices.Equal(got, []string{"TA0005"}) {
		t.Errorf("TacticsOf(defense-evasion) = %v", got)
	}
}
