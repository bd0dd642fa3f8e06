package navigator_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// MITRE's library reads our layers without an objection and gives back what
// was written. It needs a Python with mitreattack-python: TTPSTREAM_PYTHON, or
// one in an environment under build. Without one it is skipped, or fails when
// TTPSTREAM_REQUIRE contains "navigator".
func TestMitreattackReadsLayers(t *testing.T) {
	t.Parallel()
	python := pythonWithMitreattack(t)
	dir := t.TempDir()
	var paths []string
	for name, layer := range layers(t) {
		path := filepath.Join(dir, name+".json")
		if err := os.WriteFile(path, []byte(write(t, layer)), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	for _, name := range []string{"night-layer.json", "hostile-layer.json"} { // of whole reports
		paths = append(paths, filepath.Join("..", "testdata", name))
	}
	if out, err := validate(t, python, paths...); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
}

// The check above would see something wrong.
func TestMitreattackObjects(t *testing.T) {
	t.Parallel()
	python := pythonWithMitreattack(t)
	layer := write(t, layers(t)["layer"])
	for name, broken := range map[string]string{
		"score":     strings.Replace(layer, `"score": 95`, `"score": "95"`, 1),
		"technique": strings.Replace(layer, `"techniqueID": "T1105"`, `"techniqueID": "1105"`, 1),
		"property":  strings.Replace(layer, `"sorting"`, `"sortings"`, 1),
	} {
		path := filepath.Join(t.TempDir(), name+".json")
		if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := validate(t, python, path); err == nil {
			t.Errorf("%s: no objection:\n%s", name, out)
		}
	}
}

func validate(t *testing.T, python string, paths ...string) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), python, append([]string{filepath.Join("testdata", "validate.py")}, paths...)...).CombinedOutput()
	return string(out), err
}

func pythonWithMitreattack(t *testing.T) string {
	t.Helper()
	candidates, _ := filepath.Glob(filepath.Join("..", "..", "build", "venv-*", "bin", "python"))
	if python := os.Getenv("TTPSTREAM_PYTHON"); python != "" {
		candidates = []string{python}
	}
	for _, python := range candidates {
		if exec.CommandContext(t.Context(), python, "-c", "import mitreattack.navlayers").Run() == nil {
			return python
		}
	}
	const reason = "no Python with mitreattack-python in TTPSTREAM_PYTHON or build/venv-*"
	for service := range strings.SplitSeq(os.Getenv("TTPSTREAM_REQUIRE"), ",") {
		if strings.TrimSpace(service) == "navigator" {
			t.Fatal(reason + ", and TTPSTREAM_REQUIRE asks for it")
		}
	}
	t.Skip("SKIPPED: " + t.Name() + ": " + reason)
	return ""
}
