package topology_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

var copiers = topology.Group{Name: "copiers"}

// Members come and go while records flow: every record comes out.
func TestRebalancesLoseNothing(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.AttackerCommand, topology.Candidate)
		const batch = 2000
		total := 0
		flow := func() {
			publishNumbers(t, c, total, total+batch)
			total += batch
		}
		flow()
		first := start(t, c)
		flow()
		second := start(t, c)
		flow()
		third := start(t, c)
		flow()
		first.stop(t)
		flow()
		second.stop(t)
		flow()
		seen := make(map[int]bool)
		numbers := make([]int, total)
		for i := range numbers {
			numbers[i] = i
		}
		followUntil(t, c, topology.Candidate, seen, numbers...)
		third.stop(t)
	})
}

// A member that leaves is replaced at once; goka alone would wait five seconds and more.
func TestTakeOverAfterLeaving(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.AttackerCommand, topology.Candidate)
		first, second := start(t, c), start(t, c)
		publishNumbers(t, c, 0, 100)
		seen := make(map[int]bool)
		followUntil(t, c, topology.Candidate, seen, upTo(100)...)
		began := time.Now()
		first.stop(t)
		publishNumbers(t, c, 100, 200)
		followUntil(t, c, topology.Candidate, seen, upTo(200)...)
		took := time.Since(began)
		second.stop(t)
		t.Logf("take-over after leaving: %v", took.Round(time.Millisecond))
		if took > 5*time.Second {
			t.Errorf("take-over took %v; goka's wait of five seconds is back", took)
		}
	})
}

// A member that is killed is missed after its session timeout of ten seconds, and replaced at once then.
func TestTakeOverAfterKill(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED " + t.Name() + ": it waits for a session to time out")
	}
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.AttackerCommand, topology.Candidate)
		victim := startProcess(t, c)
		survivor := start(t, c)
		publishNumbers(t, c, 0, 100)
		seen := make(map[int]bool)
		followUntil(t, c, topology.Candidate, seen, upTo(100)...)
		began := time.Now()
		if err := victim.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		publishNumbers(t, c, 100, 200)
		followUntil(t, c, topology.Candidate, seen, upTo(200)...)
		took := time.Since(began)
		survivor.stop(t)
		t.Logf("take-over after kill -9: %v", took.Round(time.Millisecond))
		if took > 14*time.Second {
			t.Errorf("take-over took %v; the session times out after 10s and the rest should take less than four", took)
		}
	})
}

func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// running is a copier in this process.
type running struct {
	cancel context.CancelFunc
	done   chan error
	once   sync.Once
}

// start runs a copier and returns when it has its partitions.
func start(t *testing.T, c topology.Cluster) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	proc := newCopier(t, c, copiers)
	r := &running{cancel: cancel, done: make(chan error, 1)}
	go func() { r.done <- proc.Run(ctx) }()
	t.Cleanup(func() { r.stop(t) })
	if err := proc.WaitForReadyContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *running) stop(t *testing.T) {
	t.Helper()
	r.once.Do(func() {
		r.cancel()
		if err := <-r.done; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("a copier ended with %v", err)
		}
	})
}

const envCopier = "TTPSTREAM_TEST_COPIER"

// TestCopierProcess is no test: it is the process that TestTakeOverAfterKill kills.
func TestCopierProcess(t *testing.T) {
	where := os.Getenv(envCopier)
	if where == "" {
		return
	}
	brokers, namespace, _ := strings.Cut(where, "|")
	c := topology.Cluster{Brokers: strings.Split(brokers, ","), Namespace: namespace, Partitions: topologytest.Partitions, ReplicationFactor: 1}
	proc := newCopier(t, c, copiers)
	go func() {
		if proc.WaitForReadyContext(t.Context()) == nil {
			fmt.Println("ready", strconv.Itoa(os.Getpid()))
		}
	}()
	t.Fatal(proc.Run(t.Context()))
}

// startProcess runs a copier in a process of its own and returns when it has its partitions.
func startProcess(t *testing.T, c topology.Cluster) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCopierProcess$")
	cmd.Env = append(os.Environ(), envCopier+"="+strings.Join(c.Brokers, ",")+"|"+c.Namespace)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	var pid int
	if _, err := fmt.Fscanf(out, "ready %d", &pid); err != nil {
		t.Fatalf("the process did not come up: %v", err)
	}
	return cmd
}
