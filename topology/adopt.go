package topology

import (
	"context"
	"fmt"
)

// Adopt returns the cluster with Partitions and ReplicationFactor, where they are 0, as the topics on the broker
// have them: who comes to an installation need not know how it was laid out. Where there are no topics yet they
// stay 0, which is the defaults; a cluster of fewer brokers than the default takes as many copies as it has
// brokers.
func Adopt(ctx context.Context, c Cluster) (Cluster, error) {
	if c.Partitions != 0 && c.ReplicationFactor != 0 {
		return c, nil
	}
	a, err := NewAdmin(c)
	if err != nil {
		return c, err
	}
	defer a.Close()
	name := a.c.Topic(AttackerCommand)
	details, err := a.adm.ListTopics(ctx, name)
	if err != nil {
		return c, fmt.Errorf("looking up topics: %w", err)
	}
	topic := details[name]
	if !details.Has(name) || topic.Err != nil {
		if c.ReplicationFactor == 0 {
			brokers, err := a.adm.ListBrokers(ctx)
			if err != nil {
				return c, fmt.Errorf("looking up brokers: %w", err)
			}
			c.ReplicationFactor = min(DefaultReplicationFactor, len(brokers))
		}
		return c, nil
	}
	if c.Partitions == 0 {
		c.Partitions = len(topic.Partitions)
	}
	if c.ReplicationFactor == 0 {
		c.ReplicationFactor = topic.Partitions.NumReplicas()
	}
	return c, nil
}
