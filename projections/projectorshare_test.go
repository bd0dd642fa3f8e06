package projections_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// gatedStore lets writes through when it is told to, and lets tests decide
// what the database says.
type gatedStore struct {
	projections.Store
	// before is asked before every write; its error is the answer.
	before func(context.Context, []projections.Batch) error
	// after hears every answer.
	after func(error)
}

func (s *gatedStore) Write(ctx context.Context, batches ...projections.Batch) error {
	if s.before != nil {
		if err := s.before(ctx, batches); err != nil {
			return err
		}
	}
	err := s.Store.Write(ctx, batches...)
	if s.after != nil {
		s.after(err)
	}
	return err
}

// Two projectors of one database share the partitions, while records flow, one
// joins, and one leaves.
func TestProjectorsShareTheWork(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		provision(t, c)
		logs := traffic(t, 0, 2000)
		sent := make([]int, len(logs))
		flow := func() {
			for i, log := range logs {
				part := log.Messages()[sent[i]:min(sent[i]+len(log.Messages())/4+1, len(log.Messages()))]
				send(t, c, part...)
				sent[i] += len(part)
			}
		}
		path, shared := newLedger(t), projections.NewProgress()
		store := openLedger(t, path)
		join := func(store projections.Store) *running {
			return startProjector(t, c, store, func(o *projections.ProjectorOptions) { o.Progress, o.MaxBatch = shared, 20 })
		}
		first := join(store)
		flow()
		first.caughtUp()
		other := &gatedStore{Store: openLedger(t, path)}
		claimed := make(chan struct{}, 1000)
		other.after = func(error) { claimed <- struct{}{} }
		second := join(other)
		// Traffic goes on until the second has its share.
		deadline := time.After(patience)
		for took := false; !took; {
			flow()
			first.caughtUp()
			select {
			case <-claimed:
				took = true
			case <-deadline:
				t.Fatal("the second wrote nothing")
			default:
				logs = more(t, logs)
			}
		}
		first.stop()
		for i := range logs {
			send(t, c, logs[i].Messages()[sent[i]:]...)
		}
		second.caughtUp()
		check(t, store, logs...)
		if n := second.metrics.Counts(); n.Tags == 0 {
			t.Errorf("the second wrote nothing: %+v", n)
		}
	})
}

// more adds a little to each log.
func more(t *testing.T, logs []*projectiontest.Log) []*projectiontest.Log {
	t.Helper()
	for i, log := range logs {
		n := log.Len()
		log.Find(projectiontest.Finding{Event: 100_000 + n*len(logs)*5 + i, Rule: 4, Step: 70})
	}
	return logs
}

// An owner whose claim was taken while it was about to write, as happens to a
// program that was stopped and let go again, writes nothing under it. It joins
// again and the work goes on.
func TestProjectorZombieWritesNothing(t *testing.T) {
	topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
		provision(t, c)
		logs := traffic(t, 0, 100)
		path := newLedger(t)
		successor := openLedger(t, path)
		asleep, woken, answers := make(chan []projections.Batch), make(chan struct{}), make(chan error, 1000)
		zombie := &gatedStore{Store: openLedger(t, path)}
		zombie.before = func(ctx context.Context, batches []projections.Batch) error {
			select {
			case asleep <- batches:
				<-woken
			case <-woken: // it sleeps once
			}
			return nil
		}
		zombie.after = func(err error) { answers <- err }
		running := startProjector(t, c, zombie)
		send(t, c, messagesOf(logs)...)
		var held []projections.Batch
		select {
		case held = <-asleep:
		case <-time.After(patience):
			t.Fatal("it never wrote")
		}
		var taken []topology.TopicPartition
		for _, b := range held {
			taken = append(taken, b.Claim.TopicPartition)
		}
		if _, err := successor.Claim(t.Context(), taken...); err != nil {
			t.Fatal(err)
		}
		empty := check(t, successor)
		close(woken)
		if err := <-answers; !errors.Is(err, projections.ErrFenced) {
			t.Fatalf("the zombie was answered %v", err)
		}
		projectiontest.Same(t, "fresh", empty, check(t, openLedger(t, newLedger(t))))
		running.caughtUp()
		check(t, successor, logs...)
		if n := running.metrics.Counts(); n.Fenced == 0 || n.Rejoins == 0 {
			t.Errorf("counts %+v", n)
		}
	})
}

// While the database is away the projector tries again; an answer that was lost
// does no harm.
func TestProjectorOutlastsTheDatabase(t *testing.T) {
	t.Parallel()
	c := topologytest.Embedded(t)
	provision(t, c)
	logs := traffic(t, 0, 300)
	away := &gatedStore{Store: openLedger(t, newLedger(t))}
	var tries int
	away.before = func(ctx context.Context, batches []projections.Batch) error {
		switch tries++; tries % 3 {
		case 1:
			return projections.ErrUnavailable
		case 2: // written, and nobody hears of it
			if err := away.Store.Write(ctx, batches...); err != nil {
				return err
			}
			return projections.ErrUnavailable
		}
		return nil
	}
	send(t, c, messagesOf(logs)...)
	running := startProjector(t, c, away, func(o *projections.ProjectorOptions) { o.MaxBatch = 50 })
	running.caughtUp()
	check(t, away.Store, logs...)
	if n := running.metrics.Counts(); n.Retries == 0 || n.Tags != 300 {
		t.Errorf("counts %+v", n)
	}
}

// What the database will never take ends the projector; nothing is skipped.
func TestProjectorStopsAtWhatTheDatabaseRefuses(t *testing.T) {
	t.Parallel()
	c := topologytest.Embedded(t)
	provision(t, c)
	refused := errors.New("the column is too short")
	store := &gatedStore{Store: openLedger(t, newLedger(t)), before: func(context.Context, []projections.Batch) error { return refused }}
	running := startProjector(t, c, store)
	send(t, c, messagesOf(traffic(t, 0, 10))...)
	<-running.done
	running.once.Do(func() {})
	if !errors.Is(running.err, refused) {
		t.Errorf("it ended with %v", running.err)
	}
}
