package rules

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
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

// Every rule of SigmaHQ loads, but for those that are refused for a reason
// that is named here.
func TestSigmaHQ(t *testing.T) {
	t.Parallel()
	loaded, refused := 0, map[string]string{}
	for _, f := range sigmaHQ(t) {
		unit, problems := Parse(f.name, f.text, Options{})
		if unit == nil {
			refused[filepath.Base(f.name)] = problems.Error()
			continue
		}
		loaded++
	}
	for name, why := range refused {
		t.Errorf("%s: %s", name, why)
	}
	t.Logf("%d rules loaded, %d refused", loaded, len(refused))
}
