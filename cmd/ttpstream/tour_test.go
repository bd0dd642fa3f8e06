package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// step is a command of the README's tour and the lines it must print, in
// which … stands for anything. A command "^C" stops what runs.
type step struct {
	command string
	output  []string
}

// tourSteps reads the steps of the README's tour: the lines that are indented,
// $ before a command, > before its further lines.
func tourSteps(t *testing.T) (steps []step) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, tour, _ := strings.Cut(string(raw), "\n## Five minutes\n")
	tour, _, found := strings.Cut(tour, "\n## ")
	if !found {
		t.Fatal("README.md has no section Five minutes with one behind it")
	}
	for line := range strings.Lines(tour) {
		line, code := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "    ")
		command, begins := strings.CutPrefix(line, "$ ")
		switch {
		case !code:
		case begins || line == "^C":
			steps = append(steps, step{command: command})
		case strings.HasPrefix(line, "> "):
			steps[len(steps)-1].command += "\n" + line[2:]
		default:
			steps[len(steps)-1].output = append(steps[len(steps)-1].output, line)
		}
	}
	return steps
}

// TestTour types the README's tour, from its text, into a shell.
func TestTour(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "jq", "kcat"} {
		if _, err := exec.LookPath(tool); err != nil {
			topologytest.Missing(t, "tour", "no "+tool+" (it is a Debian package)")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	shell := newTourShell(t)
	for _, s := range tourSteps(t) {
		shell.do(ctx, s)
	}
	if shell.up != nil && shell.up.alive() {
		t.Error("the tour leaves it running")
	}
}

// tourShell is where the tour is typed: a directory like the project's, and
// ports that are free.
type tourShell struct {
	t             *testing.T
	dir           string
	broker, serve string // ports, instead of 9092 and 8080
	up            *child
}

func newTourShell(t *testing.T) *tourShell {
	t.Helper()
	s := &tourShell{t: t, dir: t.TempDir(), broker: freePort(t), serve: freePort(t)}
	if err := os.MkdirAll(filepath.Join(s.dir, "cmd", "ttpstream"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(project(t), "demo"), filepath.Join(s.dir, "cmd", "ttpstream", "demo")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *tourShell) ports(text string) string {
	return strings.NewReplacer(":9092", ":"+s.broker, ":8080", ":"+s.serve).Replace(text)
}

func (s *tourShell) env() []string {
	return []string{"TTPSTREAM_PORT=" + s.broker, "TTPSTREAM_LISTEN=127.0.0.1:" + s.serve, "TTPSTREAM_BROKERS=127.0.0.1:" + s.broker}
}

func (s *tourShell) do(ctx context.Context, step step) {
	s.t.Helper()
	switch {
	case step.command == "^C":
		s.up.interrupt()
		if code := s.up.wait(ctx); code != exitDone {
			s.t.Errorf("Ctrl-C: exit code %d\n%s", code, s.up.stderr())
		}
	case strings.HasPrefix(step.command, "ttpstream up "):
		s.start(ctx, step)
	default:
		s.run(ctx, step)
	}
}

// start starts what runs in a terminal of its own.
func (s *tourShell) start(ctx context.Context, step step) {
	s.t.Helper()
	args := strings.Fields(step.command)[1:]
	for i, arg := range args {
		if arg == "tour" {
			args[i] = filepath.Join(s.dir, arg)
		}
	}
	s.up = startChild(s.t, s.env(), args...)
	s.up.must(ctx, "ready: ")
	if missing := unmatched(s.ports(strings.Join(step.output, "\n")), s.up.stderr()); missing != "" {
		s.t.Errorf("%s\nlacks the line %q:\n%s", step.command, missing, s.up.stderr())
	}
}

// run runs a command. A question is asked again until its answer is as
// promised: what was said a moment ago may still be on its way.
func (s *tourShell) run(ctx context.Context, step step) {
	s.t.Helper()
	asks := strings.HasPrefix(step.command, "curl ") || strings.HasPrefix(step.command, "ttpstream tail ")
	tick := time.NewTicker(askAgain)
	defer tick.Stop()
	deadline := time.Now().Add(patience / 4)
	for {
		command := exec.CommandContext(ctx, "bash", "-c", "set -o pipefail; "+s.ports(step.command))
		command.Dir, command.Env = s.dir, append(os.Environ(), s.env()...)
		out, err := command.CombinedOutput()
		missing := unmatched(strings.Join(step.output, "\n"), string(out))
		if err == nil && missing == "" {
			return
		}
		if !asks || time.Now().After(deadline) || ctx.Err() != nil {
			s.t.Fatalf("$ %s\n%v; lacks the line %q:\n%s", step.command, err, missing, out)
		}
		<-tick.C
	}
}

// unmatched returns the first line of want that no line of got, behind the one
// before it, is like.
func unmatched(want, got string) string {
	lines := strings.Split(got, "\n")
	for _, w := range strings.Split(want, "\n") {
		pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(w)), "…", ".*") + "$"
		form := regexp.MustCompile(pattern)
		for len(lines) > 0 && !form.MatchString(strings.TrimSpace(lines[0])) {
			lines = lines[1:]
		}
		if len(lines) == 0 && w != "" {
			return w
		}
	}
	return ""
}
