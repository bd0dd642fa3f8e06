package broker

import (
	"context"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

func BenchmarkProduce(b *testing.B) {
	for _, name := range []string{"memory", "disk"} {
		b.Run(name, func(b *testing.B) {
			var o Options
			if name == "disk" {
				o.DataDir = b.TempDir()
			}
			br := start(b, o)
			createTopic(b, br.Addrs(), "t", 4)
			cl := client(b, br.Addrs(), kgo.ProducerBatchCompression(kgo.SnappyCompression()))
			value := []byte(strings.Repeat("a record of three hundred bytes", 10))
			failed := make(chan error, 1)
			b.SetBytes(int64(len(value)))
			b.ResetTimer()
			for i := range b.N {
				cl.Produce(context.Background(), &kgo.Record{Topic: "t", Partition: int32(i % 4), Value: value}, func(_ *kgo.Record, err error) {
					if err != nil {
						select {
						case failed <- err:
						default:
						}
					}
				})
			}
			if err := cl.Flush(context.Background()); err != nil {
				b.Fatal(err)
			}
			select {
			case err := <-failed:
				b.Fatal(err)
			default:
			}
		})
	}
}
