package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// promptly is how soon a person expects Ctrl-C to have done something. It is
// far above what it takes (under a second), because tests share the machine.
const promptly = 10 * time.Second

// endless is a standard input that has lines in it and never ends.
func endless(t *testing.T, lines int) *os.File {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		for from := newSensorLog(5); lines > 0; lines-- {
			if _, err := in.Write(append(from.line(), '\n')); err != nil {
				return // nobody reads any more
			}
		}
	}()
	t.Cleanup(func() { out.Close(); <-written; in.Close() })
	return out
}

// syntheticLog writes a log of that many lines.
func syntheticLog(t *testing.T, lines int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cowrie.json")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	appendLines(t, file, newSensorLog(3), lines)
	return path
}

// Ctrl-C in the middle of a scan ends it, and leaves nothing behind.
func TestInterruptedScanLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(t *testing.T, env []string) *child{
		"file": func(t *testing.T, env []string) *child {
			return startChild(t, env, "scan", "--json", syntheticLog(t, 300_000))
		},
		"waiting for standard input": func(t *testing.T, env []string) *child {
			return startChildOn(t, endless(t, 5000), env, "scan", "--json", "-")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			temporary := t.TempDir()
			c := start(t, []string{"TMPDIR=" + temporary})
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			if err := ask(ctx, func() (bool, error) { return c.stdout() != "" || !c.alive(), nil }); err != nil {
				t.Fatalf("it did not begin: %v\n%s", err, c.stderr())
			}
			endsPromptly(t, c, exitFailed)
			if said := c.stderr(); said != "ttpstream: stopped\n" {
				t.Errorf("it said %q", said)
			}
			if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// Ctrl-C is how up ends: in good order, also in the middle of a file.
func TestInterruptedUpEndsInGoodOrder(t *testing.T) {
	t.Parallel()
	log, data := syntheticLog(t, 100_000), filepath.Join(t.TempDir(), "data")
	for _, follow := range []string{"--follow=false", "--follow"} { // a second run on the same directory is as good as the first
		c := startChild(t, nil, "up", "--data", data, "--port", "0", follow, log)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		c.must(ctx, "ready: ")
		_, admin := embeddedCluster(ctx, t, c)
		before := records(ctx, t, admin, factTopics...)
		if err := ask(ctx, func() (bool, error) { return records(ctx, t, admin, factTopics...) > before, nil }); err != nil {
			t.Fatal(err)
		}
		cancel()
		endsPromptly(t, c, exitDone)
	}
}

// Ctrl-C ends an ingest: one of files has failed to come to its end, one that
// follows is done and knows how far it was.
func TestInterruptedIngest(t *testing.T) {
	t.Parallel()
	topologytest.OnBrokers(t, func(t *testing.T, cluster topology.Cluster) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		topologytest.Provision(t, cluster)
		admin := topologytest.Admin(t, cluster)
		published := func(want int64) {
			t.Helper()
			if err := ask(ctx, func() (bool, error) { return records(ctx, t, admin, factTopics...) >= want, nil }); err != nil {
				t.Fatalf("%d facts: %v", want, err)
			}
		}
		c := startChildOn(t, endless(t, 1000), nil, append([]string{"ingest", "-"}, clusterArgs(cluster)...)...)
		published(1000)
		endsPromptly(t, c, exitFailed)

		log := syntheticLog(t, 1000)
		args := append([]string{"ingest", "--follow", log, "--checkpoint", filepath.Join(t.TempDir(), "checkpoint")}, clusterArgs(cluster)...)
		c = startChild(t, nil, args...)
		published(2000)
		endsPromptly(t, c, exitDone)
		if !strings.HasPrefix(c.stdout(), "1000 lines read = 1000 published") {
			t.Errorf("it counted %q", c.stdout())
		}
		writeFileText(t, log, readText(t, log)+goodLine(1)+"\n")
		again := startChild(t, nil, args...)
		published(2001)
		endsPromptly(t, again, exitDone)
		if !strings.HasPrefix(again.stdout(), "1 line read = 1 published") {
			t.Errorf("started again it counted %q", again.stdout())
		}
	})
}

func endsPromptly(t *testing.T, c *child, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), promptly)
	defer cancel()
	began := time.Now()
	c.interrupt()
	if got := c.wait(ctx); got != code {
		t.Errorf("code %d, want %d:\n%s", got, code, c.stderr())
	}
	for _, bad := range []string{"panic:", "goroutine ", "DATA RACE"} {
		if strings.Contains(c.stderr(), bad) {
			t.Errorf("%s\n%s", bad, c.stderr())
		}
	}
	t.Logf("%s ended %s after Ctrl-C", c.command.Args[1], time.Since(began).Round(time.Millisecond))
}
