package processors_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/processors"
	"github.com/ttpstream/ttpstream/rules"
	"github.com/ttpstream/ttpstream/rules/pack"
	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/schemas/schematest"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// BenchmarkLatency measures how long after an event should have been produced
// its tag is on ttp.tagged, at a given rate, with the whole pack. Events are
// due at fixed times whatever the line does, and the clock of each starts
// when it is due: a line that stalls is not excused by a producer that stalls
// with it (coordinated omission).
func BenchmarkLatency(b *testing.B) {
	for _, rate := range []int{1_000, 5_000} {
		b.Run(fmt.Sprintf("embedded/%d-per-s", rate), func(b *testing.B) { benchmarkLatency(b, topologytest.Embedded(b), rate) })
		b.Run(fmt.Sprintf("kafka/%d-per-s", rate), func(b *testing.B) { benchmarkLatency(b, topologytest.Kafka(b), rate) })
	}
}

// latencyFor is how long events are produced: enough for a p99 of thousands,
// after a warm-up that is not counted.
const (
	latencyFor    = 10 * time.Second
	latencyWarmup = 2 * time.Second
)

func benchmarkLatency(b *testing.B, cluster topology.Cluster, rate int) {
	startLine(b, cluster)
	producer := topologytest.Producer(b, cluster)
	reader, err := topology.NewReader(b.Context(), cluster, topology.Tagged, topology.From{})
	if err != nil {
		b.Fatal(err)
	}
	defer reader.Close()
	for b.Loop() {
		total := int(latencyFor.Seconds()+latencyWarmup.Seconds()) * rate
		due := make(map[string]time.Time, total)
		events := make([]topology.Message, total)
		run := uuid.NewString()
		for i := range events {
			event := schematest.Command(func(e *schemas.CommandEvent) {
				e.Command = fmt.Sprintf("cat /etc/shadow # %s %d", run, i)
				e.EventID = schemas.EventID([]byte(e.Command), schemas.EventPart{})
				e.AttackerUUID = schematest.ID(fmt.Sprint("attacker", i%97))
			})
			raw, err := schemas.EncodeJSON(event)
			if err != nil {
				b.Fatal(err)
			}
			events[i] = topology.Message{Topic: topology.AttackerCommand, Key: event.AttackerUUID.String(), Value: raw}
			due[event.EventID.String()] = time.Time{}
		}
		report(b, runAtRate(b, producer, reader, events, due, rate))
	}
}

// runAtRate produces the events at their times and returns the latencies of
// those after the warm-up.
func runAtRate(b *testing.B, producer *topology.Producer, reader *topology.Reader, events []topology.Message, due map[string]time.Time, rate int) []time.Duration {
	start := time.Now().Add(100 * time.Millisecond)
	gap := time.Second / time.Duration(rate)
	ids := make([]string, len(events))
	for i := range events {
		event, err := schemas.Decode[schemas.CommandEvent](events[i].Value)
		if err != nil {
			b.Fatal(err)
		}
		ids[i] = event.EventID.String()
		due[ids[i]] = start.Add(time.Duration(i) * gap)
	}
	go func() {
		for i, event := range events {
			time.Sleep(time.Until(start.Add(time.Duration(i) * gap)))
			producer.Produce(context.Background(), event, nil)
		}
	}()
	counted := start.Add(latencyWarmup)
	latencies := make([]time.Duration, 0, len(events))
	for len(due) > 0 {
		records, err := reader.Poll(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		now := time.Now()
		for _, record := range records {
			tag, _, err := schemas.DecodeTagged(record.Value)
			if err != nil || tag == nil {
				b.Fatalf("%s: %v", record.Where(), err)
			}
			if at, ok := due[tag.SourceID]; ok {
				delete(due, tag.SourceID)
				if at.After(counted) {
					latencies = append(latencies, now.Sub(at))
				}
			}
		}
	}
	return latencies
}

func report(b *testing.B, latencies []time.Duration) {
	slices.Sort(latencies)
	at := func(p float64) float64 {
		return float64(latencies[int(p*float64(len(latencies)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.50), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(at(0.999), "p99.9-ms")
	b.ReportMetric(0, "ns/op")
}

// startLine runs every role with the whole pack in force.
func startLine(tb testing.TB, cluster topology.Cluster) *processors.Line {
	topologytest.Provision(tb, cluster)
	line, err := processors.NewLine(processors.Env{
		Cluster: cluster, Storage: topology.DiskStorage(tb.TempDir()), Watch: topology.NewWatch(), Metrics: &processors.Metrics{},
	}, processors.LineOptions{Instance: "bench"})
	if err != nil {
		tb.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- line.Run(ctx, func(ctx context.Context) error {
			defer close(ready)
			return publishPack(ctx, tb, cluster, line)
		})
	}()
	tb.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		tb.Fatal(err)
	}
	return line
}

func publishPack(ctx context.Context, tb testing.TB, cluster topology.Cluster, line *processors.Line) error {
	units, problems := rules.LoadFS(pack.FS, rules.Options{})
	if len(problems) > 0 {
		return problems
	}
	slices.SortFunc(units, func(a, b *rules.Unit) int { return len(b.Lists) - len(a.Lists) })
	producer := topologytest.Producer(tb, cluster)
	var last int64
	for _, unit := range units {
		written, err := producer.ProduceSync(ctx, topology.Message{Topic: topology.Rules, Key: unit.ID, Value: unit.Text})
		if err != nil {
			return err
		}
		last = written[0].Offset
	}
	if err := line.Registrar.Handled(ctx, topology.Rules, last); err != nil {
		return err
	}
	return line.Follower.Wait(ctx, line.Registrar.Revision())
}
