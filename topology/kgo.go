package topology

import (
	"context"
	"log/slog"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// batchSlack is what a topic and a batch allow beyond the largest record: the batch's own header, and data that
// grows when compressed.
const batchSlack = 64 << 10

// baseOptions are common to all kgo clients.
func baseOptions(c Cluster) []kgo.Opt {
	return []kgo.Opt{
		kgo.SeedBrokers(c.Brokers...),
		kgo.ClientID(c.ClientID),
		kgo.WithLogger(kgoLog{c.Logger}),
		// The default of 5 s is how long a client stands still that asked while a leader was being elected.
		kgo.MetadataMinAge(250 * time.Millisecond),
	}
}

// producerOptions: acknowledged by all in-sync replicas and idempotent are franz-go's defaults already.
func producerOptions(c Cluster) []kgo.Opt {
	codec := kgo.SnappyCompression()
	if c.Uncompressed {
		codec = kgo.NoCompression()
	}
	return append(baseOptions(c),
		kgo.ProducerBatchCompression(codec),
		// The default spreads keys by murmur2, as Java does; goka and sarama by FNV-1a. One key must be in one
		// partition.
		kgo.RecordPartitioner(partitioner()),
		// The default is 1 MB, whatever the topic allows.
		kgo.ProducerBatchMaxBytes(int32(c.MaxRecordBytes+batchSlack)),
		// Memory while the broker is slow: what comes first. Producing waits then.
		kgo.MaxBufferedRecords(20_000),
		kgo.MaxBufferedBytes(max(64<<20, 4*c.MaxRecordBytes)),
		// The default of 10 ms is latency; while a request is under way the next batch fills anyhow.
		kgo.ProducerLinger(2*time.Millisecond),
	)
}

// readerOptions are common to all that consume.
func readerOptions(c Cluster) []kgo.Opt {
	return append(baseOptions(c),
		// Foreign programs may write in transactions; what they aborted was never said.
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		// The default goes back by a minute and on from there when an offset is gone. Here it is an error.
		kgo.ConsumeResetOffset(kgo.NoResetOffset()),
		// The defaults buffer 50 MiB per broker.
		kgo.FetchMaxBytes(int32(max(8<<20, 2*c.MaxRecordBytes))),
		kgo.FetchMaxWait(500*time.Millisecond),
	)
}

// partitioner hashes keys as goka does, and heeds the partition of a pinned message.
func partitioner() kgo.Partitioner {
	byKey := kgo.SaramaCompatHasher(fnv32a)
	return kgo.BasicConsistentPartitioner(func(string) func(*kgo.Record, int) int {
		return func(r *kgo.Record, partitions int) int {
			if r.Partition != unpinned {
				return int(r.Partition)
			}
			return byKey(r.Key, partitions)
		}
	})
}

// kgoLog sends franz-go's messages to slog. Its Info is ours to debug with.
type kgoLog struct{ log *slog.Logger }

func (l kgoLog) Level() kgo.LogLevel {
	if l.log.Enabled(context.Background(), slog.LevelDebug) {
		return kgo.LogLevelInfo
	}
	return kgo.LogLevelWarn
}

func (l kgoLog) Log(level kgo.LogLevel, msg string, keyvals ...any) {
	at := slog.LevelDebug
	if level <= kgo.LogLevelWarn {
		at = slog.LevelWarn
	}
	l.log.Log(context.Background(), at, "kafka client: "+msg, keyvals...)
}
