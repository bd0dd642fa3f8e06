package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// usage is what a run of a program took.
type usage struct {
	wall, processor time.Duration
	memory          int64 // bytes
}

// runs is how often a program is run; the run that took the least processor
// time counts, which is the one that was least disturbed.
const runs = 3

// measure runs a program on a file of events and throws its output away.
func measure(events string, name string, args ...string) (usage, error) {
	var best usage
	for i := range runs {
		u, err := execute(io.Discard, events, name, args...)
		if err != nil {
			return usage{}, err
		}
		if i == 0 || u.processor < best.processor {
			best = u
		}
	}
	return best, nil
}

// execute runs a program with a file as its standard input.
func execute(out io.Writer, events, name string, args ...string) (usage, error) {
	in, err := os.Open(events)
	if err != nil {
		return usage{}, err
	}
	defer in.Close()
	command := exec.Command(name, args...)
	command.Stdin, command.Stdout = in, out
	command.Env = append(os.Environ(), "GOMAXPROCS=1")
	began := time.Now()
	if err := command.Run(); err != nil {
		return usage{}, fmt.Errorf("%s: %w", command, err)
	}
	u := usage{wall: time.Since(began), processor: command.ProcessState.UserTime() + command.ProcessState.SystemTime()}
	if rusage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.memory = rusage.Maxrss << 10
	}
	return u, nil
}

// program is a program that judges events.
type program struct {
	name string
	// routed and unrouted are its arguments.
	path             string
	routed, unrouted []string
}

func (b *bench) programs() ([]program, error) {
	ours := b.work + "/ttpstream"
	build := exec.Command("go", "build", "-o", ours, "./cmd/ttpstream")
	build.Dir, build.Stderr = "../..", os.Stderr
	if err := build.Run(); err != nil {
		return nil, fmt.Errorf("building ttpstream: %w", err)
	}
	common := []string{"eval", "--rules", b.set.dir, "--quiet"}
	all := []program{{
		name: "ttpstream", path: ours,
		routed:   append(common[:4:4], "--logsource", sourceProduct+"/"+sourceCategory+"/", "-"),
		unrouted: append(common[:4:4], "-"),
	}}
	if b.rsigma == "" {
		fmt.Fprintln(os.Stderr, "SKIPPED: rsigma is not there; cargo install rsigma, or name it with -rsigma")
		return all, nil
	}
	base := []string{"engine", "eval", "--quiet", "--rules", b.set.dir, "--input-format", "json", "--output-format", "ndjson"}
	// rsigma lets a rule pass whose service the event does not tell, so the
	// event tells that it has none.
	source := fmt.Sprintf("product=%s,category=%s,service=none", sourceProduct, sourceCategory)
	return append(all, program{
		name: "rsigma", path: b.rsigma, unrouted: base,
		routed: append(base[:len(base):len(base)], "--logsource-routing", "--event-logsource", source),
	}), nil
}
