package pack

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

// COVERAGE.md is what the rules say of themselves, put together for readers.
func TestCoverageIsCurrent(t *testing.T) {
	t.Parallel()
	const file = "COVERAGE.md"
	want := coverageText(t, packRules(t))
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; go test ./rules/pack -update writes it", err)
	}
	if string(have) != want {
		t.Errorf("%s is not what the rules say; go test ./rules/pack -update writes it", file)
	}
}
