package topology_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

func TestProvisionIsIdempotentAndConcurrent(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		admin := topologytest.Admin(t, c)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := admin.Provision(t.Context()); err != nil {
					t.Errorf("concurrent provisioning: %v", err)
				}
			})
		}
		wg.Wait()
		if err := admin.Provision(t.Context()); err != nil {
			t.Errorf("provisioning again: %v", err)
		}
		if err := admin.Verify(t.Context()); err != nil {
			t.Errorf("verifying: %v", err)
		}
	})
}

func TestVerifyNamesWhatDisagrees(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		made := c
		made.Partitions = 2
		made.MinInsyncReplicas = 1
		made.MaxRecordBytes = 1 << 19
		// An inbox under the name of a log: compacted, where nothing may ever go.
		wrong := topology.Tagged
		wrong.Policy = topology.Compact
		topologytest.Provision(t, made, topology.AttackerCommand, wrong)

		err := topologytest.Admin(t, c).Verify(t.Context(), topology.AttackerCommand, topology.Tagged, topology.Rules)
		var found topology.Disagreements
		if !errors.As(err, &found) {
			t.Fatalf("Verify returned %v, want disagreements", err)
		}
		name := c.Topic
		for _, want := range []string{
			"topic " + name(topology.AttackerCommand) + ": partitions is 2 and must be 4; set partitions to 2 if all topics have that many",
			"topic " + name(topology.AttackerCommand) + ": max.message.bytes is 589824 and must be at least 1114112; run: kafka-configs --alter",
			"topic " + name(topology.Tagged) + ": cleanup.policy is compact and must be delete; run: kafka-configs",
			"topic " + name(topology.Rules) + ": topic is missing and must be there; run: ttpstream topics create",
		} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("no sentence %q in:\n%v", want, err)
			}
		}
		if got := found[0].Topic; got != name(topology.AttackerCommand) {
			t.Errorf("not sorted by topic: %v first", got)
		}
	})
}

func TestProvisionSaysWhatAClusterIsTooSmallFor(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		c.ReplicationFactor = 3
		err := topologytest.Admin(t, c).Provision(t.Context(), topology.Tagged)
		if err == nil || !strings.Contains(err.Error(), "set replication_factor to at most their number") {
			t.Errorf("provisioning with three replicas on one broker: %v", err)
		}
	})
}
