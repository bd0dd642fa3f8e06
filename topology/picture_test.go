package topology_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/ttpstream/ttpstream/topology"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestPicture(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/picture.golden.md", topology.Picture())
}

// The README shows the picture between two markers; a README without them shows none.
func TestPictureInReadme(t *testing.T) {
	t.Parallel()
	const path = "../README.md"
	have, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skip("no README yet")
	}
	if err != nil {
		t.Fatal(err)
	}
	want, ok := topology.WithPicture(string(have))
	if !ok {
		t.Skipf("README.md has no markers %s and %s", topology.PictureBegin, topology.PictureEnd)
	}
	golden(t, path, want)
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	want, err := os.ReadFile(path)
	if *update && string(want) != got {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); run go test -update to rewrite it\n%s", path, diff)
	}
}
