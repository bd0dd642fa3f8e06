package attack_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/schemas/attack"
)

// TestCheckMessages shows every sentence that the author of a rule may get.
func TestCheckMessages(t *testing.T) {
	t.Parallel()
	var s strings.Builder
	for _, row := range []struct{ release, tactic, technique, sub string }{
		{"enterprise-v19.1", "TA0004", "T1548", "T1548.001"},
		{"enterprise-v19.1", "TA0007", "T1083", ""},
		{"enterprise-v19.1", "TA0005", "T1548", "T1548.001"},
		{"enterprise-v19.1", "TA0005", "T1053", "T1053.003"},
		{"enterprise-v19.1", "TA0099", "T1083", ""},
		{"enterprise-v19.1", "", "T1083", ""},
		{"enterprise-v18.1", "TA0112", "T1222", "T1222.002"},
		{"enterprise-v19.1", "TA0002", "", ""},
		{"enterprise-v19.1", "TA0108", "T0883", ""},
		{"enterprise-v19.1", "TA0002", "T1059", "T1059.099"},
		{"enterprise-v19.1", "TA0002", "T1059.004", ""},
		{"enterprise-v19.1", "TA0002", "T1204", "T1059.004"},
		{"enterprise-v19.1", "TA0002", "T1059", "T1059"},
		{"enterprise-v19.1", "TA0005", "T1562", "T1562.004"},
		{"enterprise-v19.1", "TA0005", "T1070", "T1070.002"},
		{"enterprise-v19.1", "TA0005", "T1562", "T1562.011"},
		{"enterprise-v19.1", "TA0005", "T1562", ""},
		{"enterprise-v19.1", "TA0002", "T1064", ""},
		{"enterprise-v19.1", "TA0005", "T1089", ""},
		{"enterprise-v18.1", "TA0005", "T1089", ""},
	} {
		fmt.Fprintf(&s, "%s %s %s %s\n", row.release, row.tactic, row.technique, row.sub)
		err := release(t, row.release).Check(row.tactic, row.technique, row.sub)
		if err == nil {
			s.WriteString("\tfine\n")
			continue
		}
		fmt.Fprintf(&s, "\t%v\n\t(%v)\n", err, errors.Unwrap(err))
	}
	golden(t, "check.txt", s.String())
}

func TestCheckErrorCarriesSuccessor(t *testing.T) {
	t.Parallel()
	err := release(t, "").Check("TA0005", "T1562", "T1562.011")
	var wrong *attack.CheckError
	if !errors.As(err, &wrong) || !errors.Is(err, attack.ErrRetired) {
		t.Fatalf("%v is no *CheckError of ErrRetired", err)
	}
	if wrong.ID != "T1562.011" || wrong.Successor != "T1685.003" || wrong.SuccessorNote != "by name, probable" ||
		len(wrong.Tactics) != 1 || wrong.Tactics[0] != "TA0112" || wrong.Release != "enterprise-v19.1" {
		t.Errorf("%+v", wrong)
	}
}

// Check agrees with the look-ups, whatever it is asked.
func TestCheckProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := release(t, rapid.SampledFrom(attack.Releases()).Draw(t, "release"))
		ids := []string{"", "T1562", "T1562.001", "T1086", "T9999"}
		for _, technique := range c.Techniques() {
			ids = append(ids, technique.ID)
		}
		tactics := []string{"", "TA0112", "TA9999"}
		for _, tactic := range c.Tactics() {
			tactics = append(tactics, tactic.ID)
		}
		tactic := rapid.SampledFrom(tactics).Draw(t, "tactic")
		sub := rapid.SampledFrom(ids).Draw(t, "sub")
		technique := rapid.SampledFrom(ids).Draw(t, "technique")
		if s, ok := c.Technique(sub); ok && rapid.Bool().Draw(t, "related") {
			technique = s.Parent
		}
		parent, isTechnique := c.Technique(technique)
		isTechnique = isTechnique && parent.Parent == ""
		want := isTechnique && c.HoldsTactic(technique, tactic)
		if sub != "" {
			s, ok := c.Technique(sub)
			want = isTechnique && ok && s.Parent == technique && c.HoldsTactic(sub, tactic)
		}
		if err := c.Check(tactic, technique, sub); (err == nil) != want {
			t.Fatalf("Check(%q, %q, %q) = %v, want fine: %v", tactic, technique, sub, err, want)
		}
	})
}
