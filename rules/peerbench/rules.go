package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ttpstream/ttpstream/rules"
)

// ruleSet is the Sigma rules that everyone gets.
type ruleSet struct {
	dir   string
	rules []*rules.Rule
	texts map[string][]byte // by rule id
	// refused counts the files that are left out.
	refused int
}

// loadRules reads rules and writes those that can be used below dir.
func loadRules(from, dir string) (*ruleSet, error) {
	archives, err := filepath.Glob(filepath.Join(from, "*.tar.gz"))
	if err != nil {
		return nil, err
	}
	if len(archives) > 0 {
		unpacked := dir + "-all"
		if err := unpack(archives[0], unpacked); err != nil {
			return nil, err
		}
		from = unpacked
	}
	units, problems := rules.LoadFS(os.DirFS(from), rules.Options{Unrouted: true})
	set, _ := rules.NewSet(units, nil, 0)
	held := set.Held()
	out := &ruleSet{dir: dir, texts: map[string][]byte{}, refused: len(held)}
	for _, p := range problems {
		if p.Severity == rules.SeverityError {
			out.refused++
		}
	}
	for _, unit := range units {
		if len(held[unit.ID]) > 0 || len(unit.Rules) != 1 {
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(unit.File))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, unit.Text, 0o644)); err != nil {
			return nil, err
		}
		out.rules = append(out.rules, unit.Rules[0])
		out.texts[unit.Rules[0].ID] = unit.Text
	}
	return out, nil
}

// unpack writes an archive's rule files below dir.
func unpack(archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	root, err := openRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.Clean(filepath.FromSlash(header.Name))
		if header.Typeflag != tar.TypeReg || !strings.HasSuffix(name, ".yml") {
			continue
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		// The root keeps names with .. inside.
		if err := errors.Join(root.MkdirAll(filepath.Dir(name), 0o755), root.WriteFile(name, text, 0o644)); err != nil {
			return err
		}
	}
}

func openRoot(dir string) (*os.Root, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return os.OpenRoot(dir)
}
