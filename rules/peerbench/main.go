package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// settings are the flags.
type settings struct {
	sigma, commands, rsigma, work string
	events, slow                  int
}

func main() {
	var s settings
	flag.StringVar(&s.sigma, "sigma", "../../../shared/data/sigma", "Sigma rules: a directory, or one with a .tar.gz")
	flag.StringVar(&s.commands, "commands", "../../../shared/data/samples/commands/benign_nl2bash_dev_MIT.txt", "shell commands, one a line")
	flag.StringVar(&s.rsigma, "rsigma", "", "the rsigma program; by default the one in PATH, and none if there is none")
	flag.StringVar(&s.work, "work", "", "directory for what is made; by default a temporary one, removed at the end")
	flag.IntVar(&s.events, "events", 200_000, "events for programs")
	flag.IntVar(&s.slow, "slow", 200, "events for libraries that take milliseconds for each")
	flag.Parse()
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "peerbench:", err)
		os.Exit(1)
	}
}

func run(s settings) error {
	if s.work == "" {
		dir, err := os.MkdirTemp("", "peerbench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		s.work = dir
	}
	commands, err := readCommands(s.commands)
	if err != nil {
		return err
	}
	b, err := newBench(s, commands)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	err = errors.Join(b.sigmaTable(out), expressionTable(out, commands))
	return errors.Join(err, out.Flush())
}

// bench is what the first table needs.
type bench struct {
	settings
	set *ruleSet
	// empty, few and many are files of events: none, some for comparing, all.
	empty, few, many string
	fewEvents        [][]byte
}

func newBench(s settings, commands []string) (*bench, error) {
	set, err := loadRules(s.sigma, filepath.Join(s.work, "rules"))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "%d rules, %d left out\n", len(set.rules), set.refused)
	b := &bench{
		settings: s, set: set,
		empty: filepath.Join(s.work, "none.jsonl"), few: filepath.Join(s.work, "few.jsonl"), many: filepath.Join(s.work, "many.jsonl"),
	}
	if b.fewEvents, err = writeEvents(b.few, commands, min(len(commands), 2000)); err != nil {
		return nil, err
	}
	if _, err = writeEvents(b.empty, commands, 0); err != nil {
		return nil, err
	}
	if _, err = writeEvents(b.many, commands, s.events); err != nil {
		return nil, err
	}
	if b.rsigma == "" {
		b.rsigma, _ = exec.LookPath("rsigma")
	}
	return b, nil
}
