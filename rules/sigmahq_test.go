package rules

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// archived is one file of an archive.
type archived struct {
	name string
	text []byte
}

// sigmaHQ returns the rules of SigmaHQ beside the project, or skips.
func sigmaHQ(t testing.TB) []archived {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join("..", "..", "shared", "data", "sigma", "*.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(archives) == 0 {
		t.Skipf("SKIPPED %s: the SigmaHQ rules are not beside the project (../shared/data/sigma)", t.Name())
	}
	files, err := readArchive(archives[0])
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var readArchive = func() func(path string) ([]archived, error) {
	var once sync.Once
	var files []archived
	var err error
	return func(path string) ([]archived, error) {
		once.Do(func() { files, err = unpack(path) })
		return files, err
	}
}()

// unpack returns the rule files of an archive, in its order.
func unpack(path string) ([]archived, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var files []archived
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if !strings.HasSuffix(h.Name, ".yml") {
			continue
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		files = append(files, archived{strings.TrimPrefix(h.Name, "./"), text})
	}
}

// Every rule of SigmaHQ loads, but for those that the golden file names with
// the reason. It also counts what they are warned of.
func TestSigmaHQ(t *testing.T) {
	t.Parallel()
	files := sigmaHQ(t)
	loaded, tagged := 0, 0
	refused, warned := []string{}, map[string]int{}
	for _, f := range files {
		unit, problems := Parse(f.name, f.text, Options{})
		if unit == nil {
			refused = append(refused, problems.Error())
			continue
		}
		loaded++
		if len(unit.Rules[0].Emits) > 0 {
			tagged++
		}
		for _, p := range problems {
			warned[p.Check]++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d files: %d load, %d of them name a technique, %d are refused\n", len(files), loaded, tagged, len(refused))
	for _, why := range refused {
		fmt.Fprintf(&b, "refused: %s\n", why)
	}
	for _, check := range slices.Sorted(maps.Keys(warned)) {
		fmt.Fprintf(&b, "warnings %s: %d\n", check, warned[check])
	}
	golden(t, "sigmahq.golden", b.String())
}
