package api_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ttpstream/ttpstream/projections/api"
)

// schemathesis, which reads the contract and tries to find requests that break
// it, finds none. It needs the program: TTPSTREAM_SCHEMATHESIS, or one in an
// environment under build. Without one it is skipped, or fails when
// TTPSTREAM_REQUIRE contains "schemathesis".
func TestSchemathesis(t *testing.T) {
	t.Parallel()
	program := pythonTool(t, "schemathesis", "TTPSTREAM_SCHEMATHESIS")
	if testing.Short() {
		t.Skip("SKIPPED: " + t.Name() + ": it takes a minute")
	}
	server := newServer(t, api.Options{Ledger: seeded(t), Access: newAccess(t), States: &heldStates{}, Retractions: &heldRetractions{}, Tags: newMemoryLog(t, 2)})
	url, _ := serve(t, server)
	bearer := strings.TrimPrefix(token(t, jwt.SigningMethodHS256, secret, nil), "Bearer ")
	script, err := filepath.Abs("schemathesis.sh")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), script, url, bearer)
	cmd.Dir = t.TempDir() // it leaves notes where it runs
	cmd.Env = append(os.Environ(), "SCHEMATHESIS="+program, "COLUMNS=120")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
}

// pythonTool finds a program of a Python environment.
func pythonTool(t *testing.T, name, variable string) string {
	t.Helper()
	candidates, _ := filepath.Glob(filepath.Join("..", "..", "build", "venv-*", "bin", name))
	if program := os.Getenv(variable); program != "" {
		candidates = []string{program}
	}
	for _, program := range candidates {
		if absolute, err := filepath.Abs(program); err == nil {
			if _, err := os.Stat(absolute); err == nil {
				return absolute
			}
		}
	}
	reason := "no " + name + " in " + variable + " or build/venv-*"
	for service := range strings.SplitSeq(os.Getenv("TTPSTREAM_REQUIRE"), ",") {
		if strings.TrimSpace(service) == name {
			t.Fatal(reason + ", and TTPSTREAM_REQUIRE asks for it")
		}
	}
	t.Skip("SKIPPED: " + t.Name() + ": " + reason)
	return ""
}
