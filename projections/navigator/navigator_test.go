package navigator_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ttpstream/ttpstream/projections/navigator"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

var update = flag.Bool("update", false, "rewrite golden files")

func catalogue(tb rapid.TB, name string) *attack.Catalogue {
	tb.Helper()
	c, err := attack.Release(name)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func write(tb rapid.TB, layer *navigator.Layer) string {
	tb.Helper()
	var b strings.Builder
	if err := navigator.Write(&b, layer); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

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

var seen = time.Date(2026, 3, 14, 1, 59, 26, 0, time.UTC)

// scores has each case that a layer tells apart.
func scores() []navigator.Score {
	return []navigator.Score{
		{Tactic: "TA0002", Technique: "T1059.004", Confidence: 0.95, Comment: "sub-technique alone", Rules: []string{"R2", "R1"}, FirstSeen: seen, LastSeen: seen.Add(time.Hour)},
		{Tactic: "TA0006", Technique: "T1110", Confidence: 0.6, Comment: "parent seen itself"},
		{Tactic: "TA0006", Technique: "T1110.001", Confidence: 0.7, Comment: "and its sub-technique"},
		{Tactic: "TA0006", Technique: "T1110.001", Confidence: 0.4, Comment: "again, less sure"},
		{Tactic: "TA0003", Technique: "T1078.001", Confidence: 0.85, Comment: "one tactic"},
		{Tactic: "TA0001", Technique: "T1078.001", Confidence: 0.3, Comment: "and another"},
		{Tactic: "TA0011", Technique: "T1105", Confidence: 0.9, Metadata: []navigator.Metadata{{Name: "tags", Value: "12"}, {Name: "empty"}, {Value: "nameless"}}},
		{Tactic: "TA0040", Technique: "T1496", Confidence: 0},
		{Tactic: "TA0005", Technique: "T1562.001", Confidence: 0.9, Comment: "retired in v19"},
		{Tactic: "TA0040", Technique: "T1105", Confidence: 0.9, Comment: "not under this tactic"},
		{Tactic: "TA9999", Technique: "T1105", Confidence: 0.9},
		{Tactic: "TA0002", Technique: "", Confidence: 0.9},
	}
}

func layers(tb rapid.TB) map[string]*navigator.Layer {
	c := catalogue(tb, "")
	return map[string]*navigator.Layer{
		"layer":     navigator.NewLayer("a night", "what a honeypot saw", c, scores()),
		"layer-v18": navigator.NewLayer("a night", "", catalogue(tb, "enterprise-v18.1"), scores()),
		"empty":     navigator.NewLayer("nothing", "", c, nil),
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, layer := range layers(t) {
		golden(t, name+".json", write(t, layer))
	}
}

func TestParentsShowAndAreNotScored(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, e := range layers(t)["layer"].Techniques {
		score := "unscored"
		if e.Score != nil {
			score = fmt.Sprint(*e.Score)
		}
		got[e.TechniqueID+" "+e.Tactic] = fmt.Sprintf("%s %t", score, e.ShowSubtechniques)
	}
	want := map[string]string{
		"T1059 execution": "unscored true", "T1059.004 execution": "95 false",
		"T1110 credential-access": "60 true", "T1110.001 credential-access": "70 false",
		"T1078 initial-access": "unscored true", "T1078.001 initial-access": "30 false",
		"T1078 persistence": "unscored true", "T1078.001 persistence": "85 false",
		"T1105 command-and-control": "90 false", "T1496 impact": "0 false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLeftOutIsNamed(t *testing.T) {
	t.Parallel()
	c := catalogue(t, "")
	find := func(l *navigator.Layer) string {
		for _, m := range l.Metadata {
			if strings.HasPrefix(m.Name, "left out") {
				return m.Value
			}
		}
		return ""
	}
	if got, want := find(layers(t)["layer"]), " under TA0002, T1105 under TA0040, T1105 under TA9999, T1562.001 under TA0005"; got != want {
		t.Errorf("left out: %q, want %q", got, want)
	}
	var many []navigator.Score
	for i := range 60 {
		many = append(many, navigator.Score{Tactic: "TA0002", Technique: fmt.Sprintf("T%04d", i)})
	}
	if got := find(navigator.NewLayer("x", "", c, many)); !strings.HasSuffix(got, "T0049 under TA0002 and 10 more") {
		t.Errorf("left out: %q", got)
	}
	if got := find(layers(t)["empty"]); got != "" {
		t.Errorf("left out of nothing: %q", got)
	}
}

// A sub-technique is only visible if its parent is under the same tactic.
func TestParentsAreUnderTheSameTactics(t *testing.T) {
	t.Parallel()
	for _, release := range attack.Releases() {
		c := catalogue(t, release)
		for _, technique := range c.Techniques() {
			for _, tactic := range technique.Tactics {
				if technique.Parent != "" && !c.HoldsTactic(technique.Parent, tactic) {
					t.Errorf("%s: %s is under %s, %s is not", release, technique.ID, tactic, technique.Parent)
				}
			}
		}
	}
}

// Any scores, in any order: the same bytes, one entry per technique and
// tactic, every score on the gradient.
func TestAnyScores(t *testing.T) {
	t.Parallel()
	c := catalogue(t, "")
	techniques := c.Techniques()
	rapid.Check(t, func(t *rapid.T) {
		var list []navigator.Score
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			technique := techniques[rapid.IntRange(0, len(techniques)-1).Draw(t, "technique")]
			list = append(list, navigator.Score{
				Technique: technique.ID, Tactic: rapid.SampledFrom(append([]string{"TA0002", "?"}, technique.Tactics...)).Draw(t, "tactic"),
				Confidence: rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), -1, 0.5})).Draw(t, "confidence"),
				Comment:    rapid.String().Draw(t, "comment"),
			})
		}
		layer := navigator.NewLayer("x", "", c, list)
		want := write(t, layer)
		shuffled := rapid.Permutation(list).Draw(t, "order")
		if got := write(t, navigator.NewLayer("x", "", c, shuffled)); got != want {
			t.Fatalf("another order:\n%s", cmp.Diff(want, got))
		}
		var decoded navigator.Layer
		if err := json.Unmarshal([]byte(want), &decoded); err != nil {
			t.Fatal(err)
		}
		cells := map[string]bool{}
		for _, e := range decoded.Techniques {
			cell := e.TechniqueID + " " + e.Tactic
			if cells[cell] || e.Score != nil && (*e.Score < 0 || *e.Score > 100) {
				t.Fatalf("entry %+v", e)
			}
			cells[cell] = true
			if parent, _, sub := strings.Cut(e.TechniqueID, "."); sub && !showsSubs(decoded.Techniques, parent, e.Tactic) {
				t.Fatalf("%s is hidden under %s", e.TechniqueID, e.Tactic)
			}
		}
	})
}

func showsSubs(list []navigator.Technique, parent, tactic string) bool {
	return slices.ContainsFunc(list, func(e navigator.Technique) bool {
		return e.TechniqueID == parent && e.Tactic == tactic && e.ShowSubtechniques
	})
}

type brokenWriter struct{}

var errBroken = errors.New("disk full")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWritersErrorComesBack(t *testing.T) {
	t.Parallel()
	if err := navigator.Write(brokenWriter{}, layers(t)["empty"]); !errors.Is(err, errBroken) {
		t.Errorf("Write = %v", err)
	}
}
