package topology_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/lovoo/goka"
	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/topologytest"
)

// BenchmarkPassThrough is what a stateless processor copies per second on the embedded broker, as we run it and
// with goka's own consumer group: the price of ordered marking.
func BenchmarkPassThrough(b *testing.B) {
	const records = 200_000
	for _, name := range []string{"ordered", "bare"} {
		b.Run(name, func(b *testing.B) {
			c := topologytest.Embedded(b)
			topologytest.Provision(b, c, topology.AttackerCommand, topology.Candidate)
			publishNumbers(b, c, 0, records)
			b.ResetTimer()
			for i := range b.N {
				var opts []goka.ProcessorOption
				if name == "bare" {
					opts = append(opts, goka.WithConsumerGroupBuilder(goka.ConsumerGroupBuilderWithConfig(topology.SaramaConfig(c))))
				}
				ctx, cancel := context.WithCancel(b.Context())
				r, err := topology.NewReader(ctx, c, topology.Candidate, topology.From{End: true})
				if err != nil {
					b.Fatal(err)
				}
				proc := newCopier(b, c, topology.Group{Name: "bench" + name + strconv.Itoa(i)}, opts...)
				done := make(chan error, 1)
				go func() { done <- proc.Run(ctx) }()
				for n := 0; n < records; {
					got, err := r.Poll(ctx)
					if err != nil {
						b.Fatal(err)
					}
					n += len(got)
				}
				r.Close()
				cancel()
				<-done
			}
			b.ReportMetric(float64(records)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
