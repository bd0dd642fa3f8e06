package attack_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

var update = flag.Bool("update", false, "rewrite golden files")

// release returns a catalogue or ends the test, a property's run included.
func release(tb rapid.TB, name string) *attack.Catalogue {
	tb.Helper()
	c, err := attack.Release(name)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// golden compares got with a file under testdata, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); rewrite it with -update:\n%s", path, diff)
	}
}

func TestRelease(t *testing.T) {
	t.Parallel()
	if got, want := attack.Releases(), []string{"enterprise-v19.1", "enterprise-v18.1"}; !slices.Equal(got, want) {
		t.Errorf("Releases() = %q, want %q", got, want)
	}
	if release(t, "") != release(t, attack.DefaultRelease) {
		t.Error("the empty name is not the default release")
	}
	_, err := attack.Release("enterprise-v19")
	if !errors.Is(err, attack.ErrUnknownRelease) || !strings.Contains(err.Error(), "enterprise-v19.1") {
		t.Errorf("unknown release: %v, want one that lists what there is", err)
	}
	c := release(t, "enterprise-v18.1")
	if c.Name() != "enterprise-v18.1" || c.Version() != "18.1" || c.NavigatorVersion() != "18" {
		t.Errorf("names: %q %q %q", c.Name(), c.Version(), c.NavigatorVersion())
	}
	if !strings.Contains(attack.Notice(), "reproduced and distributed with the permission of The MITRE Corporation") {
		t.Error("the notice lacks MITRE's copyright designation")
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	for _, name := range attack.Releases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name+".txt", summary(release(t, name)))
		})
	}
}

// summary is what a person would want to see change when a release does.
func summary(c *attack.Catalogue) string {
	var s strings.Builder
	var parents, subs, derived, used, uses int
	platforms := map[string]int{}
	for _, t := range c.Techniques() {
		if t.Parent == "" {
			parents++
		} else {
			subs++
		}
		if t.STIXDerived {
			derived++
		}
		for _, p := range t.Platforms {
			platforms[p]++
		}
		if n := len(c.Groups(t.ID)); n > 0 {
			used, uses = used+1, uses+n
		}
	}
	fmt.Fprintf(&s, "%s (Navigator %s)\n", c.Name(), c.NavigatorVersion())
	fmt.Fprintf(&s, "%d techniques, %d sub-techniques, %d tactics\n", parents, subs, len(c.Tactics()))
	fmt.Fprintf(&s, "%d STIX ids are derived\n", derived)
	fmt.Fprintf(&s, "%d techniques used by groups, %d uses (%s)\n\n", used, uses, c.GroupsRelease())
	for _, tactic := range c.Tactics() {
		var held int
		for _, t := range c.Techniques() {
			if c.HoldsTactic(t.ID, tactic.ID) {
				held++
			}
		}
		fmt.Fprintf(&s, "%-8s %-22s %-22s %3d  %s\n", tactic.ID, tactic.Name, tactic.ShortName, held, tactic.STIXID)
	}
	s.WriteString("\n")
	for _, p := range sortedKeys(platforms) {
		fmt.Fprintf(&s, "%-18s %3d\n", p, platforms[p])
	}
	return s.String()
}

func sortedKeys(m map[string]int) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
