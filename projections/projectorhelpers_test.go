package projections_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/projections/sqlstore"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// patience bounds everything that a test waits for.
const patience = time.Minute

// provision makes the topics that a projector reads and writes.
func provision(tb testing.TB, c topology.Cluster) {
	tb.Helper()
	topologytest.Provision(tb, c, topology.Tagged, topology.AttackerIdentity, topology.RuleHistory, topology.DeadLetter)
}

// newLedger names a database that is not there yet.
func newLedger(tb testing.TB) (path string) { return filepath.Join(tb.TempDir(), "ledger.db") }

func openLedger(tb testing.TB, path string) projections.Store {
	tb.Helper()
	store, err := sqlstore.Open(tb.Context(), "sqlite:"+path, sqlstore.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := store.Close(); err != nil {
			tb.Error(err)
		}
	})
	return store
}

// running is a projector at work.
type running struct {
	tb       testing.TB
	c        topology.Cluster
	store    projections.LedgerWriter
	progress *projections.Progress
	metrics  *projections.ProjectorMetrics
	cancel   context.CancelFunc
	done     chan struct{}
	err      error
	once     sync.Once
}

// startProjector runs a projector until the test ends.
func startProjector(tb testing.TB, c topology.Cluster, store projections.LedgerWriter, changes ...func(*projections.ProjectorOptions)) *running {
	tb.Helper()
	r := &running{tb: tb, c: c, store: store, progress: projections.NewProgress(), metrics: new(projections.ProjectorMetrics), done: make(chan struct{})}
	o := projections.ProjectorOptions{Cluster: c, Store: store, Progress: r.progress, Metrics: r.metrics, FirstRetry: time.Millisecond, LastRetry: 50 * time.Millisecond}
	for _, change := range changes {
		change(&o)
	}
	r.progress, r.metrics = o.Progress, o.Metrics
	p, err := projections.NewProjector(o)
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() {
		defer close(r.done)
		r.err = p.Run(ctx)
	}()
	tb.Cleanup(r.stop)
	return r
}

// stop ends the projector, as Ctrl-C does.
func (r *running) stop() {
	r.once.Do(func() {
		r.cancel()
		<-r.done
		if r.err != nil {
			r.tb.Errorf("the projector ended with %v", r.err)
		}
	})
}

// caughtUp returns when everything published so far is in the ledger.
func (r *running) caughtUp() {
	r.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	go func() {
		select {
		case <-r.done: // nothing more will come
			cancel()
		case <-ctx.Done():
		}
	}()
	admin := topologytest.Admin(r.tb, r.c)
	for _, topic := range []topology.Topic{topology.Tagged, topology.AttackerIdentity, topology.RuleHistory} {
		ends, err := admin.Ends(ctx, topic)
		if err != nil {
			r.tb.Fatal(err)
		}
		if err := r.progress.Wait(ctx, topic, ends); err != nil {
			r.tb.Fatalf("waiting for %s up to %v: %v; at %v, counts %+v", topic, ends, err, r.where(), r.metrics.Counts())
		}
	}
	behind, err := projections.Behind(ctx, r.store, admin)
	if err != nil {
		r.tb.Fatal(err)
	}
	for source, n := range behind {
		if n != 0 {
			r.tb.Errorf("written up to the end, and %d records of %s are not there", n, source)
		}
	}
}

func (r *running) where() map[topology.TopicPartition]int64 {
	at := make(map[topology.TopicPartition]int64)
	for _, source := range r.progress.Sources() {
		at[source] = r.progress.Written(source)
	}
	return at
}

// send publishes what was added to logs since the last time, in order.
func send(tb testing.TB, c topology.Cluster, messages ...topology.Message) {
	tb.Helper()
	if _, err := topologytest.Producer(tb, c).ProduceSync(tb.Context(), messages...); err != nil {
		tb.Fatal(err)
	}
}

// traffic returns tags on all partitions, from one event to another.
func traffic(tb testing.TB, from, to int) []*projectiontest.Log {
	tb.Helper()
	logs := make([]*projectiontest.Log, topologytest.Partitions)
	for i := range logs {
		logs[i] = projectiontest.NewLog(tb, topology.Tagged, int32(i))
	}
	for event := from; event < to; event++ {
		f := projectiontest.Finding{Event: event, Rule: 1 + event%3, Version: int64(1 + event%2), Technique: event % 4, Step: 60 + event%7}
		logs[f.Partition(len(logs))].Find(f)
	}
	return logs
}

// messagesOf returns the messages of logs.
func messagesOf(logs []*projectiontest.Log) (all []topology.Message) {
	for _, log := range logs {
		all = append(all, log.Messages()...)
	}
	return all
}

// check compares a ledger with the model and a recount, and returns its
// checksums.
func check(tb testing.TB, store projections.Store, logs ...*projectiontest.Log) map[string]string {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return projectiontest.Check(tb, ctx, store, logs...)
}
