package misp_test

import (
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
	"github.com/ttpstream/ttpstream/projections/api/misp"
	"github.com/ttpstream/ttpstream/schemas/attack"
)

var update = flag.Bool("update", false, "rewrite golden files")

func files(tb testing.TB) map[string]*misp.File {
	tb.Helper()
	c, err := attack.Release("")
	if err != nil {
		tb.Fatal(err)
	}
	seen := time.Date(2026, 4, 14, 12, 0, 0, 123456789, time.UTC)
	sum := projections.Rollup{Tags: 7, MaxConfidence: 0.85, CombinedConfidence: 0.97, FirstSeen: seen, LastSeen: seen.Add(time.Hour)}
	tag := func(name, evidence string) *projections.TagRow {
		return &projections.TagRow{UUID: uuid.NewSHA1(uuid.Nil, []byte(name)), RuleID: "R0012", Evidence: evidence, CreatedAt: seen.UnixNano()}
	}
	hash := strings.Repeat("ab", 32)
	return map[string]*misp.File{
		"attacker": misp.NewFile(c, "attacker \x1bx", []projections.TechniqueRollup{
			{Tactic: "TA0011", TechniqueID: "T1105", Rollup: sum}, {Tactic: "TA0002", TechniqueID: "T1059", SubTechniqueID: "T1059.004", Rollup: sum},
			{Tactic: "TA0005", TechniqueID: "T1059", SubTechniqueID: "T1059.004", Rollup: sum}, {Tactic: "TA0005", TechniqueID: "T1562", SubTechniqueID: "T1562.001", Rollup: sum},
		}, []*projections.TagRow{
			tag("a", `{"matched_tokens":[{"field":"cmd.urls","text":"http://203.0.113.7/\u202ebot.sh"},{"field":"cmd.urls","text":"bot.sh"},{"field":"cmd.args","text":"http://x/"}],"sha256":"`+hash+`"}`), tag("b", `{"sha256":"`+hash+`"}`), tag("c", `{"matched_tokens":[]}`), tag("d", `nonsense`),
		}),
		"empty": misp.NewFile(c, "nobody", nil, nil),
	}
}

func encoded(tb testing.TB, file *misp.File) string {
	tb.Helper()
	raw, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw) + "\n"
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, file := range files(t) {
		path, got := filepath.Join("testdata", name+".json"), encoded(t, file)
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
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
			t.Errorf("%s (-want +got; -update rewrites it):\n%s", path, diff)
		}
		if again := encoded(t, files(t)[name]); again != got {
			t.Errorf("%s: two exports differ", name)
		}
	}
}

// MISP's own library reads the events. It needs a Python with pymisp:
// TTPSTREAM_MISP, or one in an environment under build. Without one it is
// skipped, or fails when TTPSTREAM_REQUIRE contains "misp".
func TestPyMISP(t *testing.T) {
	t.Parallel()
	python := pythonWithPyMISP(t)
	for name, file := range files(t) {
		path := filepath.Join(t.TempDir(), name+".json")
		if err := os.WriteFile(path, []byte(encoded(t, file)), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "load.py"), path).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func pythonWithPyMISP(t *testing.T) string {
	t.Helper()
	candidates, _ := filepath.Glob(filepath.Join("..", "..", "..", "build", "venv-*", "bin", "python"))
	if python := os.Getenv("TTPSTREAM_MISP"); python != "" {
		candidates = []string{python}
	}
	for _, python := range candidates {
		if exec.CommandContext(t.Context(), python, "-c", "import pymisp").Run() == nil {
			return python
		}
	}
	const reason = "no Python with pymisp in TTPSTREAM_MISP or build/venv-*"
	for service := range strings.SplitSeq(os.Getenv("TTPSTREAM_REQUIRE"), ",") {
		if strings.TrimSpace(service) == "misp" {
			t.Fatal(reason + ", and TTPSTREAM_REQUIRE asks for it")
		}
	}
	t.Skip("SKIPPED: " + t.Name() + ": " + reason)
	return ""
}
