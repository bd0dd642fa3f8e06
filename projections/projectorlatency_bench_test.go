package projections_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/projections"
	"github.com/ttpstream/ttpstream/projections/projectiontest"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// BenchmarkProjectorLatency measures the time from when a tag is due on
// ttp.tagged to when it is in SQLite, with its rollups, on the embedded broker
// and on Kafka where there is one. Run it with -benchtime 1x.
func BenchmarkProjectorLatency(b *testing.B) {
	for name, cluster := range map[string]func(testing.TB) topology.Cluster{"embedded": topologytest.Embedded, "kafka": topologytest.Kafka} {
		for _, rate := range []int{1000, 3000} {
			b.Run(fmt.Sprintf("%s/%d", name, rate), func(b *testing.B) {
				for b.Loop() {
					measureLatency(b, cluster(b), rate, 5*rate)
				}
			})
		}
	}
}

// due is when each record was to be published, by where it is.
type due struct {
	progress *projections.Progress
	mu       sync.Mutex
	times    map[topology.TopicPartition]map[int64]time.Time
	took     []time.Duration
}

// published may come after the record is written; then this is its time, which
// makes nothing look faster.
func (d *due) published(r topology.Record, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	source := topology.TopicPartition{Topic: r.Topic, Partition: r.Partition}
	if r.Offset < d.progress.Written(source) {
		d.took = append(d.took, time.Since(at))
		return
	}
	if d.times[source] == nil {
		d.times[source] = make(map[int64]time.Time)
	}
	d.times[source][r.Offset] = at
}

// written takes the time of what is in the ledger by now. It reports whether
// that is n records.
func (d *due) written(n int) bool {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for source, times := range d.times {
		next := d.progress.Written(source)
		for offset, at := range times {
			if offset < next {
				d.took = append(d.took, now.Sub(at))
				delete(times, offset)
			}
		}
	}
	return len(d.took) >= n
}

func measureLatency(b *testing.B, c topology.Cluster, rate, n int) {
	provision(b, c)
	running := startProjector(b, c, openLedger(b, newLedger(b)))
	messages := make([]topology.Message, n)
	for i := range messages {
		f := projectiontest.Finding{Event: i, Rule: 1 + i%20, Technique: i % 4, Step: 60 + i%7}
		messages[i] = projectiontest.NewLog(b, topology.Tagged, f.Partition(topologytest.Partitions)).Find(f).Messages()[0]
	}
	// Topics are looked up and groups joined before the clock runs.
	send(b, c, traffic(b, 1_000_000, 1_000_100)[0].Messages()...)
	running.caughtUp()
	d := &due{progress: running.progress, times: make(map[topology.TopicPartition]map[int64]time.Time)}
	producer := topologytest.Producer(b, c)
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	measured := make(chan error, 1)
	go func() { measured <- running.progress.Until(ctx, func() bool { return d.written(n) }) }()
	began := time.Now()
	for i, m := range messages {
		at := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(at))
		producer.Produce(ctx, m, func(r topology.Record, err error) {
			if err != nil {
				b.Error(err)
			}
			d.published(r, at)
		})
	}
	if err := producer.Flush(ctx); err != nil {
		b.Fatal(err)
	}
	running.caughtUp()
	if !d.written(n) {
		b.Fatalf("%d of %d written, counts %+v", len(d.took), n, running.metrics.Counts())
	}
	cancel()
	<-measured
	counts := running.metrics.Counts()
	slices.Sort(d.took)
	b.ReportMetric(float64(d.took[len(d.took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(d.took[len(d.took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(counts.Tags)/float64(counts.Batches), "tags/batch")
}
