package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const wheels = "../../../build/attack"

// TestReproducible makes the tables again and compares them, byte for byte,
// with what is checked in.
func TestReproducible(t *testing.T) {
	t.Parallel()
	files, err := generate(wheels, ".")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("SKIPPED: the source packages are not downloaded: run `go generate ./schemas/attack` to compare the ATT&CK tables with them")
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 8 {
		t.Errorf("%d tables, want 8", len(files))
	}
	for name, made := range files {
		kept, err := os.ReadFile(filepath.Join("..", "data", filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
		} else if !bytes.Equal(kept, made) {
			t.Errorf("data/%s is not what the generator writes", name)
		}
	}
}

func TestFinishRefuses(t *testing.T) {
	t.Parallel()
	fine := technique{"T1000", "x", "-", []string{"TA0001"}, []string{"Linux"}}
	for want, r := range map[string]release{
		"its parent does not exist":   {techniques: []technique{{id: "T1000.001"}}},
		"platforms are required":      {techniques: []technique{{id: "T1000", name: "x", stix: "-"}}},
		"but it exists":               {techniques: []technique{fine}, retired: []retired{{id: "T1000", name: "x"}}},
		"successor T2 does not exist": {retired: []retired{{"T1", "x", kindRevoked, "T2", ""}}},
		"T1 does not exist":           {retired: []retired{{"T1", "x", kindRevoked, "T2", ""}, {"T2", "y", kindRevoked, "T1", ""}}},
		"without a successor":         {retired: []retired{{"T1", "x", kindRevoked, "", ""}}},
	} {
		if err := r.finish(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestFinishFollowsChains(t *testing.T) {
	t.Parallel()
	r := release{
		techniques: []technique{{"T3", "z", "-", []string{"TA0001"}, []string{"Linux"}}},
		retired:    []retired{{"T1", "x", kindRevoked, "T2", ""}, {"T2", "y", kindRevoked, "T3", "probable"}},
	}
	if err := r.finish(); err != nil {
		t.Fatal(err)
	}
	if got := r.retired[0]; got.successor != "T3" || got.note != "probable" {
		t.Errorf("T1 became %+v", got)
	}
}

func TestWheelWithAnotherHashIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), mapperWheel)
	if err := os.WriteFile(path, []byte("not it"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openWheel(path, "sha256:00"); err == nil || !strings.Contains(err.Error(), "requirements.txt does not name") {
		t.Errorf("%v", err)
	}
}
