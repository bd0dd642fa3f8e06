package topology_test

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

var projected = topology.Group{Name: "test.projector"}

// ledger keeps offsets as a database would, and counts how often each partition was given.
type ledger struct {
	mu    sync.Mutex
	next  map[topology.TopicPartition]int64
	given map[topology.TopicPartition]int
}

func newLedger() *ledger {
	return &ledger{next: make(map[topology.TopicPartition]int64), given: make(map[topology.TopicPartition]int)}
}

func (l *ledger) start(_ context.Context, given []topology.TopicPartition) (map[topology.TopicPartition]int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := make(map[topology.TopicPartition]int64)
	for _, tp := range given {
		l.given[tp]++
		next, ok := l.next[tp]
		if !ok {
			next = topology.Oldest
		}
		at[tp] = next
	}
	return at, nil
}

func (l *ledger) keep(p topology.Polled) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.Copy(l.next, p.Next)
}

// held returns the partitions that were given, by topic.
func (l *ledger) held(topic topology.Topic) map[int32]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	partitions := make(map[int32]bool)
	for tp := range l.given {
		if tp.Topic == topic.Name {
			partitions[tp.Partition] = true
		}
	}
	return partitions
}

func newPartitions(t *testing.T, c topology.Cluster, start topology.Start, topics ...topology.Topic) *topology.Partitions {
	t.Helper()
	p, err := topology.NewPartitions(c, projected, start, topics...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

const pollShort = 100 * time.Millisecond

// polled polls until n records have come.
func polled(t *testing.T, p *topology.Partitions, l *ledger, n int) (got []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for len(got) < n {
		batch, err := p.Poll(ctx, pollShort, 100)
		if err != nil {
			t.Fatalf("after %d of %d records: %v", len(got), n, err)
		}
		l.keep(batch)
		got = append(got, values(batch.Records)...)
	}
	return got
}

// Reading goes on where the caller's own offsets say, whoever reads, and the broker is told none.
func TestPartitionsBeginWhereTheCallerSays(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.Tagged)
		for i := range 20 {
			publish(t, c, topology.Tagged, strconv.Itoa(i), strconv.Itoa(i))
		}
		l := newLedger()
		first := newPartitions(t, c, l.start, topology.Tagged)
		seen := polled(t, first, l, 20)
		first.Close()
		publish(t, c, topology.Tagged, "k", "20")
		seen = append(seen, polled(t, newPartitions(t, c, l.start, topology.Tagged), l, 1)...)
		times := make(map[string]int)
		for _, v := range seen {
			times[v]++
		}
		if len(seen) != 21 || len(times) != 21 {
			t.Errorf("each of 21 records once; got %v", seen)
		}
		if committed, err := topologytest.Admin(t, c).Committed(t.Context(), projected); err != nil || len(committed) != 0 {
			t.Errorf("the broker was told %v, %v", committed, err)
		}
	})
}

// Partition n of every topic has one owner, and a member that joins makes both ask where to begin.
func TestPartitionsAreSharedOutAlike(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.Tagged, topology.AttackerIdentity)
		ledgers := [2]*ledger{newLedger(), newLedger()}
		ctx, stop := context.WithCancel(t.Context())
		var members sync.WaitGroup
		for _, l := range ledgers {
			p := newPartitions(t, c, func(ctx context.Context, given []topology.TopicPartition) (map[topology.TopicPartition]int64, error) {
				l.mu.Lock()
				clear(l.given)
				l.mu.Unlock()
				return l.start(ctx, given)
			}, topology.Tagged, topology.AttackerIdentity)
			members.Go(func() {
				for {
					if _, err := p.Poll(ctx, pollShort, 100); err != nil {
						return
					}
				}
			})
		}
		defer members.Wait()
		defer stop()
		deadline := time.After(time.Minute)
		for look := time.NewTicker(10 * time.Millisecond); ; {
			a, b := ledgers[0].held(topology.Tagged), ledgers[1].held(topology.Tagged)
			if len(a)+len(b) == topologytest.Partitions && len(a) == len(b) &&
				maps.Equal(a, ledgers[0].held(topology.AttackerIdentity)) && maps.Equal(b, ledgers[1].held(topology.AttackerIdentity)) {
				return
			}
			select {
			case <-deadline:
				t.Fatalf("after a minute the members hold %v and %v", ledgers[0].given, ledgers[1].given)
			case <-look.C:
			}
		}
	})
}

// A marker at the end of a partition is passed, or nobody would know that everything was read.
func TestPartitionsPassMarkers(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.RuleHistory)
		transact(t, c, topology.RuleHistory, "committed", kgo.TryCommit)
		transact(t, c, topology.RuleHistory, "aborted", kgo.TryAbort)
		ends, err := topologytest.Admin(t, c).Ends(t.Context(), topology.RuleHistory)
		if err != nil {
			t.Fatal(err)
		}
		l, at := newLedger(), topology.TopicPartition{Topic: topology.RuleHistory.Name}
		p := newPartitions(t, c, l.start, topology.RuleHistory)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var got []string
		for l.next[at] < ends[0] {
			batch, err := p.Poll(ctx, pollShort, 100)
			if err != nil {
				t.Fatalf("at %d of %d: %v", l.next[at], ends[0], err)
			}
			l.keep(batch)
			got = append(got, values(batch.Records)...)
		}
		if len(got) != 1 || got[0] != "committed" {
			t.Errorf("got %v", got)
		}
	})
}

func TestPartitionsStopAtALostOffset(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.RuleHistory)
		publish(t, c, topology.RuleHistory, "k", "0")
		l := newLedger()
		l.next[topology.TopicPartition{Topic: topology.RuleHistory.Name}] = 7 // of another Kafka
		err := failure(t, newPartitions(t, c, l.start, topology.RuleHistory))
		if !errors.Is(err, topology.ErrOffsetLost) || !containsText(err, "Nothing was skipped") {
			t.Errorf("got %v", err)
		}
	})
}

// Who cannot say where to begin stops; nothing is read from anywhere else.
func TestPartitionsStopWhenStartFails(t *testing.T) {
	t.Parallel()
	c := topologytest.Embedded(t)
	topologytest.Provision(t, c, topology.RuleHistory)
	publish(t, c, topology.RuleHistory, "k", "0")
	down := errors.New("the database is down")
	p := newPartitions(t, c, func(context.Context, []topology.TopicPartition) (map[topology.TopicPartition]int64, error) {
		return nil, down
	}, topology.RuleHistory)
	if err := failure(t, p); !errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
}

// failure polls until it fails.
func failure(t *testing.T, p *topology.Partitions) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		batch, err := p.Poll(ctx, pollShort, 100)
		if err != nil {
			return err
		}
		if len(batch.Records) > 0 {
			t.Fatalf("read %v", values(batch.Records))
		}
	}
}
