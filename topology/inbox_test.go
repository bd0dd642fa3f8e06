package topology_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
	"github.com/twmb/franz-go/pkg/kgo"
)

var inboxes = []topology.Topic{topology.Rules, topology.RuleState, topology.Retractions}

// pollTurn is how long a member that waits its turn looks; long enough that only a signal ends it early.
const pollTurn = 30 * time.Second

// One member gets every topic, whoever joins; when it leaves, the other goes on from what was committed and
// says that it is a new turn.
func TestInboxHasOneActiveMember(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, inboxes...)
		for _, topic := range inboxes {
			publish(t, c, topic, "k", topic.Name)
		}
		first := newInbox(t, c, inboxes...)
		got := collect(t, first, 3)
		if !got.Active || got.Turn != 1 {
			t.Fatalf("the only member got %+v", got)
		}
		if err := first.Commit(t.Context(), got.Records[:2]...); err != nil {
			t.Fatal(err)
		}

		second := newInbox(t, c, inboxes...)
		ctx, stop := context.WithCancel(t.Context())
		turn := make(chan topology.Batch)
		go func() {
			for {
				b, err := second.Poll(ctx, pollTurn)
				if err != nil {
					close(turn)
					return
				}
				turn <- b
			}
		}()
		// The first goes on while the second joins: what is published now comes to it alone.
		for i := range 5 {
			publish(t, c, topology.Rules, "k", fmt.Sprint(i))
			if more := collect(t, first, 1); !more.Active || more.Turn != 1 {
				t.Fatalf("the first member lost its turn when another joined: %+v", more)
			}
		}
		left := time.Now()
		first.Close()
		var took []string
		for len(took) < 1+5 { // one of three was not committed, and none of the five
			b := <-turn
			if len(b.Records) > 0 && (!b.Active || b.Turn != 1) {
				t.Errorf("the second member got records in %+v", b)
			}
			took = append(took, values(b.Records)...)
		}
		t.Logf("take-over after leaving: %v", time.Since(left).Round(time.Millisecond))
		if want := string(got.Records[2].Value); !slices.Contains(took, want) {
			t.Errorf("the second member got %v, without the uncommitted %s", took, want)
		}
		stop()
		for range turn {
		}
	})
}

func TestInboxBearsForeignTransactions(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, inboxes...)
		transact(t, c, topology.Rules, "aborted", kgo.TryAbort)
		transact(t, c, topology.Rules, "committed", kgo.TryCommit)
		in := newInbox(t, c, inboxes...)
		got := collect(t, in, 1)
		transact(t, c, topology.Rules, "aborted", kgo.TryAbort)
		publish(t, c, topology.Rules, "k", "after")
		got.Records = append(got.Records, collect(t, in, 1).Records...)
		if v := values(got.Records); !slices.Equal(v, []string{"committed", "after"}) {
			t.Errorf("got %v", v)
		}
		if err := in.Commit(t.Context(), got.Records...); err != nil {
			t.Fatal(err)
		}
		committed, err := topologytest.Admin(t, c).Committed(t.Context(), topology.RegistrarGroup)
		if err != nil {
			t.Fatal(err)
		}
		if want := got.Records[1].Offset + 1; committed["ttp.rules"][0] != want {
			t.Errorf("committed %v, want ttp.rules at %d", committed, want)
		}
	})
}

func TestInboxStopsAtALostOffset(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		log := topology.RuleHistory // Apache Kafka deletes no records of compacted topics
		topologytest.Provision(t, c, log)
		publish(t, c, log, "k", "0")
		in := newInbox(t, c, log)
		if err := in.Commit(t.Context(), collect(t, in, 1).Records...); err != nil {
			t.Fatal(err)
		}
		in.Close()
		publish(t, c, log, "k", "1")
		publish(t, c, log, "k", "2")
		if err := topologytest.Admin(t, c).DeleteRecords(t.Context(), log, map[int32]int64{0: 2}); err != nil {
			t.Fatal(err)
		}
		again := newInbox(t, c, log)
		for {
			b, err := again.Poll(t.Context(), pollTurn)
			if err != nil {
				if !errors.Is(err, topology.ErrOffsetLost) {
					t.Errorf("Poll returned %v, want ErrOffsetLost", err)
				}
				return
			}
			if len(b.Records) > 0 {
				t.Fatalf("Poll went on behind the gap with %v", values(b.Records))
			}
		}
	})
}

func newInbox(t *testing.T, c topology.Cluster, topics ...topology.Topic) *topology.Inbox {
	t.Helper()
	in, err := topology.NewInbox(c, topology.RegistrarGroup, topics...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.Close)
	return in
}

// collect polls until n records have come and returns them as one batch, with the state of the last.
func collect(t *testing.T, in *topology.Inbox, n int) (all topology.Batch) {
	t.Helper()
	for len(all.Records) < n {
		b, err := in.Poll(t.Context(), pollTurn)
		if err != nil {
			t.Fatal(err)
		}
		all.Active, all.Turn, all.Records = b.Active, b.Turn, append(all.Records, b.Records...)
	}
	return all
}
