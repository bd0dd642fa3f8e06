package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// separate is ingest and process, each a process of its own, against a Kafka.
type separate struct {
	*chaos
	flags              []string
	dir, checkpoint    string
	ingester           *child
	taggers            []*child
	ingested, restarts int
}

// clusterArgs are the flags by which a command finds a cluster of a test.
func clusterArgs(c topology.Cluster) []string {
	return []string{
		"--brokers", strings.Join(c.Brokers, ","), "--namespace", c.Namespace,
		"--partitions", strconv.Itoa(c.Partitions), "--replication-factor", strconv.Itoa(c.ReplicationFactor),
	}
}

func (s *separate) startIngest() {
	args := append([]string{"ingest", "--follow", "--checkpoint", s.checkpoint, s.path}, s.flags...)
	s.ingester = startChild(s.t, nil, args...)
}

// startProcess starts a process in the place of the i-th. Each has a state
// directory of its own; what lies there grows old while another one has its
// partitions.
func (s *separate) startProcess(i int) {
	s.taggers[i] = startChild(s.t, nil, append([]string{"process", "--state-dir", s.state(i)}, s.flags...)...)
}

func (s *separate) state(i int) string { return filepath.Join(s.dir, "state-"+strconv.Itoa(i)) }

// victims chooses whom to kill and at what stage: a stage at which the victim
// has work.
func (s *separate) victims(life int) (victims []*child, at stage) {
	stages := s.stages()
	tagger := s.taggers[s.rng.IntN(len(s.taggers))]
	choice := s.rng.IntN(5)
	if life < 2 {
		choice = 2 * life // each of them at least once
	}
	switch choice {
	case 0, 1:
		return []*child{s.ingester}, stages[0]
	case 2, 3:
		return []*child{tagger}, stages[1+s.rng.IntN(2)]
	default:
		return []*child{s.ingester, tagger}, stages[s.rng.IntN(2)]
	}
}

// bury kills the victims, takes from them what they had on disk where it is
// time for that, and starts them again.
func (s *separate) bury(victims []*child) {
	s.t.Helper()
	for _, victim := range victims {
		victim.kill()
	}
	for _, victim := range victims {
		if victim == s.ingester {
			if s.ingested++; s.ingested == 2 {
				s.remove(s.checkpoint, "ingest's checkpoint: it starts from the beginning of the file")
			}
			s.startIngest()
			continue
		}
		i := slices.Index(s.taggers, victim)
		if s.restarts++; s.restarts == 2 {
			s.remove(s.state(i), "the gate's local table")
		}
		s.startProcess(i)
	}
}

func (s *separate) remove(path, what string) {
	s.t.Helper()
	if err := os.RemoveAll(path); err != nil {
		s.t.Fatal(err)
	}
	s.t.Log("gone: " + what)
}

// TestKillProcesses kills ingest and process, which share a Kafka, at random
// times while events flow. In the long form there are two of process, so that
// partitions change hands.
func TestKillProcesses(t *testing.T) {
	t.Parallel()
	topologytest.OnBrokers(t, testKillProcesses)
}

func testKillProcesses(t *testing.T, cluster topology.Cluster) {
	s := &separate{chaos: newChaos(t), flags: clusterArgs(cluster), dir: t.TempDir(), taggers: make([]*child, 1)}
	s.checkpoint = filepath.Join(s.dir, "ingest.json")
	if s.kills > shortKills {
		s.taggers = make([]*child, 2)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	defer cancel()
	admin := topologytest.Admin(t, cluster)

	for i := range s.taggers {
		s.startProcess(i)
		s.taggers[i].must(ctx, "running as ")
	}
	publish := append([]string{"rules", "publish", "--skip-tests"}, s.flags...)
	if c := runChild(t, nil, publish...); c.code != exitDone {
		t.Fatalf("rules publish: code %d\n%s%s", c.code, c.stdout(), c.stderr())
	}
	inForce(ctx, t, cluster, admin, len(s.taggers))
	rule := writeTemp(t, "harmless.yaml", harmless)
	s.startIngest()
	for life := range s.kills {
		victims, at := s.victims(life)
		s.underWay(ctx, admin, at, victims...)
		for _, victim := range victims {
			t.Logf("kill %d: %s, %s old", life+1, victim.command.Args[1], time.Since(victim.began).Round(time.Millisecond))
		}
		s.bury(victims)
		if life == s.kills/2 { // from somewhere here on another revision judges
			if c := runChild(t, nil, append(publish, "--wait", "0", rule)...); c.code != exitDone {
				t.Fatalf("rules publish: code %d\n%s", c.code, c.stderr())
			}
		}
	}
	s.grow(s.events)
	s.published(ctx, s.checkpoint)
	drained(ctx, t, admin)
	readLedger(t, cluster).check(s.want, s.lines)
	for _, c := range append(s.taggers, s.ingester) {
		c.interrupt()
		if code := c.wait(ctx); code != exitDone {
			t.Errorf("%s ended with code %d:\n%s", c.command.Args[1], code, c.stderr())
		}
	}
}
