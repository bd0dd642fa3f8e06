package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	wheels := flag.String("wheels", "../../build/attack", "folder that holds the downloaded packages")
	facts := flag.String("facts", "gen", "folder that holds requirements.txt and facts")
	out := flag.String("out", "data", "folder to write the tables into")
	flag.Parse()
	if err := run(*wheels, *facts, *out); err != nil {
		fmt.Fprintln(os.Stderr, "attack/gen:", err)
		os.Exit(1)
	}
}

// run reads the packages and the facts and writes every table under out. It
// writes nothing unless all of them could be made.
func run(wheels, facts, out string) error {
	files, err := generate(wheels, facts)
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate makes every table in memory, keyed by its path under data.
func generate(wheels, facts string) (map[string][]byte, error) {
	src, err := openSources(wheels, facts)
	if err != nil {
		return nil, err
	}
	v18, err := buildV18(src.lookup)
	if err != nil {
		return nil, fmt.Errorf("enterprise-v18.1: %w", err)
	}
	v19, err := buildV19(src.mapper, v18, src.platforms, src.retired)
	if err != nil {
		return nil, fmt.Errorf("enterprise-v19.1: %w", err)
	}
	files := map[string][]byte{}
	v18.write(files)
	v19.write(files)
	return files, nil
}
