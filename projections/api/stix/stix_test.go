package stix_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/api/stix"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

var update = flag.Bool("update", false, "rewrite golden files")

var seen = time.Date(2026, 4, 14, 12, 0, 0, 123456789, time.UTC)

func exporter(tb testing.TB, tlp string) *stix.Exporter {
	tb.Helper()
	c, err := attack.Release("")
	if err != nil {
		tb.Fatal(err)
	}
	return stix.New(c, tlp)
}

func rollups() []projections.TechniqueRollup {
	sum := projections.Rollup{Tags: 7, MaxConfidence: 0.85, CombinedConfidence: 0.97, FirstSeen: seen, LastSeen: seen.Add(time.Hour), Sensors: 2}
	return []projections.TechniqueRollup{
		{Tactic: "TA0011", TechniqueID: "T1105", Rollup: sum},
		{Tactic: "TA0002", TechniqueID: "T1059", SubTechniqueID: "T1059.004", Rollup: sum},
		{Tactic: "TA0005", TechniqueID: "T1059", SubTechniqueID: "T1059.004", Rollup: sum},
		{Tactic: "TA0112", TechniqueID: "T1685", Rollup: sum}, // no source has its STIX id
		{Tactic: "TA0005", TechniqueID: "T1562", SubTechniqueID: "T1562.001", Rollup: sum},
	}
}

func tags() []*projections.TagRow {
	return []*projections.TagRow{
		{UUID: uuid.NewSHA1(uuid.Nil, []byte("a")), SourceKind: "command", SourceID: "event-1", AttackerUUID: uuid.NewSHA1(uuid.Nil, []byte("x")), SessionID: "s\u202e1", Sensor: "pot",
			Tactic: "TA0011", TechniqueID: "T1105", Step: 85, RuleID: "R0012", RuleVersion: 2, Evidence: `{"matched_tokens":[{"field":"cmd.name","text":"wget"}]}`, CreatedAt: seen.UnixNano()},
		{UUID: uuid.NewSHA1(uuid.Nil, []byte("b")), SourceKind: "identity_rollup", SourceID: "identity-1", Tactic: "TA0002", TechniqueID: "T1059", SubTechniqueID: "T1059.004",
			Step: 100, RuleID: "R0013", RuleVersion: 1, Evidence: `{}`, CreatedAt: seen.Add(time.Minute).UnixNano()},
	}
}

func encoded(tb testing.TB, value any) []byte {
	tb.Helper()
	raw, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		tb.Fatal(err)
	}
	return append(raw, '\n')
}

func bundles(tb testing.TB) map[string]*stix.Bundle {
	return map[string]*stix.Bundle{
		"attacker": exporter(tb, "green").Bundle("attacker x", rollups(), tags()),
		"empty":    exporter(tb, "").Bundle("nobody", nil, nil),
		"white":    exporter(tb, "white").Bundle("nobody", nil, nil),
		"red":      exporter(tb, "red").Bundle("nobody", nil, nil),
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, bundle := range bundles(t) {
		path, got := filepath.Join("testdata", name+".json"), encoded(t, bundle)
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got; -update rewrites it):\n%s", path, diff)
		}
	}
}

// Every reference leads to an object of the bundle, ids are there once, and
// the same export gives the same objects.
func TestBundlesHoldTogether(t *testing.T) {
	t.Parallel()
	for name, bundle := range bundles(t) {
		ids := map[string]bool{}
		for _, o := range bundle.Objects {
			if ids[o.ID] || !strings.HasPrefix(o.ID, o.Type+"--") {
				t.Errorf("%s: %s again, or of another type", name, o.ID)
			}
			ids[o.ID] = true
		}
		for _, o := range bundle.Objects {
			refs := append([]string{}, o.Markings...)
			refs = append(append(append(refs, o.ObjectRefs...), o.SightedBy...), o.ObservedData...)
			if o.SightingOf != "" {
				refs = append(refs, o.SightingOf)
			}
			if o.CreatedBy != "" {
				refs = append(refs, o.CreatedBy)
			}
			for id := range o.Extensions {
				refs = append(refs, id)
			}
			for _, ref := range refs {
				if !ids[ref] {
					t.Errorf("%s: %s refers to %s", name, o.ID, ref)
				}
			}
		}
		if !bytes.Equal(encoded(t, bundle), encoded(t, bundles(t)[name])) {
			t.Errorf("%s: two exports differ", name)
		}
	}
	// MITRE's own id.
	if pattern, ok := exporter(t, "").Technique("T1105"); !ok || pattern.ID != "attack-pattern--e6919abc-99f9-4c6c-95a5-14761e7b2add" {
		t.Errorf("T1105: %+v", pattern)
	}
	one, _ := exporter(t, "").TagSighting(tags()[0])
	two, _ := exporter(t, "").TagSighting(tags()[1])
	if one.ID == two.ID || one.Count != 1 || *one.Confidence != 85 {
		t.Errorf("sightings of tags: %+v, %+v", one, two)
	}
}

// The validator of the standard's committee has nothing to object. It needs
// the program: TTPSTREAM_STIX, or one in an environment under build. Without
// one it is skipped, or fails when TTPSTREAM_REQUIRE contains "stix".
func TestValidator(t *testing.T) {
	t.Parallel()
	program, dir := validator(t), t.TempDir()
	check := func(raw map[string][]byte) (string, error) {
		args := []string{"--version", "2.1"}
		for name, bundle := range raw {
			path := filepath.Join(dir, name+".json")
			if err := os.WriteFile(path, bundle, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, path)
		}
		out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
		return string(out), err
	}
	good := make(map[string][]byte)
	for name, bundle := range bundles(t) {
		good[name] = encoded(t, bundle)
	}
	if out, err := check(good); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	broken := bytes.Replace(good["attacker"], []byte(`"sighting_of_ref"`), []byte(`"sighting_of"`), 1) // it would see something wrong
	if out, err := check(map[string][]byte{"broken": broken}); err == nil {
		t.Errorf("no objection to a broken bundle:\n%s", out)
	}
}

func validator(t *testing.T) string {
	t.Helper()
	candidates, _ := filepath.Glob(filepath.Join("..", "..", "..", "build", "venv-*", "bin", "stix2_validator"))
	if program := os.Getenv("TTPSTREAM_STIX"); program != "" {
		candidates = []string{program}
	}
	for _, program := range candidates {
		if absolute, err := filepath.Abs(program); err == nil {
			return absolute
		}
	}
	const reason = "no stix2_validator in TTPSTREAM_STIX or build/venv-*"
	for service := range strings.SplitSeq(os.Getenv("TTPSTREAM_REQUIRE"), ",") {
		if strings.TrimSpace(service) == "stix" {
			t.Fatal(reason + ", and TTPSTREAM_REQUIRE asks for it")
		}
	}
	t.Skip("SKIPPED: " + t.Name() + ": " + reason)
	return ""
}
