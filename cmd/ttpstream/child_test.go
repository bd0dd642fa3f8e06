package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must come: long, because a test
// that passes does not use it.
const patience = 2 * time.Minute

// child is the program in a process of its own.
type child struct {
	t       testing.TB
	command *exec.Cmd
	began   time.Time
	ended   chan struct{}
	code    int

	mu   sync.Mutex
	out  bytes.Buffer
	said bytes.Buffer
	news chan struct{} // closed and replaced when it says something

}

// startChild starts the program with settings for its environment and
// arguments.
func startChild(t testing.TB, env []string, args ...string) *child {
	t.Helper()
	return startChildOn(t, nil, env, args...)
}

// startChildOn is startChild with a standard input. Nil: an empty one.
func startChildOn(t testing.TB, stdin *os.File, env []string, args ...string) *child {
	t.Helper()
	c := &child{t: t, command: exec.Command("ttpstream", args...), began: time.Now(), ended: make(chan struct{}), news: make(chan struct{})}
	if c.command.Err != nil {
		t.Fatal(c.command.Err)
	}
	c.command.Env = append(append(os.Environ(), "TTPSTREAM_LISTEN=127.0.0.1:0"), env...) // children run side by side
	if stdin != nil {
		c.command.Stdin = stdin
	}
	stdout, err := c.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := c.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	readers.Go(func() { c.collect(stdout, &c.out) })
	readers.Go(func() { c.collect(stderr, &c.said) })
	go func() {
		readers.Wait()
		err := c.command.Wait()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			c.code = -2
		} else {
			c.code = c.command.ProcessState.ExitCode()
		}
		close(c.ended)
	}()
	t.Cleanup(c.kill)
	return c
}

func (c *child) collect(from io.Reader, into *bytes.Buffer) {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		c.mu.Lock()
		into.Write(line)
		close(c.news)
		c.news = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// says waits for a line on standard error that begins with a prefix and
// returns the rest of it. It returns "" and false when the process ends
// without.
func (c *child) says(ctx context.Context, prefix string) (string, bool) {
	for {
		c.mu.Lock()
		text, news := c.said.String(), c.news
		c.mu.Unlock()
		for line := range strings.Lines(text) {
			if rest, ok := strings.CutPrefix(line, prefix); ok && strings.HasSuffix(line, "\n") {
				return strings.TrimSpace(rest), true
			}
		}
		select {
		case <-news:
		case <-c.ended:
			return "", false
		case <-ctx.Done():
			c.t.Fatalf("it never said %q:\n%s", prefix, c.stderr())
		}
	}
}

// must is says for what must be said.
func (c *child) must(ctx context.Context, prefix string) string {
	c.t.Helper()
	rest, ok := c.says(ctx, prefix)
	if !ok {
		c.t.Fatalf("it ended with code %d and never said %q:\n%s", c.code, prefix, c.stderr())
	}
	return rest
}

// wait returns the exit code.
func (c *child) wait(ctx context.Context) int {
	c.t.Helper()
	select {
	case <-c.ended:
		return c.code
	case <-ctx.Done():
		c.t.Fatalf("%s does not end:\n%s", strings.Join(c.command.Args, " "), c.stderr())
	}
	return 0
}

// alive reports whether it still runs.
func (c *child) alive() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

// kill kills the process at once, as it is, and waits for its end.
func (c *child) kill() {
	if c.alive() {
		c.command.Process.Kill() // one that is dead already is what is wanted
	}
	<-c.ended
}

// interrupt is Ctrl-C.
func (c *child) interrupt() {
	c.t.Helper()
	if err := c.command.Process.Signal(syscall.SIGINT); err != nil {
		c.t.Fatal(err)
	}
}

func (c *child) stdout() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

func (c *child) stderr() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said.String()
}

// runChild runs the program to its end.
func runChild(t testing.TB, env []string, args ...string) *child {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := startChild(t, env, args...)
	c.wait(ctx)
	return c
}
