package topology_test

import (
	"testing"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// Who says nothing about the layout takes it as it is; what is said stays.
func TestAdoptTakesTheLayoutAsItIs(t *testing.T) {
	t.Parallel()
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		unsaid := c
		unsaid.Partitions, unsaid.ReplicationFactor = 0, 0
		adopted := func(of topology.Cluster) (int, int) {
			t.Helper()
			got, err := topology.Adopt(t.Context(), of)
			if err != nil {
				t.Fatal(err)
			}
			return got.Partitions, got.ReplicationFactor
		}
		if partitions, replicas := adopted(unsaid); partitions != 0 || replicas != 1 {
			t.Errorf("before there are topics: %d partitions, %d replicas; want the default and one per broker", partitions, replicas)
		}
		topologytest.Provision(t, c)
		if partitions, replicas := adopted(unsaid); partitions != c.Partitions || replicas != 1 {
			t.Errorf("got %d partitions and %d replicas, want %d and 1", partitions, replicas, c.Partitions)
		}
		said := c
		said.Partitions, said.ReplicationFactor = 99, 3
		if partitions, replicas := adopted(said); partitions != 99 || replicas != 3 {
			t.Errorf("got %d and %d for what was said", partitions, replicas)
		}
	})
}
