package topologytest

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/ttpstream/ttpstream/topology"
)

// Transact publishes messages as a foreign program does that writes in transactions, with its own choice of
// partitions, and commits or aborts them. Behind the messages every partition that has one gets a marker, which
// no reader ever sees and which has an offset all the same.
func Transact(t testing.TB, c topology.Cluster, commit bool, messages ...topology.Message) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.Brokers...), kgo.TransactionalID("foreign-"+rand.Text()))
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	if err := cl.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	records := make([]*kgo.Record, len(messages))
	for i, m := range messages {
		records[i] = &kgo.Record{Topic: c.Topic(m.Topic), Key: []byte(m.Key), Value: m.Value}
	}
	if err := cl.ProduceSync(ctx, records...).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := cl.EndTransaction(ctx, kgo.TransactionEndTry(commit)); err != nil {
		t.Fatal(err)
	}
}

// dropEvery is how often the broker is asked again whether a change of a topic's policy has reached the log.
const dropEvery = 20 * time.Millisecond

// DropBefore makes the records before offset of partition 0 go away, also from a compacted topic: what
// compaction leaves of it when later values of the same keys follow.
func DropBefore(t testing.TB, c topology.Cluster, topic topology.Topic, offset int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	adm := kadmClient(t, c)
	set := func(policy string) {
		t.Helper()
		change := []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "cleanup.policy", Value: &policy}}
		if resp, err := adm.AlterTopicConfigs(ctx, change, c.Topic(topic)); err != nil {
			t.Fatal(err)
		} else if _, err := resp.On(c.Topic(topic), nil); err != nil {
			t.Fatal(err)
		}
	}
	if topic.Policy == topology.Compact {
		set("delete") // Apache Kafka deletes no records of compacted topics
		defer set("compact")
	}
	admin := Admin(t, c)
	for {
		err := admin.DeleteRecords(ctx, topic, map[int32]int64{0: offset})
		if err == nil {
			return
		}
		if !errors.Is(err, kerr.PolicyViolation) {
			t.Fatal(err)
		}
		select {
		case <-time.After(dropEvery):
		case <-ctx.Done():
			t.Fatal(err)
		}
	}
}

// ForgetGroup removes what a group has committed, as if the broker had never heard of it. The group must have
// no members.
func ForgetGroup(t testing.TB, c topology.Cluster, group topology.Group) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	resp, err := kadmClient(t, c).DeleteGroups(ctx, string(c.Group(group)))
	if err == nil {
		err = resp.Error()
	}
	if err != nil {
		t.Fatalf("forgetting group %s: %v", group.Name, err)
	}
}

func kadmClient(t testing.TB, c topology.Cluster) *kadm.Client {
	t.Helper()
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.Brokers...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.Close)
	return kadm.NewClient(cl)
}
