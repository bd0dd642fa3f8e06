package broker

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// How a test tells the process that it starts what to do.
const (
	childDir   = "TTPSTREAM_BROKER_CHILD_DIR"   // serve this directory
	childPort  = "TTPSTREAM_BROKER_CHILD_PORT"  // on this port
	childStep  = "TTPSTREAM_BROKER_CHILD_STEP"  // kill yourself at this step of recovery
	childLimit = "TTPSTREAM_BROKER_CHILD_LIMIT" // no file may grow beyond this
)

// serveChild is the life of a child: it says "ready" when it serves, and when
// its standard input ends it closes the broker and says how that went.
func serveChild(dir string) {
	number := func(name string) int64 {
		n, _ := strconv.ParseInt(os.Getenv(name), 10, 64) // unset is zero
		return n
	}
	if limit := number(childLimit); limit > 0 {
		rl := syscall.Rlimit{Cur: uint64(limit), Max: uint64(limit)}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &rl); err != nil {
			panic(err)
		}
	}
	o := compacting(dir)
	o.Port = int(number(childPort))
	o.SegmentBytes = 64 << 10
	o.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if deadly := number(childStep); deadly > 0 {
		var steps atomic.Int64
		o.step = func(name string) error {
			// The many indexes are looked at first; later steps are rarer.
			if name != "repair index" && steps.Add(1) == deadly {
				syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {} // the signal is on its way
			}
			return nil
		}
	}
	b, err := Start(context.Background(), o)
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println("ready", b.Addrs()[0])
	go func() {
		<-b.Done()
		fmt.Println("done:", b.Err())
	}()
	io.Copy(io.Discard, os.Stdin) // until the parent closes it
	fmt.Println("closed:", b.Close())
}

// child is a broker in a process of its own.
type child struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines chan string // what it says
}

// startChild starts a process and returns without waiting for it.
func startChild(t testing.TB, dir string, env ...string) *child {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childDir+"="+dir), env...)
	cmd.Stderr = t.Output()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{cmd: cmd, stdin: stdin, lines: make(chan string, 100)}
	go func() {
		defer close(c.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			c.lines <- s.Text()
		}
	}()
	t.Cleanup(c.kill)
	return c
}

// says waits for a line with a prefix and returns the rest of it, false when
// the process ends without.
func (c *child) says(prefix string) (string, bool) {
	for line := range c.lines {
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// kill kills the process at once, as it is, and waits for its end.
func (c *child) kill() {
	c.cmd.Process.Kill() // one that is dead already is what is wanted
	for range c.lines {
	}
	c.cmd.Wait() // "signal: killed"
}
