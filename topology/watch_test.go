package topology_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/lovoo/goka"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// Once Wait returns, what the group made of its input is published: nothing has to be waited for.
func TestWatchKnowsWhenAGroupIsDone(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		topologytest.Provision(t, c, topology.AttackerCommand, topology.Candidate)
		publishNumbers(t, c, 0, 3000)
		ends, err := topologytest.Admin(t, c).Ends(t.Context(), topology.AttackerCommand)
		if err != nil {
			t.Fatal(err)
		}
		watch := topology.NewWatch()
		options, err := topology.ProcessorOptions(c, topology.MemoryStorage(), watch)
		if err != nil {
			t.Fatal(err)
		}
		group, topic := string(c.Group(copiers)), c.Topic(topology.AttackerCommand)
		if watch.Finished(group, topic, 0) != -1 || watch.HighWatermark(group, topic, 0) != -1 {
			t.Error("a watch knows of a partition that this process never had")
		}
		var waits sync.WaitGroup
		for range 3 {
			waits.Go(func() {
				if err := watch.Wait(t.Context(), group, topic, ends); err != nil {
					t.Error(err)
				}
			})
		}
		err = runProcessor(t, newCopier(t, c, copiers, options...), waits.Wait)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(readAll(t, c, topology.Candidate, topology.From{})); got != 3000 {
			t.Errorf("%d records were out when the watch said done, of 3000", got)
		}
		for p, end := range ends {
			if f, h := watch.Finished(group, topic, p), watch.HighWatermark(group, topic, p); f != end || h != end {
				t.Errorf("partition %d: finished %d, high watermark %d, end %d", p, f, h, end)
			}
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if err := watch.Wait(ended, group, topic, map[int32]int64{0: ends[0] + 1}); !errors.Is(err, context.Canceled) {
			t.Errorf("waiting for more than there is: %v", err)
		}
	})
}

func TestNilWatchSeesNothing(t *testing.T) {
	t.Parallel()
	var none *topology.Watch
	if none.Finished("g", "t", 0) != -1 || none.HighWatermark("g", "t", 0) != -1 {
		t.Error("a nil watch saw something")
	}
}

// runProcessor runs a processor until it fails, or until done returns.
func runProcessor(t *testing.T, proc *goka.Processor, done func()) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if done != nil {
		go func() { done(); cancel() }()
	}
	return proc.Run(ctx)
}
