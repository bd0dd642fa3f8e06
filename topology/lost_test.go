package topology_test

import (
	"errors"
	"testing"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
	"github.com/twmb/franz-go/pkg/kgo"
)

// A group whose committed offset is no longer in the log stops with a sentence. sarama jumps over the gap by
// default, and without that goka tries again for ever.
func TestProcessorStopsAtALostOffset(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		c.Partitions = 1
		topologytest.Provision(t, c, topology.AttackerCommand, topology.Candidate)
		publishNumbers(t, c, 0, 10)
		seen := make(map[int]bool)
		done := func() { followUntil(t, c, topology.Candidate, seen, upTo(10)...) }
		if err := runCopier(t, c, copiers, done); err != nil {
			t.Fatal(err)
		}
		publishNumbers(t, c, 10, 20)
		if err := topologytest.Admin(t, c).DeleteRecords(t.Context(), topology.AttackerCommand, map[int32]int64{0: 15}); err != nil {
			t.Fatal(err)
		}
		err := runCopier(t, c, copiers, nil)
		want := c.Topic(topology.AttackerCommand) + "/0: " + topology.ErrOffsetLost.Error() + ": it wants offset 10 and the broker has 15 up to 20"
		if !errors.Is(err, topology.ErrOffsetLost) && !containsText(err, want) {
			t.Errorf("the processor ended with %v, want %q", err, want)
		}
	})
}

// Markers and aborted records leave gaps between offsets; what is behind them is processed and committed all
// the same.
func TestProcessorBearsTransactions(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		c.Partitions = 1
		topologytest.Provision(t, c, topology.AttackerCommand, topology.Candidate)
		transact(t, c, topology.AttackerCommand, "1", kgo.TryCommit)
		transact(t, c, topology.AttackerCommand, "66", kgo.TryAbort)
		publishNumbers(t, c, 2, 4)
		transact(t, c, topology.AttackerCommand, "4", kgo.TryCommit)
		transact(t, c, topology.AttackerCommand, "66", kgo.TryAbort)
		publishNumbers(t, c, 5, 6)
		seen := make(map[int]bool)
		done := func() { followUntil(t, c, topology.Candidate, seen, 1, 2, 3, 4, 5) }
		if err := runCopier(t, c, copiers, done); err != nil {
			t.Fatal(err)
		}
		if seen[66] {
			t.Error("an aborted record was processed")
		}
		ends, err := topologytest.Admin(t, c).Ends(t.Context(), topology.AttackerCommand)
		if err != nil {
			t.Fatal(err)
		}
		committed, err := topologytest.Admin(t, c).Committed(t.Context(), copiers)
		if err != nil {
			t.Fatal(err)
		}
		if committed["attacker.command"][0] != ends[0] {
			t.Errorf("committed %v at the end %v", committed, ends)
		}
	})
}
