package attack_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

// goneInV19 is the whole migration from v18.1 to v19.1.
var goneInV19 = map[string]string{
	"T1070.001": "T1685.005", "T1070.002": "T1685.006",
	"T1562": "T1685", "T1562.001": "T1685", "T1562.002": "T1685.001", "T1562.003": "T1690",
	"T1562.004": "T1686", "T1562.006": "T1685", "T1562.007": "T1686.001", "T1562.008": "T1685.002",
	"T1562.009": "T1688", "T1562.010": "T1689", "T1562.011": "T1685.003", "T1562.012": "T1685.004",
	"T1562.013": "T1686.002", "T1656": "T1684.001", "T1672": "T1684.002",
}

func TestSuccessor(t *testing.T) {
	t.Parallel()
	v19, v18 := release(t, "enterprise-v19.1"), release(t, "enterprise-v18.1")
	for id, want := range goneInV19 {
		got, note, ok := v19.Successor(id)
		if got != want || !ok {
			t.Errorf("Successor(%s) = %s, %v, want %s", id, got, ok, want)
		}
		if wantNote := id == "T1562" || id == "T1562.011"; (note != "") != wantNote {
			t.Errorf("Successor(%s): note %q", id, note)
		}
		if _, _, ok := v18.Successor(id); ok {
			t.Errorf("%s has a successor in v18.1, where it exists", id)
		}
	}
	if _, note, _ := v19.Successor("T1562.011"); note != "by name, probable" {
		t.Errorf("T1562.011: note %q", note)
	}
	// A chain ends at an id that exists: T1089 → T1562.001 → T1685.
	for c, want := range map[*attack.Catalogue]string{v18: "T1562.001", v19: "T1685"} {
		if got, _, _ := c.Successor("T1089"); got != want {
			t.Errorf("%s: T1089 became %s, want %s", c.Name(), got, want)
		}
	}
	for _, id := range []string{"T1059", "T1064", "T9999", ""} {
		if got, _, ok := v19.Successor(id); ok {
			t.Errorf("Successor(%q) = %s, want none", id, got)
		}
	}
}

func TestRetired(t *testing.T) {
	t.Parallel()
	c := release(t, "")
	for _, want := range []attack.Retired{
		{ID: "T1562.001", Name: "Disable or Modify Tools", Reason: attack.Revoked, Successor: "T1685"},
		{ID: "T1064", Name: "Scripting", Reason: attack.Deprecated},
	} {
		got, ok := c.Retired(want.ID)
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s: %v %s", want.ID, ok, diff)
		}
	}
	if _, ok := c.Retired("T1059"); ok {
		t.Error("T1059 is retired")
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	const v18, v19 = "enterprise-v18.1", "enterprise-v19.1"
	for _, row := range []struct {
		id, from, to string
		want         attack.Migration
	}{
		{"T1059.004", v18, v19, attack.Migration{ID: "T1059.004"}},
		{"T1562.004", v18, v19, attack.Migration{ID: "T1686"}},
		{"T1562.004", v18, "", attack.Migration{ID: "T1686"}},
		{"T1562.011", v18, v19, attack.Migration{ID: "T1685.003", Note: "by name, probable"}},
		{"T1086", v18, v19, attack.Migration{ID: "T1059.001"}},
		{"T1064", v18, v19, attack.Migration{Note: "deprecated, without a successor in enterprise-v19.1"}},
		{"T1686", v19, v18, attack.Migration{ID: "T1562.004"}},
		{"T1685.003", v19, v18, attack.Migration{ID: "T1562.011", Note: "by name, probable"}},
		{"T1685", v19, v18, attack.Migration{
			Candidates: []string{"T1562", "T1562.001", "T1562.006"}, Note: "took the place of several",
		}},
		{"T1687", v19, v18, attack.Migration{Note: "new since enterprise-v18.1"}},
		{"T1562.004", v19, v18, attack.Migration{ID: "T1562.004"}},
		{"T1562.004", v18, v18, attack.Migration{ID: "T1562.004"}},
	} {
		got, err := attack.Migrate(row.id, row.from, row.to)
		if diff := cmp.Diff(row.want, got); err != nil || diff != "" {
			t.Errorf("Migrate(%s, %s, %s): %v %s", row.id, row.from, row.to, err, diff)
		}
	}
	if _, err := attack.Migrate("T1685", v18, v19); !errors.Is(err, attack.ErrUnknownID) {
		t.Errorf("an id that v18.1 never had: %v", err)
	}
	for _, pair := range [][2]string{{"nine", v19}, {v19, "nine"}} {
		if _, err := attack.Migrate("T1059", pair[0], pair[1]); !errors.Is(err, attack.ErrUnknownRelease) {
			t.Errorf("Migrate between %q: %v", pair, err)
		}
	}
}
